// What a task finds on its node.
#include "cluster/task_experiments.h"

#include <map>

#include "base/error.h"
#include "cluster/task.h"
#include "scheduler_fake.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_task_experiments)

namespace {

struct Node {
  Catalog catalog = catalog_of({sweep("other", "x/{n}", {{"n", {"1", "2"}}}),
                                sweep("main", "s/{n}", {{"n", {"1", "2"}}}),
                                sweep("main", "t/{n}", {{"n", {"8", "9"}}})});
  std::string found(const std::vector<SpecExperiment>& of_run,
                    std::size_t first, std::size_t last) {
    std::string out;
    for (const auto& one : found_here(catalog, "main", of_run, first, last))
      out += catalog.families[one.family].group + '/' +
             catalog.families[one.family].name(one.point) + ' ';
    return out;
  }
};

Environment with(const std::map<std::string, std::string>& variables) {
  return [variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

struct Pilot {
  Pilot() {
    plan.pack = true;
    job.cpus = 8;
    settings.workers = 2;
  }
  TaskPlace place(const std::map<std::string, std::string>& variables = {}) {
    return place_of(plan, settings, job, with(variables));
  }
  TaskPlan plan;
  TaskShape settings;
  JobIdentity job;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(where_they_were, Node) {
  const std::vector<SpecExperiment> of_run{{{1, 0}, "s/1"}, {{2, 1}, "t/9"}};
  BOOST_CHECK_EQUAL(found(of_run, 0, 2), "main/s/1 main/t/9 ");
  BOOST_CHECK_EQUAL(found(of_run, 1, 2), "main/t/9 ");
}

// Plugins may register in another order, or only for this node.
BOOST_FIXTURE_TEST_CASE(by_their_names, Node) {
  const std::vector<SpecExperiment> of_run{
      {{0, 0}, "s/1"}, {{1, 0}, "s/2"}, {{9, 0}, "t/8"}, {{2, 77}, "t/9"}};
  BOOST_CHECK_EQUAL(found(of_run, 0, 4),
                    "main/s/1 main/s/2 main/t/8 main/t/9 ");
}

BOOST_FIXTURE_TEST_CASE(missing_ones, Node) {
  const std::vector<SpecExperiment> of_run{
      {{1, 0}, "s/1"}, {{0, 0}, "x/1"}, {{1, 1}, "s/*"}};
  BOOST_CHECK_EQUAL(found(of_run, 0, 1), "main/s/1 ");
  try {
    found(of_run, 0, 3);
    BOOST_ERROR("found");
  } catch (const Error& error) {
    BOOST_CHECK_EQUAL(error.code(), exit_no_match);
    BOOST_CHECK(has(error.what(), "cannot find 2 experiments of the run"));
    BOOST_CHECK(has(error.what(), "'x/1'"));
  }
}

BOOST_FIXTURE_TEST_CASE(slots_by_cpus, Pilot) {
  BOOST_CHECK_EQUAL(place().slots, 4u);
  plan.slots = 3;
  BOOST_CHECK_EQUAL(place().slots, 3u);
  job.cpus = 1;
  BOOST_CHECK_EQUAL(place().slots, 1u);
  plan.pack = false;
  job.cpus = 8;
  BOOST_CHECK_EQUAL(place().slots, 1u);
}

BOOST_FIXTURE_TEST_CASE(slots_by_gpus, Pilot) {
  const std::map<std::string, std::string> two{{"CUDA_VISIBLE_DEVICES", "2,3"},
                                               {"SLURM_JOB_GPUS", "2,3"}};
  job.has_gpus = true;
  const auto shared = place(two);
  BOOST_CHECK_EQUAL(shared.slots, 2u);
  BOOST_CHECK_EQUAL(shared.gpus, "2,3");
  BOOST_TEST(shared.slots_gpus == (std::vector<std::string>{"2", "3"}));
  plan.pack = false;
  BOOST_TEST(place(two).slots_gpus == std::vector<std::string>{"2,3"});
}

// The variable of the shell that it was submitted from, say.
BOOST_FIXTURE_TEST_CASE(no_gpus_of_the_job, Pilot) {
  const auto none = place({{"CUDA_VISIBLE_DEVICES", "0"}});
  BOOST_CHECK_EQUAL(none.slots, 4u);
  BOOST_CHECK_EQUAL(none.gpus, "");
  BOOST_CHECK(none.slots_gpus.empty());
}

BOOST_AUTO_TEST_CASE(another_job) {
  using enum Scheduler::Answer;
  FakeScheduler scheduler;
  const auto now = Clock::now();
  scheduler.requeue_answers = {no};
  BOOST_CHECK(has(requeue_job(scheduler, "4700_11", now), "Unable to contact"));
  scheduler.requeue_answers = {ask_again};  // there is no time for it
  BOOST_CHECK(has(requeue_job(scheduler, "4700_11", now), "Unable to contact"));
  scheduler.requeue_answers = {ask_again};
  BOOST_CHECK_EQUAL(
      requeue_job(scheduler, "4700_11", now + std::chrono::seconds(5)), "");
  BOOST_TEST(scheduler.orders ==
             std::vector<std::string>(4, "requeue 4700_11"));
}

BOOST_AUTO_TEST_SUITE_END()
