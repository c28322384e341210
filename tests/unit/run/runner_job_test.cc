// In a job of a cluster: its time, its memory, work that is shared.
#include <set>

#include "runner_fakes.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(run_runner_job)

namespace {

// A job that lasts 100 seconds.
struct FakeTime : JobTime {
  explicit FakeTime(const FakeProcesses& clock) : processes(clock) {}
  bool means_time_is_up(int signal) override {
    return signal == SIGUSR2 || processes.seconds() >= 100;
  }
  Clock::time_point kill_at() override {
    return processes.now() + duration_of(95 - processes.seconds());
  }
  std::string ends(const Attempt& attempt, double) override {
    return forever.count(attempt.name) ? "" : "took longer than the job";
  }
  void requeued(const Attempt& attempt) override {
    went_on.push_back(attempt.name);
  }
  const FakeProcesses& processes;
  std::set<std::string> forever;  // those go on in another job
  Texts went_on;
};

struct Job : RunnerFixture {
  Job() : RunnerFixture(3) {
    options.jobs = 2;
    job = &time;
  }
  const Verdict verdict(const std::string& name) {
    return tree.verdict("main/" + name).value_or(Verdict{});
  }
  FakeTime time{processes};
};

// Work that is taken bit by bit.
struct Shared : ExperimentSource {
  std::optional<Experiment> next() override {
    if (++asked == fails_at) throw Error(exit_write, "cannot take more");
    if (asked % 2 == 0 || given == list.size()) return {};
    return list[given++];
  }
  bool empty() const override { return given == list.size(); }
  double pause() const override { return 7; }
  std::size_t left() const override { return list.size() - given; }
  void finished(const Experiment& one, bool settled) override {
    outcomes += std::to_string(one.point + 1) + (settled ? "+ " : "- ");
  }
  std::vector<Experiment> list;
  std::size_t given = 0;
  int asked = 0, fails_at = 0;
  std::string outcomes;
};

struct Pilot : RunnerFixture {
  Pilot() {
    shared.list = todo;
    source = &shared;
    options.wait_for_others = false;
  }
  Shared shared;
};

struct Memory : RunnerFixture {
  Memory() {
    options.jobs = 2;
    own_oom_kills = [this] { return kills; };
  }
  void kill_at(double seconds) {
    processes.happenings.emplace(seconds, [this] { ++kills; });
  }
  std::uint64_t kills = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(time_is_up, Job) {
  time.forever = {"s/1"};
  processes.script = [](auto& leaf, unsigned) {
    Script script{never};
    if (leaf == "main/s/1") script.heeds_after = 2;
    return script;
  };
  processes.stop_signals = {{60, SIGUSR2}};
  run();
  BOOST_CHECK_EQUAL(endings(), "s/1:stopped s/2:timeout ");
  BOOST_CHECK_EQUAL(processes.seconds(), 95);  // when s/2 was killed
  BOOST_CHECK_EQUAL(verdict("s/2").message, "took longer than the job");
  BOOST_TEST(time.went_on == Texts{"s/1"});
  BOOST_CHECK(told<ExperimentEnded>().at(0).requeued);
  BOOST_CHECK(!told<ExperimentEnded>().at(1).requeued);
  BOOST_CHECK_EQUAL(told<Stopping>().size(), 1u);
  BOOST_CHECK_EQUAL(counts.not_started, 1u);
}

BOOST_FIXTURE_TEST_CASE(killed_and_handed_on, Job) {
  time.forever = {"s/1", "s/2"};
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{60, SIGUSR2}, {61, SIGUSR2}};
  run();
  BOOST_CHECK_EQUAL(endings(), "s/1:cancelled s/2:cancelled ");
  BOOST_CHECK(has(verdict("s/1").message, "goes on in another"));
  BOOST_CHECK_EQUAL(processes.seconds(), 95);  // a second one changes nothing
  BOOST_CHECK_EQUAL(time.went_on.size(), 2u);
}

// It stopped early, but there is no other job for it.
BOOST_FIXTURE_TEST_CASE(stopped_for_good, Job) {
  processes.script = [](auto&, unsigned) {
    return Script{never, "ok", 0, 0, 1};
  };
  processes.stop_signals = {{60, SIGUSR2}};
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_CHECK_EQUAL(endings(), "s/1:timeout s/2:timeout ");
  BOOST_CHECK_EQUAL(verdict("s/1").message, "took longer than the job");
  BOOST_CHECK(time.went_on.empty());
}

BOOST_FIXTURE_TEST_CASE(done_in_the_time_that_is_left, Job) {
  processes.script = [](auto&, unsigned) { return Script{70}; };
  processes.stop_signals = {{60, SIGUSR2}};
  run();
  BOOST_CHECK_EQUAL(endings(), "s/1:ok s/2:ok ");
  BOOST_CHECK(time.went_on.empty());
}

// The warning may be late, or never come.
BOOST_FIXTURE_TEST_CASE(a_stop_at_the_end_of_the_time, Job) {
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{101, SIGTERM}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGTERM);
  BOOST_CHECK_EQUAL(endings(), "s/1:timeout s/2:timeout ");
}

