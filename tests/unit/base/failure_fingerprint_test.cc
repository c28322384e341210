#include "base/failure_fingerprint.h"

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(base_failure_fingerprint)

BOOST_AUTO_TEST_CASE(what_the_same_failures_share) {
  BOOST_CHECK_EQUAL(
      failure_fingerprint("no file 's/12/in.txt' (13 of 20)", "s/12"),
      "no file '*/in.txt' (# of #)");
  BOOST_CHECK_EQUAL(failure_fingerprint("at address 0x7ffc12ab, line 3", ""),
                    "at address #, line #");
  BOOST_CHECK_EQUAL(failure_fingerprint("took 0.25s", "s"), "took #.#*");
  BOOST_CHECK_EQUAL(failure_fingerprint("", "s"), "");
}

BOOST_AUTO_TEST_SUITE_END()
