// How experiments are spread over the tasks of array jobs.
#pragma once

#include <optional>

#include "cluster/settings.h"
#include "cluster/spec.h"

namespace eh::host {

/// `cluster_limit`: indices of arrays are below it; nothing: not known.
TaskPlan make_plan(std::size_t experiments, const TaskShape& shape,
                   std::optional<std::size_t> cluster_limit);

/// Experiments at the same time in one task, if it gets what it asks for: as
/// many as its CPUs and GPUs are enough for, or as the plan says.
std::size_t expected_slots(const TaskPlan& plan, const TaskShape& shape);

/// CPUs that each task asks for.
std::size_t task_cpus(const TaskPlan& plan, const TaskShape& shape);

}  // namespace eh::host
