// JSON as people write it in configuration files: with comments and trailing
// commas, each value knowing where it stands. Numbers stay texts, so none is
// rounded. Boost.JSON has no positions and misrounds some real numbers.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace eh::host {

/// Where something stands in a text. Both count from 1; a column is a
/// character, not a byte.
struct TextPlace {
  unsigned line = 0;  ///< 0: nowhere
  unsigned column = 0;
};

struct JsonMember;

struct JsonValue {
  enum Kind { null, boolean, number, string, array, object };
  Kind kind = null;
  bool truth = false;
  std::string text;  ///< of a string, its characters; of a number, as written
  std::vector<JsonValue> elements;
  std::vector<JsonMember> members;  ///< in the order of the text, keys differ
  TextPlace place;

  /// The member with this key; null if there is none.
  const JsonValue* find(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  TextPlace place;  ///< of the key
  JsonValue value;
};

/// What is wrong with a text: "expected ',' or '}' after this value".
class JsonError : public std::runtime_error {
 public:
  JsonError(TextPlace where, const std::string& message)
      : std::runtime_error(message), place(where) {}
  TextPlace place;
};

/// Reads one value and nothing behind it. Comments are "// ..." and "/* ...
/// */". A byte order mark is skipped. Throws JsonError: also for a key that
/// stands twice in an object, for text that is not UTF-8, and for nesting
/// deeper than 100.
JsonValue parse_json(std::string_view text);

/// Whether two values mean the same: numbers by their size, and objects
/// whatever the order of their members.
bool same_value(const JsonValue& a, const JsonValue& b);

/// The value on one line, without spaces; numbers as they were written.
std::string json_text(const JsonValue& value);

}  // namespace eh::host
