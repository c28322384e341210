// Patterns that select experiments by name.
//
// `*` stands for any text, also across '/' (`**` is the same), `?` for one
// character, `[a-z]` and `[!a-z]` for one of a set, `{a,b}` for one of several
// texts, `{1..20}` for one of these numbers (as bash has it: `{08..12}` with
// the zeros, also beside others, `{1..3,7}`); a backslash takes the next
// character literally. What is not closed, as in "a[b", stands for itself.
// Matching is iterative: the worst case is the product of the lengths, never
// exponential.
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
  /// Whether it stands for more alternatives than are looked at: the first
  /// 10,000 are.
  bool is_cut() const { return is_cut_; }

  class Reader;

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
  bool is_cut_ = false;
};

/// The pattern that takes `text` alone; also as one of several, in braces.
std::string glob_quoted(std::string_view text);
std::string glob_quoted_in_braces(std::string_view text);

/// Reads names that are made of parts, each of which may be one of many,
/// without making all the names: what was read is at several places of the
/// pattern at once. Parts end between characters.
class Glob::Reader {
 public:
  using Places = std::vector<char>;  ///< by place: whether some name is there

  /// `glob` has to outlive this.
  explicit Reader(const Glob& glob);
  Places start() const;
  static bool any(const Places& places);
  /// Adds to `to` where names that are at `from` are after `text`.
  void read(const Places& from, std::string_view text, Places& to);
  /// Whether a name that ends here matches, ...
  bool ends(const Places& places) const;
  /// ... whatever comes behind it, too.
  bool takes_rest(const Places& places) const;

 private:
  struct Step {
    const Token* token = nullptr;     // null: the end of an alternative
    std::string_view character = {};  // of a literal
  };
  bool takes_any_text(std::size_t place) const {
    const auto* token = steps_[place].token;
    return token && token->kind == Token::any_text;
  }
  void arrive(Places& places, std::size_t place) const;

  std::vector<Step> steps_;
  std::vector<std::size_t> starts_;  // of the alternatives
  Places now_, next_;                // kept for their memory
};

}  // namespace eh::host
