// A plugin with a single trivial experiment: it logs one line.
#include <eh/eh.hpp>

EH_GROUP(bench, "trivial experiments");

static void trivial(eh::Run& run) {
  run.log().info("done");
}

EH_EXPERIMENT(bench, "one", trivial);
