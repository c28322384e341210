#include "cluster/slurm/job_environment.h"

#include <map>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_slurm_job_environment)

namespace {

Environment with(const std::map<std::string, std::string>& variables) {
  return [variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_job_by_its_environment) {
  const auto job = slurm_job_of(with({{"SLURM_JOB_ID", "4711"},
                                      {"SLURM_ARRAY_JOB_ID", "4700"},
                                      {"SLURM_ARRAY_TASK_ID", "11"},
                                      {"SLURM_RESTART_COUNT", "2"},
                                      {"SLURMD_NODENAME", "n1"},
                                      {"SLURM_CPUS_ON_NODE", "4"}}));
  BOOST_CHECK_EQUAL(job.id, "4700_11");
  BOOST_CHECK_EQUAL(job.restart, 2u);
  BOOST_CHECK_EQUAL(job.node, "n1");
  BOOST_CHECK_EQUAL(job.cpus, 4u);
  BOOST_CHECK(!job.end);
  BOOST_CHECK(!job.has_gpus);
  const auto alone = slurm_job_of(with({{"SLURM_JOB_ID", "4711"}}));
  BOOST_CHECK_EQUAL(alone.id, "4711");
  BOOST_CHECK_EQUAL(alone.restart, 0u);
  BOOST_CHECK(!alone.node.empty());  // the machine's name
}

BOOST_AUTO_TEST_CASE(gpus_that_it_was_given) {
  for (const auto* name :
       {"SLURM_JOB_GPUS", "SLURM_STEP_GPUS", "SLURM_GPUS_ON_NODE"})
    BOOST_CHECK_MESSAGE(slurm_job_of(with({{name, "1"}})).has_gpus, name);
  BOOST_CHECK(!slurm_job_of(with({{"CUDA_VISIBLE_DEVICES", "0"}})).has_gpus);
}

BOOST_AUTO_TEST_SUITE_END()
