// A format string that asks for more than it is given.
#include <eh/eh.hpp>

static void say(eh::Run& run) {
  run.log().info("{} {}", 1);  // HERE: .
}
[[maybe_unused]] static auto use = &say;
