// A plugin for the program to load.
#include <eh/eh.hpp>

static void add(eh::Run& run) {
  run.write("added.txt", std::string("added"));
}

EH_GROUP(extra, "What a plugin adds");
EH_EXPERIMENT(extra, "add", add);