BOOST_FIXTURE_TEST_CASE(a_stop_after_the_warning, Job) {
  options.grace_period = 3;
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{60, SIGUSR2}, {70, SIGTERM}};
  run();
  BOOST_CHECK_EQUAL(processes.seconds(), 73);
  BOOST_CHECK_EQUAL(endings(), "s/1:timeout s/2:timeout ");
}

BOOST_FIXTURE_TEST_CASE(a_stop_in_the_middle, Job) {
  processes.script = [](auto&, unsigned) { return Script{never}; };
  processes.stop_signals = {{50, SIGTERM}};
  run();
  BOOST_CHECK_EQUAL(endings(), "s/1:cancelled s/2:cancelled ");
  BOOST_CHECK(!told<ExperimentEnded>().at(0).requeued);
}

// SLURM tells all processes of a job, and the experiment is heard of first.
BOOST_FIXTURE_TEST_CASE(told_at_the_same_time, Job) {
  processes.script = [](auto& leaf, unsigned) {
    return leaf == "main/s/1" ? Script{50, "", 0, SIGTERM} : Script{never};
  };
  processes.stop_signals = {{50.2, SIGTERM}};
  run();
  BOOST_CHECK_EQUAL(endings(), "s/1:cancelled s/2:cancelled ");
}

BOOST_FIXTURE_TEST_CASE(told_in_the_same_moment, Job) {
  processes.script = [](auto&, unsigned) { return Script{50, "", 0, SIGTERM}; };
  processes.stop_signals = {{50, SIGUSR2}};
  run();
  BOOST_CHECK_EQUAL(endings(), "s/1:timeout s/2:timeout ");
}

BOOST_FIXTURE_TEST_CASE(told_alone, Job) {
  processes.script = [](auto& leaf, unsigned) {
    return leaf == "main/s/1" ? Script{50, "", 0, SIGTERM} : Script{};
  };
  run();
  BOOST_CHECK_EQUAL(status_in("s/1"), "crashed");
}

BOOST_FIXTURE_TEST_CASE(shared_work, Pilot) {
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
  BOOST_CHECK_EQUAL(shared.outcomes, "1+ 2+ 3+ 4+ 5+ ");
  // Asked again when it said that it may have more.
  BOOST_TEST(processes.started_at ==
             (std::vector<double>{0, 7 + 1, 14 + 2, 21 + 3, 28 + 4}));
}

BOOST_FIXTURE_TEST_CASE(what_others_hold_is_not_waited_for, Pilot) {
  BOOST_REQUIRE(tree.claim("main/s/2", others).kind ==
                ResultTree::Claim::claimed);
  BOOST_CHECK_EQUAL(run(), exit_pending);
  BOOST_CHECK_EQUAL(counts.ok, 4u);
  BOOST_CHECK_EQUAL(counts.not_started, 1u);
  BOOST_CHECK_EQUAL(shared.outcomes, "1+ 2- 3+ 4+ 5+ ");
}

