#include "runner_fakes.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(run_runner_stop)

namespace {

struct Two : RunnerFixture {
  Two() {
    options.jobs = 2;
    options.grace_period = 10;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_first_signal_asks, Two) {
  processes.script = [](auto& leaf, unsigned) {
    Script script{never};
    if (leaf == "main/s/1") script.heeds_after = 1;  // s/2 does not heed
    return script;
  };
  processes.stop_signals = {{3, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGINT);
  BOOST_CHECK_EQUAL(processes.started.size(), 2u);
  BOOST_REQUIRE_EQUAL(processes.sent.size(), 3u);
  for (int i = 0; i < 2; ++i) {
    BOOST_CHECK_EQUAL(processes.sent[i].at, 3);
    BOOST_CHECK_EQUAL(processes.sent[i].signal, SIGTERM);
  }
  BOOST_CHECK_EQUAL(processes.sent[2].at, 13);
  BOOST_CHECK_EQUAL(processes.sent[2].signal, SIGKILL);
  BOOST_CHECK_EQUAL(processes.sent[2].leaf, "main/s/2");
  BOOST_CHECK_EQUAL(endings(), "s/1:stopped s/2:cancelled ");
  BOOST_CHECK_EQUAL(status_in("s/1"), "stopped");
  BOOST_CHECK_EQUAL(status_in("s/2"), "cancelled");
  BOOST_CHECK_EQUAL(counts.cancelled, 2u);
  BOOST_CHECK_EQUAL(counts.not_started, 3u);
  const auto stopping = told<Stopping>();
  BOOST_REQUIRE_EQUAL(stopping.size(), 1u);
  BOOST_CHECK_EQUAL(stopping[0].running, 2u);
  BOOST_CHECK_EQUAL(stopping[0].not_started, 3u);
  BOOST_CHECK(!stopping[0].killing);
}

BOOST_FIXTURE_TEST_CASE(the_second_signal_kills, Two) {
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{3, SIGTERM}, {4, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGTERM);  // by the first one
  BOOST_CHECK_EQUAL(processes.seconds(), 4);
  BOOST_REQUIRE_EQUAL(processes.sent.size(), 4u);
  BOOST_CHECK_EQUAL(processes.sent[3].signal, SIGKILL);
  BOOST_CHECK_EQUAL(counts.cancelled, 2u);
  BOOST_CHECK(told<Stopping>().at(1).killing);
}

BOOST_FIXTURE_TEST_CASE(both_signals_at_once, Two) {
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{3, SIGINT}, {3, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGINT);
  BOOST_CHECK_EQUAL(processes.seconds(), 3);
  BOOST_CHECK_EQUAL(counts.cancelled, 2u);
}

BOOST_FIXTURE_TEST_CASE(a_signal_before_anything_started, Two) {
  todo.clear();
  processes.stop_signals = {{0, SIGHUP}};
  run();
  todo = all_of(catalog);
  RunnerFixture other;
  other.processes.stop_signals = {{0, SIGHUP}};
  BOOST_CHECK_EQUAL(other.run(), 128 + SIGHUP);
}

BOOST_FIXTURE_TEST_CASE(what_ends_well_meanwhile_is_ok, Two) {
  processes.script = [](auto& leaf, unsigned) {
    Script script{leaf == "main/s/1" ? 5.0 : never};
    return script;
  };
  processes.stop_signals = {{3, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGINT);
  BOOST_CHECK_EQUAL(endings(), "s/1:ok s/2:cancelled ");
  BOOST_CHECK_EQUAL(counts.ok, 1u);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_tried_again_while_stopping, Two) {
  launches.allowed.retries = 5;
  processes.script = [](auto&, unsigned) { return Script{4, "failed", 1}; };
  processes.stop_signals = {{3, SIGINT}};
  run();
  BOOST_CHECK_EQUAL(endings(), "s/1:failed s/2:failed ");
  BOOST_CHECK_EQUAL(counts.failed, 2u);
}

BOOST_FIXTURE_TEST_CASE(a_signal_during_a_timeouts_grace, Two) {
  launches.allowed.timeout = 5;
  processes.script = [](auto& leaf, unsigned) {
    return Script{leaf == "main/s/1" ? never : 1.0};
  };
  processes.stop_signals = {{6, SIGINT}};
  run();
  // s/1 was asked once and is killed when its own grace is over.
  std::size_t asked = 0;
  double killed = 0;
  for (const auto& sent : processes.sent)
    if (sent.leaf == "main/s/1") {
      asked += sent.signal == SIGTERM;
      if (sent.signal == SIGKILL) killed = sent.at;
    }
  BOOST_CHECK_EQUAL(asked, 1u);
  BOOST_CHECK_EQUAL(killed, 15);
  BOOST_CHECK_EQUAL(status_in("s/1"), "timeout");
}

BOOST_FIXTURE_TEST_CASE(without_grace, Two) {
  options.grace_period = 0;
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{3, SIGINT}};
  run();
  BOOST_CHECK_EQUAL(processes.seconds(), 3);
  BOOST_CHECK_EQUAL(counts.cancelled, 2u);
}

namespace {

struct Left : RunnerFixture {
  Left() : RunnerFixture(2) {
    options.jobs = 1;
    options.grace_period = 10;
    processes.left_processes = 1;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_left_is_asked_to_end, Left) {
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_REQUIRE_EQUAL(processes.sent.size(), 2u);
  BOOST_CHECK_EQUAL(processes.sent[0].signal, SIGTERM);
  BOOST_CHECK(processes.sent[0].left);
  BOOST_CHECK_EQUAL(processes.seconds(), 2);  // nothing waited
  BOOST_CHECK_EQUAL(told<ExperimentEnded>().at(0).left_processes, 1u);
}

BOOST_FIXTURE_TEST_CASE(what_is_left_has_the_grace_period, Left) {
  processes.left_heed_after = never;
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_REQUIRE_EQUAL(processes.sent.size(), 4u);
  BOOST_CHECK_EQUAL(processes.sent[0].at, 1);
  BOOST_CHECK_EQUAL(processes.sent[1].signal, SIGKILL);
  BOOST_CHECK_EQUAL(processes.sent[1].at, 11);
  // Its slot is not free before, nor has it ended.
  BOOST_CHECK_EQUAL(processes.started_at.at(1), 11);
  BOOST_CHECK_EQUAL(told<ExperimentEnded>().at(0).seconds, 1);
}

BOOST_FIXTURE_TEST_CASE(what_is_left_ends_within_the_grace_period, Left) {
  processes.left_heed_after = 3;
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(processes.sent.size(), 2u);  // none is killed
  BOOST_CHECK_CLOSE(processes.started_at.at(1), 4.0, 5);
}

BOOST_FIXTURE_TEST_CASE(a_second_signal_kills_what_is_left, Left) {
  processes.left_heed_after = never;
  processes.stop_signals = {{3, SIGINT}, {4, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGINT);
  BOOST_CHECK_EQUAL(processes.seconds(), 4);
  BOOST_CHECK_EQUAL(endings(), "s/1:ok ");
}

BOOST_FIXTURE_TEST_CASE(what_is_left_by_a_killed_one_is_killed, Left) {
  processes.left_heed_after = never;
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{3, SIGINT}};
  run();
  BOOST_CHECK_EQUAL(processes.seconds(), 13);  // one grace period, not two
  BOOST_CHECK_EQUAL(processes.sent.back().signal, SIGKILL);
}

BOOST_AUTO_TEST_CASE(max_fail) {
  RunnerFixture world(20);
  world.options.jobs = 2;
  world.options.max_fail = 3;
  world.processes.script = [](auto& leaf, unsigned) {
    const bool good = leaf == "main/s/1" || leaf == "main/s/3";
    return good ? Script{} : Script{1, "failed", 1};
  };
  BOOST_CHECK_EQUAL(world.run(), exit_max_fail);
  // Two by two: (1,2) (3,4) (5,6).
  BOOST_CHECK_EQUAL(world.counts.failed, 4u);
  BOOST_CHECK_EQUAL(world.counts.ok, 2u);
  BOOST_CHECK_EQUAL(world.counts.not_started, 14u);
  BOOST_CHECK_EQUAL(world.told<Stopping>().size(), 1u);
  BOOST_CHECK(world.processes.sent.empty());  // the running ones go on
}

BOOST_FIXTURE_TEST_CASE(max_fail_counts_experiments_not_attempts, Two) {
  options.max_fail = 1;
  launches.allowed.retries = 2;
  processes.script = [](auto& leaf, unsigned attempt) {
    return leaf == "main/s/1" && attempt < 3 ? Script{1, "failed", 1}
                                             : Script{};
  };
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
}

BOOST_FIXTURE_TEST_CASE(cancelled_ones_do_not_count_as_failed, Two) {
  options.max_fail = 1;
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{3, SIGINT}};
  run();
  BOOST_CHECK_EQUAL(counts.failed, 0u);
  BOOST_CHECK_EQUAL(told<Stopping>().size(), 1u);
}

BOOST_FIXTURE_TEST_CASE(a_signal_after_max_fail, Two) {
  options.max_fail = 1;
  processes.script = [](auto& leaf, unsigned) {
    return leaf == "main/s/1" ? Script{1, "failed", 1} : Script{never};
  };
  processes.stop_signals = {{3, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGINT);
  BOOST_CHECK_EQUAL(endings(), "s/1:failed s/2:cancelled ");
}

BOOST_FIXTURE_TEST_CASE(stopped_by_itself, RunnerFixture) {
  processes.script = [](auto& leaf, unsigned) {
    return leaf == "main/s/1" ? Script{1, "stopped", 1} : Script{};
  };
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_CHECK_EQUAL(counts.cancelled, 1u);
  BOOST_CHECK_EQUAL(counts.ok, 4u);
}

BOOST_FIXTURE_TEST_CASE(a_second_run_goes_on_with_the_rest, Two) {
  processes.script = [](auto&, unsigned) { return Script{2}; };
  processes.stop_signals = {{3, SIGINT}};
  options.grace_period = 0;
  run();
  BOOST_CHECK_EQUAL(counts.ok, 2u);
  BOOST_CHECK_EQUAL(counts.cancelled, 2u);
  counts = {};
  events.clear();
  todo.erase(todo.begin(), todo.begin() + 2);
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(endings(), "s/3:ok s/4:ok s/5:ok ");
  BOOST_CHECK_EQUAL(tree.verdict("main/s/3")->attempt, 2u);
  BOOST_CHECK_EQUAL(tree.verdict("main/s/5")->attempt, 1u);
}

BOOST_AUTO_TEST_SUITE_END()
