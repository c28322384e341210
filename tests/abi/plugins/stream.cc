// A plugin that makes std::cout hold text back. One of its own, since to
// include <iostream> costs every child that loads it.
#include <iostream>
#include <string_view>

#include "eh/abi.h"

namespace {

void describe(const eh_plugin*, const eh_catalog*) {}

int run(const eh_plugin*, uint64_t, uint64_t, const eh_run* run) {
  if (std::string_view(run->name.data, run->name.size) != "synced")
    std::ios::sync_with_stdio(false);
  std::cout << "held back";
  return EH_RUN_OK;
}

}  // namespace

const eh_plugin* eh_plugin_v1(uint32_t) {
  static const eh_plugin plugin = {
      sizeof plugin, EH_ABI_MAJOR, EH_ABI_MINOR, {}, {}, {}, {}, -1,
      describe,      run};
  return &plugin;
}
