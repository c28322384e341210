#include "leaf/lease.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "os/file.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(leaf_lease)

namespace {

// A tree with one leaf, "leaf".
struct Tree {
  Tree() { std::filesystem::create_directory(folder / "leaf"); }
  // The lease as another process left it.
  void held_by(const Owner& owner, const char* file = lease_file) const {
    const auto path = folder / "leaf/" + file;
    ::unlink(path.c_str());
    std::filesystem::create_symlink(owner.run_id, path);
    folder.write(alive_file(owner.run_id), owner.text());
  }
  std::string target() const {
    const auto path = folder / "leaf/" + lease_file;
    return std::filesystem::is_symlink(path)
               ? std::filesystem::read_symlink(path).string()
               : "";
  }
  void heartbeat_of(const Owner& owner, double seconds_from_now) const {
    set_changed(folder / alive_file(owner.run_id), seconds_from_now);
  }

  TemporaryDirectory folder;
  Fd fd{::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)};
  Owner self = Owner::self("run-1");
  Leases leases{fd.get(), self};
};

// A process id that nobody has: above the kernel's greatest (2^22).
constexpr int no_process = 1 << 23;

Owner elsewhere() {
  return {"other-host", "other-boot", "pid:[7]", 42, 1000, "run-2"};
}

}  // namespace

BOOST_AUTO_TEST_CASE(owners_as_text) {
  const Owner owner{"node-1", "boot", "pid:[1]", 12, 345, "run"};
  BOOST_CHECK(Owner::parse(owner.text()) == owner);
  for (const auto* text : {"", "x", "eh1|a|b|c|1|2", "eh2|a|b|c|1|2|r",
                           "/some/path", "eh1|a|b|c|1|2|r|more"})
    BOOST_CHECK_EQUAL(Owner::parse(text).pid, 0);
}

BOOST_AUTO_TEST_CASE(this_process) {
  const auto self = Owner::self("run-7");
  BOOST_CHECK_EQUAL(self.pid, ::getpid());
  BOOST_CHECK_GT(self.start_ticks, 0u);
  BOOST_CHECK_EQUAL(self.run_id, "run-7");
  BOOST_CHECK(!self.boot.empty());
  BOOST_CHECK(!self.pid_namespace.empty());
  BOOST_CHECK(Owner::self("run-7") == self);
}

BOOST_FIXTURE_TEST_CASE(taken_and_given_back, Tree) {
  BOOST_CHECK_EQUAL(leases.holder("leaf").pid, 0);
  BOOST_CHECK(leases.acquire("leaf").acquired);
  BOOST_CHECK_EQUAL(target(), self.run_id);
  BOOST_CHECK(leases.holder("leaf") == self);
  BOOST_CHECK(leases.acquire("leaf").acquired);  // a reply that was lost
  leases.release("leaf");
  BOOST_CHECK_EQUAL(target(), "");
  BOOST_CHECK_EQUAL(leases.holder("leaf").pid, 0);
  BOOST_CHECK(folder.list("leaf").empty());
}

BOOST_FIXTURE_TEST_CASE(no_leaf_no_lease, Tree) {
  try {
    leases.acquire("missing");
    BOOST_ERROR("acquired");
  } catch (const std::system_error& error) {
    BOOST_CHECK_EQUAL(error.code().value(), ENOENT);
  }
}

BOOST_FIXTURE_TEST_CASE(a_live_owner_keeps_it, Tree) {
  // Another run of a live process: this one, as it is the only one we know.
  const auto owner = Owner::self("run-2");
  held_by(owner);
  const auto result = leases.acquire("leaf");
  BOOST_CHECK(!result.acquired);
  BOOST_CHECK(result.holder == owner);
  BOOST_CHECK(leases.holder("leaf") == owner);
  BOOST_CHECK_EQUAL(target(), owner.run_id);
}

BOOST_FIXTURE_TEST_CASE(a_dead_process_loses_it, Tree) {
  auto owner = Owner::self("run-2");
  owner.pid = no_process;
  held_by(owner);
  heartbeat_of(owner, 0);  // the process counts, not its heartbeat
  BOOST_CHECK_EQUAL(leases.holder("leaf").pid, 0);
  BOOST_CHECK(leases.acquire("leaf").acquired);
  BOOST_CHECK_EQUAL(target(), self.run_id);
  BOOST_CHECK_EQUAL(folder.list("leaf").size(), 1u);
}

