#include "log_record.h"

namespace eh::host {

int level_of(const std::string& name) {
  if (name == "debug") return 10;
  if (name == "info") return 20;
  if (name == "warning") return 30;
  if (name == "error") return 40;
  return name == "critical" ? 50 : 0;
}

const char* level_name(int level) {
  if (level >= 50) return "critical";
  if (level >= 40) return "error";
  if (level >= 30) return "warning";
  return level >= 20 ? "info" : "debug";
}

}  // namespace eh::host
