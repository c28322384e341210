#include "cluster/slurm/states.h"

#include "cluster/task_exit.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_slurm_states)

BOOST_AUTO_TEST_CASE(states) {
  for (const auto* state : {"PENDING", "REQUEUED", "SPECIAL_EXIT"})
    BOOST_CHECK(phase_of(state) == TaskPhase::pending);
  for (const auto* state :
       {"RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED"})
    BOOST_CHECK(phase_of(state) == TaskPhase::running);
  for (const auto* state : {"COMPLETED", "CANCELLED", "NODE_FAIL", "TIMEOUT"})
    BOOST_CHECK(phase_of(state) == TaskPhase::ended);
  // What nobody knows is no end.
  for (const auto* state : {"", "SOMETHING_NEW", "CANCELLED by 0"})
    BOOST_CHECK(phase_of(state) == TaskPhase::unknown);
}

BOOST_AUTO_TEST_CASE(ends) {
  for (const auto* state : {"TIMEOUT", "DEADLINE"})
    BOOST_CHECK(outcome_of(state) == TaskOutcome::timeout);
  BOOST_CHECK(outcome_of("OUT_OF_MEMORY") == TaskOutcome::out_of_memory);
  BOOST_CHECK(outcome_of("CANCELLED") == TaskOutcome::cancelled);
  for (const auto* state : {"PREEMPTED", "REVOKED"})
    BOOST_CHECK(outcome_of(state) == TaskOutcome::displaced);
  BOOST_CHECK(outcome_of("COMPLETED") == TaskOutcome::completed);
  for (const auto* state : {"NODE_FAIL", "FAILED", "", "ODD"})
    BOOST_CHECK(outcome_of(state) == TaskOutcome::failed);
}

BOOST_AUTO_TEST_CASE(reasons) {
  for (const auto* reason :
       {"", "Priority", "Resources", "JobArrayTaskLimit", "BeginTime",
        "Dependency", "QOSMaxJobsPerUserLimit", "AssocGrpCpuLimit",
        "QOSMaxCpuPerUserLimit", "AssocMaxCpuMinutesRunningPerJobLimit"})
    BOOST_CHECK_MESSAGE(hindrance_of(reason).kind == Hindrance::none, reason);
  for (const auto* reason :
       {"JobHeldUser", "PartitionDown", "launch failed requeued held",
        "ReqNodeNotAvail, UnavailableNodes:n1",
        "Nodes required for job are DOWN, DRAINED or reserved for jobs in"
        " higher priority partitions"})
    BOOST_CHECK_MESSAGE(hindrance_of(reason).kind == Hindrance::clearable,
                        reason);
  for (const auto* reason :
       {"PartitionNodeLimit", "PartitionTimeLimit", "PartitionConfig",
        "DependencyNeverSatisfied", "BadConstraints", "AccountNotAllowed",
        "InvalidAccount", "InvalidQOS", "QOSMaxWallDurationPerJobLimit",
        "QOSMaxCpuPerJobLimit", "AssocMaxNodePerJobLimit"})
    BOOST_CHECK_MESSAGE(hindrance_of(reason).kind == Hindrance::never, reason);
  BOOST_CHECK(has(hindrance_of("PartitionTimeLimit").advice, "--slurm-time"));
}

BOOST_AUTO_TEST_CASE(what_scontrol_shows) {
  const auto all = parse_shown(
      "JobId=24 ArrayJobId=23 ArrayTaskId=0 JobName=eh x JobState=FAILED "
      "Reason=NonZeroExitCode Dependency=(null) Requeue=1 Restarts=2 "
      "ExitCode=5:0 ReqNodeList=(null) ExcNodeList=(null) NodeList=n1 "
      "BatchHost=n1 Command=/a/JobState=x StdOut=/r/23_0.out Power=\n"
      "JobId=23 ArrayJobId=23 ArrayTaskId=2-30 JobState=PENDING Reason=None\n"
      "garbage\n\n");
  BOOST_REQUIRE_EQUAL(all.size(), 2);
  BOOST_CHECK_EQUAL(all[0].task_exit.job, "24");
  BOOST_CHECK_EQUAL(all[0].task_exit.array_job, "23");
  BOOST_CHECK_EQUAL(all[0].task_exit.array_task, "0");
  BOOST_CHECK_EQUAL(all[0].task_exit.state, "FAILED");
  BOOST_CHECK_EQUAL(all[0].task_exit.reason, "NonZeroExitCode");
  BOOST_CHECK_EQUAL(all[0].task_exit.exit_code, "5:0");
  BOOST_CHECK_EQUAL(all[0].task_exit.node, "n1");
  BOOST_CHECK_EQUAL(all[0].task_exit.log, "/r/23_0.out");
  BOOST_CHECK_EQUAL(all[0].task_exit.name, "eh");
  BOOST_CHECK(all[0].phase == TaskPhase::ended);
  BOOST_CHECK_EQUAL(all[1].task_exit.reason, "");
  BOOST_CHECK(all[1].phase == TaskPhase::pending);
  BOOST_CHECK_EQUAL(exit_text(all[0].task_exit),
                    "SLURM ended its task: FAILED, NonZeroExitCode, ExitCode"
                    " 5:0, on n1 (job 24, 23_0; log /r/23_0.out)");
}

BOOST_AUTO_TEST_CASE(words_for_scancel) {
  std::vector<QueuedTask> tasks;
  auto add = [&](const char* array, std::optional<unsigned> task) {
    QueuedTask one;
    one.job = "99";
    one.array_job = array;
    one.array_task = task;
    tasks.push_back(one);
  };
  BOOST_CHECK(job_words(tasks).empty());
  for (const unsigned task : {5, 0, 1, 2, 7, 8}) add("12", task);
  add("13", 4);
  add("99", {});
  BOOST_CHECK((job_words(tasks) ==
               std::vector<std::string>{"99", "12_[0-2,5,7-8]", "13_[4]"}));
  // Of very many that are not ranges, several.
  tasks.clear();
  for (unsigned task = 0; task < 2000; task += 2) add("12", task);
  const auto words = job_words(tasks);
  BOOST_CHECK_EQUAL(words.size(), 3);
  for (const auto& word : words) BOOST_CHECK(word.size() < 2100);
}

BOOST_AUTO_TEST_CASE(starts) {
  BOOST_CHECK_EQUAL(start_text("2026-01-31T14:05:00"), "2026-01-31 14:05");
  BOOST_CHECK_EQUAL(start_text("N/A"), "");
  BOOST_CHECK_EQUAL(start_text("Unknown, some day"), "");
}

BOOST_AUTO_TEST_SUITE_END()
