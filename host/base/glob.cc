#include "base/glob.h"

#include <algorithm>

#include "base/number_range.h"

namespace eh::host {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t most_alternatives = 10'000;

// The end of the set that begins at `at` ('['), or npos if it is not closed.
std::size_t set_end(std::string_view p, std::size_t at) {
  std::size_t i = at + 1;
  if (i < p.size() && (p[i] == '!' || p[i] == '^')) ++i;
  if (i < p.size() && p[i] == ']') ++i;  // a leading ']' is a member
  while (i < p.size() && p[i] != ']') i += p[i] == '\\' ? 2 : 1;
  return i < p.size() ? i : npos;
}

// The position after what stands at `at`, without looking into it.
std::size_t skip(std::string_view p, std::size_t at) {
  if (p[at] == '\\' && at + 1 < p.size()) return at + 2;
  if (p[at] == '[') {
    const auto end = set_end(p, at);
    if (end != npos) return end + 1;
  }
  return at + 1;
}

// `p` with what looks like a set but is not closed made literal, so that
// nothing that is put behind it closes it.
std::string without_open_sets(std::string_view p) {
  std::string out;
  for (std::size_t i = 0, next = 0; i < p.size(); i = next) {
    next = skip(p, i);
    if (p[i] == '[' && next == i + 1) out += '\\';
    out += p.substr(i, next - i);
  }
  return out;
}

// What stands between two commas: itself, or what takes a range of numbers.
std::vector<std::string> texts_of(std::string_view choice) {
  if (auto numbers = number_range(choice)) return std::move(*numbers);
  return {std::string(choice)};
}

// The position of the '}' that closes the '{' at `at`, or npos. `commas` are
// those between the two.
std::size_t brace_end(std::string_view p, std::size_t at,
                      std::vector<std::size_t>& commas) {
  int depth = 1;
  for (std::size_t i = at + 1; i < p.size(); i = skip(p, i)) {
    if (p[i] == '{') ++depth;
    if (p[i] == ',' && depth == 1) commas.push_back(i);
    if (p[i] == '}' && --depth == 0) return i;
  }
  return npos;
}

// What braces around a single text also stand for: themselves, in names that
// have some. Those around such braces, too, as a source says it: {{a}} is {a}.
std::vector<std::string> literal_braces(std::string_view inside) {
  std::vector<std::string> out;
  std::vector<std::size_t> commas;
  const auto braces = [](std::string_view text) {
    return std::string("\\{").append(text).append("\\}");
  };
  if (number_range(inside)) return out;
  out.push_back(braces(inside));
  if (inside.starts_with('{') &&
      brace_end(inside, 0, commas) == inside.size() - 1)
    out.push_back(braces(inside.substr(1, inside.size() - 2)));
  return out;
}

// Expands the first {a,b} of `p`, and so on, into `out`. Whether all of them
// found room.
bool expand(std::string_view p, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < p.size(); i = skip(p, i)) {
    if (p[i] != '{') continue;
    std::vector<std::size_t> commas{i};
    const auto end = brace_end(p, i, commas);
    if (end == npos) continue;  // not closed: stands for itself
    commas.push_back(end);
    const auto add = [&](std::string_view choice) {
      if (out.size() >= most_alternatives) return false;
      std::string whole(p.substr(0, i));
      whole.append(choice).append(p.substr(end + 1));
      return expand(whole, out);
    };
    for (std::size_t k = 0; k + 1 < commas.size(); ++k)
      for (const auto& one :
           texts_of(p.substr(commas[k] + 1, commas[k + 1] - commas[k] - 1)))
        if (!add(one)) return false;
    if (commas.size() == 2)
      for (const auto& one : literal_braces(p.substr(i + 1, end - i - 1)))
        if (!add(one)) return false;
    return true;
  }
  out.emplace_back(p);
  return true;
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != special.npos) out += '\\';
    out += c;
  }
  return out;
}

std::size_t character_length(std::string_view s) {
  std::size_t n = 1;
  while (n < s.size() && n < 4 &&
         (static_cast<unsigned char>(s[n]) & 0xC0) == 0x80)
    ++n;
  return n;
}

// The first character of `s` as a number that orders like its code point: the
// bytes of its UTF-8 form, the first one highest.
char32_t character(std::string_view s) {
  char32_t number = 0;
  for (const char c : s.substr(0, character_length(s)))
    number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

// Reads the next member of a set, which may be escaped.
char32_t take_member(std::string_view& set) {
  if (set[0] == '\\' && set.size() > 1) set.remove_prefix(1);
  const char32_t member = character(set);
  set.remove_prefix(character_length(set));
  return member;
}

}  // namespace

Glob::Glob(std::string_view pattern) : pattern_(pattern) {
  std::vector<std::string> expanded;
  is_cut_ = !expand(without_open_sets(pattern), expanded);
  for (const auto& one : expanded) alternatives_.push_back(tokenize(one));
}

