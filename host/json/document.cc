#include "json/document.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <system_error>

#include "base/int128.h"
#include "json/cursor.h"
#include "json/hints.h"
#include "json/number.h"
#include "json/write.h"

namespace eh::host {
namespace {

constexpr std::size_t deepest = 100;

std::string text_of(TextPlace place) {
  return std::to_string(place.line) + ':' + std::to_string(place.column);
}

class Parser {
 public:
  explicit Parser(std::string_view text) : in_(text) {}

  JsonValue parse() {
    skip_space();
    JsonValue out = value("expected a value");
    skip_space();
    if (in_.at_end()) return out;
    const bool member = out.kind == JsonValue::string && in_.sees(':');
    throw JsonError(in_.place(),
                    "expected the end of the text after this value, found " +
                        found() +
                        (member ? " (write an object in braces, {...})" : ""));
  }

 private:
  struct Bracket {
    char sign;
    TextPlace place;
    char closing() const { return sign == '{' ? '}' : ']'; }
  };

  // `expected`, and what stands here instead. Where the text has ended, the
  // place is where it did, not behind the empty lines that follow.
  [[noreturn]] void fail(TextPlace place, const std::string& expected) const {
    auto message = expected + ", found " + found();
    const bool closes = in_.sees('}') || in_.sees(']');
    if (!open_.empty() &&
        (in_.at_end() || (closes && !in_.sees(open_.back().closing()))))
      message += std::string(" (the '") + open_.back().sign + "' at " +
                 text_of(open_.back().place) + " is not closed)";
    throw JsonError(in_.at_end() ? behind_ : place, message);
  }

  std::string found() const {
    if (in_.at_end()) return "the end of the text";
    auto what = in_.word();
    if (what.empty()) what = in_.rest().substr(0, 1);
    if (in_.sees('"')) {
      const auto rest = in_.rest();
      const auto end = std::min(rest.find('"', 1), rest.find('\n'));
      what = rest.substr(0, end == rest.npos ? end : end + (rest[end] == '"'));
    }
    if (is_short(what)) return quoted_briefly(what);
    return in_.sees('"')          ? "a text in quotes"
           : is_json_number(what) ? "a number"
                                  : "a text without quotes";
  }

  // Skips what has no meaning, and notes where the last token ended.
  void skip_space() {
    behind_ = in_.place();
    in_.skip_space();
  }

  JsonValue value(const char* expected) {
    JsonValue out;
    out.place = in_.place();
    if (in_.sees('{')) {
      read_object(out);
    } else if (in_.sees('[')) {
      read_array(out);
    } else if (in_.sees('"')) {
      out.kind = JsonValue::string;
      out.text = in_.read_string();
    } else if (const auto word = in_.word(); !word.empty()) {
      read_word(out, word);
    } else {
      fail(in_.place(), expected);
    }
    return out;
  }

  void read_word(JsonValue& out, std::string_view word) {
    if (word == "true" || word == "false") {
      out.kind = JsonValue::boolean;
      out.truth = word == "true";
    } else if (is_json_number(word)) {
      out.kind = JsonValue::number;
      out.text = word;
    } else if (word != "null") {
      throw JsonError(out.place, near_miss_value(quoted_word(word)));
    }
    in_.step(word.size());
  }

  // `word`, up to its closing quote if it begins with a single quote.
  std::string_view quoted_word(std::string_view word) const {
    if (!word.starts_with('\'')) return word;
    const auto rest = in_.rest();
    const auto end = rest.find_first_of("'\r\n", 1);
    return end != rest.npos && rest[end] == '\'' ? rest.substr(0, end + 1)
                                                 : word;
  }

  void open() {
    if (open_.size() == deepest)
      throw JsonError(in_.place(), "this is nested deeper than " +
                                       std::to_string(deepest) + " levels");
    open_.push_back({in_.peek(), in_.place()});
    in_.step();
    skip_space();
  }

  // Whether the bracket is closed here.
  bool close() {
    if (!in_.accept(open_.back().closing())) return false;
    open_.pop_back();
    return true;
  }

