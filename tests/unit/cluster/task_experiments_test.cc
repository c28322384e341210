// What a task finds on its node.
#include "cluster/task_experiments.h"

#include <map>

#include "base/error.h"
#include "cluster/task.h"
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
  SlurmSettings settings;
  SlurmJob job;
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

BOOST_AUTO_TEST_CASE(a_job_by_its_environment) {
  const auto job = SlurmJob::of(with({{"SLURM_JOB_ID", "4711"},
                                      {"SLURM_ARRAY_JOB_ID", "4700"},
                                      {"SLURM_ARRAY_TASK_ID", "11"},
                                      {"SLURM_RESTART_COUNT", "2"},
                                      {"SLURMD_NODENAME", "n1"},
                                      {"SLURM_CPUS_ON_NODE", "4"}}));
  BOOST_CHECK_EQUAL(job.id(), "4700_11");
  BOOST_CHECK_EQUAL(job.restart, 2u);
  BOOST_CHECK_EQUAL(job.node, "n1");
  BOOST_CHECK_EQUAL(job.cpus, 4u);
  BOOST_CHECK(!job.end);
  const auto alone = SlurmJob::of(with({{"SLURM_JOB_ID", "4711"}}));
  BOOST_CHECK_EQUAL(alone.id(), "4711");
  BOOST_CHECK_EQUAL(alone.restart, 0u);
  BOOST_CHECK(!alone.node.empty());  // the machine's name
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

BOOST_AUTO_TEST_CASE(asking_for_another_job) {
  int asked = 0;
  std::string answer;
  SlurmClient client({}, [&](const std::vector<std::string>& words, double) {
    BOOST_CHECK_EQUAL(words.back(), "4700_11");
    CommandResult out;
    out.code = ++asked > 1 ? 0 : 1;
    out.errors = answer;
    return out;
  });
  const auto now = Clock::now();
  answer = "Requested operation is presently disabled";
  BOOST_CHECK(has(requeue_job(client, "4700_11", now), "presently disabled"));
  BOOST_CHECK_EQUAL(asked, 1);
  BOOST_CHECK_EQUAL(requeue_job(client, "4700_11", now), "");
  asked = 0;
  answer = "Unable to contact slurm controller (connect failure)";
  BOOST_CHECK(has(requeue_job(client, "4700_11", now), "Unable to contact"));
  asked = 0;  // a request that timed out, it seemed
  answer = "4700_11: Job is pending execution";
  BOOST_CHECK_EQUAL(requeue_job(client, "4700_11", now), "");
}

BOOST_AUTO_TEST_CASE(what_asks_for_another_job_is_ended_by_it) {
  SlurmClient client({}, [](auto&, double) { return CommandResult{}; });
  BOOST_CHECK_EQUAL(requeue_job(client, "4700_11", Clock::now()), "");
}

BOOST_AUTO_TEST_CASE(asked_again_where_nothing_answers) {
  int asked = 0;
  SlurmClient client({}, [&](auto&, double) {
    CommandResult out;
    out.timed_out = ++asked == 1;
    if (!out.timed_out) out.code = 0;
    return out;
  });
  const auto until = Clock::now() + std::chrono::seconds(5);
  BOOST_CHECK_EQUAL(requeue_job(client, "4700_11", until), "");
  BOOST_CHECK_EQUAL(asked, 2);
}

BOOST_AUTO_TEST_SUITE_END()