BOOST_FIXTURE_TEST_CASE(a_reused_process_id_is_another_process, Tree) {
  auto owner = Owner::self("run-2");
  ++owner.start_ticks;
  held_by(owner);
  BOOST_CHECK_EQUAL(leases.holder("leaf").pid, 0);
  BOOST_CHECK(leases.acquire("leaf").acquired);
}

BOOST_FIXTURE_TEST_CASE(this_machine_before_its_last_boot, Tree) {
  auto owner = Owner::self("run-2");
  owner.boot = "an-earlier-boot";
  held_by(owner);
  // Or another machine of the same name: only the heartbeat can tell.
  heartbeat_of(owner, 0);
  BOOST_CHECK(leases.holder("leaf") == owner);
  heartbeat_of(owner, -lease_timeout_seconds - 10);
  BOOST_CHECK_EQUAL(leases.holder("leaf").pid, 0);
  BOOST_CHECK(leases.acquire("leaf").acquired);
}

BOOST_FIXTURE_TEST_CASE(other_machines_live_by_their_heartbeat, Tree) {
  const auto owner = elsewhere();
  held_by(owner);
  heartbeat_of(owner, -5);
  BOOST_CHECK(leases.holder("leaf") == owner);
  BOOST_CHECK(!leases.acquire("leaf").acquired);
  heartbeat_of(owner, -lease_timeout_seconds - 10);
  BOOST_CHECK_EQUAL(leases.holder("leaf").pid, 0);
  BOOST_CHECK(leases.acquire("leaf").acquired);
}

BOOST_FIXTURE_TEST_CASE(other_pid_namespaces_live_by_their_heartbeat, Tree) {
  // Another container of this machine, whose process 1 is not ours.
  auto owner = Owner::self("run-2");
  owner.pid_namespace = "pid:[7]";
  owner.start_ticks += 5;
  held_by(owner);
  heartbeat_of(owner, -5);
  BOOST_CHECK(leases.holder("leaf") == owner);
  heartbeat_of(owner, -lease_timeout_seconds - 10);
  BOOST_CHECK_EQUAL(leases.holder("leaf").pid, 0);
}

BOOST_FIXTURE_TEST_CASE(without_a_heartbeat_the_lease_itself_grows_old, Tree) {
  const auto owner = elsewhere();
  held_by(owner);
  std::filesystem::remove_all(folder / ".eh");
  BOOST_CHECK_EQUAL(leases.holder("leaf").run_id, owner.run_id);
  BOOST_CHECK(!leases.acquire("leaf").acquired);
  set_changed(folder / "leaf/" + lease_file, -lease_timeout_seconds - 10);
  BOOST_CHECK(!leases.holder("leaf").exists());
  BOOST_CHECK(leases.acquire("leaf").acquired);
}

// Somebody else's results can be looked at.
BOOST_FIXTURE_TEST_CASE(looking_needs_no_writing, Tree) {
  const auto owner = elsewhere();
  held_by(owner);
  const auto before = folder.list(".eh/runs").size();
  const Leases looking(fd.get(), Owner::self(""));
  BOOST_CHECK(looking.holder("leaf") == owner);
  BOOST_CHECK_EQUAL(folder.list(".eh/runs").size(), before);
}

BOOST_FIXTURE_TEST_CASE(what_another_took_is_not_given_back, Tree) {
  BOOST_CHECK(leases.acquire("leaf").acquired);
  BOOST_CHECK(!leases.lost("leaf", 1));
  held_by(elsewhere());
  BOOST_CHECK(leases.lost("leaf", 1));
  leases.release("leaf");
  BOOST_CHECK_EQUAL(target(), elsewhere().run_id);
  // The experiment may have deleted it; or the other one is done by now.
  ::unlink((folder / "leaf/" + lease_file).c_str());
  BOOST_CHECK(!leases.lost("leaf", 1));
  folder.write("leaf" + attempt_folder(1) + "/file", "");
  BOOST_CHECK(leases.lost("leaf", 1));
}

