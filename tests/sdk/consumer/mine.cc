// The smallest plugin.
#include <eh/eh.hpp>

EH_GROUP(main, "one experiment");
EH_EXPERIMENT(main, "one", [](eh::Run& run) { run.log().info("hello"); });
