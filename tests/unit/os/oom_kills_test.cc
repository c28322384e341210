#include "os/oom_kills.h"

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(os_oom_kills)

namespace {

struct Counted {
  std::uint64_t kills = 5;  // before
  OomWatch watch(bool own) {
    return {[this] { return kills; }, own};
  }
};

struct Files {
  Files() {
    write_mounts(
        "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup"
        " rw,memory\n");
    folder.write("proc/self/cgroup",
                 "8:pids:/\n4:cpu,memory:/slurm/uid_0/job_7/step_batch\n"
                 "0::/unified\n");
  }
  void write_mounts(const std::string& text) {
    folder.write("proc/self/mountinfo",
                 "23 1 0:2 / / rw - ext4 /dev/vda rw\n" + text);
  }
  std::string file(const std::string& job = "7") {
    return oom_kill_file(job, folder.path()).value_or("none");
  }
  TemporaryDirectory folder;
};

constexpr char counter[] = "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n";

}  // namespace

BOOST_FIXTURE_TEST_CASE(victims_of_the_machine, Counted) {
  auto machine = watch(false);
  BOOST_CHECK(!machine.was_victim(machine.mark()));
  ++kills;
  const auto later = machine.mark();
  BOOST_CHECK(!machine.lost_process(later));  // it may have been anybody's
  BOOST_CHECK(machine.was_victim(later));
  BOOST_CHECK(!machine.was_victim(later));  // one kill, one victim
}

BOOST_FIXTURE_TEST_CASE(victims_of_a_job, Counted) {
  auto job = watch(true);
  const auto mark = job.mark();
  BOOST_CHECK(!job.was_victim(mark));
  ++kills;
  BOOST_CHECK(job.was_victim(mark));
  BOOST_CHECK(!job.lost_process(mark));
  BOOST_CHECK(!job.was_victim(mark));
}

BOOST_FIXTURE_TEST_CASE(a_lost_process, Counted) {
  auto job = watch(true);
  const auto early = job.mark();
  ++kills;
  const auto late = job.mark();
  BOOST_CHECK(job.lost_process(early));
  BOOST_CHECK(job.lost_process(early));  // any of those that ran
  BOOST_CHECK(!job.lost_process(late));
  BOOST_CHECK(!job.was_victim(late));  // killed by somebody else
  ++kills;
  BOOST_CHECK(job.lost_process(late));
}

BOOST_FIXTURE_TEST_CASE(a_count_that_went_down, Counted) {
  auto job = watch(true);
  kills = 0;
  BOOST_CHECK(!job.was_victim(job.mark()));
  BOOST_CHECK(!job.lost_process(job.mark()));
}

BOOST_FIXTURE_TEST_CASE(version_1, Files) {
  const std::string path =
      "sys/fs/cgroup/memory/slurm/uid_0/job_7/step_batch/memory.oom_control";
  BOOST_CHECK_EQUAL(file(), "none");
  folder.write(path, counter);
  BOOST_CHECK_EQUAL(file(), folder / path);
  BOOST_CHECK_EQUAL(oom_kills_in(file()), 3u);
  // Of another job, or of the daemon that started this one.
  BOOST_CHECK_EQUAL(file("8"), "none");
  BOOST_CHECK_EQUAL(file("70"), "none");
  BOOST_CHECK_EQUAL(file(""), "none");
  folder.write(path, "oom_kill_disable 0\nunder_oom 0\n");  // an old kernel
  BOOST_CHECK_EQUAL(file(), "none");
}

BOOST_FIXTURE_TEST_CASE(version_2, Files) {
  write_mounts("41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  folder.write("proc/self/cgroup",
               "0::/system.slice/slurmstepd.scope/job_7/step_batch/user/"
               "task_0\n");
  const std::string path =
      "sys/fs/cgroup/system.slice/slurmstepd.scope/job_7/step_batch/user/"
      "task_0/memory.events";
  folder.write(path, "low 0\nhigh 0\nmax 12\noom 1\noom_kill 2\n");
  BOOST_CHECK_EQUAL(file(), folder / path);
  BOOST_CHECK_EQUAL(oom_kills_in(file()), 2u);
}

// In a container that has a part of the hierarchy.
BOOST_FIXTURE_TEST_CASE(a_part_that_is_mounted, Files) {
  write_mounts(
      "35 31 0:32 /slurm/uid_0 /sys/fs/cgroup/memory rw - cgroup"
      " cgroup rw,memory\n");
  const std::string path =
      "sys/fs/cgroup/memory/job_7/step_batch/memory.oom_control";
  folder.write(path, counter);
  BOOST_CHECK_EQUAL(file(), folder / path);
}

BOOST_FIXTURE_TEST_CASE(no_counts, Files) {
  BOOST_CHECK_EQUAL(oom_kills_in(folder / "missing"), 0u);
  folder.write("empty", "");
  BOOST_CHECK_EQUAL(oom_kills_in(folder / "empty"), 0u);
  folder.write("vmstat", "pgfault 12\noom_kill 4\nballoon 0\n");
  BOOST_CHECK_EQUAL(oom_kills_in(folder / "vmstat"), 4u);
}

BOOST_AUTO_TEST_SUITE_END()
