#include "cluster/array_jobs.h"

#include <fcntl.h>

#include <deque>

#include "cluster/slurm/client.h"
#include "cluster/task_plan.h"
#include "os/file.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(cluster_array_jobs)

namespace {

const std::string run_id = "20260131T100000Z-abcdef";
const std::string down =
    "sbatch: error: Batch job submission failed: Unable to contact slurm "
    "controller (connect failure)";
const std::string socket_timed_out =
    "sbatch: error: Batch job submission failed: Socket timed out on send/recv "
    "operation";
const std::string no_partition =
    "sbatch: error: invalid partition specified: x\nsbatch: error: Batch job "
    "submission failed: Invalid partition name specified";
const std::string submit_limit =
    "sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job "
    "submission failed: Job violates accounting/QOS policy";

// A cluster, and a user's machine that submits to it. Time passes while
// somebody waits.
struct Cluster {
  enum Answer {
    taken,
    fails,   ///< with `error`
    ghost,   ///< fails with a time-out, and is taken `ghost_delay` later
    silent,  ///< nobody answers, taken all the same
  };

  TemporaryDirectory folder;
  Fd tree;
  double now = 0;
  std::deque<Answer> answers;  // of sbatch; then all are taken
  std::string error = down;
  std::string remarks;  // of sbatch, when it takes one
  double ghost_delay = 0;
  double squeue_until = 0;  // it fails till then
  double interrupted_at = 1e9;
  bool scancel_works = true;

  struct Job {
    std::string id, name, words;
    double since = 0;  // it is in
    std::string state = "PENDING";
  };
  std::vector<Job> jobs;
  std::vector<double> tries;  // of sbatch: when
  Texts warnings, cancelled;
  std::function<void()> on_wait = [] {};
  int next_id = 100;

  Cluster() : tree(::open(folder.path().c_str(), O_DIRECTORY | O_CLOEXEC)) {
    make_directories(tree.get(), run_folder(run_id));
  }

  CommandResult answer(const Texts& words) {
    if (words[0] == "sbatch") return sbatch(words);
    if (words[0] == "scancel") {
      if (!scancel_works) return {1, false, "", "scancel: error: " + down};
      cancelled.insert(cancelled.end(), words.begin() + 1, words.end());
      return {0, false, "", ""};
    }
    if (now < squeue_until) return {1, false, "", down};
    std::string out;
    for (const auto& job : jobs)
      if (job.since <= now)
        out += job.id + '@' + job.id + "@0@" + job.state + "@@N/A@1:00@" +
               job.name + "@None\n";
    return {0, false, out, ""};
  }

  CommandResult sbatch(const Texts& words) {
    tries.push_back(now);
    const auto what = answers.empty() ? taken : answers.front();
    if (!answers.empty()) answers.pop_front();
    if (what == fails) return {1, false, "", error};
    Job job;
    job.id = std::to_string(next_id++);
    job.name = words.at(2).substr(words.at(2).find('=') + 1);
    for (const auto& word : words) job.words += word + ' ';
    job.since = what == ghost ? now + ghost_delay : now;
    jobs.push_back(job);
    if (what == ghost) return {1, false, "", socket_timed_out};
    if (what == silent) return {{}, true, "", ""};
    return {0, false, job.id + '\n', remarks};
  }

  // Of one experiment each, in arrays of two.
  std::vector<SubmittedArray> submit(
      std::size_t experiments, std::optional<std::size_t> jobs_limit = {}) {
    SlurmSettings settings;
    settings.max_array_size = 2;
    settings.pack = false;
    settings.jobs = jobs_limit;
    const auto plan = make_plan(experiments, settings, {});
    SlurmClient client(settings.commands, [this](const Texts& words, double) {
      return answer(words);
    });
    return submit_arrays(
        {tree.get(), run_id, plan, "/r/job.sh", {}},
        {client,
         [this](double seconds) {
           now += seconds;
           on_wait();
           return now < interrupted_at;
         },
         [this](const std::string& text) { warnings.push_back(text); }});
  }

  SubmitFailed failure(std::size_t experiments) {
    try {
      submit(experiments);
    } catch (const SubmitFailed& failed) {
      return failed;
    }
    BOOST_FAIL("it was submitted");
    return {SubmitFailed::refused, ""};
  }

  std::string journal() const {
    return folder.read(run_folder(run_id) + "/jobs.jsonl");
  }
};

// The words of sbatch behind the name.
std::string array_of(const Cluster::Job& job) {
  return job.words.substr(job.words.find("--array="));
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_is_well) {
  Cluster cluster;
  const auto arrays = cluster.submit(5);
  BOOST_TEST(job_ids(arrays) == (Texts{"100", "101", "102"}));
  BOOST_CHECK_EQUAL(array_of(cluster.jobs.at(0)), "--array=0-1 /r/job.sh 0 ");
  BOOST_CHECK_EQUAL(array_of(cluster.jobs.at(2)), "--array=0-0 /r/job.sh 4 ");
  BOOST_CHECK(cluster.warnings.empty());
  BOOST_CHECK_EQUAL(cluster.now, 0);
  const auto name = "eh-" + run_id;
  BOOST_CHECK_EQUAL(
      cluster.journal().substr(0, cluster.journal().find('\n', 100) + 1),
      R"({"array":0,"name":")" + name +
          R"(-0","state":"submitting"})"
          "\n"
          R"({"array":0,"name":")" +
          name +
          R"(-0","state":"submitted","job":"100"})"
          "\n");
}

