#include "json/number.h"

#include <algorithm>

namespace eh::host {

NumberScan scan_json_number(std::string_view text) {
  NumberScan out;
  auto& at = out.length;
  const auto accept = [&](std::string_view signs) {
    const bool found = at < text.size() && signs.find(text[at]) != signs.npos;
    at += found;
    return found;
  };
  const auto digits = [&] {
    const auto begin = at;
    at = std::min(text.find_first_not_of("0123456789", at), text.size());
    return at > begin;
  };
  accept("-");
  if (!accept("0") && !digits()) return out;
  if (accept(".") && !digits()) return out;
  if (accept("eE")) {
    accept("+-");
    if (!digits()) return out;
  }
  out.whole = true;
  return out;
}

bool is_json_number(std::string_view text) {
  const auto scan = scan_json_number(text);
  return scan.whole && scan.length == text.size();
}

}  // namespace eh::host
