#include "cluster/slurm/hints.h"

#include "config_support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_slurm_hints)

namespace {

std::string hint(const std::string& errors,
                 std::vector<std::pair<std::string, std::string>> settings = {},
                 const std::string& file = "") {
  const ConfigFixture world(file, std::move(settings));
  return refusal_hint(errors, world.resolve("plain"));
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_and_where_they_came_from) {
  BOOST_CHECK_EQUAL(
      hint("sbatch: error: invalid partition specified: x\nsbatch: error: Batch"
           " job submission failed: Invalid partition name specified",
           {{"slurm.partition", "x"}}),
      "slurm.partition is x, from --set; 'sinfo' lists them all");
  BOOST_CHECK(has(hint("Invalid account or account/partition combination", {},
                       R"({"slurm": {"account": "me"}})"),
                  "slurm.account is me, from FILE:1:12; "));
  BOOST_CHECK(has(hint("Requested node configuration is not available",
                       {{"slurm.gpus", "3"}, {"workers", "5"}}),
                  "workers is 5, from --set, slurm.gpus is 3, from --set; no"));
}

BOOST_AUTO_TEST_CASE(values_that_nobody_set) {
  BOOST_CHECK(has(hint("sbatch: error: QOSMaxSubmitJobPerUserLimit"),
                  "slurm.pack is null by default; each task"));
  BOOST_CHECK(has(hint("Invalid partition name specified"),
                  "slurm.partition is \"\" by default; "));
  ::setenv("SBATCH_PARTITION", "x", 1);
  BOOST_CHECK(has(hint("Invalid partition name specified"),
                  "SBATCH_PARTITION is x, from the environment; "));
  ::unsetenv("SBATCH_PARTITION");
}

BOOST_AUTO_TEST_CASE(words_that_are_new) {
  BOOST_CHECK(has(hint("sbatch: error: the moon is full"), "--slurm-option"));
}

BOOST_AUTO_TEST_SUITE_END()
