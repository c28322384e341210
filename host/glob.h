// Patterns that select experiments by name.
//
// `*` stands for any text, also across '/' (`**` is the same), `?` for one
// character, `[a-z]` and `[!a-z]` for one of a set, `{a,b}` for one of several
// texts; a backslash takes the next character literally. What is not closed,
// as in "a[b", stands for itself. Matching is iterative: the worst case is the
// product of the lengths, never exponential.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eh::host {

class Glob {
 public:
  explicit Glob(std::string_view pattern);

  bool matches(std::string_view name) const;
  const std::string& pattern() const { return pattern_; }

 private:
  struct Token {
    enum Kind : char { literal, any_text, any_character, set } kind;
    bool negated = false;
    std::string text;          // the literal
    std::u32string set_pairs;  // the set as (first, last) pairs
  };
  using Tokens = std::vector<Token>;

  static Tokens tokenize(std::string_view pattern);
  static bool matches(const Tokens& tokens, std::string_view name);
  /// The bytes of `name` that `token` takes at its start; npos if it does not.
  static std::size_t take(const Token& token, std::string_view name);

  std::string pattern_;
  std::vector<Tokens> alternatives_;
};

}  // namespace eh::host
