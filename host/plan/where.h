// The expression language of --where: conditions on parameters.
//
//   load < 0.5 && (seed == 3 || method == "fast") && !verbose
//
// Comparisons: == != < <= > >= and ~ (the text matches a pattern). Operands
// are a parameter on the left and a number, text, true or false on the right;
// a boolean parameter may stand alone. && and || may be written and, or; ! may
// be written not. Lists and texts compare by their text. An experiment without
// the parameter does not match.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.h"
#include "catalog/catalog.h"

namespace eh::host {

class Where {
 public:
  /// Throws Error (usage) that points to the place in the text.
  explicit Where(std::string_view text);

  /// Names of the parameters that it asks for.
  const std::set<std::string>& parameters() const { return parameters_; }
  /// What stands behind ~.
  const std::vector<std::string>& patterns() const { return patterns_; }

  /// The expression bound to one family, whose parameters are read once.
  /// Throws Error (usage) if a comparison makes no sense for the type.
  class Bound;
  std::shared_ptr<const Bound> bind(const Family& family) const;

  struct Node;

 private:
  class Parser;
  std::shared_ptr<const Node> root_;
  std::set<std::string> parameters_;
  std::vector<std::string> patterns_;
};

class Where::Bound {
 public:
  bool matches(std::uint64_t point) const;
  /// Whether the family has any of the parameters that are asked for.
  bool has_parameters() const;

 private:
  friend class Where;
  // The outcome of one comparison for each value the parameter takes; none if
  // there is no such parameter.
  struct Test {
    std::optional<std::size_t> axis;  // none: the same for all points
    std::vector<bool> outcome;
  };
  // Whether `node` is known to be `wanted`. Without the parameter it is neither
  // true nor false, so that its negation does not match either.
  bool is(bool wanted, const Node& node, std::uint64_t point) const;

  const Family* family_ = nullptr;
  std::shared_ptr<const Node> root_;
  std::vector<Test> tests_;
};

}  // namespace eh::host
