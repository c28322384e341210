// The members of JSON objects that are many and small, such as the lines of
// metrics: read from the text itself, so that numbers keep all their digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eh::host {

/// Goes through an object, one member after the other.
class JsonMembers {
 public:
  /// `text` has to live as long.
  explicit JsonMembers(std::string_view text);
  /// Whether there is another member; then key() and value() are about it.
  bool next();
  /// The key; what JSON escapes is itself again.
  const std::string& key() const { return key_; }
  /// The value as it stands in the text. Of lists and objects only the
  /// brackets and the strings in them are looked at.
  std::string_view value() const { return value_; }
  /// After the last one: whether the text was an object, up to its end.
  bool good() const { return good_; }

 private:
  void skip_space();
  bool accept(char c);
  std::string_view take_string();
  std::string_view take_value();

  std::string_view rest_;
  std::string key_;
  std::string_view value_;
  bool first_ = true;
  bool good_ = false;
};

/// The characters of a JSON string, given with its quotes. Half a surrogate
/// pair becomes U+FFFD.
std::string json_characters(std::string_view string);

/// A number, or what stands for one that JSON cannot say: "nan", "inf" and
/// "-inf" in quotes. Nothing if `json` is neither.
std::optional<double> json_real(std::string_view json);

}  // namespace eh::host
