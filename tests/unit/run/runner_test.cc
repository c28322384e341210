#include "run/runner.h"

#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>

#include "runner_fakes.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(run_runner)

namespace {

struct One : RunnerFixture {
  One() : RunnerFixture(1) {}
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(all_run_in_order, RunnerFixture) {
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
  BOOST_TEST(processes.started == (Texts{"main/s/1", "main/s/2", "main/s/3",
                                         "main/s/4", "main/s/5"}));
  BOOST_CHECK_EQUAL(processes.most_running, 1u);
  BOOST_CHECK_EQUAL(processes.seconds(), 5);
  BOOST_CHECK_EQUAL(endings(), "s/1:ok s/2:ok s/3:ok s/4:ok s/5:ok ");
  const auto begun = told<ExperimentStarted>();
  BOOST_REQUIRE_EQUAL(begun.size(), 5u);
  BOOST_CHECK_EQUAL(begun[1].name, "s/2");
  BOOST_CHECK_EQUAL(begun[1].leaf, folder / "main/s/2");
  BOOST_CHECK_EQUAL(begun[1].attempt, 1u);
  BOOST_CHECK(!begun[1].resumes);
  BOOST_CHECK(folder.exists("main/s/5/eh.json"));
}

BOOST_FIXTURE_TEST_CASE(nothing_to_do, RunnerFixture) {
  todo.clear();
  counts.done_before = 7;
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.done_before, 7u);
  BOOST_CHECK(events.empty());
}

BOOST_AUTO_TEST_CASE(slots_are_filled_and_never_exceeded) {
  RunnerFixture world(40);
  world.options.jobs = 4;
  world.processes.script = [](auto& leaf, unsigned) {
    Script script;
    script.seconds = 1 + static_cast<double>(leaf.back() - '0') / 4;
    return script;
  };
  std::set<unsigned> slots;
  std::map<std::string, unsigned> slot_of;
  world.listener = [&](const Event& event) {
    if (const auto* begun = std::get_if<ExperimentStarted>(&event)) {
      BOOST_CHECK_LT(begun->slot, 4u);
      BOOST_CHECK(slots.insert(begun->slot).second);  // free until now
      slot_of[begun->name] = begun->slot;
    } else if (const auto* over = std::get_if<ExperimentEnded>(&event)) {
      slots.erase(slot_of[over->name]);
    }
  };
  BOOST_CHECK_EQUAL(world.run(), exit_done);
  BOOST_CHECK_EQUAL(world.processes.most_running, 4u);
  BOOST_CHECK_EQUAL(world.counts.ok, 40u);
  // The next one starts when one ends, not when all have ended.
  BOOST_CHECK_EQUAL(world.processes.started_at[4], 1.25);
}

BOOST_FIXTURE_TEST_CASE(more_slots_than_experiments, RunnerFixture) {
  options.jobs = 100;
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(processes.most_running, 5u);
  BOOST_CHECK_EQUAL(processes.seconds(), 1);
}

BOOST_AUTO_TEST_CASE(many_experiments) {
  RunnerFixture world(3000);
  world.options.jobs = 64;
  BOOST_CHECK_EQUAL(world.run(), exit_done);
  BOOST_CHECK_EQUAL(world.counts.ok, 3000u);
  BOOST_CHECK_EQUAL(world.processes.most_running, 64u);
}

BOOST_FIXTURE_TEST_CASE(failures_do_not_stop_the_rest, RunnerFixture) {
  processes.script = [](auto& leaf, unsigned) {
    Script script;
    if (leaf == "main/s/2") script.status = "failed";
    if (leaf == "main/s/3") script = {1, "", 0, SIGSEGV};
    if (leaf == "main/s/4") script = {1, "", 3};
    return script;
  };
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_CHECK_EQUAL(counts.ok, 2u);
  BOOST_CHECK_EQUAL(counts.failed, 3u);
  BOOST_CHECK_EQUAL(endings(),
                    "s/1:ok s/2:failed s/3:crashed s/4:failed s/5:ok ");
  BOOST_CHECK_EQUAL(status_in("s/3"), "crashed");
  BOOST_CHECK_EQUAL(status_in("s/4"), "failed");
}

BOOST_FIXTURE_TEST_CASE(retries, RunnerFixture) {
  launches.allowed.retries = 2;
  processes.script = [](auto& leaf, unsigned attempt) {
    Script script;
    if (leaf == "main/s/1" && attempt < 3) script.status = "failed";
    if (leaf == "main/s/2") script = {1, "", 0, SIGSEGV};
    return script;
  };
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_CHECK_EQUAL(counts.ok, 4u);
  BOOST_CHECK_EQUAL(counts.failed, 1u);
  BOOST_CHECK_EQUAL(endings(),
                    "s/1:retry-failed s/1:retry-failed s/1:ok "
                    "s/2:retry-crashed s/2:retry-crashed s/2:crashed "
                    "s/3:ok s/4:ok s/5:ok ");
  const auto begun = told<ExperimentStarted>();
  BOOST_CHECK_EQUAL(begun[2].attempt, 3u);
  BOOST_CHECK(folder.exists("main/s/1/.eh/attempts/1/eh.json"));
  BOOST_CHECK(folder.exists("main/s/1/.eh/attempts/2/eh.json"));
  BOOST_CHECK(!folder.exists("main/s/1/.eh/attempts/3"));
  BOOST_CHECK_EQUAL(tree.verdict("main/s/2")->attempt, 3u);
}

BOOST_FIXTURE_TEST_CASE(each_experiment_has_its_own_limits, RunnerFixture) {
  launches.allowed_to = {{"s/2", {0, 2}}, {"s/3", {4, 0}}};
  options.grace_period = 0;
  processes.script = [](auto&, unsigned) { return Script{5, "failed", 1}; };
  run();
  BOOST_CHECK_EQUAL(endings(),
                    "s/1:failed s/2:retry-failed s/2:retry-failed s/2:failed "
                    "s/3:timeout s/4:failed s/5:failed ");
  // Not again for a retry.
  BOOST_TEST(launches.asked == (Texts{"s/1", "s/2", "s/3", "s/4", "s/5"}));
}

BOOST_FIXTURE_TEST_CASE(done_elsewhere_is_not_asked_for_limits, RunnerFixture) {
  folder.write("main/s/2/eh.json", R"({"status":"ok","seconds":1})");
  run();
  BOOST_TEST(launches.asked == (Texts{"s/1", "s/3", "s/4", "s/5"}));
}

BOOST_FIXTURE_TEST_CASE(a_retry_keeps_its_slot_and_its_turn, RunnerFixture) {
  options.jobs = 2;
  launches.allowed.retries = 1;
  processes.script = [](auto& leaf, unsigned attempt) {
    Script script;
    if (leaf == "main/s/1" && attempt == 1) script.status = "failed";
    return script;
  };
  run();
  BOOST_CHECK_EQUAL(processes.most_running, 2u);
  BOOST_CHECK_EQUAL(processes.started[2], "main/s/1");
}

BOOST_FIXTURE_TEST_CASE(checkpoints_are_gone_on_with, One) {
  folder.write("main/s/1/checkpoint", "half");
  run();
  BOOST_REQUIRE_EQUAL(launches.attempts.size(), 1u);
  BOOST_CHECK(launches.attempts[0].resumes);
  BOOST_CHECK_EQUAL(launches.attempts[0].number, 2u);
  BOOST_CHECK(told<ExperimentStarted>().at(0).resumes);
}

BOOST_FIXTURE_TEST_CASE(time_limits, One) {
  launches.allowed.timeout = 5;
  options.grace_period = 3;
  processes.script = [](auto&, unsigned) { return Script{never}; };
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_REQUIRE_EQUAL(processes.sent.size(), 2u);
  const auto& ask = processes.sent[0];
  BOOST_CHECK_EQUAL(ask.at, 5);
  BOOST_CHECK_EQUAL(ask.signal, SIGTERM);
  const auto& kill = processes.sent[1];
  BOOST_CHECK_EQUAL(kill.at, 8);
  BOOST_CHECK_EQUAL(kill.signal, SIGKILL);
  BOOST_CHECK_EQUAL(endings(), "s/1:timeout ");
  BOOST_CHECK_EQUAL(status_in("s/1"), "timeout");
  BOOST_CHECK_EQUAL(counts.failed, 1u);
}

BOOST_FIXTURE_TEST_CASE(one_that_heeds_is_not_killed, One) {
  launches.allowed.timeout = 5;
  processes.script = [](auto&, unsigned) {
    return Script{never, "ok", 0, 0, 2};
  };
  run();
  BOOST_REQUIRE_EQUAL(processes.sent.size(), 1u);
  BOOST_CHECK_EQUAL(processes.seconds(), 7);
  BOOST_CHECK_EQUAL(status_in("s/1"), "timeout");
}

BOOST_FIXTURE_TEST_CASE(time_limits_hold_for_each_attempt, One) {
  launches.allowed.timeout = 5;
  launches.allowed.retries = 1;
  options.grace_period = 0;
  processes.script = [](auto&, unsigned attempt) {
    return attempt == 1 ? Script{never} : Script{4};
  };
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(endings(), "s/1:retry-timeout s/1:ok ");
  BOOST_CHECK_EQUAL(processes.seconds(), 9);
}

// "No limit", as some write it.
BOOST_FIXTURE_TEST_CASE(huge_time_limits, One) {
  launches.allowed.timeout = 1e15;
  options.grace_period = 1e15;
  processes.script = [](auto&, unsigned) { return Script{10}; };
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK(processes.sent.empty());
}

BOOST_FIXTURE_TEST_CASE(no_time_limit, One) {
  launches.allowed.timeout = 0;
  processes.script = [](auto&, unsigned) { return Script{1000}; };
  BOOST_CHECK_EQUAL(run(), exit_done);
}

BOOST_FIXTURE_TEST_CASE(ticks, One) {
  int count = 0;
  on_tick = [&] { ++count; };
  processes.script = [](auto&, unsigned) { return Script{10.5}; };
  run();
  BOOST_CHECK_EQUAL(count, 10);
}

BOOST_FIXTURE_TEST_CASE(waiting_is_not_spinning, One) {
  launches.allowed.timeout = 500;
  processes.script = [](auto&, unsigned) { return Script{100.5}; };
  run();
  BOOST_CHECK_LE(processes.waits, 105u);
}

BOOST_FIXTURE_TEST_CASE(left_processes_are_told, One) {
  processes.left_processes = 3;
  run();
  BOOST_CHECK_EQUAL(told<ExperimentEnded>().at(0).left_processes, 3u);
}

BOOST_FIXTURE_TEST_CASE(durations_are_told, One) {
  processes.script = [](auto&, unsigned) { return Script{2.5, "", 1}; };
  run();
  BOOST_CHECK_EQUAL(told<ExperimentEnded>().at(0).seconds, 2.5);
  BOOST_CHECK_EQUAL(tree.verdict("main/s/1")->seconds, 2.5);
}

BOOST_FIXTURE_TEST_CASE(a_leaf_that_cannot_be, RunnerFixture) {
  folder.write("main/s/2", "a file where a folder should be");
  BOOST_CHECK_EQUAL(run(), exit_write);
  BOOST_CHECK_EQUAL(counts.unwritable, 1u);
  BOOST_CHECK_EQUAL(counts.ok, 4u);  // the others can be
  const auto told_of = told<ExperimentUnwritable>();
  BOOST_REQUIRE_EQUAL(told_of.size(), 1u);
  BOOST_CHECK_EQUAL(told_of[0].name, "s/2");
  BOOST_CHECK_EQUAL(folder.read("main/s/2"), "a file where a folder should be");
}

BOOST_FIXTURE_TEST_CASE(a_verdict_that_cannot_be_read, RunnerFixture) {
  std::filesystem::create_directories(folder / "main/s/2");
  std::filesystem::create_symlink("/proc/self/mem",  // gives EIO
                                  folder / "main/s/2/eh.json");
  BOOST_CHECK_EQUAL(run(), exit_write);
  BOOST_CHECK_EQUAL(counts.unwritable, 1u);
  BOOST_CHECK_EQUAL(counts.ok, 4u);
  const auto told_of = told<ExperimentUnwritable>();
  BOOST_REQUIRE_EQUAL(told_of.size(), 1u);
  BOOST_CHECK(has(told_of[0].message, "cannot read 'main/s/2/eh.json'"));
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_stops_the_run, RunnerFixture) {
  processes.on_start = [](const Launch& launch) {
    if (launch.directory.back() == '2')
      throw std::system_error(ENOSPC, std::generic_category(), "cannot start");
  };
  BOOST_CHECK_EQUAL(run(), exit_write);
  BOOST_CHECK_EQUAL(counts.ok, 1u);
  BOOST_CHECK_EQUAL(counts.unwritable, 1u);
  BOOST_CHECK_EQUAL(counts.not_started, 3u);
  BOOST_CHECK_EQUAL(told<Stopping>().size(), 1u);
  BOOST_CHECK(!folder.exists("main/s/2"));  // left as it was found
}

BOOST_FIXTURE_TEST_CASE(fewer_where_the_system_allows_no_more, RunnerFixture) {
  options.jobs = 4;
  processes.on_start = [this](const Launch&) {
    if (processes.running >= 2)
      throw std::system_error(EAGAIN, std::generic_category(), "cannot start");
  };
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
  BOOST_CHECK_EQUAL(processes.most_running, 2u);
  BOOST_CHECK_EQUAL(told<Notice>().size(), 1u);
  BOOST_CHECK_EQUAL(tree.verdict("main/s/3")->attempt, 1u);
}

BOOST_AUTO_TEST_CASE(as_many_as_before_after_a_while) {
  RunnerFixture world(12);
  world.options.jobs = 2;
  world.processes.script = [](auto&, unsigned) { return Script{30}; };
  world.processes.on_start = [&world](const Launch&) {
    if (world.processes.running == 1 && world.processes.seconds() < 10)
      throw std::system_error(EAGAIN, std::generic_category(), "cannot start");
  };
  BOOST_CHECK_EQUAL(world.run(), exit_done);
  BOOST_CHECK_EQUAL(world.counts.ok, 12u);
  BOOST_CHECK_EQUAL(world.processes.most_running, 2u);
}

BOOST_FIXTURE_TEST_CASE(nothing_can_be_started_at_all, RunnerFixture) {
  processes.on_start = [](const Launch&) {
    throw std::system_error(EAGAIN, std::generic_category(), "cannot start");
  };
  BOOST_CHECK_EQUAL(run(), exit_write);
  BOOST_CHECK_EQUAL(counts.not_started, 5u);
  BOOST_CHECK_GT(processes.seconds(), 5);  // it was tried for a while
  BOOST_CHECK(has(told<Stopping>().at(0).why, "ulimit"));
}

BOOST_FIXTURE_TEST_CASE(a_child_that_could_not_write, RunnerFixture) {
  options.jobs = 2;
  processes.script = [](auto& leaf, unsigned) {
    return leaf == "main/s/1" ? Script{1, "", 110} : Script{2};
  };
  BOOST_CHECK_EQUAL(run(), exit_write);
  BOOST_CHECK_EQUAL(counts.failed, 1u);
  BOOST_CHECK_EQUAL(counts.ok, 4u);
}

BOOST_FIXTURE_TEST_CASE(a_plugin_that_changed, RunnerFixture) {
  launches.on_launch = [](const Attempt& attempt) {
    if (attempt.name == "s/3") throw Error(exit_bad_plugin, "it changed");
  };
  BOOST_CHECK_EQUAL(run(), exit_bad_plugin);
  BOOST_CHECK_EQUAL(counts.ok, 2u);
  BOOST_CHECK_EQUAL(counts.not_started, 3u);
  BOOST_CHECK_EQUAL(told<Stopping>().at(0).why, "it changed");
  BOOST_CHECK(!folder.exists("main/s/3"));
}

BOOST_FIXTURE_TEST_CASE(a_retry_that_cannot_start, One) {
  launches.allowed.retries = 3;
  processes.script = [](auto&, unsigned) { return Script{1, "failed", 1}; };
  launches.on_launch = [](const Attempt& attempt) {
    if (attempt.number == 2) throw Error(exit_bad_plugin, "it changed");
  };
  BOOST_CHECK_EQUAL(run(), exit_bad_plugin);
  BOOST_CHECK(folder.exists("main/s/1/.eh/attempts/1/eh.json"));
}

BOOST_FIXTURE_TEST_CASE(a_leaf_that_was_deleted_meanwhile, RunnerFixture) {
  processes.happenings.emplace(
      0.5, [&] { std::filesystem::remove_all(folder / "main/s/1"); });
  processes.script = [](auto& leaf, unsigned) {
    return leaf == "main/s/1" ? Script{1, "", 0, SIGSEGV} : Script{};
  };
  BOOST_CHECK_EQUAL(run(), exit_write);
  BOOST_CHECK_EQUAL(counts.unwritable, 1u);
}

BOOST_AUTO_TEST_SUITE_END()
