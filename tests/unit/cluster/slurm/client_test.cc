#include "cluster/slurm/client.h"

#include "cluster/task.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(cluster_slurm_client)

namespace {

// Answers everything alike and remembers what it was asked.
struct FakeCommands {
  CommandResult answer{0, false, "", ""};
  std::vector<Texts> asked;
  SlurmCommands names;

  SlurmClient client() {
    return SlurmClient(names, [this](const Texts& words, double) {
      asked.push_back(words);
      return answer;
    });
  }
};

CommandResult printed(const std::string& output) {
  return {0, false, output, ""};
}
CommandResult failed(const std::string& errors, int code = 1) {
  return {code, false, "", errors};
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_squeue_shows) {
  FakeCommands fake;
  fake.answer = printed(
      "24@23@0@RUNNING@n1@2026-01-31T10:00:00@59:30@eh-a-0@None\n"
      "23@23@1@PENDING@@N/A@1:00:00@eh-a-0@Nodes required for job are DOWN, "
      "DRAINED or a@b\n"
      "30@30@N/A@SPECIAL_EXIT@n2@N/A@INVALID@eh-a-1@JobHeldUser\n");
  auto client = fake.client();
  const auto tasks = client.queue({"eh-a-0", "eh-a-1"});
  BOOST_REQUIRE(tasks && tasks->size() == 3);
  BOOST_TEST(
      fake.asked.at(0) ==
      (Texts{"squeue", "--noheader", "--array", "--states=all",
             "--name=eh-a-0,eh-a-1", "--format=%A@%F@%K@%T@%N@%S@%L@%j@%r"}));
  const auto& first = tasks->at(0);
  BOOST_CHECK_EQUAL(first.job, "24");
  BOOST_CHECK_EQUAL(first.array_job, "23");
  BOOST_CHECK(first.array_task == 0u);
  BOOST_CHECK_EQUAL(first.state, "RUNNING");
  BOOST_CHECK_EQUAL(first.node, "n1");
  BOOST_CHECK_EQUAL(first.start, "2026-01-31 10:00");
  BOOST_CHECK_EQUAL(first.left, "59:30");
  BOOST_CHECK_EQUAL(first.name, "eh-a-0");
  BOOST_CHECK_EQUAL(first.reason, "");
  BOOST_CHECK_EQUAL(tasks->at(1).start, "");
  BOOST_CHECK_EQUAL(tasks->at(1).reason,
                    "Nodes required for job are DOWN, DRAINED or a@b");
  BOOST_CHECK(!tasks->at(2).array_task);
  BOOST_CHECK_EQUAL(tasks->at(2).state, "SPECIAL_EXIT");
  BOOST_CHECK(first.phase == TaskPhase::running);
  BOOST_CHECK(tasks->at(2).phase == TaskPhase::pending);
  BOOST_CHECK(first.hindrance.kind == Hindrance::none);
  BOOST_CHECK(tasks->at(1).hindrance.kind == Hindrance::clearable);
}

BOOST_AUTO_TEST_CASE(lines_of_squeue_that_are_none) {
  FakeCommands fake;
  fake.answer = printed(
      "CLUSTER: alpha\nslurm_load_jobs: warning\n@@@@@@@@\n"
      "24@23@0@RUNNING@n1\nx@23@0@RUNNING@n1@a@b@eh-a-0@None\n"
      "24@23@0@RUNNING@n1@a@b@other@None\n"
      "24@23@0@RUNNING@n1@a@b@eh-a-0@None");
  auto client = fake.client();
  BOOST_CHECK_EQUAL(client.queue({"eh-a-0"}).value().size(), 1u);
  BOOST_CHECK_EQUAL(client.error(), "");
  fake.answer = printed("");
  BOOST_CHECK(client.queue({"eh-a-0"}).value().empty());
  BOOST_CHECK(client.queue({}).value().empty());
  BOOST_CHECK_EQUAL(fake.asked.size(), 2u);
}

BOOST_AUTO_TEST_CASE(squeue_that_fails) {
  FakeCommands fake;
  auto client = fake.client();
  fake.answer = failed(
      "note\nslurm_load_jobs error: Unable to contact slurm controller "
      "(connect failure)\n");
  BOOST_CHECK(!client.queue({"a"}));
  BOOST_CHECK_EQUAL(client.error(),
                    "slurm_load_jobs error: Unable to contact slurm controller"
                    " (connect failure)");
  fake.answer = {{}, true, "24@23@0@RUNNING@n1@a@b@a@None\n", ""};
  BOOST_CHECK(!client.queue({"a"}));
  BOOST_CHECK_EQUAL(client.error(), "squeue gave no answer");
  fake.answer = failed("", 3);
  BOOST_CHECK(!client.queue({"a"}));
  BOOST_CHECK_EQUAL(client.error(), "squeue ended with 3");
  fake.answer = printed("");
  BOOST_CHECK(client.queue({"a"}));
  BOOST_CHECK_EQUAL(client.error(), "");
}

BOOST_AUTO_TEST_CASE(jobs_are_cancelled) {
  FakeCommands fake;
  auto client = fake.client();
  BOOST_CHECK(client.cancel({}));
  BOOST_CHECK(fake.asked.empty());
  BOOST_CHECK(client.cancel({"12", "13_4"}));
  BOOST_TEST(fake.asked.at(0) == (Texts{"scancel", "12", "13_4"}));
  QueuedTask task;
  task.array_job = "12";
  task.array_task = 3;
  BOOST_CHECK(client.cancel_tasks({task}));
  BOOST_TEST(fake.asked.at(1) == (Texts{"scancel", "12_[3]"}));
  BOOST_CHECK(client.cancel_tasks({}));
  BOOST_CHECK_EQUAL(fake.asked.size(), 2);
  fake.answer = failed(
      "scancel: error: Kill job error on job id 2: Unable to contact slurm "
      "controller (connect failure)",
      8);
  BOOST_CHECK(!client.cancel({"2"}));
  fake.answer = failed(
      "scancel: error: Kill job error on job id 2: Job/step already completing "
      "or completed");
  BOOST_CHECK(client.cancel({"2"}));
  fake.answer = failed(
      "scancel: error: Kill job error on job id 2: Access/permission denied");
  BOOST_CHECK(!client.cancel({"2"}));
  BOOST_CHECK(has(client.error(), "Access/permission denied"));
}

BOOST_AUTO_TEST_CASE(what_scontrol_is_asked) {
  FakeCommands fake;
  auto client = fake.client();
  BOOST_CHECK(client.requeue("12") == Scheduler::Answer::yes);
  BOOST_TEST(fake.asked.back() == (Texts{"scontrol", "requeue", "12"}));
  fake.answer = printed(
      "JobId=12 ArrayJobId=12 ArrayTaskId=1 JobState=RUNNING\n"
      "JobId=13 ArrayJobId=12 ArrayTaskId=0 JobState=TIMEOUT\n");
  BOOST_CHECK(client.knows("12", "eh-r-0") == Scheduler::Known::yes);
  const auto task_exits = client.task_exits("12");
  BOOST_REQUIRE_EQUAL(task_exits.size(), 1);
  BOOST_CHECK_EQUAL(task_exits[0].job, "13");
  BOOST_CHECK(task_exits[0].outcome == TaskOutcome::timeout);
  BOOST_TEST(fake.asked.back() ==
             (Texts{"scontrol", "-o", "show", "job", "12"}));
  fake.answer = printed(
      "MailProg                = /bin/true\n"
      "MaxArraySize            = 1001 \nMaxJobCount = 7\n");
  BOOST_CHECK(client.index_limit() == 1001u);
  BOOST_TEST(fake.asked.back() == (Texts{"scontrol", "show", "config"}));
  fake.answer = printed("MailProg = x\n");
  BOOST_CHECK(!client.index_limit());
  fake.answer = failed("slurm_load_jobs error: Invalid job id specified");
  BOOST_CHECK(client.knows("12", "eh-r-0") == Scheduler::Known::no);
  BOOST_CHECK(client.task_exits("12").empty());
  BOOST_CHECK(client.requeue("12") == Scheduler::Answer::no);
  BOOST_CHECK(!client.index_limit());
  fake.answer = failed("slurm_load_jobs error: Unable to contact slurm");
  BOOST_CHECK(!client.knows("12", "eh-r-0").has_value());
  // Ids are used again.
  fake.answer = printed("JobId=12 JobName=eh-r-0 JobState=RUNNING\n");
  BOOST_CHECK(client.knows("12", "eh-r-0") == Scheduler::Known::yes);
  BOOST_CHECK(client.knows("12", "eh-r-01") == Scheduler::Known::other);
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

BOOST_AUTO_TEST_CASE(submitting) {
  FakeCommands fake;
  auto client = fake.client();
  fake.answer = printed("123\n");
  BOOST_CHECK(client.submit({"eh-a-0", "job.sh", 0, 2}).job == "123");
  BOOST_TEST(fake.asked.back() ==
             (Texts{"sbatch", "--parsable", "--job-name=eh-a-0", "--array=0-1",
                    "job.sh", "0"}));
  fake.answer = printed("some news of the cluster\n123;alpha\n");
  ArraySubmission array{"eh-a-1", "job.sh", 2, 1};
  array.without = {"SBATCH_WAIT"};
  BOOST_CHECK(client.submit(array).job == "123");
  BOOST_TEST(fake.asked.back() ==
             (Texts{"env", "-u", "SBATCH_WAIT", "sbatch", "--parsable",
                    "--job-name=eh-a-1", "--array=0-0", "job.sh", "2"}));
  fake.answer = failed(
      "sbatch: error: invalid partition specified: nosuch\n"
      "sbatch: error: Batch job submission failed: Invalid partition name "
      "specified\n");
  auto answer = client.submit(array);
  BOOST_CHECK(!answer.job && !answer.passing && !answer.no_room);
  BOOST_CHECK_EQUAL(answer.error,
                    "sbatch: error: invalid partition specified: nosuch\n"
                    "sbatch: error: Batch job submission failed: Invalid "
                    "partition name specified");
  fake.answer = printed("hello\n");
  answer = client.submit(array);
  BOOST_CHECK(!answer.job && answer.passing);
  BOOST_CHECK(has(answer.error, "named no job, but said 'hello"));
  fake.answer = {{}, true, "", ""};
  answer = client.submit(array);
  BOOST_CHECK(!answer.job && answer.passing);
  BOOST_CHECK_EQUAL(answer.error, "sbatch gave no answer");
  fake.answer = failed(
      "sbatch: error: QOSMaxSubmitJobPerUserLimit\n"
      "sbatch: error: Batch job submission failed: Job violates "
      "accounting/QOS policy");
  answer = client.submit(array);
  BOOST_CHECK(answer.no_room && !answer.passing);
  fake.answer = failed(
      "sbatch: error: Slurm temporarily unable to accept job, sleeping and "
      "retrying");
  answer = client.submit(array);
  BOOST_CHECK(answer.no_room && answer.passing);
}

BOOST_AUTO_TEST_CASE(commands_of_several_words) {
  BOOST_TEST(command_words({"sudo", "sbatch"}, {"a b", "$c"}) ==
             (Texts{"sudo", "sbatch", "a b", "$c"}));
  // It hands its words to a shell.
  BOOST_TEST(command_words({"/usr/bin/ssh", "login", "sbatch"},
                           {"a b", "--x=%A@%F"}) ==
             (Texts{"/usr/bin/ssh", "login", "sbatch", "'a b'", "--x=%A@%F"}));
}

BOOST_AUTO_TEST_CASE(variables_that_change_answers) {
  FakeCommands fake;
  auto client = fake.client();
  ::setenv("SQUEUE_USERS", "nobody", 1);
  client.queue({"a"});
  ::unsetenv("SQUEUE_USERS");
  const auto& words = fake.asked.back();
  BOOST_TEST(Texts(words.begin(), words.begin() + 4) ==
             (Texts{"env", "-u", "SQUEUE_USERS", "squeue"}));
}

BOOST_AUTO_TEST_CASE(times_as_squeue_prints_them) {
  const auto seconds = [](const char* text) {
    return parse_slurm_time(text).value_or(-1);
  };
  BOOST_CHECK_EQUAL(seconds("0:00"), 0);
  BOOST_CHECK_EQUAL(seconds("59:58"), 3598);
  BOOST_CHECK_EQUAL(seconds("2:00:01"), 7201);
  BOOST_CHECK_EQUAL(seconds("1-00:00:05"), 86405);
  BOOST_CHECK_EQUAL(seconds("2-03"), 2 * 86400 + 3 * 3600);
  for (const auto* text :
       {"UNLIMITED", "INVALID", "NOT_SET", "", "-", "1-", "-1:00", "N/A"})
    BOOST_CHECK_EQUAL(seconds(text), -1);
}

BOOST_AUTO_TEST_CASE(errors_that_pass) {
  for (const char* text :
       {"sbatch: error: Batch job submission failed: Unable to contact slurm "
        "controller (connect failure)",
        "sbatch: error: Batch job submission failed: Socket timed out on "
        "send/recv operation",
        "sbatch: error: Slurm temporarily unable to accept job, sleeping and "
        "retrying",
        "sbatch: error: slurm_msg_sendto: address:port=127.0.0.1:17200 "
        "msg_type=4003: Unexpected missing socket error",
        "sbatch: error: Batch job submission failed: Resource temporarily "
        "unavailable",
        "sbatch: error: Batch job submission failed: Protocol authentication "
        "error"})
    BOOST_CHECK_MESSAGE(is_passing(text), text);
  for (const char* text :
       {"sbatch: error: Batch job submission failed: Invalid partition name "
        "specified",
        "sbatch: error: QOSMaxSubmitJobPerUserLimit", ""})
    BOOST_CHECK_MESSAGE(!is_passing(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
