#include "cluster/task_plan.h"

#include <numeric>

#include "support.h"

using namespace eh::host;
using Numbers = std::vector<std::size_t>;

BOOST_AUTO_TEST_SUITE(cluster_task_plan)

namespace {

struct Given {
  std::size_t experiments = 0;
  TaskShape settings = {};
  std::optional<std::size_t> limit = {};
};

// Checks what holds for every plan.
TaskPlan plan_of(const Given& given) {
  const auto& [experiments, settings, limit] = given;
  const auto plan = make_plan(experiments, settings, limit);
  BOOST_CHECK_EQUAL(plan.experiments, experiments);
  BOOST_CHECK_LE(plan.tasks, experiments);
  std::size_t tasks = 0, at_once = 0;
  for (std::size_t i = 0; i < plan.arrays.size(); ++i) {
    const auto& array = plan.arrays[i];
    BOOST_CHECK_EQUAL(array.first, tasks);
    BOOST_CHECK_GT(array.count, 0u);
    BOOST_CHECK_LE(array.count,
                   std::min(settings.max_array_size, limit.value_or(1 << 30)));
    if (array.after)
      BOOST_CHECK_LT(*array.after, i);
    else
      at_once += array.at_once ? array.at_once : array.count;
    tasks += array.count;
  }
  BOOST_CHECK_EQUAL(tasks, plan.tasks);
  const auto slots = expected_slots(plan, settings);
  if (settings.simultaneous_jobs)
    BOOST_CHECK_LE(at_once, *settings.simultaneous_jobs);
  if (settings.jobs) BOOST_CHECK_LE(at_once * slots, *settings.jobs);
  BOOST_CHECK_EQUAL(
      std::accumulate(plan.blocks.begin(), plan.blocks.end(), std::size_t{}),
      plan.pack ? experiments : 0);
  return plan;
}

Numbers counts(const TaskPlan& plan) {
  Numbers out;
  for (const auto& array : plan.arrays) out.push_back(array.count);
  return out;
}

Numbers at_once(const TaskPlan& plan) {
  Numbers out;
  for (const auto& array : plan.arrays) out.push_back(array.at_once);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_task_each) {
  const auto plan = plan_of({3});
  BOOST_CHECK(!plan.pack);
  BOOST_CHECK_EQUAL(plan.tasks, 3u);
  BOOST_CHECK(plan.blocks.empty());
  BOOST_TEST(counts(plan) == Numbers{3});
  BOOST_TEST(at_once(plan) == Numbers{0});
  BOOST_CHECK_EQUAL(expected_slots(plan, {}), 1u);
}

BOOST_AUTO_TEST_CASE(pilots_by_themselves) {
  BOOST_CHECK(!plan_of({1000}).pack);
  const auto plan = plan_of({1001});
  BOOST_CHECK(plan.pack);
  BOOST_CHECK_EQUAL(plan.tasks, 100u);
  TaskShape s;
  s.jobs = 4;
  BOOST_CHECK(!plan_of({40, s}).pack);
  BOOST_CHECK(plan_of({41, s}).pack);
  BOOST_CHECK_EQUAL(plan_of({41, s}).tasks, 4u);
  s.jobs = {};
  s.simultaneous_jobs = 2;
  BOOST_CHECK(!plan_of({20, s}).pack);
  BOOST_CHECK_EQUAL(plan_of({21, s}).tasks, 2u);
  s.pack = false;
  BOOST_CHECK(!plan_of({100'000, s}).pack);
}

BOOST_AUTO_TEST_CASE(pilots_share_their_cpus) {
  TaskShape s;
  s.pack = true;
  s.cpus = 8;
  s.workers = 2;
  auto plan = plan_of({1000, s});
  BOOST_CHECK_EQUAL(plan.tasks, 100u);
  BOOST_CHECK_EQUAL(plan.slots, 0u);
  BOOST_CHECK_EQUAL(expected_slots(plan, s), 4u);
  BOOST_CHECK_EQUAL(task_cpus(plan, s), 8u);
  // No more than have something to do at first.
  BOOST_CHECK_EQUAL(plan_of({9, s}).tasks, 3u);
  BOOST_CHECK_EQUAL(plan_of({1, s}).tasks, 1u);
}

BOOST_AUTO_TEST_CASE(pilots_for_so_many_jobs) {
  TaskShape s;
  s.pack = true;
  s.cpus = 4;
  const auto shape = [&](std::size_t jobs) {
    s.jobs = jobs;
    const auto plan = plan_of({1000, s});
    return std::pair(plan.tasks, plan.slots);
  };
  BOOST_CHECK(shape(8) == std::pair(2ul, 4ul));
  BOOST_CHECK(shape(6) == std::pair(2ul, 3ul));
  BOOST_CHECK(shape(5) == std::pair(1ul, 5ul));
  BOOST_CHECK(shape(2) == std::pair(1ul, 2ul));
  BOOST_CHECK(shape(1) == std::pair(1ul, 1ul));
  s.simultaneous_jobs = 1;
  BOOST_CHECK(shape(8) == std::pair(1ul, 8ul));
}

BOOST_AUTO_TEST_CASE(gpus) {
  TaskShape s;
  s.gpus = 2;
  s.workers = 3;
  // Each experiment has both, whether tasks are pilots by themselves or not.
  auto plan = plan_of({5, s});
  BOOST_CHECK_EQUAL(task_cpus(plan, s), 3u);
  plan = plan_of({5000, s});
  BOOST_CHECK(plan.pack);
  BOOST_CHECK_EQUAL(plan.slots, 1u);
  BOOST_CHECK_EQUAL(task_cpus(plan, s), 3u);
  // Pilots that were asked for hand one to each.
  s.pack = true;
  plan = plan_of({5000, s});
  BOOST_CHECK_EQUAL(plan.slots, 0u);
  BOOST_CHECK_EQUAL(expected_slots(plan, s), 2u);
  BOOST_CHECK_EQUAL(task_cpus(plan, s), 6u);
  s.cpus = 4;
  BOOST_CHECK_EQUAL(expected_slots(plan, s), 1u);
  BOOST_CHECK_EQUAL(task_cpus(plan, s), 4u);
}

BOOST_AUTO_TEST_CASE(several_nodes_are_for_one_experiment) {
  TaskShape s;
  s.pack = true;
  s.nodes = 2;
  s.cpus = 8;
  const auto plan = plan_of({50, s});
  BOOST_CHECK_EQUAL(plan.slots, 1u);
  BOOST_CHECK_EQUAL(plan.tasks, 50u);
}

BOOST_AUTO_TEST_CASE(blocks_get_smaller) {
  TaskShape s;
  s.pack = true;
  s.jobs = 4;
  BOOST_TEST(plan_of({12, s}).blocks ==
             (Numbers{2, 2, 1, 1, 1, 1, 1, 1, 1, 1}));
  const auto plan = plan_of({10'000, s});
  BOOST_CHECK_EQUAL(plan.blocks.front(), 32u);
  BOOST_CHECK_EQUAL(plan.blocks.back(), 1u);
  BOOST_CHECK(std::is_sorted(plan.blocks.rbegin(), plan.blocks.rend()));
  BOOST_CHECK_LT(plan.blocks.size(), 350u);
}

BOOST_AUTO_TEST_CASE(several_arrays) {
  TaskShape s;
  s.pack = false;
  BOOST_TEST(counts(plan_of({1001, s})) == Numbers{1001});
  BOOST_TEST(counts(plan_of({1002, s})) == (Numbers{501, 501}));
  // The smaller of the two limits.
  BOOST_TEST(counts(plan_of({10, s, 4})) == (Numbers{4, 3, 3}));
  s.max_array_size = 3;
  BOOST_TEST(counts(plan_of({4, s, 1000})) == (Numbers{2, 2}));
  BOOST_CHECK_EQUAL(make_plan(4, s, 0).arrays.size(), 4u);
}

BOOST_AUTO_TEST_CASE(arrays_share_what_may_run_at_once) {
  TaskShape s;
  s.pack = false;
  s.max_array_size = 10;
  s.jobs = 7;
  const auto plan = plan_of({30, s});
  BOOST_TEST(at_once(plan) == (Numbers{3, 2, 2}));
  for (const auto& array : plan.arrays) BOOST_CHECK(!array.after);
  // No limit where it would not limit anything.
  s.jobs = 30;
  BOOST_TEST(at_once(plan_of({30, s})) == (Numbers{0, 0, 0}));
}

BOOST_AUTO_TEST_CASE(more_arrays_than_may_run_at_once) {
  TaskShape s;
  s.pack = false;
  s.max_array_size = 2;
  s.jobs = 2;
  const auto plan = plan_of({9, s});
  BOOST_TEST(at_once(plan) == (Numbers{1, 1, 1, 1, 0}));
  BOOST_CHECK(!plan.arrays[0].after && !plan.arrays[1].after);
  BOOST_CHECK(plan.arrays[2].after == 0u);
  BOOST_CHECK(plan.arrays[3].after == 1u);
  BOOST_CHECK(plan.arrays[4].after == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