  // Reads what follows a value within brackets; returns whether another one
  // may stand there.
  bool next() {
    skip_space();
    if (in_.accept(',')) {
      skip_space();
      return !close();
    }
    if (close()) return false;
    fail(behind_, std::string("expected ',' or '") + open_.back().closing() +
                      "' after this value");
  }

  void read_array(JsonValue& out) {
    out.kind = JsonValue::array;
    open();
    if (close()) return;
    do {
      out.elements.push_back(value("expected a value or ']'"));
    } while (next());
  }

  void read_object(JsonValue& out) {
    out.kind = JsonValue::object;
    auto& members = out.members;
    const auto less = [&](std::size_t a, std::size_t b) {
      return members[a].key < members[b].key;
    };
    std::set<std::size_t, decltype(less)> seen(less);
    open();
    if (close()) return;
    do {
      auto& member = members.emplace_back();
      member.place = in_.place();
      member.key = key();
      const auto [first, is_new] = seen.insert(members.size() - 1);
      if (!is_new)
        throw JsonError(member.place, "the key " + quoted_briefly(member.key) +
                                          " stands twice (first at " +
                                          text_of(members[*first].place) + ")");
      skip_space();
      if (!in_.accept(':')) fail(behind_, "expected ':' after this key");
      skip_space();
      member.value = value("expected a value after ':'");
    } while (next());
  }

  std::string key() {
    if (in_.sees('"')) return in_.read_string();
    // What no ':' follows may be a value, and somebody's secret.
    if (const auto word = quoted_word(in_.word()); !word.empty()) {
      auto behind = in_;
      behind.step(word.size());
      behind.skip_space();
      if (behind.sees(':')) throw JsonError(in_.place(), near_miss_key(word));
    }
    fail(in_.place(), "expected a key in quotes or '}'");
  }

  JsonCursor in_;
  TextPlace behind_;           // the end of the last token
  std::vector<Bracket> open_;  // the innermost one last
};

void append_json(std::string& out, const JsonValue& value) {
  const char* comma = "";
  switch (value.kind) {
    case JsonValue::null:
      out += "null";
      break;
    case JsonValue::boolean:
      out += value.truth ? "true" : "false";
      break;
    case JsonValue::number:
      out += value.text;
      break;
    case JsonValue::string:
      append_json_string(out, value.text);
      break;
    case JsonValue::array:
      out += '[';
      for (const auto& element : value.elements) {
        out += comma;
        append_json(out, element);
        comma = ",";
      }
      out += ']';
      break;
    case JsonValue::object:
      out += '{';
      for (const auto& member : value.members) {
        out += comma;
        append_json_string(out, member.key);
        out += ':';
        append_json(out, member.value);
        comma = ",";
      }
      out += '}';
      break;
  }
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](auto& m) { return m.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

JsonValue parse_json(std::string_view text) {
  return Parser(text).parse();
}

namespace {

bool same_number(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto whole_a = wide_of(a), whole_b = wide_of(b);
  if (whole_a && whole_b) return *whole_a == *whole_b;
  double real_a = 0, real_b = 0;
  return std::from_chars(a.data(), a.data() + a.size(), real_a).ec ==
             std::errc{} &&
         std::from_chars(b.data(), b.data() + b.size(), real_b).ec ==
             std::errc{} &&
         real_a == real_b;
}

}  // namespace

bool same_value(const JsonValue& a, const JsonValue& b) {
  if (a.kind != b.kind || a.truth != b.truth) return false;
  if (a.kind == JsonValue::number) return same_number(a.text, b.text);
  return a.text == b.text && a.members.size() == b.members.size() &&
         std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(),
                    b.elements.end(), same_value) &&
         std::all_of(a.members.begin(), a.members.end(), [&](const auto& m) {
           const auto* other = b.find(m.key);
           return other && same_value(m.value, *other);
         });
}

std::string json_text(const JsonValue& value) {
  std::string out;
  append_json(out, value);
  return out;
}

}  // namespace eh::host
