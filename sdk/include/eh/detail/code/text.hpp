// The code of text.hpp.
#ifndef EH_DETAIL_CODE_TEXT_HPP
#define EH_DETAIL_CODE_TEXT_HPP

#include <eh/detail/text.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE void append_json_text(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      const auto code = static_cast<unsigned>(c);
      if (c == '\n')
        out += "\\n";
      else if (c == '\t')
        out += "\\t";
      else
        (out += "\\u00") += {digits[code >> 4], digits[code & 15]};
    } else {
      const std::size_t length = utf8_length(text);
      out += length > 0 ? text.substr(0, length) : "\xEF\xBF\xBD";
      text.remove_prefix(std::max<std::size_t>(length, 1));
      continue;
    }
    text.remove_prefix(1);
  }
  out += '"';
}

EH_CODE std::string text_label(std::string_view text) {
  std::string label(text);
  for (char& c : label)
    if (!is_name_byte(c)) c = '_';
  if (label.empty()) return "_";
  if (label == "." || label == "..") label.assign(label.size(), '_');
  return label;
}

EH_CODE std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1] ? 1 : 0);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

EH_CODE std::string did_you_mean(std::string_view wrong,
                                 std::span<const std::string_view> known) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, wrong.size() / 3) + 1;
  for (const std::string_view name : known) {
    const std::size_t distance = edit_distance(wrong, name);
    if (distance < least && distance < name.size()) {
      least = distance;
      best = name;
    }
  }
  if (!best.empty()) return " (did you mean '" + std::string(best) + "'?)";
  if (known.empty()) return {};
  std::string list;
  for (const std::string_view name : known)
    (list += list.empty() ? "" : ", ") += name;
  return " (known: " + list + ")";
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_TEXT_HPP
