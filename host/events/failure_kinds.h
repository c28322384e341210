// Many failures told as few: those alike are one kind.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace eh::host {

struct FailureKind {
  std::string status, message;     ///< of the first
  std::size_t count = 0;           ///< of experiments
  std::vector<std::string> names;  ///< some of them, in the order they came

  /// "s/{1..4}, s/7, t/2 and 40 more".
  std::string names_text() const;
};

/// Failures are alike if they have the same status, and the same message but
/// for numbers, addresses and the experiment's own name.
class FailureKinds {
 public:
  /// Returns the number of its kind.
  std::size_t add(const std::string& status, const std::string& message,
                  const std::string& name);
  const std::vector<FailureKind>& all() const { return kinds_; }
  /// Numbers of the kinds, the most frequent first.
  std::vector<std::size_t> by_count() const;

 private:
  std::vector<FailureKind> kinds_;
  std::map<std::string, std::size_t> numbers_;  // by what is alike
};

}  // namespace eh::host
