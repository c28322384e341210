// Repeating over a real number.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "{load}", simulate)
    .repeat(&Queue::load, 3);  // HERE: repeat\(\) needs an integer parameter
