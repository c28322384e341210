#include <filesystem>

#include "runner_fakes.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(run_runner_elsewhere)

namespace {

// Another run, of a live process, has s/1.
struct Held : RunnerFixture {
  Held() {
    others.heartbeat();
    tree.claim(leaf, others);
  }
  void they_end_with(double at, const std::string& status) {
    processes.happenings.emplace(at, [this, status] {
      if (!status.empty())
        tree.write_verdict(
            leaf, R"({"status":")" + status +
                      R"(","message":"theirs","seconds":1,"attempt":1,)"
                      R"("start":"2999-01-01T00:00:00.000Z",)"
                      R"("end":"2999-01-01T00:00:01.000Z"})");
      others.release(leaf);
    });
  }
  const std::string leaf = "main/s/1";
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(done_by_the_other, Held) {
  they_end_with(20, "ok");
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.elsewhere, 1u);
  BOOST_CHECK_EQUAL(counts.ok, 4u);
  BOOST_CHECK_EQUAL(processes.started.size(), 4u);
  const auto held = told<ExperimentHeldElsewhere>();
  BOOST_REQUIRE(!held.empty());
  BOOST_CHECK_EQUAL(held[0].name, "s/1");
  BOOST_CHECK_EQUAL(held[0].pid, Owner::self("").pid);
  const auto ended = told<ExperimentEndedElsewhere>();
  BOOST_REQUIRE_EQUAL(ended.size(), 1u);
  BOOST_CHECK(ended[0].status == Status::ok);
  BOOST_CHECK_LE(processes.seconds(), 23);  // soon after
}

BOOST_FIXTURE_TEST_CASE(the_rest_does_not_wait, Held) {
  they_end_with(1000, "ok");
  run();
  for (const double at : processes.started_at) BOOST_CHECK_LT(at, 5);
}

BOOST_FIXTURE_TEST_CASE(waiting_is_not_spinning, Held) {
  they_end_with(1000, "ok");
  on_tick = [] {};
  run();
  BOOST_CHECK_LT(processes.waits, 2000u);
}

BOOST_FIXTURE_TEST_CASE(failed_at_the_other, Held) {
  they_end_with(20, "failed");
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_CHECK_EQUAL(counts.failed, 1u);
  BOOST_CHECK_EQUAL(processes.started.size(), 4u);  // it had its turn
  const auto ended = told<ExperimentEndedElsewhere>();
  BOOST_REQUIRE_EQUAL(ended.size(), 1u);
  BOOST_CHECK(ended[0].status == Status::failed);
  BOOST_CHECK_EQUAL(ended[0].message, "theirs");
}

// It may have died, or have been stopped, before it could try again.
BOOST_FIXTURE_TEST_CASE(failed_at_the_other_with_retries_left, Held) {
  launches.allowed.retries = 1;
  they_end_with(20, "failed");
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
  BOOST_CHECK_EQUAL(tree.verdict(leaf)->attempt, 2u);
}

BOOST_FIXTURE_TEST_CASE(retries_of_both_are_as_many_as_of_one, Held) {
  launches.allowed_to["s/1"].retries = 2;
  processes.script = [this](const std::string& its, unsigned) {
    return Script{.status = its == leaf ? "failed" : "ok"};
  };
  they_end_with(20, "failed");
  BOOST_CHECK_EQUAL(run(), exit_failed);
  BOOST_CHECK_EQUAL(tree.verdict(leaf)->attempt, 3u);
}

// Those of a run that --force has nothing to do with do not count.
BOOST_FIXTURE_TEST_CASE(done_by_one_that_does_not_count, Held) {
  options.counts = [](const std::string& owner) { return owner == "run-1"; };
  they_end_with(20, "ok");
  bool kept = false;
  processes.on_start = [&](const Launch&) {
    kept = kept || folder.exists("main/s/1/.eh/attempts/1/eh.json");
  };
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
  BOOST_CHECK(kept);
  BOOST_CHECK(!folder.exists("main/s/1/.eh"));
}

