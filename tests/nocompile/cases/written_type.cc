// A value that has no form as a file.
#include <eh/eh.hpp>

static void save(eh::Run& run) {
  int number = 0;
  run.write("a.txt", &number);  // HERE: run.write\(\) take a text, an eh::Table
}
[[maybe_unused]] static auto use = &save;
