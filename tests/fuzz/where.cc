// An expression of --where is either refused with an Error or has an answer for
// each experiment, and the answers keep to the rules of logic.

#include "plan/where.h"

#include <algorithm>
#include <optional>

#include "fuzz.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using eh::fuzz::require;

namespace {

Catalog experiments() {
  Family each = single("main", "each");
  Parameter method = text("method", "fast");
  method.kind = Kind::choice;
  method.choices = {"fast", "exact"};
  Parameter list = integer("list", "[1,2]");
  list.kind = Kind::list;
  each.parameters = {integer("n", "18446744073709551615"),
                     real("x", "\"-inf\""),
                     boolean("on", true),
                     text("t", R"(a\n\"\u0001\\)"),
                     method,
                     list};
  Family swept = sweep("main", "{n}/{x}",
                       {{"n", {"-1", "0", "3"}}, {"x", {"0.5", "1e300"}}});
  swept.parameters[1].kind = Kind::real;
  swept.kept = {{{1, 2}, {4, 5}}};
  Family ranged = sweep("main", "range/{n}", {{"n", {"1"}}});
  ranged.axes[0] = range(0, -2, 1, 5);
  return catalog_of({each, swept, ranged, single("main", "none")});
}

// The answer for each experiment; nothing if the expression is refused.
using Answers = std::optional<std::vector<bool>>;

template <class Ask>
auto unless_refused(const Ask& ask) -> std::optional<decltype(ask())> {
  try {
    return ask();
  } catch (const Error& error) {
    require(error.code() == exit_usage, "a refusal is an error of use");
    return {};
  }
}

Answers answers(const std::string& expression, const Family& family) {
  return unless_refused([&] {
    const auto bound = Where(expression).bind(family);
    std::vector<bool> out;
    for (std::uint64_t i = 0; i < family.size(); ++i)
      out.push_back(bound->matches(i));
    return out;
  });
}

bool has_all(const Family& family, const std::set<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const auto& name) {
    return std::any_of(
        family.parameters.begin(), family.parameters.end(),
        [&](const auto& parameter) { return parameter.name == name; });
  });
}

// `e` is one that can be read.
void check(const std::string& e, const Family& family) {
  const auto yes = answers(e, family);
  const auto no = answers("!(" + e + ")", family);
  require(yes.has_value() == no.has_value(), "a negation makes as much sense");
  if (!yes) return;
  const bool all_known = has_all(family, Where(e).parameters());
  for (std::size_t i = 0; i < yes->size(); ++i) {
    require(!(*yes)[i] || !(*no)[i], "not both a thing and its opposite");
    require(!all_known || (*yes)[i] || (*no)[i],
            "one of a thing and its opposite");
  }
  require(answers("!!(" + e + ")", family) == yes, "twice negated is the same");
  require(answers("(" + e + ")||(" + e + ")", family) == yes,
          "or with itself is the same");
  require(answers("( " + e + " )and( " + e + " )", family) == yes,
          "and with itself is the same");
  const auto never = answers("(" + e + ")&&!(" + e + ")", family);
  require(never == std::vector<bool>(yes->size()),
          "a contradiction is never true");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const Catalog catalog = experiments();
  const std::string e(eh::fuzz::text_of(data, size));
  // There is a limit to nesting, which the expressions made of it may pass.
  const auto nesting = std::count_if(e.begin(), e.end(), [](char c) {
    return c == '(' || c == '!' || c == 'n';
  });
  if (!unless_refused([&] { return Where(e); })) return 0;
  for (const auto& family : catalog.families)
    if (nesting > 60)
      answers(e, family);
    else
      check(e, family);
  return 0;
}
