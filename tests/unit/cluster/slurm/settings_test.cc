#include "cluster/slurm/settings.h"

#include "config_support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(cluster_slurm_settings)

namespace {

SlurmSettings of(const std::string& file) {
  const ConfigFixture world(file);
  BOOST_CHECK_EQUAL(world.mistakes(), "");
  return slurm_settings_of(world.resolve("plain"));
}

void refused(const std::string& file, std::vector<std::string> parts) {
  BOOST_TEST_CONTEXT(file)
  BOOST_CHECK_EXCEPTION(of(file), Error, error_with(exit_usage, parts));
}

void option_refused(const std::string& option, const std::string& part) {
  refused(R"({"slurm": {"options": [")" + option + R"("]}})",
          {"slurm.options '" + option + "' (from FILE:1:", part});
}

}  // namespace

BOOST_AUTO_TEST_CASE(defaults) {
  const auto s = of("");
  BOOST_CHECK(!s.enabled);
  BOOST_CHECK_EQUAL(s.partition + s.account + s.qos + s.log_dir, "");
  BOOST_CHECK_EQUAL(s.nodes, 1u);
  BOOST_CHECK(!s.cpus && !s.mem && !s.time_limit && !s.simultaneous_jobs);
  BOOST_CHECK(!s.pack && !s.jobs);
  BOOST_CHECK_EQUAL(s.gpus, 0u);
  BOOST_CHECK_EQUAL(s.max_array_size, 1001u);
  BOOST_CHECK_EQUAL(s.shell, "/bin/bash");
  BOOST_CHECK_EQUAL(s.signal_delay, 60);
  BOOST_CHECK_EQUAL(s.max_requeues, 5u);
  BOOST_CHECK_EQUAL(s.max_same_failure, 10u);
  BOOST_TEST(s.commands.sbatch == Texts{"sbatch"});
  BOOST_TEST(s.commands.scontrol == Texts{"scontrol"});
}

BOOST_AUTO_TEST_CASE(values) {
  const auto s = of(R"({"jobs": 7, "workers": 3, "slurm": {
    "enabled": true, "partition": "gpu", "constraint": "a&b", "cpus": 4,
    "gpus": 2, "gpu_type": "a100", "mem": 1.5, "time_limit": "90min",
    "pack": false, "max_alike": 0, "signal_delay": "0s", "setup": ["\tx 'y'"],
    "options": ["--mail-type=END", "-x n1", "--gpus-per-task=1", "--exclusive"],
    "sbatch_cmd": "ssh 'my login' sbatch"}})");
  BOOST_CHECK(s.enabled);
  BOOST_CHECK_EQUAL(s.partition, "gpu");
  BOOST_CHECK(s.cpus == 4u);
  BOOST_CHECK_EQUAL(s.gpus, 2u);
  BOOST_CHECK(s.mem == 1.5);
  BOOST_CHECK(s.time_limit == 5400);
  BOOST_CHECK(s.pack == false);
  BOOST_CHECK_EQUAL(s.max_same_failure, 0u);
  BOOST_CHECK_EQUAL(s.signal_delay, 0);
  BOOST_TEST(s.setup == Texts{"\tx 'y'"});
  BOOST_CHECK_EQUAL(s.options.size(), 4u);
  BOOST_TEST(s.commands.sbatch == (Texts{"ssh", "my login", "sbatch"}));
  BOOST_CHECK(s.jobs == 7u);
  BOOST_CHECK_EQUAL(s.workers, 3u);
}

BOOST_AUTO_TEST_CASE(texts_that_break_the_script) {
  refused(R"({"slurm": {"partition": "a\nrm -rf"}})",
          {"slurm.partition", "FILE:1:", "line end"});
  refused(R"({"slurm": {"setup": ["x", "a\nb"]}})", {"slurm.setup"});
  refused(R"({"slurm": {"log_dir": "/a\\b"}})", {"slurm.log_dir", "backslash"});
  refused(R"({"slurm": {"shell": "bash"}})", {"slurm.shell", "absolute"});
  refused(R"({"slurm": {"sbatch_cmd": ""}})", {"slurm.sbatch_cmd", "no comm"});
  refused(R"({"slurm": {"squeue_cmd": "a 'b"}})", {"slurm.squeue_cmd", "open"});
  refused(R"({"slurm": {"time_limit": "0s"}})",
          {"slurm.time_limit", "no limit"});
}

BOOST_AUTO_TEST_CASE(resources_that_are_no_gpus) {
  const auto s = of(R"({"slurm": {"options": ["--gres=shard:1,nvme"]}})");
  BOOST_TEST(s.options == Texts{"--gres=shard:1,nvme"});
  option_refused("--gres=gpu:2", "slurm.gpus");
  option_refused("--gres=shard:1,gpu", "slurm.gpus");
  option_refused("--gres", "slurm.gpus");
  refused(R"({"slurm": {"gpus": 1, "options": ["--gres=shard:1"]}})",
          {"--gres=shard:1", "slurm.gpus"});
}

BOOST_AUTO_TEST_CASE(options_that_eh_sets) {
  option_refused("mail", "begins with '-'");
  option_refused("-", "begins with '-'");
  for (const char* option :
       {"--array=1-3", "-a1-3", "-a 1-3", "--job-name x", "-Jx", "--parsable",
        "--output=x", "--out=x", "-o x", "--wait", "-W", "--wrap=x", "-e x",
        "--chdir=/", "--requeue", "--no-requeue", "--open-mode=truncate"})
    option_refused(option, "");
  option_refused("--time=3", "slurm.time_limit says it");
  option_refused("-c4", "slurm.cpus");
  option_refused("--clusters=a", "SLURM_CLUSTERS");
}

BOOST_AUTO_TEST_SUITE_END()
