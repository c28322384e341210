#include "plan/where.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace eh::host {

struct Where::Node {
  enum Kind { all, any, negation, comparison } kind;
  std::vector<std::shared_ptr<const Node>> parts;
  // of a comparison:
  std::size_t number = 0;  // which test of Bound
  std::string parameter;
  std::string op;
  std::string operand;
};

namespace {

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  if (text == "inf") return INFINITY;
  if (text == "-inf") return -INFINITY;
  if (text == "nan") return NAN;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

template <class Integer>
std::optional<Integer> integer_of(std::string_view text) {
  Integer value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_' || c == '.';
}

}  // namespace

class Where::Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::shared_ptr<const Node> parse() {
    auto node = any();
    space();
    if (at_ < text_.size()) fail("expected && or || or the end");
    return node;
  }

  std::set<std::string> parameters;
  std::vector<std::string> patterns;

 private:
  using Shared = std::shared_ptr<const Node>;

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(exit_usage, "cannot read --where '" + printable(text_) + "': " +
                                what + " at '" + printable(text_.substr(at_)) +
                                "' (write it like 'load<0.5 && seed==3')");
  }

  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t'))
      ++at_;
  }

  bool accept(std::string_view token) {
    space();
    if (text_.substr(at_, token.size()) != token) return false;
    const auto end = at_ + token.size();
    if (is_name(token.back()) && end < text_.size() && is_name(text_[end]))
      return false;
    at_ = end;
    return true;
  }

  Shared any() {
    return list(Node::any, "||", "or", [&] { return all(); });
  }
  Shared all() {
    return list(Node::all, "&&", "and", [&] { return one(); });
  }

  template <class Part>
  Shared list(Node::Kind kind, std::string_view sign, std::string_view word,
              const Part& part) {
    if (++depth_ > 200) fail("too many parentheses");
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->parts.push_back(part());
    while (accept(sign) || accept(word)) node->parts.push_back(part());
    --depth_;
    return node->parts.size() == 1 ? node->parts[0] : node;
  }

  Shared one() {
    if (++depth_ > 200) fail("too many negations");
    space();
    const bool not_equal = text_.substr(at_, 2) == "!=";
    if (!not_equal && (accept("!") || accept("not"))) {
      auto node = std::make_shared<Node>();
      node->kind = Node::negation;
      node->parts.push_back(one());
      --depth_;
      return node;
    }
    --depth_;
    if (accept("(")) {
      auto node = any();
      if (!accept(")")) fail("expected )");
      return node;
    }
    return comparison();
  }

  Shared comparison() {
    auto node = std::make_shared<Node>();
    node->kind = Node::comparison;
    node->number = comparisons_++;
    node->parameter = word();
    // As it is called in tables that have another column of that name.
    constexpr std::string_view part = "parameters.";
    if (node->parameter.starts_with(part))
      node->parameter.erase(0, part.size());
    if (node->parameter.empty()) fail("expected a parameter's name");
    parameters.insert(node->parameter);
    for (const auto op : {"==", "!=", "<=", ">=", "<", ">", "~", "="})
      if (accept(op)) {
        node->op = std::string_view(op) == "=" ? "==" : op;
        break;
      }
    if (node->op.empty()) {
      node->op = "==";
      node->operand = "true";
      return node;
    }
    space();
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '"' || c == '\'') {
      const auto close = text_.find(c, at_ + 1);
      if (close == text_.npos) fail("a quote without its end");
      node->operand = text_.substr(at_ + 1, close - at_ - 1);
      at_ = close + 1;
    } else {
      node->operand = operand();
      if (node->operand.empty()) fail("expected a value");
    }
    if (node->op == "~") {
      if (Glob(node->operand).is_cut()) fail("a pattern of too many texts");
      patterns.push_back(node->operand);
    }
    return node;
  }

  std::string word() {
    space();
    const auto begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  // An unquoted value ends at a space, a parenthesis, & or |.
  std::string operand() {
    const auto begin = at_;
    while (at_ < text_.size() && std::string_view(" \t()&|").find(text_[at_]) ==
                                     std::string_view::npos)
      ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t comparisons_ = 0;
  int depth_ = 0;
};

Where::Where(std::string_view text) {
  Parser parser(text);
  root_ = parser.parse();
  parameters_ = std::move(parser.parameters);
  patterns_ = std::move(parser.patterns);
}

namespace {

// A value's text as people write it: JSON strings, as append_json_string()
// writes them, without their quotes and escapes.
std::string plain(const std::string& json) {
  if (json.size() < 2 || json[0] != '"') return json;
  std::string out;
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') {
      out += json[i];
      continue;
    }
    const char escaped = json[++i];
    if (escaped == 'u' && json.compare(i, 3, "u00") == 0) {
      out += static_cast<char>(std::stoi(json.substr(i + 3, 2), nullptr, 16));
      i += 4;
    } else if (escaped == 'u') {  // a byte that was no UTF-8
      out += "\xef\xbf\xbd";
      i += 4;
    } else {
      out += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
    }
  }
  return out;
}