Glob::Tokens Glob::tokenize(std::string_view p) {
  Tokens tokens;
  auto literal = [&](char c) {
    if (tokens.empty() || tokens.back().kind != Token::literal)
      tokens.push_back({Token::literal, false, {}, {}});
    tokens.back().text += c;
  };
  for (std::size_t i = 0; i < p.size();) {
    const std::size_t next = skip(p, i);
    if (p[i] == '*') {
      if (tokens.empty() || tokens.back().kind != Token::any_text)
        tokens.push_back({Token::any_text, false, {}, {}});
    } else if (p[i] == '?') {
      tokens.push_back({Token::any_character, false, {}, {}});
    } else if (p[i] == '[' && next > i + 1) {
      Token set{Token::set, false, {}, {}};
      auto members = p.substr(i + 1, next - i - 2);
      set.negated = members[0] == '!' || members[0] == '^';
      if (set.negated) members.remove_prefix(1);
      while (!members.empty()) {
        const char32_t first = take_member(members);
        const bool range = members.size() > 1 && members[0] == '-';
        if (range) members.remove_prefix(1);
        set.set_pairs += first;
        set.set_pairs += range ? take_member(members) : first;
      }
      tokens.push_back(std::move(set));
    } else {
      literal(p[next - 1]);
    }
    i = next;
  }
  return tokens;
}

std::size_t Glob::take(const Token& token, std::string_view name) {
  if (token.kind == Token::literal)
    return name.substr(0, token.text.size()) == token.text ? token.text.size()
                                                           : npos;
  if (name.empty()) return npos;
  if (token.kind == Token::any_character) return character_length(name);
  const char32_t c = character(name);
  bool inside = false;
  for (std::size_t i = 0; i + 1 < token.set_pairs.size(); i += 2)
    inside = inside || (token.set_pairs[i] <= c && c <= token.set_pairs[i + 1]);
  return inside != token.negated ? character_length(name) : npos;
}

bool Glob::matches(const Tokens& tokens, std::string_view name) {
  std::size_t token = 0, at = 0;
  std::size_t star = npos, star_at = 0;  // where to go back to
  for (;;) {
    if (token < tokens.size() && tokens[token].kind == Token::any_text) {
      star = token++;
      star_at = at;
      if (token == tokens.size()) return true;
      continue;
    }
    if (token == tokens.size() && at == name.size()) return true;
    if (token < tokens.size()) {
      const auto taken = take(tokens[token], name.substr(at));
      if (taken != npos) {
        ++token;
        at += taken;
        continue;
      }
    }
    if (star == npos || star_at >= name.size()) return false;
    token = star + 1;
    at = star_at += character_length(name.substr(star_at));
    // Jump to the next place where a literal can begin.
    if (tokens[token].kind == Token::literal) {
      at = name.find(tokens[token].text, at);
      if (at == npos) return false;
      star_at = at;
    }
  }
}

bool Glob::matches(std::string_view name) const {
  return std::any_of(
      alternatives_.begin(), alternatives_.end(),
      [&](const Tokens& tokens) { return matches(tokens, name); });
}

std::string glob_quoted(std::string_view text) {
  return escaped(text, "*?[{\\");
}

std::string glob_quoted_in_braces(std::string_view text) {
  auto out = escaped(text, "*?[{\\},");
  if (number_range(out)) out.insert(out.find(".."), 1, '\\');
  return out;
}

Glob::Reader::Reader(const Glob& glob) {
  for (const auto& tokens : glob.alternatives_) {
    starts_.push_back(steps_.size());
    for (const auto& token : tokens) {
      if (token.kind != Token::literal) steps_.push_back({&token});
      std::string_view rest = token.text;
      for (; !rest.empty(); rest.remove_prefix(character_length(rest)))
        steps_.push_back({&token, rest.substr(0, character_length(rest))});
    }
    steps_.push_back({});
  }
}

void Glob::Reader::arrive(Places& places, std::size_t place) const {
  places[place] = true;
  while (takes_any_text(place)) places[++place] = true;
}

Glob::Reader::Places Glob::Reader::start() const {
  Places places(steps_.size());
  for (const auto place : starts_) arrive(places, place);
  return places;
}

bool Glob::Reader::any(const Places& places) {
  return std::find(places.begin(), places.end(), true) != places.end();
}

void Glob::Reader::read(const Places& from, std::string_view text, Places& to) {
  now_ = from;
  while (!text.empty()) {
    const auto character = text.substr(0, character_length(text));
    text.remove_prefix(character.size());
    next_.assign(now_.size(), false);
    for (std::size_t i = 0; i < now_.size(); ++i) {
      const auto* token = steps_[i].token;
      if (!now_[i] || !token) continue;
      if (takes_any_text(i))
        arrive(next_, i);
      else if (token->kind == Token::literal ? steps_[i].character == character
                                             : take(*token, character) != npos)
        arrive(next_, i + 1);
    }
    std::swap(now_, next_);
  }
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = to[i] || now_[i];
}

bool Glob::Reader::ends(const Places& places) const {
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i] && !steps_[i].token) return true;
  return false;
}

bool Glob::Reader::takes_rest(const Places& places) const {
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i] && takes_any_text(i) && !steps_[i + 1].token) return true;
  return false;
}

}  // namespace eh::host
