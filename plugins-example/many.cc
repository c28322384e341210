// A million experiments that do next to nothing, to see what listing, choosing
// and starting them costs. Choose some: `eh-host many 'one/77*'`.
#include <eh/eh.hpp>

namespace {

struct One {
  int i = 1;
};

void log_one(eh::Run& run, const One& p) {
  run.log().info("this is {}", p.i);
}

}  // namespace

EH_GROUP(many, "A million trivial experiments (choose some by a pattern)");

EH_EXPERIMENT(many, "one/{i}", log_one)
    .describe("Logs one line")
    .sweep(&One::i, eh::range(1, 1'000'001));
