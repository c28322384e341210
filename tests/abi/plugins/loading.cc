// Plugins whose static initialisation goes wrong, one for each LOADING_...
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "eh/abi.h"

#if defined(LOADING_UNDEFINED)
namespace queue {
int arrivals(double load);  // defined nowhere
}
#endif

namespace {

volatile int* volatile nowhere = nullptr;

struct AtLoad {
  AtLoad() {
#if defined(LOADING_THROWS)
    throw std::runtime_error("no data file");
#elif defined(LOADING_CRASHES)
    *nowhere = 1;
#elif defined(LOADING_UNDEFINED)
    std::printf("%d\n", queue::arrivals(0.5));
#endif
  }
} at_load;

void describe(const eh_plugin*, const eh_catalog*) {
#if defined(LOADING_DESCRIBE_THROWS)
  throw std::logic_error("in describe");
#endif
}

int run(const eh_plugin*, uint64_t, uint64_t, const eh_run*) {
  return EH_RUN_OK;
}

}  // namespace

const eh_plugin* eh_plugin_v1(uint32_t) {
  static const eh_plugin plugin = {
      sizeof plugin, EH_ABI_MAJOR, EH_ABI_MINOR, {}, {}, {}, {}, -1,
      describe,      run};
  return &plugin;
}
