// A JSON text is either read or refused with a place in it; what was read is
// written as a text that reads back as the same.

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz.h"
#include "json/document.h"

using namespace eh::host;
using eh::fuzz::require;

namespace {

// The lines of a text by its characters, each by its first byte.
std::vector<std::string> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n')
      lines.emplace_back();
    else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80)
      lines.back() += c;
  }
  return lines;
}

class Checker {
 public:
  explicit Checker(std::string_view text) : lines_(lines_of(text)) {}

  void check_error(const JsonError& error) const {
    const auto [line, column] = error.place;
    require(line >= 1 && line <= lines_.size(), "an error is on a line");
    require(column >= 1 && column <= lines_[line - 1].size() + 1,
            "an error is within its line");
    require(error.what()[0] != '\0', "an error says something");
  }

  void check_value(const JsonValue& value) const {
    const char c = at(value.place);
    switch (value.kind) {
      case JsonValue::null:
        require(c == 'n', "null is where it says");
        break;
      case JsonValue::boolean:
        require(c == (value.truth ? 't' : 'f'), "a boolean is where it says");
        break;
      case JsonValue::number:
        require(!value.text.empty() && c == value.text[0],
                "a number is where it says");
        break;
      case JsonValue::string:
        require(c == '"', "a string is where it says");
        break;
      case JsonValue::array:
        require(c == '[', "an array is where it says");
        break;
      case JsonValue::object:
        require(c == '{', "an object is where it says");
        break;
    }
    for (const auto& element : value.elements) check_value(element);
    for (const auto& member : value.members) {
      require(at(member.place) == '"', "a key is where it says");
      require(value.find(member.key) == &member.value, "each key stands once");
      check_value(member.value);
    }
  }

 private:
  char at(TextPlace place) const {
    require(place.line >= 1 && place.line <= lines_.size(),
            "a place is on a line");
    const auto& line = lines_[place.line - 1];
    require(place.column >= 1 && place.column <= line.size(),
            "a place is within its line");
    return line[place.column - 1];
  }

  std::vector<std::string> lines_;
};

bool same(const JsonValue& a, const JsonValue& b) {
  return a.kind == b.kind && a.truth == b.truth && a.text == b.text &&
         std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(),
                    b.elements.end(), same) &&
         std::equal(a.members.begin(), a.members.end(), b.members.begin(),
                    b.members.end(), [](auto& x, auto& y) {
                      return x.key == y.key && same(x.value, y.value);
                    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto text = eh::fuzz::text_of(data, size);
  const Checker checker(text);
  JsonValue value;
  try {
    value = parse_json(text);
  } catch (const JsonError& error) {
    checker.check_error(error);
    return 0;
  }
  checker.check_value(value);
  const auto written = json_text(value);
  require(
      std::none_of(written.begin(), written.end(),
                   [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
      "it is written on one line");
  const auto back = parse_json(written);
  require(same(value, back), "what is written reads back as the same");
  require(json_text(back) == written, "it is written in the same way again");
  return 0;
}
