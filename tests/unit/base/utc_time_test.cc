#include "base/utc_time.h"

using namespace eh::host;
using namespace std::chrono;

BOOST_AUTO_TEST_SUITE(base_utc_time)

BOOST_AUTO_TEST_CASE(known_times) {
  const SystemTime epoch{};
  BOOST_CHECK_EQUAL(utc_text(epoch), "1970-01-01T00:00:00.000Z");
  // date -u -d @1769853600 gives 2026-01-31 10:00:00
  BOOST_CHECK_EQUAL(utc_text(epoch + 1769853600s + 250ms),
                    "2026-01-31T10:00:00.250Z");
  BOOST_CHECK_EQUAL(utc_text(epoch + 951827696s + 7ms),
                    "2000-02-29T12:34:56.007Z");
  BOOST_CHECK_EQUAL(utc_text(epoch + 86399s + 999ms + 999us),
                    "1970-01-01T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(times_before_1970) {
  BOOST_CHECK_EQUAL(utc_text(SystemTime{} - 1ms), "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(texts_sort_like_times) {
  auto time = SystemTime{} + 1769853600s;
  auto before = utc_text(time);
  for (const milliseconds step :
       {1ms, 999ms, 1000ms, 60'000ms, 3'600'000ms, 86'400'000ms}) {
    time += step;
    const auto now = utc_text(time);
    BOOST_CHECK_EQUAL(now.size(), 24u);
    BOOST_CHECK_LT(before, now);
    before = now;
  }
}

BOOST_AUTO_TEST_SUITE_END()
