#include "contract/log_level.h"

namespace eh::host {

int level_of(const std::string& name) {
  using namespace log_level;
  for (const int level : {debug, info, warning, error, critical})
    if (name == level_name(level)) return level;
  return 0;
}

const char* level_name(int level) {
  if (level >= log_level::critical) return "critical";
  if (level >= log_level::error) return "error";
  if (level >= log_level::warning) return "warning";
  return level >= log_level::info ? "info" : "debug";
}

}  // namespace eh::host
