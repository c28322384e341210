// The parameters and axes of an experiment as JSON, for the description of a
// plugin. Its form is read by the host's catalog/parse.cc.
#pragma once

#include <string>

#include "eh/abi.h"

namespace eh::host::child {

std::string parameter_json(const eh_parameter& parameter);

/// Whether an axis is integers that are evenly spaced.
bool is_range(const eh_axis& axis);

/// `parameter` is the one that the axis sets.
std::string axis_json(const eh_axis& axis, const eh_parameter& parameter);

}  // namespace eh::host::child
