#include "contract/metric.h"

#include "contract/results.h"
#include "json/members.h"

namespace eh::host {

bool read_metric_line(std::string_view line, MetricLine& point) {
  point = {};
  JsonMembers members(line);
  while (members.next()) {
    const auto value = members.value();
    if (!is_json_scalar(value)) return false;
    if (members.key() == "name")
      point.name = value;
    else if (members.key() == "step")
      point.step = value;
    else if (members.key() == "value")
      point.value = value;
    else if (members.key() == "time")
      point.time = value;
  }
  return members.good() && !point.name.empty() && !point.value.empty();
}

}  // namespace eh::host
