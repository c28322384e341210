// Short forms of many names, for lists and summaries.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace eh::host {

/// Folds neighbours that differ in one number that counts up: "run1", "run2",
/// "run3" become "run{1..3}", also with text behind the number. Numbers with
/// leading zeros fold if they have the same width. What was folded is a pattern
/// that takes these names; one that was not stays as it is.
class Folder {
 public:
  /// `emit(text, first, count)` gets each folded name: the names from number
  /// `first` (counted from 0) on, `count` of them.
  using Emit = std::function<void(const std::string&, std::size_t first,
                                  std::size_t count)>;
  explicit Folder(Emit emit) : emit_(std::move(emit)) {}
  void add(const std::string& name);
  void finish();

 private:
  // What the next name has to be, for each number in the first one, if it is
  // the one that counts.
  struct Number {
    std::size_t begin, end;  // in first_
    bool operator==(const Number&) const = default;
  };
  std::string with(const Number& number, unsigned long long value) const;
  bool extends(const std::string& name);

  Emit emit_;
  std::string first_;
  std::vector<Number> numbers_;  // of first_
  std::size_t begin_ = 0, count_ = 0;
  const Number* counting_ = nullptr;
};

std::vector<std::string> fold(const std::vector<std::string>& names);

}  // namespace eh::host