BOOST_FIXTURE_TEST_CASE(who_only_seems_dead_is_told_from_who_is, Tree) {
  auto dead = Owner::self("run-2");
  dead.pid = no_process;
  held_by(dead);
  BOOST_CHECK(!leases.acquire("leaf").taken_over);
  leases.release("leaf");
  held_by(elsewhere());
  heartbeat_of(elsewhere(), -lease_timeout_seconds - 10);
  const auto lease = leases.acquire("leaf");
  BOOST_CHECK(lease.acquired);
  BOOST_CHECK(lease.taken_over);
}

BOOST_FIXTURE_TEST_CASE(after_a_pause_of_all_nobody_is_taken_for_dead, Tree) {
  double now = 1000;
  leases.clock = [&now] { return now; };
  leases.heartbeat();
  held_by(elsewhere());
  heartbeat_of(elsewhere(), -lease_timeout_seconds - 10);
  BOOST_CHECK(!leases.holder("leaf").exists());
  now += lease_timeout_seconds;  // asleep, or without the file server
  leases.heartbeat();
  heartbeat_of(elsewhere(), -lease_timeout_seconds - 10);
  BOOST_CHECK(leases.holder("leaf").exists());
  BOOST_CHECK(!leases.acquire("leaf").acquired);
  for (int beat = 0; beat < 7; ++beat) {
    now += heartbeat_seconds;
    leases.heartbeat();
  }
  BOOST_CHECK(leases.acquire("leaf").acquired);
}

BOOST_FIXTURE_TEST_CASE(tasks_of_a_run_are_owners_of_their_own, Tree) {
  BOOST_CHECK_EQUAL(alive_file("run.7.123.0"), ".eh/runs/run/owners/0/7.123.0");
  BOOST_CHECK_EQUAL(alive_file("run.4711.9.1"),
                    ".eh/runs/run/owners/4/4711.9.1");
  Leases task(fd.get(), Owner::self("run-1.7.123.0"));
  task.heartbeat();
  BOOST_CHECK(task.acquire("leaf").acquired);
  BOOST_CHECK_EQUAL(leases.holder("leaf").run_id, "run-1.7.123.0");
  BOOST_CHECK(leases.holder("leaf").pid != 0);
}

BOOST_FIXTURE_TEST_CASE(foreign_links_are_no_owners, Tree) {
  std::filesystem::create_symlink("/some/thing", folder / "leaf/" + lease_file);
  set_changed(folder / "leaf/" + lease_file, -lease_timeout_seconds - 10);
  BOOST_CHECK(!leases.holder("leaf").exists());
  BOOST_CHECK(leases.acquire("leaf").acquired);
  // A link that was copied as a file, as cp -L does.
  leases.release("leaf");
  folder.write(std::string("leaf/") + lease_file, "run-9");
  BOOST_CHECK(!leases.holder("leaf").exists());
  BOOST_CHECK(leases.acquire("leaf").acquired);
}

BOOST_FIXTURE_TEST_CASE(leftovers_of_a_takeover, Tree) {
  auto dead = Owner::self("run-2");
  dead.pid = no_process;
  held_by(dead);
  auto also_dead = dead;
  also_dead.pid = no_process + 1;
  also_dead.run_id = "run-3";
  held_by(also_dead, ".eh-lease.takeover");
  BOOST_CHECK(leases.acquire("leaf").acquired);
  BOOST_CHECK_EQUAL(target(), self.run_id);
  BOOST_CHECK_EQUAL(folder.list("leaf").size(), 1u);
}

BOOST_FIXTURE_TEST_CASE(heartbeats, Tree) {
  const std::string path = ".eh/runs/run-1/alive";
  leases.heartbeat();
  BOOST_REQUIRE(folder.exists(path));
  set_changed(folder / path, -1000);
  const auto before = std::filesystem::last_write_time(folder / path);
  leases.heartbeat();
  BOOST_CHECK(std::filesystem::last_write_time(folder / path) > before);
}

// Of a cluster that has forgotten which ids it gave.
BOOST_FIXTURE_TEST_CASE(an_id_that_another_process_had, Tree) {
  auto earlier = Owner::self("run.0.7.0");
  earlier.pid = 1 << 23;
  folder.write(alive_file(earlier.run_id), earlier.text());
  Leases leases(fd.get(), Owner::self("run.0.7.0"));
  leases.heartbeat();
  BOOST_CHECK(Owner::parse(folder.read(alive_file("run.0.7.0"))) ==
              Owner::self("run.0.7.0"));
}

BOOST_AUTO_TEST_SUITE_END()
