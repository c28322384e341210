#include "cluster/slurm/script.h"

#include "cluster/task_plan.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(cluster_slurm_script)

namespace {

std::string script_of(const SlurmSettings& settings,
                      const std::string& folder = "/data/.eh/runs/r1",
                      std::size_t experiments = 3) {
  const auto plan = make_plan(experiments, settings, {});
  return job_script({settings, plan, folder, "/home/me/my study",
                     "/data/.eh/plugins/ab/eh-host", "eh-host main '*'"});
}

// Its "#SBATCH" lines, without that word.
std::string head(const std::string& script) {
  std::string out;
  for (std::size_t at = 0; at < script.size();) {
    const auto end = script.find('\n', at);
    const auto line = script.substr(at, end - at);
    if (line.starts_with("#SBATCH ")) out += line.substr(8) + '\n';
    at = end + 1;
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_whole_of_it) {
  SlurmSettings s;
  s.setup = {"module load cuda", "export A='b c'"};
  BOOST_CHECK_EQUAL(script_of(s), R"sh(#!/bin/bash
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=1
#SBATCH --signal=B:USR2@60
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --chdir="/home/me/my study"
#SBATCH --output=/data/.eh/runs/r1/slurm/%A_%a.out
#SBATCH --comment="eh-host main '*'"

# A task of a run of eh. That of its array's index 0 is $1.
eh_first=$1
shift
eh_run=/data/.eh/runs/r1
eh_host=/data/.eh/plugins/ab/eh-host
eh_node=${SLURMD_NODENAME:-$(hostname)}

# Where the folder is missing SLURM would take another for it, and go on.
if [ ! -f "$eh_run/spec.json" ]; then
  echo "eh: cannot run on node $eh_node: it does not see the run's folder" \
    "$eh_run (mount its file system there, or leave the node out)" >&2
  exit 71
fi
unset EH_PLUGIN_PATH

# Each line of the setup has to succeed, but for those after a line "set +e".
eh_may_fail=
eh_failed() {  # STATUS [LINE DEPTH]
  if [ -n "$eh_may_fail" ] || [ "${3:-1}" -gt 1 ]; then return 0; fi
  eh_line=${2:+"'$(sed -n "$2p" "$eh_run/job.sh")'"}
  echo "eh: cannot run on node $eh_node: ${eh_line:-a line} of the setup" \
    "failed with exit status $1 (correct it; after a line 'set +e' lines may" \
    "fail)" >&2
  exit 73
}
if [ -n "${BASH_VERSION:-}" ]; then
  trap 'eh_failed $? $LINENO ${#BASH_SOURCE[@]}' ERR
else
  set -e
  trap 'eh_failed $?' EXIT
fi

module load cuda
export A='b c'
eh_may_fail=yes

eh_why=$("$eh_host" --eh-child 2>&1) && eh_status=0 || eh_status=$?
if [ "$eh_status" -ne 2 ]; then
  echo "eh: cannot run on node $eh_node: the host does not start there" \
    "(exit status $eh_status): $eh_why (leave the node out, or build for it)" \
    >&2
  exit 72
fi

exec "$eh_host" --eh-task "$eh_run" "$eh_first"
)sh");
}

BOOST_AUTO_TEST_CASE(setup_that_may_fail) {
  SlurmSettings s;
  BOOST_CHECK(!has(script_of(s), "eh_may_fail"));
  s.setup = {"a", "  set +e ", "b", "set -e", "c"};
  BOOST_CHECK(has(script_of(s),
                  "\na\n  set +e \neh_may_fail=yes\nb\nset -e\neh_may_fail=\n"
                  "c\neh_may_fail=yes\n"));
}

BOOST_AUTO_TEST_CASE(short_limits) {
  SlurmSettings s;
  BOOST_CHECK_EQUAL(late_warning_text(s), "");
  s.time_limit = 60;
  BOOST_CHECK_EQUAL(late_warning_text(s), "");
  s.time_limit = 40;
  const auto text = late_warning_text(s);
  BOOST_CHECK(has(text, "40.0s") && has(text, "--slurm-signal-delay"));
}

BOOST_AUTO_TEST_CASE(all_values) {
  SlurmSettings s;
  s.partition = "gpu,long";
  s.account = "physics";
  s.qos = "high";
  s.reservation = "course";
  s.licenses = "matlab:2";
  s.constraint = "a&(b|c)";
  s.exclude = "n[1-3]";
  s.nodes = 2;
  s.workers = 4;
  s.gpus = 2;
  s.gpu_type = "a100";
  s.mem = 1.5;
  s.time_limit = 3601;
  s.signal_delay = 90.5;
  s.max_requeues = 0;
  s.log_dir = "/logs";
  s.options = {"--mail-type=END", "--time-min=5"};
  BOOST_CHECK_EQUAL(head(script_of(s)), R"sh(--partition=gpu,long
--account=physics
--qos=high
--reservation=course
--licenses=matlab:2
--constraint="a&(b|c)"
--exclude="n[1-3]"
--nodes=2
--ntasks-per-node=1
--cpus-per-task=4
--gres=gpu:a100:2
--mem=1536M
--time=61
--signal=B:USR2@91
--no-requeue
--open-mode=append
--chdir="/home/me/my study"
--output=/logs/%A_%a.out
--comment="eh-host main '*'"
--mail-type=END
--time-min=5
)sh");
}

BOOST_AUTO_TEST_CASE(numbers) {
  SlurmSettings s;
  s.mem = 0;
  s.gpus = 1;
  s.signal_delay = 0;
  s.time_limit = 1;
  auto text = head(script_of(s));
  BOOST_CHECK(has(text, "--mem=0\n"));
  BOOST_CHECK(has(text, "--gres=gpu:1\n"));
  BOOST_CHECK(has(text, "--time=1\n"));
  BOOST_CHECK(!has(text, "--signal"));
  s.mem = 0.0001;
  s.signal_delay = 60;
  s.time_limit = 60;
  text = head(script_of(s));
  BOOST_CHECK(has(text, "--mem=1M\n"));
  BOOST_CHECK(has(text, "--signal=B:USR2@30\n"));
  s.mem = 64;
  s.signal_delay = 1e9;
  s.time_limit = {};
  text = head(script_of(s));
  BOOST_CHECK(has(text, "--mem=64G\n"));
  BOOST_CHECK(has(text, "--signal=B:USR2@65535\n"));
}

BOOST_AUTO_TEST_CASE(cpus_of_pilots) {
  SlurmSettings s;
  s.gpus = 2;
  s.workers = 3;
  s.pack = true;
  BOOST_CHECK(has(script_of(s), "--cpus-per-task=6\n"));
  s.pack = false;
  BOOST_CHECK(has(script_of(s), "--cpus-per-task=3\n"));
}

BOOST_AUTO_TEST_CASE(odd_paths) {
  const auto script = script_of({}, "/a b/100%/it's #1/$x/caf\xc3\xa9");
  BOOST_CHECK(
      has(script,
          "--output=\"/a b/100%%/it's #1/$x/caf\xc3\xa9/slurm/%A_%a.out\"\n"));
  BOOST_CHECK(has(script, "eh_run='/a b/100%/it'\\''s #1/$x/caf\xc3\xa9'\n"));
  for (const char* path : {"/a\nb", "/a\\b"})
    BOOST_CHECK_EXCEPTION(script_of({}, path), Error,
                          error_with(exit_usage, {"the path of the results"}));
}

BOOST_AUTO_TEST_CASE(quoting_for_sbatch) {
  BOOST_CHECK_EQUAL(sbatch_quoted("gpu:a100:2"), "gpu:a100:2");
  BOOST_CHECK_EQUAL(sbatch_quoted(""), "\"\"");
  BOOST_CHECK_EQUAL(sbatch_quoted("a\"b\\ #'c'"), R"("a\"b\\ #'c'")");
}

BOOST_AUTO_TEST_CASE(long_commands_are_cut) {
  const SlurmSettings s;
  const auto plan = make_plan(1, s, {});
  const std::string start = "eh-host " + std::string(191, 'x');
  const auto script =
      job_script({s, plan, "/r", "/l", "/h", start + "\xc3\xa9" + "yyy"});
  BOOST_CHECK(has(script, "xxx...\"\n"));
  const auto lines = job_script({s, plan, "/r", "/l", "/h", "a\nb"});
  BOOST_CHECK(has(lines, "#SBATCH --comment=\"a"));
  BOOST_CHECK(!has(lines, "\nb"));
}

BOOST_AUTO_TEST_CASE(words_for_sbatch) {
  BOOST_TEST(sbatch_words({"eh-r-0", "/r/job.sh", 0, 10}) ==
             (Texts{"--parsable", "--job-name=eh-r-0", "--array=0-9",
                    "/r/job.sh", "0"}));
  BOOST_TEST(sbatch_words({"eh-r-2", "/r/job.sh", 20, 1, 3, "77"}) ==
             (Texts{"--parsable", "--job-name=eh-r-2", "--array=0-0%3",
                    "--dependency=afterany:77", "/r/job.sh", "20"}));
}

BOOST_AUTO_TEST_CASE(variables) {
  SlurmSettings s;
  const Texts environment = {
      "HOME=/",         "SBATCH_PARTITION=a", "SBATCH_WAIT=1",
      "SLURM_CONF=/x",  "SBATCH_MEM_PER_CPU", "SLURM_CPU_BIND=none",
      "SBATCH_QOS=low", "SBATCH_JOB_NAME=x",  "PMI_RANK=0"};
  BOOST_TEST(misleading_variables(environment, s) ==
             (Texts{"SBATCH_JOB_NAME", "SBATCH_WAIT"}));
  s.partition = "b";
  s.mem = 1;
  BOOST_TEST(misleading_variables(environment, s) ==
             (Texts{"SBATCH_JOB_NAME", "SBATCH_MEM_PER_CPU", "SBATCH_PARTITION",
                    "SBATCH_WAIT"}));
  auto inside = environment;
  inside.push_back("SLURM_JOB_ID=7");
  inside.push_back("SLURM_RESTART_COUNT=1");
  BOOST_TEST(misleading_variables(inside, {}) ==
             (Texts{"PMI_RANK", "SBATCH_JOB_NAME", "SBATCH_WAIT",
                    "SLURM_CPU_BIND", "SLURM_JOB_ID", "SLURM_RESTART_COUNT"}));
}

BOOST_AUTO_TEST_SUITE_END()
