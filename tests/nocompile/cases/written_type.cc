// A value that has no form as a file.
#include <eh/eh.hpp>

static void save(eh::Run& run) {
  run.write("a.txt", 3.5);  // HERE: run.write\(\) takes a text, an eh::Table
}
[[maybe_unused]] static auto use = &save;
