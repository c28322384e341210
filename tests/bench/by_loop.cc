// A hundred thousand trivial experiments that a loop registers one by one.
#include <eh/eh.hpp>

EH_GROUP(bench, "a hundred thousand trivial experiments");

EH_REGISTER(bench, group) {
  for (int block = 1; block <= 100; ++block)
    for (int i = 1; i <= 1000; ++i)
      group.add("block-" + std::to_string(block) + "/" + std::to_string(i),
                [](eh::Run& run) { run.log().info("done"); });
}
