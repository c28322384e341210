#include "cluster/launch_failure.h"

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_launch_failure)

BOOST_AUTO_TEST_CASE(logs_that_could_not_be_written) {
  TaskExit exit;
  exit.exit_code = "0:53";
  BOOST_CHECK(has(no_log_text(exit), "results folder is probably not there"));
  exit.exit_code = "0:0";
  BOOST_CHECK_EQUAL(no_log_text(exit), "");
  exit.reason = "JobLaunchFailure";
  BOOST_CHECK(has(no_log_text(exit), "results folder is probably not there"));
  exit.exit_code = "0:9";  // the script was killed
  BOOST_CHECK_EQUAL(no_log_text(exit), "");
}

BOOST_AUTO_TEST_SUITE_END()