template <class T>
bool compare(const T& left, const std::string& op, const T& right) {
  if (op == "==") return left == right;
  if (op == "!=") return left != right;
  if (op == "<") return left < right;
  if (op == "<=") return left <= right;
  if (op == ">") return left > right;
  return left >= right;
}

// Integers beyond 2^53 compare exactly, to others that are written as such.
bool compare_numbers(const std::string& left, const std::string& op,
                     const std::string& right) {
  const auto a = integer_of<std::int64_t>(left);
  const auto b = integer_of<std::int64_t>(right);
  if (a && b) return compare(*a, op, *b);
  const auto c = integer_of<std::uint64_t>(left);
  const auto d = integer_of<std::uint64_t>(right);
  if (c && d) return compare(*c, op, *d);
  return compare(number_of(left).value_or(NAN), op,
                 number_of(right).value_or(NAN));
}

[[noreturn]] void no_sense(const Where::Node& node, const Parameter& parameter,
                           const std::string& why) {
  throw Error(exit_usage, "cannot use --where '" + node.parameter + node.op +
                              printable(node.operand) + "': " + why + " ('" +
                              parameter.name + "' is a " + parameter.type +
                              ")");
}

void check_operand(const Where::Node& node, const Parameter& parameter) {
  if (node.op == "~") return;
  const bool numeric =
      parameter.kind == Kind::integer || parameter.kind == Kind::real;
  if (numeric && !number_of(node.operand))
    no_sense(node, parameter,
             "'" + printable(node.operand) + "' is not a number");
  if (parameter.kind == Kind::boolean && node.operand != "true" &&
      node.operand != "false")
    no_sense(node, parameter,
             "'" + printable(node.operand) + "' is not true or false");
  if (parameter.kind == Kind::choice &&
      std::find(parameter.choices.begin(), parameter.choices.end(),
                node.operand) == parameter.choices.end() &&
      !parameter.choices.empty())
    no_sense(node, parameter,
             "'" + printable(node.operand) + "' is none of its values" +
                 did_you_mean(node.operand, parameter.choices));
}

bool holds(const Where::Node& node, const Parameter& parameter,
           const std::string& json) {
  const std::string value = plain(json);
  if (node.op == "~") return Glob(node.operand).matches(value);
  if (parameter.kind == Kind::integer || parameter.kind == Kind::real)
    return compare_numbers(value, node.op, node.operand);
  return compare(value, node.op, node.operand);
}

}  // namespace

std::shared_ptr<const Where::Bound> Where::bind(const Family& family) const {
  auto bound = std::make_shared<Bound>();
  bound->family_ = &family;
  bound->root_ = root_;
  std::vector<const Node*> open{root_.get()};
  while (!open.empty()) {
    const Node& node = *open.back();
    open.pop_back();
    for (const auto& part : node.parts) open.push_back(part.get());
    if (node.kind != Node::comparison) continue;
    Bound::Test test;
    const auto found = std::find_if(
        family.parameters.begin(), family.parameters.end(),
        [&](const Parameter& p) { return p.name == node.parameter; });
    if (found != family.parameters.end()) {
      check_operand(node, *found);
      const auto p =
          static_cast<std::size_t>(found - family.parameters.begin());
      test.axis = family.axis_of(p);
      if (test.axis) {
        const Axis& axis = family.axes[*test.axis];
        for (std::uint64_t i = 0; i < axis.size(); ++i)
          test.outcome.push_back(holds(node, *found, axis.json(i)));
      } else {
        test.outcome = {holds(node, *found, found->json)};
      }
    }
    if (bound->tests_.size() <= node.number)
      bound->tests_.resize(node.number + 1);
    bound->tests_[node.number] = std::move(test);
  }
  return bound;
}

bool Where::Bound::has_parameters() const {
  return std::any_of(tests_.begin(), tests_.end(),
                     [](const Test& test) { return !test.outcome.empty(); });
}

bool Where::Bound::matches(std::uint64_t point) const {
  return is(true, *root_, point);
}

bool Where::Bound::is(bool wanted, const Node& node,
                      std::uint64_t point) const {
  if (node.kind == Node::negation) return is(!wanted, *node.parts[0], point);
  if (node.kind == Node::comparison) {
    const Test& test = tests_[node.number];
    if (test.outcome.empty()) return false;
    const auto value = test.axis ? family_->axis_value(point, *test.axis) : 0;
    return test.outcome[value] == wanted;
  }
  const auto part_is = [&](auto& part) { return is(wanted, *part, point); };
  return (node.kind == Node::all) == wanted
             ? std::all_of(node.parts.begin(), node.parts.end(), part_is)
             : std::any_of(node.parts.begin(), node.parts.end(), part_is);
}

}  // namespace eh::host
