// The random delay before each start.
#include <filesystem>
#include <system_error>

#include "runner_fakes.h"

using namespace eh::host;
using namespace eh::host::test;
using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(run_runner_delay)

namespace {

// Slots wait 1, 2, 3 ... of ten seconds.
struct Delayed : RunnerFixture {
  Delayed() {
    options.start_delay = 10;
    random = [this] { return ++asked / 10.0; };
  }
  int asked = 0;
};

struct Two : Delayed {
  Two() { options.jobs = 2; }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(each_start_is_waited_for, Delayed) {
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_TEST(processes.started_at == (Numbers{1, 4, 8, 13, 19}));
  BOOST_CHECK_LE(processes.waits, 40u);  // does not spin meanwhile
}

BOOST_FIXTURE_TEST_CASE(other_slots_go_on, Two) {
  processes.script = [](auto&, unsigned) { return Script{4}; };
  run();
  // The first slot waits 1, 3 and 5 seconds, the second 2 and 4.
  BOOST_TEST(processes.started_at == (Numbers{1, 2, 8, 10, 17}));
  BOOST_CHECK_EQUAL(processes.most_running, 2u);
}

BOOST_FIXTURE_TEST_CASE(no_delay_asks_for_none, RunnerFixture) {
  int asked = 0;
  random = [&] { return ++asked; };
  run();
  BOOST_CHECK_EQUAL(asked, 0);
}

BOOST_FIXTURE_TEST_CASE(its_own_randomness, RunnerFixture) {
  options.start_delay = 10;
  BOOST_CHECK_EQUAL(run(), exit_done);
  std::vector<double> waited;
  for (std::size_t i = 0; i < processes.started_at.size(); ++i) {
    const double before = i == 0 ? 0 : processes.started_at[i - 1] + 1;
    waited.push_back(processes.started_at[i] - before);
    BOOST_CHECK_GE(waited[i], 0);
    BOOST_CHECK_LE(waited[i], 10);
  }
  BOOST_REQUIRE_EQUAL(waited.size(), 5u);
  BOOST_CHECK_NE(waited[0], waited[1]);
}

BOOST_FIXTURE_TEST_CASE(it_is_not_the_experiments_time, Delayed) {
  launches.allowed.timeout = 3;
  random = [] { return 1.0; };
  processes.script = [](auto&, unsigned) { return Script{2.5, "", 1}; };
  run();
  BOOST_CHECK_EQUAL(status_in("s/1"), "failed");  // not timeout
  BOOST_CHECK_EQUAL(tree.verdict("main/s/1")->seconds, 2.5);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_claimed_meanwhile, Two) {
  // Another host takes the first two while both slots wait.
  processes.happenings.emplace(0.5, [&] {
    for (const auto* leaf : {"main/s/1", "main/s/2"}) {
      BOOST_CHECK(others.acquire(leaf).acquired);
      folder.write(std::string(leaf) + "/eh.json",
                   R"({"status":"ok","seconds":1})");
      others.release(leaf);
    }
  });
  std::filesystem::create_directories(folder / "main/s/1");
  std::filesystem::create_directories(folder / "main/s/2");
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.elsewhere, 2u);
  // A slot that finds one done takes the next: its wait is not lost.
  BOOST_TEST(processes.started == (Texts{"main/s/3", "main/s/4", "main/s/5"}));
  BOOST_TEST(processes.started_at == (Numbers{1, 2, 5}));
}

BOOST_FIXTURE_TEST_CASE(a_stop_ends_the_wait, Two) {
  random = [] { return 1.0; };
  processes.stop_signals = {{3, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGINT);
  BOOST_CHECK_EQUAL(processes.seconds(), 3);
  BOOST_CHECK(processes.started.empty());
  BOOST_CHECK_EQUAL(counts.not_started, 5u);
  BOOST_CHECK_EQUAL(told<Stopping>().at(0).not_started, 5u);
  BOOST_CHECK(!folder.exists("main"));
}

BOOST_FIXTURE_TEST_CASE(retries_wait_as_well, Delayed) {
  todo.resize(2);
  launches.allowed.retries = 2;
  processes.script = [](auto& leaf, unsigned attempt) {
    // Its verdict says that it failed in this run, which is no reason to take
    // it for one that another host has run meanwhile.
    return leaf == "main/s/1" && attempt < 3 ? Script{1, "", 0, SIGSEGV}
                                             : Script{};
  };
  processes.happenings.emplace(
      3, [&] { BOOST_CHECK(!leases.holder("main/s/1").exists()); });
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(endings(),
                    "s/1:retry-crashed s/1:retry-crashed s/1:ok s/2:ok ");
  BOOST_TEST(processes.started_at == (Numbers{1, 4, 8, 13}));
  BOOST_CHECK_EQUAL(tree.verdict("main/s/1")->attempt, 3u);
  BOOST_TEST(launches.asked == (Texts{"s/1", "s/2"}));
}

BOOST_FIXTURE_TEST_CASE(a_stop_before_a_retry, Delayed) {
  launches.allowed.retries = 1;
  processes.script = [](auto&, unsigned) { return Script{1, "failed", 1}; };
  processes.stop_signals = {{3, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGINT);
  BOOST_CHECK_EQUAL(processes.started.size(), 1u);
  BOOST_CHECK_EQUAL(counts.not_started, 5u);
  BOOST_CHECK_EQUAL(status_in("s/1"), "failed");
}

BOOST_FIXTURE_TEST_CASE(a_retry_that_another_host_took, Delayed) {
  todo.resize(1);
  launches.allowed.retries = 1;
  processes.script = [](auto&, unsigned) { return Script{1, "failed", 1}; };
  processes.happenings.emplace(
      3, [&] { BOOST_CHECK(others.acquire("main/s/1").acquired); });
  processes.happenings.emplace(10, [&] {
    folder.write("main/s/1/eh.json", R"({"status":"ok","seconds":1})");
    others.release("main/s/1");
  });
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(processes.started.size(), 1u);
  BOOST_CHECK_EQUAL(counts.elsewhere, 1u);
}

namespace {

// s/1 fails twice, and another host has it from 3 s to 10 s, while its retry
// would start.
struct TakenRetry : Delayed {
  TakenRetry() {
    todo.resize(1);
    launches.allowed.retries = 1;
    processes.script = [](auto&, unsigned) { return Script{1, "", 1}; };
    processes.happenings.emplace(
        3, [&] { BOOST_CHECK(others.acquire("main/s/1").acquired); });
    processes.happenings.emplace(10, [&] {
      if (!theirs.empty()) folder.write("main/s/1/eh.json", theirs);
      others.release("main/s/1");
    });
  }
  std::string theirs;  // the verdict of the other host
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_retry_keeps_its_limits, TakenRetry) {
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_CHECK_EQUAL(endings(), "s/1:retry-failed s/1:failed ");
  BOOST_TEST(launches.asked == Texts{"s/1"});
}

BOOST_FIXTURE_TEST_CASE(a_retry_that_failed_elsewhere, TakenRetry) {
  theirs =
      R"({"status":"failed","seconds":1,"end":"2999-01-01T00:00:00.000Z"})";
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_CHECK_EQUAL(endings(), "s/1:retry-failed ");
  BOOST_CHECK_EQUAL(told<ExperimentEndedElsewhere>().size(), 1u);
}

BOOST_FIXTURE_TEST_CASE(one_that_another_host_gave_up, Delayed) {
  todo.resize(1);
  random = [] { return 1.0; };
  BOOST_REQUIRE(tree.claim("main/s/1", others).kind ==
                ResultTree::Claim::claimed);
  processes.happenings.emplace(12, [&] { tree.leave("main/s/1", others); });
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_REQUIRE_EQUAL(processes.started_at.size(), 1u);
  BOOST_CHECK_GE(processes.started_at[0], 12);
}

BOOST_AUTO_TEST_SUITE_END()
