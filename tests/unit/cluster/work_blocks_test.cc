#include "cluster/work_blocks.h"

#include <unistd.h>

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "leaf/leaf.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_work_blocks)

namespace {

// Ten experiments in blocks of 4, 3, 2 and 1.
struct Work {
  struct Pilot {
    Pilot(Work& work, std::size_t task, const std::string& id)
        : leases(work.tree.fd(), Owner::self(id)),
          blocks({work.tree.fd(), work.place, task,
                  "run." + std::to_string(task) + '.'},
                 leases, work.experiments, work.sizes) {
      leases.heartbeat();
    }
    /// The points of what it is given, up to `most`.
    std::string take(std::size_t most = 99) {
      std::string out;
      while (most-- > 0) {
        const auto one = blocks.next();
        if (!one) return out + '.';
        out += std::to_string(one->point) + ' ';
      }
      return out;
    }
    void settle(std::uint64_t first, std::uint64_t last, bool settled = true) {
      for (auto point = first; point <= last; ++point)
        blocks.finished({0, point}, settled);
    }
    Leases leases;
    WorkBlocks blocks;
  };
  Work() {
    for (std::uint64_t point = 0; point < 10; ++point)
      experiments.push_back({0, point});
  }
  std::unique_ptr<Pilot> pilot(std::size_t task, const std::string& job = "7",
                               unsigned restart = 0) {
    return std::make_unique<Pilot>(*this, task,
                                   "run." + std::to_string(task) + '.' + job +
                                       '.' + std::to_string(restart));
  }
  /// An owner that is not a process any more, or one of another machine.
  void claimed_by(std::size_t k, const std::string& id, bool seems_alive) {
    auto owner = Owner::self(id);
    if (seems_alive)
      owner.boot = "another machine";
    else
      owner.pid = 1 << 23;
    folder.write(alive_file(id), owner.text());
    const auto link = folder / place + '/' + std::to_string(k);
    std::filesystem::create_directories(folder / place);
    std::filesystem::create_symlink(id, link);
  }
  bool is_done(std::size_t k) {
    return folder.exists(place + '/' + std::to_string(k) + ".done");
  }
  bool is_claimed(std::size_t k) {
    return std::filesystem::is_symlink(folder / place + '/' +
                                       std::to_string(k));
  }

  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  const std::string place = ".eh/runs/run/blocks";
  std::vector<Experiment> experiments;
  std::vector<std::size_t> sizes{4, 3, 2, 1};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(one_pilot_does_all, Work) {
  const auto one = pilot(0);
  BOOST_CHECK_EQUAL(one->take(4), "0 1 2 3 ");
  one->settle(0, 2);
  BOOST_CHECK(!is_done(0));
  one->settle(3, 3);
  BOOST_CHECK(is_done(0));
  BOOST_CHECK(is_claimed(0));
  BOOST_CHECK_EQUAL(one->blocks.left(), 0u);
  BOOST_CHECK_EQUAL(one->take(1), "4 ");
  BOOST_CHECK_EQUAL(one->blocks.left(), 2u);
  BOOST_CHECK_EQUAL(one->take(), "5 6 7 8 9 .");
  BOOST_CHECK(one->blocks.empty());
  one->settle(4, 9);
  BOOST_CHECK(is_done(1) && is_done(2) && is_done(3));
  BOOST_CHECK(!one->blocks.unclaimed());
}

BOOST_FIXTURE_TEST_CASE(pilots_share, Work) {
  const auto one = pilot(0), two = pilot(1);
  BOOST_CHECK_EQUAL(one->take(1), "0 ");
  BOOST_CHECK_EQUAL(two->take(1), "4 ");
  BOOST_CHECK_EQUAL(one->take(3), "1 2 3 ");
  BOOST_CHECK_EQUAL(one->take(1), "7 ");
  BOOST_CHECK_EQUAL(two->take(3), "5 6 9 ");
  BOOST_CHECK_EQUAL(two->take(), ".");
  BOOST_CHECK(two->blocks.empty());
  BOOST_CHECK_EQUAL(one->take(), "8 .");
  one->settle(0, 9);
  two->settle(0, 9);
  for (std::size_t k = 0; k < 4; ++k) BOOST_CHECK(is_done(k));
}

BOOST_FIXTURE_TEST_CASE(many_pilots, Work) {
  experiments.clear();
  sizes.assign(100, 5);
  for (std::uint64_t point = 0; point < 500; ++point)
    experiments.push_back({0, point});
  std::vector<std::unique_ptr<Pilot>> pilots;
  for (std::size_t task = 0; task < 20; ++task) pilots.push_back(pilot(task));
  std::set<std::uint64_t> given;
  for (bool any = true; any;) {
    any = false;
    for (auto& one : pilots)
      if (const auto experiment = one->blocks.next()) {
        any = true;
        BOOST_CHECK(given.insert(experiment->point).second);
        one->blocks.finished(*experiment, true);
      }
  }
  BOOST_CHECK_EQUAL(given.size(), 500u);
  BOOST_CHECK(!pilots[0]->blocks.unclaimed());
}

BOOST_FIXTURE_TEST_CASE(what_is_done_is_not_taken, Work) {
  folder.write(place + "/0", "claimed by a link, usually");
  folder.write(place + "/0.done", "");
  folder.write(place + "/2.done", "");
  BOOST_CHECK_EQUAL(pilot(0)->take(), "4 5 6 9 .");
}

BOOST_FIXTURE_TEST_CASE(of_a_dead_owner, Work) {
  claimed_by(1, "run.8.7.0", false);
  const auto one = pilot(0);
  BOOST_CHECK_EQUAL(one->take(), "0 1 2 3 7 8 9 4 5 6 .");
}

BOOST_FIXTURE_TEST_CASE(of_a_live_owner, Work) {
  claimed_by(1, "run.8.7.0", true);
  const auto one = pilot(0);
  BOOST_CHECK_EQUAL(one->take(), "0 1 2 3 7 8 9 .");
  BOOST_CHECK(one->blocks.empty());
}

// Which has not been heard of for less than a minute.
BOOST_FIXTURE_TEST_CASE(of_its_own_earlier_attempt, Work) {
  claimed_by(1, "run.0.7.0", true);
  const auto one = pilot(0, "7", 1);
  BOOST_CHECK_EQUAL(one->take(), "0 1 2 3 7 8 9 .");
  BOOST_CHECK(!one->blocks.empty());
  BOOST_CHECK_EQUAL(one->take(), ".");
  const auto past =
      std::filesystem::file_time_type::clock::now() - std::chrono::minutes(2);
  std::filesystem::last_write_time(folder / alive_file("run.0.7.0"), past);
  BOOST_CHECK_EQUAL(one->take(), "4 5 6 .");
  BOOST_CHECK(one->blocks.empty());
}

BOOST_FIXTURE_TEST_CASE(handed_back, Work) {
  const auto one = pilot(0), two = pilot(1);
  BOOST_CHECK_EQUAL(one->take(2), "0 1 ");
  one->settle(0, 0);
  one->blocks.hand_back();
  BOOST_CHECK_EQUAL(one->take(), ".");
  BOOST_CHECK(one->blocks.empty());
  BOOST_CHECK_EQUAL(one->blocks.left(), 0u);
  BOOST_CHECK(!is_claimed(0));
  one->settle(1, 1, false);
  BOOST_CHECK(!is_done(0));
  BOOST_CHECK(one->blocks.unclaimed());
  BOOST_CHECK_EQUAL(two->take(), "4 5 6 7 8 9 0 1 2 3 .");
}

BOOST_FIXTURE_TEST_CASE(what_is_not_settled, Work) {
  const auto one = pilot(0), two = pilot(1);
  BOOST_CHECK_EQUAL(one->take(4), "0 1 2 3 ");
  one->settle(0, 1);
  one->settle(2, 2, false);
  one->settle(3, 3);
  BOOST_CHECK(!is_done(0));
  BOOST_CHECK(!is_claimed(0));
  // For others to try, not for this one again.
  BOOST_CHECK_EQUAL(one->take(), "4 5 6 7 8 9 .");
  BOOST_CHECK_EQUAL(two->take(), "0 1 2 3 .");
}

BOOST_FIXTURE_TEST_CASE(no_time_left, Work) {
  const auto one = pilot(0);
  bool time = true;
  one->blocks.has_time = [&] { return time; };
  BOOST_CHECK_EQUAL(one->take(2), "0 1 ");
  time = false;
  BOOST_CHECK_EQUAL(one->take(), ".");
  BOOST_CHECK(one->blocks.empty());
  BOOST_CHECK(one->blocks.unclaimed());
}

// It may be handed on, and has to be found by who takes the block next.
BOOST_FIXTURE_TEST_CASE(no_time_left_while_some_may_go_on, Work) {
  const auto one = pilot(0), two = pilot(1);
  one->blocks.may_go_on = true;
  BOOST_CHECK_EQUAL(one->take(2), "0 1 ");
  one->settle(0, 0);
  one->blocks.has_time = [] { return false; };
  BOOST_CHECK_EQUAL(one->take(), ".");
  BOOST_CHECK(one->blocks.empty());
  BOOST_CHECK_EQUAL(one->blocks.left(), 0u);
  BOOST_CHECK(is_claimed(0));
  BOOST_CHECK_EQUAL(two->take(), "4 5 6 7 8 9 .");
  one->settle(1, 1, false);
  BOOST_CHECK(!is_claimed(0) && !is_done(0));
  BOOST_CHECK(one->blocks.unclaimed());
  BOOST_CHECK_EQUAL(pilot(0, "7", 1)->take(), "0 1 2 3 .");
}

BOOST_FIXTURE_TEST_CASE(blocks_of_another_size, Work) {
  sizes = {3, 3};
  BOOST_CHECK_THROW(pilot(0), Error);
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_is_gone, Work) {
  const auto one = pilot(0);
  std::filesystem::remove_all(folder / place);
  BOOST_CHECK_THROW(one->blocks.next(), Error);
}

BOOST_AUTO_TEST_SUITE_END()
