#include "cluster/slurm/preview.h"

#include "cluster/task_plan.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_slurm_preview)

namespace {

// All but the script.
std::string preview(std::size_t experiments, const SlurmSettings& settings) {
  std::vector<SpecExperiment> named;
  for (std::size_t i = 0; i < experiments; ++i)
    named.push_back({{0, i}, "e" + std::to_string(i)});
  const auto plan = make_plan(experiments, settings, {});
  const auto text = preview_text(
      {settings, plan, "/r/.eh/runs/R", "/l", "/h", "c"}, "R", named);
  const auto script = text.find("#!/bin/bash\n");
  BOOST_REQUIRE(script != text.npos);
  BOOST_CHECK(has(text, "#SBATCH"));
  return text.substr(0, script);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_task_each) {
  SlurmSettings s;
  BOOST_CHECK_EQUAL(preview(1, s), R"(1 experiment would run in 1 task:
  task 0: e0
with:
  sbatch --parsable --job-name=eh-R-0 --array=0-0 /r/.eh/runs/R/job.sh 0
and this job.sh:
)");
  s.max_array_size = 2;
  s.jobs = 2;
  s.pack = false;
  BOOST_CHECK_EQUAL(
      preview(6, s),
      R"(6 experiments would run in 6 tasks, one each, )"
      "at most 2 tasks at the same time:\n"
      R"(  task 0: e0
  task 1: e1
  task 2: e2
  ...
  task 5: e5
with:
  sbatch --parsable --job-name=eh-R-0 --array=0-1%1 /r/.eh/runs/R/job.sh 0
  sbatch --parsable --job-name=eh-R-1 --array=0-1%1 /r/.eh/runs/R/job.sh 2
  sbatch --parsable --job-name=eh-R-2 --array=0-1%1 )"
      "--dependency=afterany:JOB_OF_ARRAY_0 /r/.eh/runs/R/job.sh 4\n"
      R"(and this job.sh:
)");
}

BOOST_AUTO_TEST_CASE(pilots) {
  SlurmSettings s;
  s.pack = true;
  s.cpus = 2;
  s.jobs = 4;
  BOOST_CHECK_EQUAL(
      preview(40, s),
      R"(40 experiments would run in 2 tasks, 2 at a time in each, taken in 18 blocks:
  block 0: e0 ... e4 (5)
  block 1: e5 ... e9 (5)
  block 2: e10 ... e13 (4)
  ...
  block 17: e39
with:
  sbatch --parsable --job-name=eh-R-0 --array=0-1 /r/.eh/runs/R/job.sh 0
and this job.sh:
)");
}

BOOST_AUTO_TEST_SUITE_END()