BOOST_FIXTURE_TEST_CASE(outcomes_are_told_to_the_supply, Pilot) {
  folder.write("main/s/1/eh.json", R"({"status":"ok","seconds":1})");
  folder.write("main/s/2", "a file where a folder should be");
  folder.write("main/s/3/eh.json",
               R"({"status":"failed","seconds":1,"attempt":1,)"
               R"("end":"2021-01-01T00:00:00.000Z"})");
  options.since = "2020-01-01T00:00:00.000Z";
  processes.script = [](auto& leaf, unsigned) {
    return leaf == "main/s/4" ? Script{1, "failed", 1} : Script{never};
  };
  processes.stop_signals = {{100, SIGINT}};
  options.grace_period = 0;
  run();
  BOOST_CHECK_EQUAL(shared.outcomes, "1+ 2- 3+ 4+ 5- ");
}

BOOST_FIXTURE_TEST_CASE(work_that_cannot_be_taken, Pilot) {
  shared.fails_at = 3;
  BOOST_CHECK_EQUAL(run(), exit_write);
  BOOST_CHECK_EQUAL(counts.ok, 1u);
  BOOST_CHECK_EQUAL(counts.not_started, 4u);
  BOOST_CHECK_EQUAL(told<Stopping>().at(0).why, "cannot take more");
}

BOOST_FIXTURE_TEST_CASE(told_to_start_nothing_new, RunnerFixture) {
  reason_to_stop = [this] {
    return processes.seconds() >= 2 ? "all fail alike" : "";
  };
  run();
  BOOST_CHECK_EQUAL(counts.ok, 2u);
  BOOST_CHECK_EQUAL(counts.not_started, 3u);
  BOOST_REQUIRE_EQUAL(told<Stopping>().size(), 1u);
  BOOST_CHECK_EQUAL(told<Stopping>()[0].why, "all fail alike");
}

BOOST_FIXTURE_TEST_CASE(places, RunnerFixture) {
  options.jobs = 2;
  options.gpus = {"0,1", "2,3"};
  options.node = "n1";
  run();
  const auto begun = told<ExperimentStarted>();
  BOOST_REQUIRE_EQUAL(begun.size(), 5u);
  for (std::size_t i = 0; i < begun.size(); ++i) {
    BOOST_CHECK_EQUAL(begun[i].gpus, options.gpus.at(begun[i].slot));
    BOOST_CHECK_EQUAL(begun[i].node, "n1");
    BOOST_CHECK_EQUAL(launches.attempts[i].gpus, begun[i].gpus);
  }
}

BOOST_FIXTURE_TEST_CASE(a_victim_explains_a_kill, Memory) {
  kill_at(0.5);
  processes.script = [](auto& leaf, unsigned) {
    return leaf == "main/s/2" ? Script{1, "", 0, SIGKILL} : Script{};
  };
  run();
  BOOST_CHECK_EQUAL(counts.ok, 4u);
  BOOST_CHECK_EQUAL(status_in("s/2"), "out_of_memory");
}

BOOST_FIXTURE_TEST_CASE(a_process_of_it_was_killed, Memory) {
  kill_at(0.5);
  run();
  BOOST_CHECK_EQUAL(endings(),
                    "s/1:out_of_memory s/2:out_of_memory s/3:ok s/4:ok "
                    "s/5:ok ");
  BOOST_CHECK(has(tree.verdict("main/s/1")->message, "cannot be trusted"));
}

BOOST_FIXTURE_TEST_CASE(and_then_it_failed, Memory) {
  options.jobs = 1;
  kill_at(0.5);
  processes.script = [](auto&, unsigned) { return Script{1, "failed", 1}; };
  run();
  BOOST_CHECK_EQUAL(status_in("s/1"), "out_of_memory");
  BOOST_CHECK(has(tree.verdict("main/s/1")->message, "then: as written"));
  BOOST_CHECK_EQUAL(status_in("s/2"), "failed");
}

BOOST_AUTO_TEST_SUITE_END()
