#include "base/utc_time.h"

#include <cstdint>

namespace eh::host {

std::string utc_text(SystemTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const auto in_day = duration_cast<milliseconds>(time - day).count();
  std::string out = "0000-00-00T00:00:00.000Z";
  auto put = [&](std::size_t at, std::size_t width, std::int64_t value) {
    for (std::size_t i = at + width; i-- > at; value /= 10)
      out[i] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, static_cast<int>(date.year()));
  put(5, 2, static_cast<unsigned>(date.month()));
  put(8, 2, static_cast<unsigned>(date.day()));
  put(11, 2, in_day / 3'600'000);
  put(14, 2, in_day / 60'000 % 60);
  put(17, 2, in_day / 1'000 % 60);
  put(20, 3, in_day % 1'000);
  return out;
}

std::optional<SystemTime> parse_utc(const std::string& text) {
  using namespace std::chrono;
  constexpr char form[] = "0000-00-00T00:00:00.000Z";
  if (text.size() + 1 != sizeof form) return {};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
      return {};
  auto get = [&](std::size_t at, std::size_t width) {
    int value = 0;
    for (std::size_t i = at; i < at + width; ++i)
      value = 10 * value + text[i] - '0';
    return value;
  };
  const year_month_day date{year(get(0, 4)),
                            month(static_cast<unsigned>(get(5, 2))),
                            day(static_cast<unsigned>(get(8, 2)))};
  if (!date.ok()) return {};
  return sys_days(date) + hours(get(11, 2)) + minutes(get(14, 2)) +
         seconds(get(17, 2)) + milliseconds(get(20, 3));
}

}  // namespace eh::host
