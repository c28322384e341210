#include "cluster/circuit_breaker.h"

#include <sys/stat.h>

#include "cluster/stop_order.h"
#include "leaf/leaf.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_circuit_breaker)

namespace {

struct Run {
  Run() { folder.write(place + "/spec.json", "{}"); }
  CircuitBreaker task(const std::string& self = "0.7.0", std::size_t most = 3) {
    return {tree.fd(), "run", self, most};
  }
  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  const std::string place = ".eh/runs/run";
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(stops_after_some_alike, Run) {
  auto one = task("0.7.0"), two = task("1.8.0");
  one.failed("failed", "no file 's/1'", "s/1");
  two.failed("failed", "no file 's/2'", "s/2");
  two.failed("failed", "another reason", "s/3");
  two.failed("crashed", "no file 's/4'", "s/4");
  BOOST_CHECK_EQUAL(one.reason_to_stop(), "");
  one.failed("failed", "no file 's/5'", "s/5");
  BOOST_CHECK_EQUAL(two.reason_to_stop(),
                    "3 experiments failed alike and none was ok: no file"
                    " 's/5'");
  BOOST_CHECK_EQUAL(read_stop(tree.fd(), "run")->why, "alike");
}

BOOST_FIXTURE_TEST_CASE(one_that_is_ok, Run) {
  auto one = task("0.7.0"), two = task("1.8.0");
  one.failed("failed", "x", "s/1");
  one.failed("failed", "x", "s/2");
  two.ok();
  two.ok();
  one.failed("failed", "x", "s/3");
  two.failed("failed", "x", "s/4");
  BOOST_CHECK_EQUAL(one.reason_to_stop(), "");
}

BOOST_FIXTURE_TEST_CASE(tasks_that_cannot_run, Run) {
  for (const auto* self : {"0.7.0", "1.8.0", "2.9.0"})
    task(self).failed("broken", "cannot load plugin 'x.so'");
  BOOST_CHECK_EQUAL(task().reason_to_stop(),
                    "3 tasks failed alike and none was ok: cannot load plugin"
                    " 'x.so'");
}

BOOST_FIXTURE_TEST_CASE(switched_off, Run) {
  auto one = task("0.7.0", 0);
  for (int i = 0; i < 20; ++i) one.failed("failed", "x", "s/1");
  BOOST_CHECK_EQUAL(one.reason_to_stop(), "");
  BOOST_CHECK(!folder.exists(place + "/alike"));
}

BOOST_FIXTURE_TEST_CASE(a_pipe_stops_no_task, Run,
                        *boost::unit_test::timeout(60)) {
  BOOST_REQUIRE_EQUAL(::mkfifo((folder / (place + "/any_ok")).c_str(), 0600),
                      0);
  task().ok();
  BOOST_CHECK_EQUAL(task().reason_to_stop(), "");
}

BOOST_FIXTURE_TEST_CASE(stopped_by_others, Run) {
  auto one = task();
  write_stop(tree.fd(), "run", {"cancelled", "cancelled by jane"});
  BOOST_CHECK_EQUAL(one.reason_to_stop(), "cancelled by jane");
  folder.write(place + "/stop", "");
  BOOST_CHECK_EQUAL(one.reason_to_stop(), "the run was stopped");
}

BOOST_AUTO_TEST_SUITE_END()
