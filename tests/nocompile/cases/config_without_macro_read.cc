// The same, where it is read.
#include <eh/eh.hpp>

struct Bad : eh::Config {
  int x = 1;
};
static int read_bad(eh::Run& run) {
  return run.config<Bad>().x;  // HERE: write EH_CONFIG
}
