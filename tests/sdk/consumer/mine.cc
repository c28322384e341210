// The smallest plugin.
#include <eh/eh.hpp>

#ifdef FMT_VERSION  // it may use what eh logs with, and needs no library for it
#include <fmt/ranges.h>
static std::string hello() {
  fmt::print("{:.1f}\n", 0.5);
  return fmt::format("hello {}", std::vector<int>{1, 2});
}
#else
static std::string hello() {
  return "hello";
}
#endif

EH_GROUP(main, "one experiment");
EH_EXPERIMENT(main, "one", [](eh::Run& run) { run.log().info(hello()); });
