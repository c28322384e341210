#include "os/launch_environment.h"

#include <algorithm>
#include <map>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(os_launch_environment)

namespace {

using Texts = std::vector<std::string>;

std::string joined(const Texts& texts) {
  std::string out;
  for (const auto& text : texts) out += text + '\n';
  return out;
}

std::string of(const Texts& environment) {
  return joined(environment_for_children(environment, "/launch"));
}

std::optional<Rank> rank(const std::map<std::string, std::string>& variables) {
  return rank_of([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(ranks_are_left_out) {
  for (const std::string name :
       {"OMPI_COMM_WORLD_RANK", "OMPI_UNIVERSE_SIZE", "OMPI_MCA_ess",
        "OMPI_MCA_ess_base_jobid", "OMPI_MCA_orte_hnp_uri", "OMPI_MCA_pmix",
        "PMIX_RANK", "PMIX_SERVER_URI41", "PMI_FD", "PMI2_RANK", "ORTE_X",
        "PRTE_LAUNCHED", "HYDI_CONTROL_FD", "MPI_LOCALRANKID",
        "MV2_COMM_WORLD_RANK", "PALS_RANKID", "ALPS_APP_PE", "FLUX_TASK_RANK"})
    BOOST_CHECK_EQUAL(of({"A=1", name + "=0", "B=2"}), "A=1\nB=2\n");
}

BOOST_AUTO_TEST_CASE(tuning_stays) {
  for (const std::string name :
       {"OMPI_MCA_btl", "OMPI_MCA_orte_tmpdir_base", "OMPI_ALLOW_RUN_AS_ROOT",
        "OMPI_CXX", "OMPI_MCA_pmix_base_verbose", "PMIX_MCA_gds",
        "PRTE_MCA_rmaps_base_mapping_policy", "HYDRA_LAUNCHER", "I_MPI_FABRICS",
        "MPIR_CVAR_CH4_NETMOD", "MV2_SMP_USE_CMA", "FLUX_URI", "PMI_NO_FORK",
        "SLURM_JOB_ID", "PMIXED", "NOT_PMI_RANK"})
    BOOST_CHECK_EQUAL(of({name + "=x"}), name + "=x\n");
}

BOOST_AUTO_TEST_CASE(of_a_step_of_slurm) {
  BOOST_CHECK_EQUAL(of({"SLURM_PROCID=1", "SLURM_JOB_ID=7", "SLURM_LOCALID=0",
                        "SLURM_STEP_NUM_TASKS=2", "SLURM_STEPID=0"}),
                    "SLURM_JOB_ID=7\n");
  // The batch step of a job.
  BOOST_CHECK_EQUAL(of({"SLURM_PROCID=0", "SLURM_JOB_ID=7"}),
                    "SLURM_PROCID=0\nSLURM_JOB_ID=7\n");
}

BOOST_AUTO_TEST_CASE(relative_places_are_made_absolute) {
  BOOST_CHECK_EQUAL(of({"LD_LIBRARY_PATH=lib:/usr/lib:../b;.:$ORIGIN/c"}),
                    "LD_LIBRARY_PATH=/launch/lib:/usr/lib:/launch/../b;"
                    "/launch/.:$ORIGIN/c\n");
  BOOST_CHECK_EQUAL(of({"LD_LIBRARY_PATH=/x:"}),
                    "LD_LIBRARY_PATH=/x:/launch\n");
  BOOST_CHECK_EQUAL(of({"LD_LIBRARY_PATH="}), "LD_LIBRARY_PATH=\n");
  BOOST_CHECK_EQUAL(of({"LD_PRELOAD=libm.so ./mine.so:/a/b.so"}),
                    "LD_PRELOAD=libm.so /launch/./mine.so:/a/b.so\n");
  BOOST_CHECK_EQUAL(of({"PATH=bin:/bin"}), "PATH=bin:/bin\n");
}

BOOST_AUTO_TEST_CASE(places_that_cannot_be_made_absolute) {
  const Texts environment = {"LD_LIBRARY_PATH=lib"};
  for (const auto* directory : {"", "/with:colon"})
    BOOST_CHECK(environment_for_children(environment, directory) ==
                environment);
}

BOOST_AUTO_TEST_CASE(run_paths) {
  BOOST_CHECK(relative_places("", "/launch").empty());
  BOOST_CHECK_EQUAL(
      joined(relative_places("lib:/usr/lib:$ORIGIN/x:.", "/launch")),
      "/launch/lib\n/launch/.\n");
  Texts environment = {"A=1"};
  add_library_places(environment, {});
  BOOST_CHECK_EQUAL(joined(environment), "A=1\n");
  add_library_places(environment, {"/a", "/b"});
  BOOST_CHECK_EQUAL(joined(environment), "A=1\nLD_LIBRARY_PATH=/a:/b\n");
  add_library_places(environment, {"/c"});
  BOOST_CHECK_EQUAL(joined(environment), "A=1\nLD_LIBRARY_PATH=/a:/b:/c\n");
}

BOOST_AUTO_TEST_CASE(one_of_several_ranks) {
  BOOST_CHECK(!rank({}));
  BOOST_CHECK(!rank({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}));
  BOOST_CHECK(!rank({{"PMI_SIZE", "1"}, {"PMI_RANK", "0"}}));
  const auto first =
      rank({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "0"}});
  BOOST_REQUIRE(first);
  BOOST_CHECK_EQUAL(first->ranks, 4u);
  BOOST_CHECK_EQUAL(first->variable, "OMPI_COMM_WORLD_SIZE");
  BOOST_CHECK(first->is_first);
  const auto second =
      rank({{"SLURM_STEP_NUM_TASKS", "2"}, {"SLURM_PROCID", "1"}});
  BOOST_REQUIRE(second);
  BOOST_CHECK(!second->is_first);
}

BOOST_AUTO_TEST_SUITE_END()
