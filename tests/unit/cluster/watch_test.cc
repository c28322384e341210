#include "cluster/watch.h"

#include <signal.h>

#include <filesystem>

#include "watch_fakes.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_watch)

namespace {

struct Pilots : WatchedRun {
  Pilots() : WatchedRun(6, true, 2) {}
};

bool any_has(const std::vector<std::string>& texts, const std::string& part) {
  for (const auto& text : texts)
    if (has(text, part)) return true;
  return false;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_good_run, WatchedRun) {
  io.happenings.emplace(1, [&] {
    all_are("RUNNING");
    for (std::size_t i = 0; i < 3; ++i) {
      const auto who = begin(i);
      start(who, i);
      log(who, i, "hello");
      finish(who, i, i == 1 ? Status::failed : Status::ok);
      end(who);
    }
  });
  BOOST_CHECK_EQUAL(watch(), 100);
  BOOST_CHECK_EQUAL(told, "e0>1 e0:ok e1>1 e1:failed e2>1 e2:ok end:100");
  BOOST_CHECK_EQUAL(records, "e0:hello e1:hello e2:hello ");
  BOOST_CHECK_EQUAL(counts_text(counts), "2 ok, 1 failed");
  BOOST_CHECK(io.seconds() < 2);
  BOOST_CHECK(io.scheduled.orders.empty());
  BOOST_CHECK(notices.empty());
  // Nothing of this host is left but what it has seen.
  BOOST_CHECK_EQUAL(folder.list(path("owners/0")).size(), 3);
  BOOST_CHECK(folder.exists(path("seen.json")));
}

// The scheduler's words as verdicts of those that could not have their own.
BOOST_FIXTURE_TEST_CASE(dead_tasks, WatchedRun) {
  const char* states[] = {"TIMEOUT", "OUT_OF_MEMORY", "NODE_FAIL"};
  std::vector<TaskAttempt> tasks;
  for (std::size_t i = 0; i < 3; ++i) {
    tasks.push_back(begin(i));
    start(tasks.back(), i);
  }
  all_are("RUNNING");
  for (std::size_t i = 0; i < 3; ++i) {
    TaskExit task_exit;
    task_exit.job = std::to_string(101 + i);
    task_exit.state = states[i];
    task_exit.outcome = outcome_in(states[i]);
    task_exit.exit_code = "0:15";
    task_exit.log = "/log/" + std::to_string(i);
    io.scheduled.ended.push_back(task_exit);
  }
  io.happenings.emplace(5, [&] {
    for (const auto& who : tasks) die(who);
    io.scheduled.listed = [&] {
      return std::vector{listed(0, "TIMEOUT"), listed(1, "OUT_OF_MEMORY"),
                         listed(2, "NODE_FAIL")};
    };
  });
  BOOST_CHECK_EQUAL(watch(), 100);
  BOOST_CHECK_EQUAL(told,
                    "e0>1 e1>1 e2>1 e0:timeout e1:out_of_memory e2:crashed"
                    " end:100");
  BOOST_CHECK_EQUAL(status_in(0), "timeout");
  BOOST_CHECK(has(folder.read("main/e1/eh.json"),
                  "SLURM ended its task: OUT_OF_MEMORY, ExitCode 0:15, on n1"
                  " (job 102, 100_1; log /log/1)"));
  // One call for the array.
  BOOST_TEST(io.scheduled.orders == std::vector<std::string>{"exits 100"});
  BOOST_CHECK(!folder.exists("main/e0/.eh-lease"));
}

// The scheduler says that all is over, which is a lie while hearts beat.
BOOST_FIXTURE_TEST_CASE(a_lie, WatchedRun) {
  std::vector<TaskAttempt> tasks;
  for (std::size_t i = 0; i < 3; ++i) {
    tasks.push_back(begin(i));
    start(tasks.back(), i);
  }
  io.scheduled.listed = [&] { return std::vector<QueuedTask>{}; };
  io.happenings.emplace(300, [&] {
    for (std::size_t i = 0; i < 3; ++i) finish(tasks[i], i), end(tasks[i]);
  });
  BOOST_CHECK_EQUAL(watch(), 0);
  BOOST_CHECK_EQUAL(counts_text(counts), "3 ok");
}

BOOST_FIXTURE_TEST_CASE(put_back_and_run_again, WatchedRun) {
  const auto first = begin(0);
  start(first, 0);
  all_are("RUNNING");
  io.happenings.emplace(10, [&] {
    finish(first, 0, Status::cancelled);
    end(first, {"stopped"});
    all_are("PENDING", "BeginTime");
  });
  io.happenings.emplace(200, [&] {
    all_are("RUNNING");
    for (std::size_t i = 0; i < 3; ++i) {
      const auto who = begin(i, i == 0 ? 1 : 0);
      start(who, i, i == 0 ? 2 : 1);
      finish(who, i, Status::ok, i == 0 ? 2 : 1);
      end(who);
    }
  });
  BOOST_CHECK_EQUAL(watch(), 0);
  BOOST_CHECK(has(told, "e0>1 e0:cancelled* e0>2 e0:ok"));
  BOOST_CHECK(any_has(notices, "3 tasks were put back into the queue"));
}

BOOST_FIXTURE_TEST_CASE(slurm_is_away, WatchedRun) {
  std::vector<TaskAttempt> tasks;
  for (std::size_t i = 0; i < 3; ++i) tasks.push_back(begin(i));
  io.scheduled.listed = [] { return std::nullopt; };
  io.happenings.emplace(100, [&] { all_are("RUNNING"); });
  io.happenings.emplace(400, [&] {
    for (std::size_t i = 0; i < 3; ++i)
      start(tasks[i], i), finish(tasks[i], i), end(tasks[i]);
  });
  BOOST_CHECK_EQUAL(watch(), 0);
  BOOST_REQUIRE_EQUAL(notices.size(), 2);
  BOOST_CHECK(has(notices[0], "SLURM does not answer (squeue: Unable"));
  BOOST_CHECK_EQUAL(notices[1], "SLURM answers again");
  BOOST_CHECK(io.asked.size() < 40);
}

BOOST_FIXTURE_TEST_CASE(squeue_is_asked_now_and_then, WatchedRun) {
  all_are("PENDING", "Priority");
  io.answer_seconds = 1;
  io.happenings.emplace(3600, [&] { io.signals.emplace(3600, SIGTERM); });
  BOOST_CHECK_EQUAL(watch(), 128 + SIGTERM);
  BOOST_CHECK_EQUAL(told, "left");
  BOOST_CHECK(io.asked.size() > 100);
  BOOST_CHECK(io.asked.size() < 200);
  for (std::size_t i = 1; i < io.asked.size(); ++i)
    BOOST_CHECK(io.asked[i] - io.asked[i - 1] >= 2);
}

// A node without the run's folder: what is to be seen is in SLURM's logs.
BOOST_FIXTURE_TEST_CASE(tasks_that_could_not_run, WatchedRun) {
  all_are("RUNNING");
  io.happenings.emplace(3, [&] {
    all_are("COMPLETED");
    for (int i = 0; i < 3; ++i)
      folder.write(path("slurm/100_" + std::to_string(i) + ".out"),
                   "eh: no folder on task " + std::to_string(i) + "\n");
  });
  BOOST_CHECK_EQUAL(watch(), 102);
  BOOST_CHECK_EQUAL(counts_text(counts), "3 not started");
  BOOST_REQUIRE_EQUAL(notices.size(), 1);
  BOOST_CHECK(has(notices[0],
                  "3 tasks could not run on n1: eh: no folder on task 0;"
                  " logs in "));
}

BOOST_FIXTURE_TEST_CASE(tasks_that_say_that_they_cannot, Pilots) {
  all_are("RUNNING");
  for (std::size_t i = 0; i < 2; ++i)
    end(begin(i), {"broken", "cannot load it", false, 3});
  BOOST_CHECK_EQUAL(watch(), 3);
  BOOST_CHECK(
      any_has(notices, "2 tasks could not run on n0, n1: cannot load it"));
}

BOOST_FIXTURE_TEST_CASE(tasks_that_never_can_start, WatchedRun) {
  all_are("PENDING", "PartitionTimeLimit");
  io.scheduled.take = [&](auto&) {
    all_are("CANCELLED");
    return true;
  };
  BOOST_CHECK_EQUAL(watch(), 102);
  BOOST_REQUIRE_EQUAL(notices.size(), 2);
  BOOST_CHECK(has(notices[0], "3 tasks cannot start: PartitionTimeLimit"));
  BOOST_CHECK(has(notices[0], "--slurm-time"));
  BOOST_CHECK_EQUAL(notices[1], "3 tasks that cannot start were cancelled");
  BOOST_CHECK_EQUAL(io.scheduled.orders.at(0), "cancel 100_0 100_1 100_2");
}

BOOST_FIXTURE_TEST_CASE(tasks_that_wait_for_somebody, WatchedRun) {
  all_are("PENDING", "JobHeldUser");
  io.happenings.emplace(1000, [&] { all_are("CANCELLED"); });
  BOOST_CHECK_EQUAL(watch(), 102);
  BOOST_CHECK(io.seconds() > 1000);
  BOOST_CHECK(has(notices.at(0), "3 tasks do not start: JobHeldUser"));
  BOOST_CHECK_EQUAL(counts_text(counts), "3 not started");
}

// Another pilot takes what a dead one had.
BOOST_FIXTURE_TEST_CASE(a_pilot_dies, Pilots) {
  const auto one = begin(0), two = begin(1);
  start(one, 0);
  all_are("RUNNING");
  io.happenings.emplace(3, [&] {
    die(one);
    io.scheduled.listed = [&] {
      return std::vector{listed(0, "NODE_FAIL"), listed(1, "RUNNING")};
    };
  });
  io.happenings.emplace(60, [&] {
    BOOST_CHECK_EQUAL(status_in(0), "none");
    start(two, 0, 2);
    finish(two, 0, Status::ok, 2);
    for (std::size_t i = 1; i < 6; ++i) start(two, i), finish(two, i);
  });
  BOOST_CHECK_EQUAL(watch(), 0);
  BOOST_CHECK(has(told, "e0>1 e0>2 e0:ok"));
}

BOOST_FIXTURE_TEST_CASE(pilots_that_wait_have_nothing_to_do, Pilots) {
  const auto one = begin(0);
  for (std::size_t i = 0; i < 6; ++i) start(one, i), finish(one, i);
  io.scheduled.listed = [&] {
    return std::vector{listed(0, "RUNNING"), listed(1, "PENDING")};
  };
  BOOST_CHECK_EQUAL(watch(), 0);
  BOOST_TEST(io.scheduled.orders == std::vector<std::string>{"cancel 100_1"});
}

// The event says ok, but the leaf does not.
BOOST_FIXTURE_TEST_CASE(the_leaf_has_the_last_word, WatchedRun) {
  for (std::size_t i = 0; i < 3; ++i) {
    const auto who = begin(i);
    start(who, i);
    finish(who, i);
    end(who);
  }
  all_are("COMPLETED");
  std::filesystem::remove_all(folder / leaf(1));
  BOOST_CHECK_EQUAL(watch(), 110);
  BOOST_CHECK_EQUAL(counts_text(counts), "2 ok, 1 not saved");
}

// And where the event is lost, the leaf is enough.
BOOST_FIXTURE_TEST_CASE(lost_events, WatchedRun) {
  for (std::size_t i = 0; i < 3; ++i) {
    const auto who = begin(i, 0, false);
    if (i == 0) start(who, i);
    verdict(i, Status::ok, 1, i == 2 ? "run-0" : "run-1");
  }
  all_are("COMPLETED");
  BOOST_CHECK_EQUAL(watch(), 0);
  BOOST_CHECK_EQUAL(told, "e0>1 e0:ok e1:ok e2=ok end:0");
  BOOST_CHECK_EQUAL(counts_text(counts), "2 ok, 1 done by another host");
}

BOOST_FIXTURE_TEST_CASE(interrupted_in_a_pipe, WatchedRun) {
  const auto who = begin(0);
  start(who, 0);
  all_are("RUNNING");
  io.signals.emplace(3, SIGINT);
  io.scheduled.take = [&](auto&) {
    io.happenings.emplace(io.seconds() + 5, [&] {
      finish(who, 0, Status::cancelled);
      end(who, {"stopped"});
      all_are("CANCELLED");
    });
    return true;
  };
  BOOST_CHECK_EQUAL(watch(), 130);
  BOOST_CHECK_EQUAL(told, "e0>1 stop e0:cancelled end:130");
  BOOST_CHECK_EQUAL(counts_text(counts), "1 cancelled, 2 not started");
  BOOST_CHECK(has(folder.read(path("stop")), "\"cancelled\""));
  BOOST_CHECK_EQUAL(io.scheduled.orders.at(0), "cancel 100");
  BOOST_CHECK(io.seconds() < 20);
}

// Tasks that say nothing more do not hold it up for ever, nor does SLURM.
BOOST_FIXTURE_TEST_CASE(interrupted_and_nobody_answers, WatchedRun) {
  const auto who = begin(0);
  start(who, 0);
  io.scheduled.listed = [] { return std::nullopt; };
  io.scheduled.take = [](auto&) { return false; };
  io.signals.emplace(3, SIGINT);
  BOOST_CHECK_EQUAL(watch(), 130);
  BOOST_CHECK(io.seconds() > 60);
  BOOST_CHECK(io.seconds() < 120);
  BOOST_CHECK(any_has(notices, "cannot cancel the jobs yet"));
  BOOST_CHECK_EQUAL(counts_text(counts), "3 not started");
}

// The controller has lost its jobs, and gives their ids to others.
BOOST_FIXTURE_TEST_CASE(interrupted_when_the_id_is_another_jobs, WatchedRun) {
  const auto who = begin(0);
  start(who, 0);
  all_are("RUNNING");
  TaskExit other;
  other.job = "101";
  other.name = "training";
  other.state = "COMPLETED";
  other.outcome = TaskOutcome::completed;
  io.scheduled.ended = {other};
  io.scheduled.known = Scheduler::Known::other;
  io.happenings.emplace(3, [&] {
    die(who);
    io.scheduled.listed = [] { return std::vector<QueuedTask>{}; };
  });
  io.signals.emplace(4, SIGINT);
  BOOST_CHECK_EQUAL(watch(), 130);
  for (const auto& order : io.scheduled.orders)
    BOOST_CHECK(!has(order, "cancel"));
  BOOST_CHECK(any_has(notices,
                      "job 100 is not cancelled: SLURM has given this id to"
                      " another job"));
  BOOST_CHECK_EQUAL(status_in(0), "crashed");
  BOOST_CHECK(has(folder.read(leaf(0) + "/eh.json"), "knows it no more"));
  BOOST_CHECK(io.seconds() < 60);
}

BOOST_FIXTURE_TEST_CASE(lost_jobs_whose_id_is_another_jobs, WatchedRun) {
  io.scheduled.listed = [] { return std::vector<QueuedTask>{}; };
  io.scheduled.known = Scheduler::Known::other;
  BOOST_CHECK_EQUAL(watch(true), 102);
  BOOST_CHECK_EQUAL(counts_text(counts), "3 not started");
  BOOST_CHECK(io.seconds() < 120);
}

BOOST_FIXTURE_TEST_CASE(interrupted_twice, WatchedRun) {
  begin(0);
  all_are("RUNNING");
  io.signals.emplace(3, SIGINT);
  io.signals.emplace(4, SIGINT);
  BOOST_CHECK_EQUAL(watch(), 130);
  BOOST_CHECK(io.seconds() < 5);
}

BOOST_FIXTURE_TEST_CASE(a_person_chooses, WatchedRun) {
  all_are("RUNNING");
  io.choice = WatchIo::go_on;
  io.signals.emplace(3, SIGINT);
  io.happenings.emplace(4, [&] { io.choice = WatchIo::leave; });
  io.signals.emplace(5, SIGINT);
  BOOST_CHECK_EQUAL(watch(), 102);
  BOOST_CHECK_EQUAL(told, "left");
  BOOST_CHECK_EQUAL(io.questions, 2);
  BOOST_CHECK(io.scheduled.orders.empty());
  BOOST_CHECK(!folder.exists(path("stop")));
}

BOOST_FIXTURE_TEST_CASE(too_many_failed, WatchedRun) {
  options.max_fail = 1;
  const auto one = begin(0), two = begin(1);
  start(two, 1);
  start(one, 0);
  finish(one, 0, Status::failed);
  end(one);
  io.scheduled.listed = [&] {
    return std::vector{listed(0, "COMPLETED"), listed(1, "RUNNING"),
                       listed(2, "PENDING")};
  };
  io.scheduled.take = [&](const std::string& order) {
    BOOST_CHECK_EQUAL(order, "cancel 100_2");
    io.scheduled.listed = [&] {
      return std::vector{listed(0, "COMPLETED"), listed(1, "RUNNING"),
                         listed(2, "CANCELLED")};
    };
    return true;
  };
  io.happenings.emplace(50, [&] { finish(two, 1), end(two); });
  BOOST_CHECK_EQUAL(watch(), 101);
  BOOST_CHECK_EQUAL(counts_text(counts), "1 ok, 1 failed, 1 not started");
  BOOST_CHECK(has(folder.read(path("stop")), "max_fail"));
}

BOOST_FIXTURE_TEST_CASE(stopped_by_its_own_tasks, WatchedRun) {
  all_are("PENDING");
  folder.write(path("stop"), R"({"why":"alike","message":"10 failed alike"})");
  io.scheduled.take = [&](auto&) {
    all_are("CANCELLED");
    return true;
  };
  BOOST_CHECK_EQUAL(watch(), 101);
  BOOST_CHECK_EQUAL(counts_text(counts), "3 not started");
}

// One host is killed; the next neither repeats nor loses anything.
BOOST_FIXTURE_TEST_CASE(attached, WatchedRun) {
  const auto who = begin(0);
  start(who, 0);
  log(who, 0, "one");
  finish(who, 0, Status::failed);
  end(who);
  const auto two = begin(1);
  start(two, 1);
  log(two, 1, "two");
  all_are("RUNNING");
  io.signals.emplace(3, SIGHUP);
  BOOST_CHECK_EQUAL(watch(), 128 + SIGHUP);
  BOOST_CHECK_EQUAL(told, "e0>1 e0:failed e1>1 left");
  told.clear();
  log(two, 1, "three");
  finish(two, 1);
  const auto three = begin(2);
  start(three, 2);
  finish(three, 2);
  BOOST_CHECK_EQUAL(watch(true), 100);
  BOOST_CHECK_EQUAL(recalled, "e0>1 e0:failed e1>1");
  BOOST_CHECK_EQUAL(told, "e1:ok e2>1 e2:ok end:100");
  BOOST_CHECK_EQUAL(records, "e0:one e1:two e1:three ");
  BOOST_CHECK_EQUAL(counts_text(counts), "2 ok, 1 failed");
  // And one that has ended shows how.
  told.clear();
  const auto orders = io.scheduled.orders.size();
  BOOST_CHECK_EQUAL(watch(true), 100);
  BOOST_CHECK_EQUAL(told, "end:100");
  BOOST_CHECK_EQUAL(counts_text(counts), "2 ok, 1 failed");
  BOOST_CHECK_EQUAL(io.scheduled.orders.size(), orders);
}

BOOST_AUTO_TEST_SUITE_END()
