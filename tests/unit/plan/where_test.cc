#include "plan/where.h"

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(plan_where)

namespace {

// An experiment with one parameter of each kind.
Family one_of_each() {
  Family family = single("main", "x");
  Parameter method = text("method", "fast");
  method.kind = Kind::choice;
  method.type = "Method";
  method.choices = {"fast", "exact", "slow"};
  Parameter list = integer("sizes", "[1,2]");
  list.kind = Kind::list;
  family.parameters = {integer("seed", "3"),
                       real("load", "0.25"),
                       boolean("verbose", true),
                       text("file", "a/data.txt"),
                       method,
                       list};
  family.prepare();
  return family;
}

bool holds(const std::string& expression) {
  const Family family = one_of_each();
  return Where(expression).bind(family)->matches(0);
}

bool holds_for(const Parameter& parameter, const std::string& expression) {
  Family family = single("main", "x");
  family.parameters = {parameter};
  family.prepare();
  return Where(expression).bind(family)->matches(0);
}

void yes(std::initializer_list<const char*> expressions) {
  for (const auto* e : expressions) BOOST_CHECK_MESSAGE(holds(e), e);
}

void no(std::initializer_list<const char*> expressions) {
  for (const auto* e : expressions) BOOST_CHECK_MESSAGE(!holds(e), e);
}

void refused(const std::string& expression, std::vector<std::string> parts) {
  BOOST_TEST_CONTEXT(expression)
  BOOST_CHECK_EXCEPTION(holds(expression), Error,
                        error_with(exit_usage, parts));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_parameter_may_be_called_one) {
  BOOST_CHECK(holds("parameters.seed == 3"));
  BOOST_CHECK(!holds("parameters.load > 0.25"));
}

BOOST_AUTO_TEST_CASE(numbers) {
  yes({"seed == 3", "seed==3", "seed = 3", "seed != 4", "seed < 4", "seed <= 3",
       "seed > 2", "seed >= 3", "seed == 3.0", "seed < 3.5", "seed > -1",
       "seed == \"3\"", "load < 0.5", "load == 0.25", "load == 2.5e-1",
       "load > -inf", "load < inf"});
  no({"seed == 4", "seed != 3", "seed < 3", "seed <= 2", "seed > 3",
      "seed >= 4", "load > 0.25", "load != 0.250", "load == nan"});
  // By value, not by digits.
  yes({"seed < 10", "seed < 2e1"});
}

BOOST_AUTO_TEST_CASE(large_integers_compare_exactly) {
  const auto big = integer("n", "9007199254740993");  // 2^53 + 1
  BOOST_CHECK(holds_for(big, "n == 9007199254740993"));
  BOOST_CHECK(!holds_for(big, "n == 9007199254740992"));
  BOOST_CHECK(holds_for(big, "n != 9007199254740992"));
  BOOST_CHECK(holds_for(big, "n > 9007199254740992"));
  BOOST_CHECK(!holds_for(big, "n <= 9007199254740992"));
  BOOST_CHECK(holds_for(big, "n < 9007199254740994"));
  BOOST_CHECK(holds_for(big, "n < 1e300"));
  const auto unsigned_one = integer("n", "18446744073709551615");
  BOOST_CHECK(holds_for(unsigned_one, "n == 18446744073709551615"));
  BOOST_CHECK(!holds_for(unsigned_one, "n == 18446744073709551614"));
  BOOST_CHECK(holds_for(unsigned_one, "n > 18446744073709551614"));
  BOOST_CHECK(holds_for(unsigned_one, "n > -1"));
  const auto negative = integer("n", "-9007199254740993");
  BOOST_CHECK(holds_for(negative, "n < -9007199254740992"));
  BOOST_CHECK(holds_for(negative, "n < 18446744073709551615"));
}

BOOST_AUTO_TEST_CASE(not_a_number_equals_nothing) {
  const auto nan = real("x", "\"nan\"");
  BOOST_CHECK(!holds_for(nan, "x == nan"));
  BOOST_CHECK(!holds_for(nan, "x < 1"));
  BOOST_CHECK(holds_for(nan, "x != 1"));
  BOOST_CHECK(holds_for(real("x", "\"inf\""), "x > 1e308"));
  BOOST_CHECK(holds_for(real("x", "\"-inf\""), "x == -inf"));
}

BOOST_AUTO_TEST_CASE(texts_and_choices) {
  yes({"file == \"a/data.txt\"", "file == 'a/data.txt'", "file == a/data.txt",
       "file ~ *.txt", "file ~ '*/data.*'", "file != b", "file < b",
       "method == fast", "method == \"fast\"", "method != exact",
       "method ~ 'f*'"});
  no({"file == data.txt", "file ~ data*", "file ~ '*.csv'", "method == exact",
      "file == ''"});
}

BOOST_AUTO_TEST_CASE(quotes_keep_everything) {
  BOOST_CHECK(holds_for(text("t", "a && b"), "t == 'a && b'"));
  BOOST_CHECK(holds_for(text("t", "a) || (b"), "t == \"a) || (b\""));
  BOOST_CHECK(holds_for(text("t", "it's"), "t == \"it's\""));
  BOOST_CHECK(holds_for(text("t", ""), "t == ''"));
  BOOST_CHECK(holds_for(text("t", "or"), "t == or"));
  BOOST_CHECK(holds_for(text("t", "x y"), "(t == 'x y')"));
}

BOOST_AUTO_TEST_CASE(escaped_texts_compare_by_what_they_say) {
  BOOST_CHECK(holds_for(text("t", R"(say \"hi\")"), "t == 'say \"hi\"'"));
  BOOST_CHECK(holds_for(text("t", R"(a\\b)"), R"(t == 'a\b')"));
  BOOST_CHECK(holds_for(text("t", R"(a\nb\tc)"), "t == 'a\nb\tc'"));
  BOOST_CHECK(holds_for(text("t", R"(\u001b)"), "t == '\x1b'"));
  BOOST_CHECK(holds_for(text("t", R"(n\\)"), R"(t == 'n\')"));
}

BOOST_AUTO_TEST_CASE(lists_compare_by_their_text) {
  yes({"sizes == '[1,2]'", "sizes ~ '*,2]'", "sizes != '[2]'"});
  no({"sizes == '[1]'"});
}

BOOST_AUTO_TEST_CASE(booleans) {
  yes({"verbose", "verbose == true", "verbose != false", "!!verbose",
       "(verbose)", "verbose=true"});
  no({"!verbose", "not verbose", "verbose == false", "verbose != true"});
}

BOOST_AUTO_TEST_CASE(precedence) {
  // && binds more than ||, ! more than both.
  yes({"seed==3 || seed==4 && seed==5", "seed==3 or seed==4 and seed==5",
       "!seed==4 && verbose", "not seed==4 and verbose",
       "!(seed==4 || seed==5)", "((seed==3))",
       "load < 0.5 && (seed == 4 || method == \"fast\") && verbose"});
  no({"(seed==3 || seed==4) && seed==5", "!(seed==3 && verbose)",
      "!seed==3 || !verbose", "seed==3 && verbose && load>1"});
  yes({"seed==3&&verbose", "seed==4||verbose", "(seed==3)and(verbose)"});
}

BOOST_AUTO_TEST_CASE(words_are_whole_words) {
  Family family = single("main", "x");
  family.parameters = {integer("order", "1"), integer("android", "2"),
                       boolean("notify", true)};
  family.prepare();
  BOOST_CHECK(Where("order==1 and android==2").bind(family)->matches(0));
  BOOST_CHECK(Where("notify").bind(family)->matches(0));
  BOOST_CHECK(!Where("not notify").bind(family)->matches(0));
}

BOOST_AUTO_TEST_CASE(parameters_are_told) {
  const Where where("load<1 && (seed==3 || !verbose) && load>0");
  BOOST_TEST(where.parameters() ==
             (std::set<std::string>{"load", "seed", "verbose"}));
}

// Whatever is asked of a parameter that an experiment has not, the answer is
// no; the rest of the expression still counts.
BOOST_AUTO_TEST_CASE(without_the_parameter_nothing_matches) {
  const Family family = one_of_each();
  const auto matches = [&](const char* expression) {
    return Where(expression).bind(family)->matches(0);
  };
  for (const auto* e :
       {"other == 1", "other != 1", "other", "!other", "!(other == 1)",
        "!(other != 1)", "other == 1 && seed == 3", "!(other==1 && seed==3)",
        "!(other == 1 || seed == 4)", "other ~ '*'"})
    BOOST_CHECK_MESSAGE(!matches(e), e);
  for (const auto* e : {"other == 1 || seed == 3", "seed == 3 || !other",
                        "!(other == 1 && seed == 4)"})
    BOOST_CHECK_MESSAGE(matches(e), e);
}

BOOST_AUTO_TEST_CASE(sweeps) {
  Family family =
      sweep("main", "{a}/{b}", {{"a", {"1", "2", "3"}}, {"b", {"10", "20"}}});
  family.parameters.push_back(boolean("on", true));
  BOOST_REQUIRE_EQUAL(family.prepare(), "");
  const auto matching = [&](const char* expression) {
    const auto bound = Where(expression).bind(family);
    std::string names;
    for (std::uint64_t i = 0; i < family.size(); ++i)
      if (bound->matches(i)) names += family.name(i) + ' ';
    return names;
  };
  BOOST_CHECK_EQUAL(matching("a==2"), "2/10 2/20 ");
  BOOST_CHECK_EQUAL(matching("b>10 && a!=2"), "1/20 3/20 ");
  BOOST_CHECK_EQUAL(matching("a==1 || b==20 && on"), "1/10 1/20 2/20 3/20 ");
  BOOST_CHECK_EQUAL(matching("!on"), "");
  BOOST_CHECK_EQUAL(matching("!(a<3)"), "3/10 3/20 ");
}

BOOST_AUTO_TEST_CASE(swept_ranges) {
  Family family = sweep("main", "{a}", {{"a", {"1"}}});
  family.axes[0] = range(0, -2, 1, 5);
  BOOST_REQUIRE_EQUAL(family.prepare(), "");
  std::string names;
  const auto bound = Where("a<0 || a==2").bind(family);
  for (std::uint64_t i = 0; i < 5; ++i)
    if (bound->matches(i)) names += family.name(i) + ' ';
  BOOST_CHECK_EQUAL(names, "-2 -1 2 ");
}

BOOST_AUTO_TEST_CASE(filtered_sweeps) {
  Family family =
      sweep("main", "{a}/{b}", {{"a", {"1", "2", "3"}}, {"b", {"10", "20"}}});
  family.kept = {{{1, 1}, {4, 5}}};  // 1/20, 3/10, 3/20
  BOOST_REQUIRE_EQUAL(family.prepare(), "");
  const auto bound = Where("b==20").bind(family);
  BOOST_CHECK(bound->matches(0));
  BOOST_CHECK(!bound->matches(1));
  BOOST_CHECK(bound->matches(2));
}

BOOST_AUTO_TEST_CASE(unreadable_expressions) {
  refused("", {"cannot read --where", "name"});
  refused("seed ==", {"expected a value"});
  refused("seed == 3 &&", {"expected a parameter's name"});
  refused("== 3", {"at '== 3'"});
  refused("(seed == 3", {"expected )"});
  refused("seed == 3)", {"at ')'"});
  refused("seed == 3 load < 1", {"at 'load < 1'"});
  refused("method == 'fast", {"quote"});
  refused("seed == 3 & load < 1", {"at '& load < 1'"});
  refused(std::string(100'000, '('), {"cannot read"});
  refused(std::string(100'000, '!'), {"cannot read"});
  refused("seed == 3\x1b", {"\\x1b"});
}

BOOST_AUTO_TEST_CASE(long_rows_of_conditions) {
  std::string expression = "seed==0";
  for (int i = 1; i < 2000; ++i) expression += " || seed==" + std::to_string(i);
  BOOST_CHECK(holds(expression));
}

BOOST_AUTO_TEST_CASE(comparisons_without_sense) {
  refused("seed == fast", {"'fast' is not a number", "'seed' is a int"});
  refused("load < ''", {"is not a number"});
  refused("seed", {"'seed' is a int"});
  refused("verbose == 1", {"'1' is not true or false"});
  refused("method == fats", {"none of its values", "did you mean 'fast'"});
  refused("method != quick", {"none of its values"});
}

BOOST_AUTO_TEST_CASE(a_pattern_may_be_put_to_anything) {
  yes({"seed ~ 3", "load ~ '0.*'", "verbose ~ 't*'", "method ~ 'fas?'"});
}

BOOST_AUTO_TEST_SUITE_END()
