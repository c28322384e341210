#include "run/crash_report.h"

#include <signal.h>

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "os/signal_name.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

/// A function that the tests look up in their own executable.
extern "C" __attribute__((noinline)) int eh_test_landmark(int x) {
  return x * 3 + 1;
}

BOOST_AUTO_TEST_SUITE(run_crash_report)

BOOST_AUTO_TEST_CASE(signal_names) {
  BOOST_CHECK_EQUAL(signal_name(SIGSEGV), "SIGSEGV");
  BOOST_CHECK_EQUAL(signal_name(SIGKILL), "SIGKILL");
  BOOST_CHECK_EQUAL(signal_name(64), "signal 64");
}

BOOST_AUTO_TEST_CASE(a_report) {
  const auto report = parse_crash("11 dead 100\n7f01\nABC\n\n");
  BOOST_REQUIRE(report);
  BOOST_CHECK_EQUAL(report->signal, 11);
  BOOST_CHECK_EQUAL(report->address, 0xdeadu);
  BOOST_CHECK(report->peak_memory == 100u * 1024);
  BOOST_CHECK_EQUAL(report->cause, "");
  BOOST_TEST(report->backtrace == (Texts{"0x7f01", "0xabc"}));
}

BOOST_AUTO_TEST_CASE(an_exception_was_the_cause) {
  const auto report =
      parse_crash("terminate std::runtime_error: 11 of 12\n6 0 0\n10\n\n");
  BOOST_REQUIRE(report);
  BOOST_CHECK_EQUAL(report->cause, "std::runtime_error: 11 of 12");
  BOOST_CHECK_EQUAL(report->signal, 6);
  BOOST_CHECK(!report->peak_memory);
}

BOOST_AUTO_TEST_CASE(torn_reports) {
  for (const auto* text : {"", "\n", "11", "11\n", "terminate why\n",
                           "terminate why\n6\n", "hello world\n"})
    BOOST_CHECK_MESSAGE(!parse_crash(text), text);
  // Any part of one does no harm.
  const std::string whole =
      "terminate x\n11 dead 100\n7f01\nabc\n\n"
      "00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/none\n";
  for (std::size_t n = 0; n <= whole.size(); ++n)
    parse_crash(whole.substr(0, n));
}

BOOST_AUTO_TEST_CASE(functions_are_named) {
  std::ifstream file("/proc/self/maps");
  std::ostringstream maps;
  maps << file.rdbuf();
  const auto address = reinterpret_cast<std::uint64_t>(&eh_test_landmark);
  char lines[100];
  // The place itself, and a return address at the function's very end, which
  // may be the next one's beginning.
  std::snprintf(lines, sizeof lines, "11 0 0\n%" PRIx64 "\n%" PRIx64 "\n1\n\n",
                address, address + 1);
  const auto report = parse_crash(lines + maps.str());
  BOOST_REQUIRE(report);
  BOOST_REQUIRE_EQUAL(report->backtrace.size(), 3u);
  BOOST_CHECK_EQUAL(report->backtrace[0],
                    "eh_test_landmark+0x0 in eh-unit-tests");
  BOOST_CHECK_EQUAL(report->backtrace[1],
                    "eh_test_landmark+0x0 in eh-unit-tests");
  BOOST_CHECK_EQUAL(report->backtrace[2], "0x1");
}

BOOST_AUTO_TEST_CASE(files_that_are_gone) {
  const auto report = parse_crash(
      "11 0 0\n400010\n\n"
      "00400000-00452000 r-xp 00001000 08:02 173521      /gone/libx y.so\n");
  BOOST_REQUIRE(report);
  BOOST_TEST(report->backtrace == Texts{"0x1010 in libx y.so"});
}

BOOST_AUTO_TEST_CASE(memory_without_a_file) {
  const auto report = parse_crash(
      "11 0 0\n400010\n500010\n\n"
      "00400000-00452000 rw-p 00000000 00:00 0 \n"
      "00500000-00552000 rw-p 00000000 00:00 0          [heap]\n");
  BOOST_REQUIRE(report);
  BOOST_TEST(report->backtrace == (Texts{"0x400010", "0x500010"}));
}

BOOST_AUTO_TEST_SUITE_END()
