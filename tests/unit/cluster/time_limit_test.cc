#include "cluster/time_limit.h"

#include <signal.h>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_time_limit)

namespace {

// A job of an hour that began just now, with a warning a minute ahead.
struct Job {
  Job() { folder.write("main/s/1/log.txt", "begun"); }
  TimeLimit time(std::optional<double> limit = 3600) {
    return {{"run", limit, 60, 2},
            tree,
            leases,
            [this] { return now; },
            [this] {
              ++asked;
              return times;
            }};
  }
  void pass(double seconds) {
    now += duration_of(seconds);
    if (times.left) *times.left -= seconds;
  }
  double seconds_to(Clock::time_point at) { return seconds_between(now, at); }

  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  Leases leases{tree.fd(), Owner::self("run.0.7.0")};
  Clock::time_point now{std::chrono::hours(100)};
  JobTimes times{3600, 3600};
  int asked = 0;
  Attempt attempt{{}, "s/1", "main/s/1", 1, 0, false};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_fits, Job) {
  auto job = time();
  BOOST_CHECK(job.fits(3500));
  BOOST_CHECK(!job.fits(3550));  // the warning comes before
  pass(3000);
  BOOST_CHECK(job.fits(500));
  BOOST_CHECK(!job.fits(550));
  BOOST_CHECK_EQUAL(asked, 0);  // the limit was its own
}

BOOST_FIXTURE_TEST_CASE(a_limit_of_the_partition, Job) {
  auto job = time({});
  times = {};
  BOOST_CHECK(job.fits(1e6));  // nobody knows
  BOOST_CHECK(job.fits(1e6));
  BOOST_CHECK_EQUAL(asked, 1);
  pass(70);
  times = {600, 3600};
  BOOST_CHECK(!job.fits(550));
  BOOST_CHECK(job.fits(530));
  BOOST_CHECK_EQUAL(asked, 2);
  pass(300);
  BOOST_CHECK(!job.fits(250));
  BOOST_CHECK_EQUAL(asked, 2);
}

BOOST_FIXTURE_TEST_CASE(when_it_kills, Job) {
  auto job = time();
  pass(3530);
  BOOST_CHECK(job.means_time_is_up(SIGUSR2));
  BOOST_CHECK(job.is_up());
  BOOST_CHECK_CLOSE(seconds_to(job.kill_at()), 60, 0.1);
  pass(65);
  BOOST_CHECK_EQUAL(seconds_to(job.kill_at()), 0);
}

BOOST_FIXTURE_TEST_CASE(when_it_kills_without_knowing, Job) {
  auto job = time({});
  times = {};
  BOOST_CHECK(job.means_time_is_up(SIGUSR2));
  BOOST_CHECK_CLOSE(seconds_to(job.kill_at()), 50, 0.1);
}

BOOST_FIXTURE_TEST_CASE(what_means_that_it_is_up, Job) {
  auto job = time();
  BOOST_CHECK(!job.means_time_is_up(SIGTERM));
  BOOST_CHECK(!job.is_up());
  pass(3598);
  BOOST_CHECK(!job.means_time_is_up(SIGINT));
  BOOST_CHECK(job.means_time_is_up(SIGTERM));
  BOOST_CHECK(job.is_up());
}

BOOST_FIXTURE_TEST_CASE(one_that_had_all_the_time, Job) {
  auto job = time();
  BOOST_CHECK_EQUAL(job.ends(attempt, 3500),
                    "took longer than SLURM's time limit of 1h 00m and left no"
                    " checkpoint to go on from");
}

BOOST_FIXTURE_TEST_CASE(one_with_a_checkpoint, Job) {
  auto job = time();
  folder.write("main/s/1/checkpoint.bin", "half");
  BOOST_CHECK_EQUAL(job.ends(attempt, 3500), "");
  job.requeued(attempt);
  BOOST_CHECK_EQUAL(folder.read("main/s/1/.eh/handed_on"), "run 1\n");
  BOOST_CHECK_EQUAL(job.ends(attempt, 3500), "");
  job.requeued(attempt);
  BOOST_CHECK_EQUAL(job.went_on(), 2u);
  BOOST_CHECK_EQUAL(job.ends(attempt, 3500),
                    "took longer than SLURM's time limit of 1h 00m, also when"
                    " it had gone on in another job 2 times"
                    " (slurm.max_requeues)");
}

BOOST_FIXTURE_TEST_CASE(a_warning_that_comes_early, Job) {
  auto job = time(120);  // which is told to come after a minute
  pass(40);
  BOOST_CHECK(has(job.ends(attempt, 38), "left no checkpoint"));
  BOOST_CHECK_EQUAL(job.ends(attempt, 20), "");
}

BOOST_FIXTURE_TEST_CASE(one_that_began_late, Job) {
  auto job = time();
  pass(3540);
  BOOST_CHECK_EQUAL(job.ends(attempt, 1800), "");
}

BOOST_FIXTURE_TEST_CASE(those_of_another_run_do_not_count, Job) {
  folder.write("main/s/1/.eh/handed_on", "earlier 2\n");
  auto job = time();
  pass(3540);
  BOOST_CHECK_EQUAL(job.ends(attempt, 1800), "");
  job.requeued(attempt);
  BOOST_CHECK_EQUAL(folder.read("main/s/1/.eh/handed_on"), "run 1\n");
}

BOOST_AUTO_TEST_SUITE_END()