BOOST_FIXTURE_TEST_CASE(what_fails_instead_of_it_says_where_it_is, Held) {
  options.counts = [](const std::string& owner) { return owner == "run-1"; };
  processes.script = [this](const std::string& its, unsigned) {
    return Script{.status = its == leaf ? "failed" : "ok"};
  };
  they_end_with(20, "ok");
  BOOST_CHECK_EQUAL(run(), exit_failed);
  const auto ended = told<ExperimentEnded>();
  BOOST_CHECK_EQUAL(ended.back().name, "s/1");
  BOOST_CHECK_EQUAL(ended.back().kept, folder / "main/s/1/.eh/attempts/1");
}

BOOST_FIXTURE_TEST_CASE(cancelled_at_the_other, Held) {
  they_end_with(20, "cancelled");
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
  BOOST_CHECK_EQUAL(tree.verdict(leaf)->attempt, 2u);
}

BOOST_FIXTURE_TEST_CASE(given_up_by_the_other, Held) {
  they_end_with(20, "");
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
}

BOOST_FIXTURE_TEST_CASE(the_other_died, Held) {
  processes.happenings.emplace(20, [this] {
    const auto link = folder / leaf + '/' + lease_file;
    auto dead = Owner::self("run-dead");
    dead.pid = 1 << 23;  // above the kernel's greatest
    std::filesystem::remove(link);
    std::filesystem::create_symlink(dead.run_id, link);
    folder.write(alive_file(dead.run_id), dead.text());
    folder.write(leaf + "/log.txt", "begun");
  });
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
  BOOST_CHECK_EQUAL(folder.read(leaf + "/.eh/attempts/1/log.txt"), "begun");
}

BOOST_FIXTURE_TEST_CASE(stopped_while_waiting, Held) {
  processes.stop_signals = {{20, SIGINT}};
  BOOST_CHECK_EQUAL(run(), 128 + SIGINT);
  BOOST_CHECK_EQUAL(counts.ok, 4u);
  BOOST_CHECK_EQUAL(counts.not_started, 1u);
  BOOST_CHECK_EQUAL(leases.holder(leaf).run_id, "run-2");
  BOOST_CHECK_EQUAL(told<Stopping>().at(0).not_started, 1u);
}

BOOST_AUTO_TEST_CASE(all_are_held) {
  RunnerFixture world(3);
  world.options.jobs = 2;
  for (const auto* leaf : {"main/s/1", "main/s/2", "main/s/3"}) {
    world.tree.claim(leaf, world.others);
    world.processes.happenings.emplace(
        5, [&world, leaf] { world.tree.leave(leaf, world.others); });
  }
  BOOST_CHECK_EQUAL(world.run(), exit_done);
  BOOST_CHECK_EQUAL(world.counts.ok, 3u);
  BOOST_CHECK_EQUAL(world.processes.most_running, 2u);
}

// Done between planning and now.
BOOST_FIXTURE_TEST_CASE(done_before_its_turn, RunnerFixture) {
  processes.happenings.emplace(0.5, [this] {
    folder.write("main/s/3/eh.json", R"({"status":"ok","seconds":1})");
  });
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.elsewhere, 1u);
  BOOST_CHECK_EQUAL(counts.ok, 4u);
  BOOST_CHECK_EQUAL(processes.started.size(), 4u);
}

// An old failure is what this run is for.
BOOST_FIXTURE_TEST_CASE(failed_long_ago, RunnerFixture) {
  folder.write("main/s/3/eh.json",
               R"({"status":"failed","seconds":1,"attempt":1,)"
               R"("end":"2001-01-01T00:00:00.000Z"})");
  BOOST_CHECK_EQUAL(run(), exit_done);
  BOOST_CHECK_EQUAL(counts.ok, 5u);
  BOOST_CHECK_EQUAL(tree.verdict("main/s/3")->attempt, 2u);
}

BOOST_AUTO_TEST_SUITE_END()