BOOST_AUTO_TEST_CASE(what_sbatch_says_of_jobs_that_are_in) {
  Cluster cluster;
  cluster.remarks = "sbatch: account 'lab' is\nnearly\x1b empty\n";
  cluster.submit(5);
  BOOST_REQUIRE_EQUAL(cluster.warnings.size(), 1u);
  BOOST_CHECK(has(cluster.warnings[0], "says:\n  sbatch: account 'lab' is\n"));
  BOOST_CHECK(has(cluster.warnings[0], "\n  nearly"));
  BOOST_CHECK(!has(cluster.warnings[0], "\x1b"));
}

BOOST_AUTO_TEST_CASE(arrays_that_wait_for_others) {
  Cluster cluster;
  cluster.submit(6, 2);
  BOOST_CHECK_EQUAL(array_of(cluster.jobs.at(2)),
                    "--array=0-1%1 --dependency=afterany:100 /r/job.sh 4 ");
}

BOOST_AUTO_TEST_CASE(a_controller_that_is_away) {
  Cluster cluster;
  cluster.answers = {Cluster::fails, Cluster::fails, Cluster::fails};
  const auto arrays = cluster.submit(3);
  BOOST_TEST(job_ids(arrays) == (Texts{"100", "101"}));
  BOOST_CHECK_EQUAL(cluster.tries.size(), 5u);
  BOOST_CHECK_GT(cluster.tries[3] - cluster.tries[2],
                 cluster.tries[1] - cluster.tries[0]);
  BOOST_REQUIRE_EQUAL(cluster.warnings.size(), 1u);
  BOOST_CHECK(has(cluster.warnings[0], "Unable to contact slurm controller"));
  BOOST_CHECK(has(cluster.warnings[0], "trying again for 10m"));
}

BOOST_AUTO_TEST_CASE(a_submission_that_is_in_though_it_failed) {
  for (const auto answer : {Cluster::ghost, Cluster::silent}) {
    Cluster cluster;
    cluster.answers = {answer};
    cluster.squeue_until = 20;
    const auto arrays = cluster.submit(1);
    BOOST_TEST(job_ids(arrays) == Texts{"100"});
    BOOST_CHECK_EQUAL(cluster.jobs.size(), 1u);
    BOOST_CHECK_GE(cluster.now, 20);
    BOOST_CHECK(cluster.cancelled.empty());
  }
}

BOOST_AUTO_TEST_CASE(one_that_shows_up_late) {
  // Between the first look and the second one.
  Cluster cluster;
  cluster.answers = {Cluster::ghost};
  cluster.ghost_delay = 3;
  cluster.submit(1);
  BOOST_CHECK_EQUAL(cluster.jobs.size(), 1u);
  // Later than that: one of the two goes.
  Cluster slow;
  slow.answers = {Cluster::ghost, Cluster::fails};
  slow.ghost_delay = 6;
  const auto arrays = slow.submit(1);
  BOOST_CHECK_EQUAL(arrays.size(), 1u);
  BOOST_CHECK_EQUAL(slow.jobs.size() - slow.cancelled.size(), 1u);
  Cluster slower;
  slower.answers = {Cluster::ghost, Cluster::taken, Cluster::fails};
  slower.ghost_delay = 6;
  BOOST_TEST(job_ids(slower.submit(3)) == (Texts{"101", "102"}));
  BOOST_TEST(slower.cancelled == Texts{"100"});
}

