// Writing JSON text. Boost.JSON parses (in the host only); text is written
// here, because Boost.JSON 1.81 prints 0.44 as 4.4E-1 and NaN bare, and because
// eh-child must not carry a library for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eh::host {

/// Appends `text` as a JSON string with its quotes. Bytes that are not valid
/// UTF-8 are replaced by U+FFFD, so the result always is valid JSON.
void append_json_string(std::string& out, std::string_view text);
std::string json_string(std::string_view text);

/// The shortest text that reads back as the same number; null if not finite.
void append_json_number(std::string& out, double value);

/// Builds one object, member by member, in the order of the calls.
class JsonObject {
 public:
  JsonObject& text(std::string_view key, std::string_view value);
  JsonObject& number(std::string_view key, double value);
  JsonObject& integer(std::string_view key, std::int64_t value);
  JsonObject& natural(std::string_view key, std::uint64_t value);
  JsonObject& boolean(std::string_view key, bool value);
  /// `json` is taken as it is.
  JsonObject& raw(std::string_view key, std::string_view json);
  /// Members without the braces around them, "" or "\"a\":1,\"b\":2".
  JsonObject& members(std::string_view members);

  const std::string& members() const { return members_; }
  std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string& key(std::string_view key);
  std::string members_;
};

/// Builds one array, element by element.
class JsonArray {
 public:
  /// Where the text of the next element is to be appended.
  std::string& next() {
    if (!elements_.empty()) elements_ += ',';
    return elements_;
  }
  void add(const JsonObject& object) {
    auto& out = next();
    out += '{';
    out += object.members();
    out += '}';
  }
  bool empty() const { return elements_.empty(); }
  void clear() { elements_.clear(); }
  std::string str() const { return "[" + elements_ + "]"; }

 private:
  std::string elements_;
};

}  // namespace eh::host
