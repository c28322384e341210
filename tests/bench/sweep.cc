// The same trivial experiment a hundred thousand and a million times.
#include <eh/eh.hpp>

struct Point {
  int block = 1;
  int i = 1;
};

EH_GROUP(bench, "a hundred thousand trivial experiments");
EH_GROUP(million, "a million trivial experiments");

static void trivial(eh::Run& run, const Point&) {
  run.log().info("done");
}

EH_EXPERIMENT(bench, "block-{block}/{i}", trivial)
    .repeat(&Point::block, 100)
    .repeat(&Point::i, 1000);
EH_EXPERIMENT(million, "block-{block}/{i}", trivial)
    .repeat(&Point::block, 1000)
    .repeat(&Point::i, 1000);
