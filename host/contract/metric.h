// A point of an experiment's metrics, as it stands on a line of their file.
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

/// JSON texts; "" for what is not said.
struct MetricLine {
  std::string_view name, step, value, time;
};

/// Reads one, which points into `line`; false if it is no point.
bool read_metric_line(std::string_view line, MetricLine& point);

}  // namespace eh::host