BOOST_AUTO_TEST_CASE(refused) {
  Cluster cluster;
  cluster.answers = {Cluster::taken, Cluster::fails};
  cluster.error = no_partition;
  const auto failed = cluster.failure(5);
  BOOST_CHECK(failed.why == SubmitFailed::refused);
  BOOST_CHECK_EQUAL(failed.what(), no_partition);
  BOOST_TEST(failed.cancelled == Texts{"100"});
  BOOST_CHECK(failed.left.empty() && failed.unknown.empty());
  BOOST_TEST(cluster.cancelled == Texts{"100"});
  BOOST_CHECK_EQUAL(cluster.tries.size(), 2u);
  BOOST_CHECK(has(cluster.journal(), R"("state":"refused","message":"sbatch)"));
}

BOOST_AUTO_TEST_CASE(refused_at_once) {
  Cluster cluster;
  cluster.answers = {Cluster::fails};
  cluster.error = submit_limit;
  const auto failed = cluster.failure(1);
  BOOST_CHECK(failed.why == SubmitFailed::full);
  BOOST_CHECK(!failed.has_begun());
}

BOOST_AUTO_TEST_CASE(room_for_more_is_waited_for) {
  Cluster cluster;
  cluster.error = submit_limit;
  cluster.answers = {Cluster::taken};
  for (int i = 0; i < 100; ++i) cluster.answers.push_back(Cluster::fails);
  const auto arrays = cluster.submit(3);
  BOOST_CHECK_EQUAL(arrays.size(), 2u);
  BOOST_CHECK_GT(cluster.now, 1000);  // more than is given to other errors
  BOOST_CHECK_EQUAL(cluster.warnings.size(), 1u);
  // Where nothing of the run is left in the cluster, nothing will end.
  Cluster ended;
  ended.error = submit_limit;
  ended.answers = {Cluster::taken, Cluster::fails, Cluster::fails};
  ended.on_wait = [&] {
    for (auto& job : ended.jobs) job.state = "COMPLETED";
  };
  ended.now = 0;
  BOOST_CHECK(ended.failure(3).why == SubmitFailed::full);
}

BOOST_AUTO_TEST_CASE(given_up) {
  Cluster cluster;
  cluster.answers = {Cluster::taken};
  for (int i = 0; i < 100; ++i) cluster.answers.push_back(Cluster::fails);
  cluster.scancel_works = false;
  const auto failed = cluster.failure(3);
  BOOST_CHECK(failed.why == SubmitFailed::unreachable);
  BOOST_CHECK_EQUAL(failed.what(), down);
  BOOST_TEST(failed.left == Texts{"100"});
  BOOST_CHECK_GE(cluster.now, 600);
  BOOST_CHECK_LT(cluster.now, 1200);
  BOOST_CHECK_EQUAL(failed.unknown, "");  // squeue says that it is not in
}

BOOST_AUTO_TEST_CASE(given_up_without_knowing) {
  Cluster cluster;
  cluster.answers = {Cluster::ghost};
  cluster.squeue_until = 1e9;
  const auto failed = cluster.failure(1);
  BOOST_CHECK(failed.why == SubmitFailed::unreachable);
  BOOST_CHECK_EQUAL(failed.unknown, "eh-" + run_id + "-0");
  BOOST_CHECK(failed.has_begun());
}

BOOST_AUTO_TEST_CASE(interrupted) {
  Cluster cluster;
  cluster.answers = {Cluster::taken, Cluster::ghost};
  cluster.interrupted_at = 0.5;
  const auto failed = cluster.failure(3);
  BOOST_CHECK(failed.why == SubmitFailed::interrupted);
  BOOST_TEST(failed.cancelled == (Texts{"100", "101"}));
}

BOOST_AUTO_TEST_CASE(a_host_that_was_killed) {
  Cluster cluster;
  cluster.submit(3);
  // It never heard what became of the last one, and wrote half a line.
  auto text = cluster.journal();
  text = text.substr(0, text.rfind("{\"array\""));
  const auto path = run_folder(run_id) + "/jobs.jsonl";
  cluster.folder.write(path, text + R"({"array":1,"na)");
  auto arrays = submitted_arrays(cluster.tree.get(), run_id);
  BOOST_REQUIRE_EQUAL(arrays.size(), 2u);
  BOOST_CHECK(arrays[1].state == SubmittedArray::submitting);
  BOOST_TEST(job_ids(arrays) == Texts{"100"});
  // One that goes on looks first.
  BOOST_TEST(job_ids(cluster.submit(3)) == (Texts{"100", "101"}));
  BOOST_CHECK_EQUAL(cluster.jobs.size(), 2u);
  // And submits what is missing.
  BOOST_TEST(job_ids(cluster.submit(5)) == (Texts{"100", "101", "102"}));
  BOOST_CHECK_EQUAL(cluster.jobs.size(), 3u);
}

BOOST_AUTO_TEST_CASE(who_attaches_looks_it_up) {
  Cluster cluster;
  note_array(cluster.tree.get(), run_id,
             {0, "eh-x-0", SubmittedArray::submitting, "", ""});
  note_array(cluster.tree.get(), run_id,
             {1, "eh-x-1", SubmittedArray::submitting, "", ""});
  cluster.jobs.push_back({"7", "eh-x-0", "", 0, "RUNNING"});
  SlurmClient client(
      {}, [&](const Texts& words, double) { return cluster.answer(words); });
  const auto arrays = submitted_arrays(cluster.tree.get(), run_id, &client);
  BOOST_TEST(job_ids(arrays) == Texts{"7"});
  BOOST_CHECK(arrays.at(1).state == SubmittedArray::submitting);
  // It is noted.
  BOOST_TEST(job_ids(submitted_arrays(cluster.tree.get(), run_id)) ==
             Texts{"7"});
  BOOST_CHECK(submitted_arrays(cluster.tree.get(), "other").empty());
}

BOOST_AUTO_TEST_SUITE_END()
