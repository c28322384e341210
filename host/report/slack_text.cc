#include "report/slack_text.h"

#include "base/text.h"
#include "base/utf8.h"

namespace eh::host {
namespace {

// "... (12,345,678,901 more characters)"
constexpr std::size_t notice_length = 40;

// A character of four bytes in UTF-8 has two units in UTF-16.
std::size_t units(std::size_t utf8_bytes) {
  return utf8_bytes == 4 ? 2 : 1;
}

struct Shown {
  std::string_view text;
  std::size_t length;
};

// How one character is shown. `storage` holds what is made for it.
Shown shown(std::string_view character, bool valid, std::string& storage) {
  if (!valid) return {"\xEF\xBF\xBD", 1};
  switch (character[0]) {
    case '&':
      return {"&amp;", 5};
    case '<':
      return {"&lt;", 4};
    case '>':
      return {"&gt;", 4};
    case '\n':
    case '\t':
      return {character, 1};
  }
  storage = printable(character);
  if (storage == character) return {character, units(character.size())};
  return {storage, storage.size()};
}

}  // namespace

std::size_t slack_length(std::string_view text) {
  std::size_t out = 0;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    out += units(length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string slack_escaped(std::string_view text, std::size_t most) {
  const auto keep = most - notice_length;
  std::string out, storage;
  std::size_t length = 0;
  std::size_t cut = 0;   // where `out` is cut if it gets too long
  std::size_t more = 0;  // characters behind that
  while (!text.empty()) {
    const auto bytes = utf8_length(text);
    const auto character = text.substr(0, bytes == 0 ? 1 : bytes);
    text.remove_prefix(character.size());
    if (length <= most) {
      const auto it = shown(character, bytes != 0, storage);
      out += it.text;
      length += it.length;
    }
    if (length <= keep)
      cut = out.size();
    else
      ++more;
  }
  if (length <= most) return out;
  out.resize(cut);
  return out + "... (" + count_text(more, "more character") + ')';
}

std::string slack_code(std::string_view text, std::size_t most) {
  while (text.ends_with('\n') || text.ends_with(' ')) text.remove_suffix(1);
  std::string quoted;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`')
      quoted += "\xCB\x8B";
    else if (text[i] != '\r' || text.substr(i + 1, 1) != "\n")
      quoted += text[i];
  }
  if (quoted.empty()) return {};
  const bool lines = quoted.find('\n') != std::string::npos;
  const std::string open = lines ? "```\n" : "`", close = lines ? "\n```" : "`";
  return open + slack_escaped(quoted, most - open.size() - close.size()) +
         close;
}

}  // namespace eh::host
