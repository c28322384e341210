#include "cluster/task_plan.h"

#include <algorithm>

namespace eh::host {
namespace {

constexpr std::size_t pilots_otherwise = 100;   // where nothing says how many
constexpr std::size_t many_experiments = 1000;  // for a task each, then
constexpr std::size_t many_per_task = 10;       // where something does
constexpr std::size_t most_in_block = 32;

std::size_t divided_up(std::size_t n, std::size_t by) {
  return (n + by - 1) / by;
}

// Whether a pilot runs one experiment after the other, with all that it has.
bool is_single(const TaskShape& shape) {
  // Experiments of several nodes each use all of them. Who did not ask for
  // pilots may have meant the GPUs for each experiment.
  return shape.nodes > 1 || (shape.gpus > 1 && !shape.pack);
}

// Experiments at the same time in a pilot that gets what it asks for.
std::size_t slots_of_pilot(const TaskShape& shape) {
  if (is_single(shape)) return 1;
  const auto gpus = shape.gpus;
  if (!shape.cpus) return std::max<std::size_t>(1, gpus);
  const auto slots = std::max<std::size_t>(1, *shape.cpus / shape.workers);
  return gpus > 0 ? std::min(slots, gpus) : slots;
}

// Pilots for `jobs` experiments at the same time: not more than that, and no
// more pilots than it takes.
std::size_t pilots_for(std::size_t jobs, std::size_t slots) {
  const auto few = std::max<std::size_t>(1, jobs / slots);
  const auto many = divided_up(jobs, slots);
  return few * std::min(slots, jobs / few) >= many * (jobs / many) ? few : many;
}

// Tasks at the same time; nothing: any number.
std::optional<std::size_t> most_at_once(const TaskShape& shape,
                                        std::size_t slots) {
  auto out = shape.simultaneous_jobs;
  if (shape.jobs) {
    const auto tasks = pilots_for(*shape.jobs, slots);
    out = out ? std::min(*out, tasks) : tasks;
  }
  return out;
}

bool packs(std::size_t experiments, const TaskShape& shape) {
  if (shape.pack) return *shape.pack;
  const auto at_once = most_at_once(shape, slots_of_pilot(shape));
  return experiments > (at_once ? *at_once * many_per_task : many_experiments);
}

// Guided self-scheduling (Polychronopoulos and Kuck 1987), with half of the
// share that each slot would have of what is left: large blocks first, which
// cost little, small ones last, with which all end at the same time.
std::vector<std::size_t> blocks_of(std::size_t experiments, std::size_t slots) {
  std::vector<std::size_t> out;
  while (experiments > 0) {
    out.push_back(std::min(most_in_block, divided_up(experiments, 2 * slots)));
    experiments -= out.back();
  }
  return out;
}

// Arrays of about the same size, which run at the same time and share
// `at_once` (0: any number).
std::vector<TaskPlan::Array> arrays_of(std::size_t tasks, std::size_t most,
                                       std::size_t at_once) {
  std::vector<TaskPlan::Array> out;
  const auto count = divided_up(tasks, most);
  const auto running = at_once ? std::min(count, at_once) : count;
  std::size_t first = 0;
  for (std::size_t i = 0; i < count; ++i) {
    TaskPlan::Array array;
    array.first = first;
    array.count = tasks / count + (i < tasks % count);
    first += array.count;
    if (at_once) {
      const auto share = at_once / running + (i % running < at_once % running);
      if (share < array.count) array.at_once = share;
      if (i >= running) array.after = i - running;
    }
    out.push_back(array);
  }
  return out;
}

}  // namespace

TaskPlan make_plan(std::size_t experiments, const TaskShape& shape,
                   std::optional<std::size_t> cluster_limit) {
  TaskPlan out;
  out.experiments = experiments;
  out.pack = packs(experiments, shape);
  auto most = shape.max_array_size;
  if (cluster_limit) most = std::min(most, *cluster_limit);
  most = std::max<std::size_t>(1, most);
  if (!out.pack) {
    out.tasks = experiments;
    out.arrays = arrays_of(out.tasks, most, most_at_once(shape, 1).value_or(0));
    return out;
  }
  const auto slots = slots_of_pilot(shape);
  const auto at_once = most_at_once(shape, slots);
  out.tasks = std::min(at_once.value_or(pilots_otherwise),
                       divided_up(experiments, slots));
  if (is_single(shape))
    out.slots = 1;
  else if (shape.jobs && out.tasks > 0)
    out.slots = std::max<std::size_t>(1, *shape.jobs / out.tasks);
  out.blocks = blocks_of(experiments, out.tasks * expected_slots(out, shape));
  out.arrays = arrays_of(out.tasks, most, at_once.value_or(0));
  return out;
}

std::size_t expected_slots(const TaskPlan& plan, const TaskShape& shape) {
  if (!plan.pack) return 1;
  const auto slots = slots_of_pilot(shape);
  return plan.slots ? std::min(plan.slots, slots) : slots;
}

std::size_t task_cpus(const TaskPlan& plan, const TaskShape& shape) {
  return shape.cpus.value_or(shape.workers * expected_slots(plan, shape));
}

}  // namespace eh::host
