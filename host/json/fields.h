// What eh wrote itself and reads again, by Boost.JSON: members that are missing
// or of another kind are as if they were not there. What has to be read
// exactly, or by people's mistakes, is for json/document.h and json/members.h.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eh::host {

/// The members of an object, which has to live as long.
class JsonFields {
 public:
  explicit JsonFields(const boost::json::object& object) : object_(object) {}

  bool has(std::string_view key) const { return object_.contains(key); }
  /// "" for what is not a string.
  std::string text(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  bool truth(std::string_view key) const;
  /// Nothing also for a number that the type cannot hold.
  template <class Number>
  std::optional<Number> find(std::string_view key) const {
    const auto* value = object_.if_contains(key);
    if (!value || !value->is_number()) return {};
    boost::system::error_code error;
    const auto out = value->to_number<Number>(error);
    return error ? std::nullopt : std::optional(out);
  }
  template <class Number>
  Number number(std::string_view key, Number otherwise = 0) const {
    return find<Number>(key).value_or(otherwise);
  }
  std::optional<JsonFields> object(std::string_view key) const;
  /// Empty for what is not an array.
  const boost::json::array& list(std::string_view key) const;
  const boost::json::object& all() const { return object_; }

 private:
  const boost::json::object& object_;
};

/// A text that is one object.
class ParsedJson {
 public:
  explicit ParsedJson(std::string_view text);
  /// Nothing if the text is not valid, or not an object.
  std::optional<JsonFields> fields() const;

 private:
  boost::json::monotonic_resource memory_;
  boost::json::value value_;
};

}  // namespace eh::host
