// A pattern takes a name in the time that base/glob.h promises, and takes the
// same names as a matcher that is slow, and short enough to be seen to be
// right. An input is a pattern, a line end, and a name.

#include "base/glob.h"

#include <map>
#include <optional>

#include "fuzz.h"

using eh::host::Glob;

namespace {

using Text = std::u32string;
constexpr auto npos = Text::npos;

// The code points of a text; nothing if it is not UTF-8.
std::optional<Text> decoded(std::string_view text) {
  Text out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) -> char32_t {
      return static_cast<unsigned char>(text[at]);
    };
    const int length = byte(i) < 0x80   ? 1
                       : byte(i) < 0xE0 ? 2
                       : byte(i) < 0xF0 ? 3
                                        : 4;
    const bool is_first =
        byte(i) < 0x80 || (byte(i) >= 0xC2 && byte(i) <= 0xF4);
    if (!is_first || i + length > text.size()) return {};
    char32_t code = length == 1 ? byte(i) : byte(i) & (0x7F >> length);
    for (int k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return {};
      code = code << 6 | (byte(i + k) & 0x3F);
    }
    const bool is_short =
        (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (is_short || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
      return {};
    out += code;
    i += length;
  }
  return out;
}

// The end of the set at the start of `p`; npos if it is not closed.
std::size_t set_end(const Text& p) {
  std::size_t i = 1;
  if (i < p.size() && (p[i] == '!' || p[i] == '^')) ++i;
  for (const auto first = i; i < p.size(); ++i) {
    if (p[i] == ']' && i > first) return i;
    if (p[i] == '\\') ++i;
  }
  return npos;
}

// Whether `c` is in a set, given without its brackets.
bool set_takes(Text set, char32_t c) {
  const bool negated = set[0] == '!' || set[0] == '^';
  if (negated) set.erase(0, 1);
  const auto next = [&] {
    if (set[0] == '\\' && set.size() > 1) set.erase(0, 1);
    const auto member = set[0];
    set.erase(0, 1);
    return member;
  };
  bool inside = false;
  while (!set.empty()) {
    const auto first = next();
    auto last = first;
    if (set.size() > 1 && set[0] == '-') {
      set.erase(0, 1);
      last = next();
    }
    inside = inside || (first <= c && c <= last);
  }
  return inside != negated;
}

// How much of the start of `p` is one thing: a set, an escape or a character.
std::size_t piece(const Text& p) {
  if (p[0] == '[' && set_end(p) != npos) return set_end(p) + 1;
  return p[0] == '\\' && p.size() > 1 ? 2 : 1;
}

// A range of whole numbers, "1..20", and whether `text` is one of these as it
// would be written.
class Range {
 public:
  static std::optional<Range> of(const Text& text) {
    const auto dots = text.find(U"..");
    if (dots == npos) return {};
    const auto first = text.substr(0, dots), last = text.substr(dots + 2);
    if (!is_number(first) || !is_number(last)) return {};
    Range out;
    if (has_zeros(first) || has_zeros(last)) {
      if (first[0] == '-' || last[0] == '-') return {};
      out.width_ = std::max(first.size(), last.size());
    }
    out.first_ = std::min(value(first), value(last));
    out.last_ = std::max(value(first), value(last));
    return out;
  }

  bool takes(const Text& text) const {
    if (!is_number(text) || text == U"-0") return false;
    const bool fits =
        width_ ? text.size() == width_ && text[0] != '-' : !has_zeros(text);
    return fits && first_ <= value(text) && value(text) <= last_;
  }

 private:
  static Text digits(const Text& text) {
    return text[0] == '-' ? text.substr(1) : text;
  }
  static bool is_number(const Text& text) {
    if (text.empty()) return false;
    const auto only = digits(text);
    return !only.empty() && only.size() <= 18 &&
           only.find_first_not_of(U"0123456789") == npos;
  }
  static bool has_zeros(const Text& text) {
    return digits(text).size() > 1 && digits(text)[0] == '0';
  }
  static long long value(const Text& text) {
    return std::stoll(std::string(text.begin(), text.end()));
  }

  long long first_ = 0, last_ = 0;
  std::size_t width_ = 0;  // 0: without leading zeros
};

class SlowGlob {
 public:
  explicit SlowGlob(Text name) : name_(std::move(name)) {}

  // Whether `p` takes the last `left` characters of the name.
  bool takes(const Text& p, std::size_t left) {
    const auto [known, is_new] = known_.try_emplace({p, left}, false);
    if (is_new) known->second = find_out(p, left);
    return known->second;
  }

 private:
  bool find_out(const Text& p, std::size_t left) {
    if (p.empty()) return left == 0;
    if (p[0] == '{') {
      if (const auto choices = choices_of(p)) {
        for (const auto& [choice, rest] : *choices)
          if (takes_choice(choice, rest, left)) return true;
        return false;
      }
    }
    const auto rest = p.substr(piece(p));
    if (p[0] == '*') {
      for (std::size_t some = 0; some <= left; ++some)
        if (takes(rest, some)) return true;
      return false;
    }
    if (left == 0) return false;
    const auto c = name_[name_.size() - left];
    bool fits = c == p[0];
    if (p[0] == '?') fits = true;
    if (p[0] == '[' && piece(p) > 1)
      fits = set_takes(p.substr(1, piece(p) - 2), c);
    if (p[0] == '\\' && piece(p) > 1) fits = c == p[1];
    return fits && takes(rest, left - 1);
  }

  bool takes_choice(const Text& choice, const Text& rest, std::size_t left) {
    const auto range = Range::of(choice);
    if (!range) return takes(choice + rest, left);
    for (std::size_t some = 1; some <= left; ++some)
      if (range->takes(name_.substr(name_.size() - left, some)) &&
          takes(rest, left - some))
        return true;
    return false;
  }

  // What stands between the commas of "{a,b}c", each with what is behind the
  // brace; nothing if that is not closed.
  static std::optional<std::vector<std::pair<Text, Text>>> choices_of(
      const Text& p) {
    std::vector<Text> choices(1);
    int depth = 0;
    for (std::size_t i = 1; i < p.size();) {
      const auto text = p.substr(i, piece(p.substr(i)));
      i += text.size();
      if (text == U"}" && depth-- == 0) {
        std::vector<std::pair<Text, Text>> out;
        for (auto& one : choices) out.emplace_back(one, p.substr(i));
        return out;
      }
      if (text == U"{") ++depth;
      if (text == U"," && depth == 0)
        choices.emplace_back();
      else
        choices.back() += text;
    }
    return {};
  }

  Text name_;
  std::map<std::pair<Text, std::size_t>, bool> known_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto text = eh::fuzz::text_of(data, size);
  const auto end = std::min(text.find('\n'), text.size());
  const auto pattern = text.substr(0, std::min<std::size_t>(end, 128));
  const auto name = text.substr(std::min(end + 1, text.size())).substr(0, 128);
  const bool takes = Glob(pattern).matches(name);
  // A pattern this short has no more alternatives than Glob looks at.
  if (pattern.size() > 28 || name.size() > 16) return 0;
  const auto p = decoded(pattern), n = decoded(name);
  if (p && n)
    eh::fuzz::require(takes == SlowGlob(*n).takes(*p, n->size()),
                      takes ? "a pattern takes what it should"
                            : "a pattern takes all that it should");
  return 0;
}
