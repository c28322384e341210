#include "base/int128.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace eh::host {

std::optional<Int128> wide_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::uint64_t size = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, size);
  if (result.ec != std::errc{} || result.ptr != end) return {};
  return negative ? -static_cast<Int128>(size) : static_cast<Int128>(size);
}

std::string wide_text(Int128 number) {
  const bool negative = number < 0;
  if (negative) number = -number;
  std::string out;
  do {
    out += static_cast<char>('0' + static_cast<int>(number % 10));
    number /= 10;
  } while (number > 0);
  if (negative) out += '-';
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace eh::host
