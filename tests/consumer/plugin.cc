// The smallest plugin: one experiment, which leaves a file behind.
#include <eh/eh.hpp>

struct Parameters {
  int number = 7;
};

static void write_number(eh::Run& run, const Parameters& p) {
  run.log().info("writing");
  run.write("number.txt", std::to_string(p.number));
}

EH_GROUP(consumer, "What a user's project is");
EH_EXPERIMENT(consumer, "number", write_number);
