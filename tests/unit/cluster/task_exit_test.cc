#include "cluster/task_exit.h"

#include <boost/json.hpp>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_task_exit)

BOOST_AUTO_TEST_CASE(told_to_people) {
  TaskExit task_exit{
      "FAILED", "NonZeroExitCode", "5:0", TaskOutcome::failed, "n1", "24", "23",
      "0",      "/r/23_0.out"};
  BOOST_CHECK_EQUAL(exit_text(task_exit),
                    "SLURM ended its task: FAILED, NonZeroExitCode, ExitCode"
                    " 5:0, on n1 (job 24, 23_0; log /r/23_0.out)");
  task_exit.state = "COMPLETED";
  task_exit.outcome = TaskOutcome::completed;
  BOOST_CHECK(has(exit_text(task_exit),
                  "its task ended without a verdict, which SLURM calls"
                  " COMPLETED, on n1"));
  BOOST_CHECK_EQUAL(exit_text({}),
                    "its task ended without a word, and SLURM knows it no"
                    " more");
}

BOOST_AUTO_TEST_CASE(verdicts) {
  auto status = [](TaskOutcome outcome) {
    TaskExit task_exit;
    task_exit.outcome = outcome;
    return status_of(task_exit);
  };
  BOOST_CHECK(status(TaskOutcome::timeout) == Status::timeout);
  BOOST_CHECK(status(TaskOutcome::out_of_memory) == Status::out_of_memory);
  BOOST_CHECK(status(TaskOutcome::cancelled) == Status::cancelled);
  BOOST_CHECK(status(TaskOutcome::displaced) == Status::cancelled);
  BOOST_CHECK(status(TaskOutcome::completed) == Status::crashed);
  BOOST_CHECK(status(TaskOutcome::failed) == Status::crashed);
  BOOST_CHECK(status_of({}) == Status::crashed);
  TaskExit task_exit;
  task_exit.state = "TIMEOUT";
  task_exit.outcome = TaskOutcome::timeout;
  task_exit.node = "n1";
  task_exit.job = "24";
  const auto slurm = boost::json::parse(exit_json(task_exit)).as_object();
  BOOST_CHECK_EQUAL(slurm.at("node").as_string(), "n1");
  BOOST_CHECK_EQUAL(slurm.at("state").as_string(), "TIMEOUT");
  BOOST_CHECK_EQUAL(slurm.size(), 3);
  BOOST_CHECK_EQUAL(exit_json({}), "");
}

BOOST_AUTO_TEST_CASE(alike_ones_are_told_together) {
  std::vector<Unable> tasks;
  for (int i = 0; i < 17; ++i)
    tasks.push_back({"n2", "cannot load job " + std::to_string(i),
                     "/r/23_" + std::to_string(i) + ".out"});
  tasks.push_back({"n1", "cannot load job 3", "/r/23_40.out"});
  tasks.push_back({"", "", ""});
  const auto texts = unable_texts(tasks);
  BOOST_REQUIRE_EQUAL(texts.size(), 2);
  BOOST_CHECK_EQUAL(texts[0], "1 task could not run: nothing says why");
  BOOST_CHECK_EQUAL(texts[1],
                    "18 tasks could not run on n1, n2: cannot load job 0; logs"
                    " in /r");
  for (const auto* node : {"n5", "n6", "n7"})
    tasks.push_back({node, std::string("cannot load job 9"), "/r/1.out"});
  BOOST_CHECK(has(unable_texts(tasks)[1], "21 tasks could not run on 5 nodes"));
  BOOST_CHECK_EQUAL(unable_kind({"n7", "n7: no", ""}),
                    unable_kind({"n8", "n8: no", ""}));
}

BOOST_AUTO_TEST_CASE(the_last_words_of_a_log) {
  const TemporaryDirectory folder;
  BOOST_CHECK_EQUAL(last_words(folder / "none"), "");
  folder.write("log", "first\n  eh: no such \x1b[1mfile\r\n\n  \n");
  BOOST_CHECK_EQUAL(last_words(folder / "log"), "eh: no such \\x1b[1mfile");
}

BOOST_AUTO_TEST_SUITE_END()
