// Needs a library that it looks for in a folder of the working directory.

#include <eh/eh.hpp>

extern "C" int eh_test_relative();

EH_GROUP(main, "with a library");
EH_EXPERIMENT(main, "answer",
              [](eh::Run& run) { run.result("answer", eh_test_relative()); });
