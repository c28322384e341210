// The SDK's parts by themselves: ranges, days, names, labels, files, tables,
// logging and the run's own values.
#define BOOST_TEST_MODULE sdk_units
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <eh/eh.hpp>
#include <iomanip>
#include <limits>
#include <set>

#include "fake_host.h"

using eh::detail::check_name;
using fake::thrown;
using Strings = std::vector<std::string>;

namespace {

template <class T>
std::string label(const T& value) {
  std::string text;
  eh::detail::append_label(text, value);
  return text;
}

template <class T>
std::string json(const T& value) {
  std::string text;
  eh::detail::append_json(text, value);
  return text;
}

template <class R>
auto list(const R& values) {
  std::vector<std::ranges::range_value_t<R>> all;
  for (const auto& value : values) all.push_back(value);
  return all;
}

struct Point {
  double x = 0.5;
  int n = 1;
  std::string name = "a,\"b\"";
};
struct Fixture {
  fake::Run host;
  eh_run raw = host.raw_run();
  eh::Run run{raw};
};

}  // namespace

BOOST_AUTO_TEST_CASE(ranges) {
  BOOST_TEST(list(eh::linspace(0, 1, 5)) ==
                 (std::vector<double>{0, 0.25, 0.5, 0.75, 1}),
             boost::test_tools::per_element());
  BOOST_TEST(list(eh::linspace(3, 7, 1)) == (std::vector<double>{3}),
             boost::test_tools::per_element());
  BOOST_TEST(list(eh::linspace(0, 1, 0)).empty());
  BOOST_TEST(list(eh::linspace(0, 1, -3)).empty());
  BOOST_TEST(eh::linspace(0.1, 0.7, 1000)[999] == 0.7);
  Strings labels;
  for (double x : eh::logspace(-2, 1, 4)) labels.push_back(label(x));
  for (double x : eh::geomspace(0.5, 8, 5)) labels.push_back(label(x));
  BOOST_TEST(
      labels == (Strings{"0.01", "0.1", "1", "10", "0.5", "1", "2", "4", "8"}),
      boost::test_tools::per_element());
  BOOST_TEST(list(eh::range(3)) == (std::vector<std::int64_t>{0, 1, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(
      list(eh::range(10, 0, -4)) == (std::vector<std::int64_t>{10, 6, 2}),
      boost::test_tools::per_element());
  BOOST_TEST(list(eh::range(5, 5)).empty());
  BOOST_TEST(list(eh::range(0, 5, 0)).empty());
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  BOOST_TEST(eh::range(least, most).size() == ~std::uint64_t{0});
  BOOST_TEST(eh::range(least, most)[~std::uint64_t{0} - 1] == most - 1);
}

BOOST_AUTO_TEST_CASE(days) {
  BOOST_TEST(eh::days("2024-02-28", "2024-03-01") ==
                 (Strings{"2024-02-28", "2024-02-29", "2024-03-01"}),
             boost::test_tools::per_element());
  BOOST_TEST(eh::days("2022-07-01", "2022-07-27").size() == 27u);
  BOOST_TEST(eh::days("1900-01-01", "2100-12-31").size() == 73414u);
  BOOST_TEST(eh::days("2022-07-02", "2022-07-01").empty());
  for (const char* wrong : {"2022-02-29", "2022-13-01", "2022-7-01",
                            "22-07-2022", "", "2022-07-xx"})
    BOOST_TEST(thrown([&] { eh::days(wrong, "2022-07-01"); }) ==
               "cannot read the day '" + std::string(wrong) +
                   "': it is not a date like 2022-07-01");
}

BOOST_AUTO_TEST_CASE(labels_are_short_and_json_is_exact) {
  const std::pair<double, const char*> reals[] = {
      {0.1, "0.1"},
      {1e-5, "1e-05"},
      {100, "100"},
      {0, "0"},
      {-2.5, "-2.5"},
      {1.0 / 3, "0.333333333333"},
      {123456789012.0, "123456789012"},
      {1234567890123.0, "1.23456789012e+12"},
      {1e300, "1e+300"},
      {std::numeric_limits<double>::denorm_min(), "4.94065645841e-324"},
      {std::numeric_limits<double>::infinity(), "inf"}};
  for (const auto& [value, text] : reals) BOOST_TEST(label(value) == text);
  BOOST_TEST(label(1.0f / 3) == "0.33333334");
  BOOST_TEST(json(1.0f / 3) == "0.33333334");
  BOOST_TEST(json(1.0 / 3) == "0.3333333333333333");
  BOOST_TEST(json(-std::numeric_limits<double>::infinity()) == "\"-inf\"");
  BOOST_TEST(label(std::string("a b\t/\\'\"$;*?")) == "a_b_________");
  BOOST_TEST(label(std::string("Az09._+=,@%:~-\xC3\xBC")) ==
             "Az09._+=,@%:~-\xC3\xBC");
  BOOST_TEST(label(std::string("..")) == "__");
  BOOST_TEST(label(std::vector<double>{}) == "_");
  BOOST_TEST(json(std::string("\x01\x7f\\")) == "\"\\u0001\x7f\\\\\"");
  BOOST_TEST(json(std::string("\xED\xA0\x80")) ==
             "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  BOOST_TEST(label('a') == "97");
}

BOOST_AUTO_TEST_CASE(near_names) {
  const std::string_view known[] = {"load", "servers", "seed"};
  const auto near = [&](std::string_view wrong) {
    return eh::detail::did_you_mean(wrong, known);
  };
  BOOST_TEST(near("lod") == " (did you mean 'load'?)");
  BOOST_TEST(near("server") == " (did you mean 'servers'?)");
  BOOST_TEST(near("xyzxyz") == " (known: load, servers, seed)");
  BOOST_TEST(eh::detail::did_you_mean("x", {}) == "");
}

BOOST_AUTO_TEST_CASE(seeds_and_generators) {
  fake::Run one;
  one.seed = 42;
  const eh_run raw = one.raw_run();
  eh::Run a(raw), b(raw);
  BOOST_TEST(a.seed() == 42u);
  BOOST_TEST(a.rng()() == std::mt19937_64(42)());
  BOOST_TEST(a.rng("arrivals")() == b.rng("arrivals")());
  BOOST_TEST(a.rng("arrivals")() == b.rng("arrivals")());  // goes on
  BOOST_TEST(a.rng("arrivals")() != b.rng("services")());
  // Stable for ever: results depend on it.
  BOOST_TEST(eh::detail::stream_seed(42, "arrivals") == 0x6269ff2be1fd75a2u);
  std::set<std::uint64_t> seeds;
  for (int i = 0; i < 1000; ++i)
    seeds.insert(eh::detail::stream_seed(42, std::to_string(i)));
  BOOST_TEST(seeds.size() == 1000u);
}

BOOST_FIXTURE_TEST_CASE(run_tells_where_it_is, Fixture) {
  BOOST_TEST(run.group() == "main");
  BOOST_TEST(run.name() == "test");
  BOOST_TEST(run.leaf() == "/results/leaf");
  BOOST_TEST(run.input("data/a.csv") == "/home/user/data/a.csv");
  BOOST_TEST(run.input("/data/a.csv") == "/data/a.csv");
  for (const std::string address : {"sftp://host/a.csv", "file:///a.csv"})
    BOOST_TEST(run.input(address) == address);
  BOOST_TEST(run.input("://a") == "/home/user/://a");
  BOOST_TEST(run.workers() == 3u);
  BOOST_TEST(run.slot() == 2u);
  BOOST_TEST(run.attempt() == 1u);
  BOOST_TEST(!run.stop_requested());
  BOOST_TEST(!run.was_stopped());
  host.stop = true;
  BOOST_TEST(run.stop_requested());
  BOOST_TEST(run.was_stopped());
}

BOOST_AUTO_TEST_CASE(run_of_a_smaller_or_empty_host) {
  eh_run raw{};
  raw.size = offsetof(eh_run, workers);
  raw.workers = 17;  // beyond what the host says it filled
  eh::Run run(raw);
  BOOST_TEST(run.workers() == 1u);
  BOOST_TEST(!run.stop_requested());
  run.metric("x", 1, 2);
  run.log().info("nobody hears");
  BOOST_TEST(thrown([&] { run.write("a.txt", "x"); }) ==
             "cannot write 'a.txt': there is no host");
  BOOST_TEST(thrown([&] { run.read("a.txt"); }) ==
             "cannot read 'a.txt': there is no host");
}

BOOST_FIXTURE_TEST_CASE(logging, Fixture) {
  run.log().info("plain {}");
  run.log().debug("{}: {:.2f}", "pi", 3.14159);
  run.log().error() << "stream " << 3 << std::setw(3) << 1 << std::endl;
  const unsigned line = __LINE__ - 1;
  run.log().warning(std::string("text"));
  run.log().critical(std::string_view("view"));
  BOOST_REQUIRE(host.log.size() == 5u);
  BOOST_TEST(host.log[0].text == "plain {}");
  BOOST_TEST(host.log[1].text == "pi: 3.14");
  BOOST_TEST(host.log[1].level == unsigned{EH_DEBUG});
  BOOST_TEST(host.log[2].text == "stream 3  1\n");
  for (std::size_t i = 0; i < host.log.size(); ++i) {
    BOOST_TEST(host.log[i].line == line - 2 + i + (i > 2 ? 1 : 0));
    BOOST_TEST(host.log[i].file.ends_with("unit_test.cc"));
  }
}

namespace {
struct Unprintable {};
std::ostream& operator<<(std::ostream&, const Unprintable&) {
  throw std::runtime_error("cannot print this");
}
}  // namespace

// What a program that runs an experiment exports.
static std::vector<fake::Record> of_process;
static bool has_experiment = true;
extern "C" int eh_log_v1(const eh_record* record) {
  if (has_experiment)
    of_process.push_back({record->level, record->line, fake::text(record->text),
                          fake::text(record->file)});
  return has_experiment ? 1 : 0;
}

BOOST_AUTO_TEST_CASE(logging_without_a_run) {
  of_process.clear();
  eh::log::info("plain {}");
  eh::log::debug("{}: {:.2f}", "pi", 3.14159);
  EH_LOG(error) << "stream " << 3;
  const unsigned line = __LINE__;
  eh::log::warning(std::string("text"));
  eh::log::critical("{}", std::vector<int>{1}.size());
  BOOST_REQUIRE(of_process.size() == 5u);
  BOOST_TEST(of_process[0].text == "plain {}");
  BOOST_TEST(of_process[1].text == "pi: 3.14");
  BOOST_TEST(of_process[2].text == "stream 3");
  BOOST_TEST(of_process[4].text == "1");
  const unsigned levels[] = {EH_INFO, EH_DEBUG, EH_ERROR, EH_WARNING,
                             EH_CRITICAL};
  for (std::size_t i = 0; i < of_process.size(); ++i) {
    BOOST_TEST(of_process[i].level == levels[i]);
    BOOST_TEST(of_process[i].line == line - 3 + i + (i > 2 ? 1 : 0));
    BOOST_TEST(of_process[i].file.ends_with("unit_test.cc"));
  }
}

BOOST_AUTO_TEST_CASE(logging_without_an_experiment_is_for_stderr) {
  of_process.clear();
  has_experiment = false;
  eh::log::info("for who watches");
  has_experiment = true;
  BOOST_TEST(of_process.empty());
}

BOOST_FIXTURE_TEST_CASE(logging_never_throws, Fixture) {
  run.log().info() << "before " << Unprintable();
  BOOST_TEST(host.log.at(0).text.starts_with("before "));
#ifdef EH_DETAIL_FORMAT
  run.log().info("{:{}}", 1.0, -3);
  BOOST_TEST(host.log.at(1).text.starts_with("(cannot format this: "));
#endif
}

BOOST_FIXTURE_TEST_CASE(metrics, Fixture) {
  run.metric("a", std::size_t{3}, 0.5f);
  run.metric("b", 0.5, 7);
  BOOST_TEST(host.metrics.at(0).step == 3.0);
  BOOST_TEST(host.metrics.at(0).value == 0.5);
  BOOST_TEST(host.metrics.at(1).name == "b");
}

BOOST_FIXTURE_TEST_CASE(writes_values, Fixture) {
  const auto written = [&](const auto& value) {
    run.write("a.json", value);
    return host.files.at("a.json");
  };
  eh::Table table({"t", "u"});
  table.add_row(1, "x").add_row(0.1f, std::uint64_t{7}).add_row(true, "");
  BOOST_TEST(written(table) == "table(t, u: 1 x 0.1f 7u true )");
  BOOST_TEST(written("text") == "text");
  BOOST_TEST(written(std::string("a\0b", 3)).size() == 3u);
  BOOST_TEST(written(std::vector<double>{0.1, 2}) == "array 10(2u)");
  BOOST_TEST(written(std::vector<bool>(3)) == "array 11(3u)");
  BOOST_TEST(written(eh::Array<int>({2, 3})) == "array 3(2u, 3u)");
  BOOST_TEST(written(Strings{"a", "b"}) == "[a, b]");
  BOOST_TEST(written(Point{}) == "{x: 0.5, n: 1, name: a,\"b\"}");
  BOOST_TEST(written(std::vector<Point>(1)) ==
             "table(x, n, name: 0.5 1 a,\"b\")");
  BOOST_TEST(written(std::vector<Point>()) == "table(x, n, name:)");
  BOOST_TEST(written(std::map<int, std::optional<bool>>{{2, true}, {1, {}}}) ==
             "{1: null, 2: true}");
  BOOST_TEST(written(std::vector<std::vector<int>>{{1}, {}}) ==
             "[array 3(1u), array 3(0u)]");
}

BOOST_FIXTURE_TEST_CASE(tells_why_files_fail, Fixture) {
  BOOST_TEST(thrown([&] { run.read("absent"); }) ==
             "cannot read 'absent': there is no such file");
  BOOST_TEST(thrown([&] { run.read<int>("absent.json"); }) ==
             "cannot read 'absent.json': there is no such file");
  host.files["a.txt"] = "x";
  BOOST_TEST(run.read("a.txt") == "x");
  BOOST_TEST(thrown([&] { run.read<int>("a.txt"); }) ==
             "cannot read 'a.txt': expected a number that is an int, not 'x'");
  BOOST_TEST(thrown([&] { run.read<std::vector<double>>("x.bin"); }) ==
             "cannot read 'x.bin': there is no such file");
  host.files["x.bin"] = "123";
  BOOST_TEST(thrown([&] { run.read<std::vector<float>>("x.bin"); }) ==
             "cannot read 'x.bin': its 3 bytes are not a multiple of a float");
  host.refusal = "disk full";
  BOOST_TEST(thrown([&] { run.write("x.txt", "a"); }) ==
             "cannot write 'x.txt': disk full");
  BOOST_TEST(thrown([&] { run.read("x.txt"); }) ==
             "cannot read 'x.txt': disk full");
}

BOOST_AUTO_TEST_CASE(texts_are_written_by_an_older_host) {
  fake::Run host;
  host.is_old = true;
  const eh_run raw = host.raw_run();
  eh::Run run(raw);
  run.write("a.txt", "text");
  BOOST_TEST(run.read("a.txt") == "text");
  BOOST_TEST(thrown([&] { run.write("a.json", 1); }) ==
             "cannot write 'a.json': the eh that runs this is older than the "
             "one it was built with (update eh)");
}

BOOST_AUTO_TEST_CASE(tables_refuse_what_does_not_fit) {
  eh::Table table({"a", "b"});
  BOOST_TEST(thrown([&] { table.add_row(1); }) ==
             "cannot add a row of 1 values to a table of 2 columns");
  table.add_row(1, 2);
  BOOST_TEST(thrown([&] { table.add_column("c", std::vector<int>(3)); }) ==
             "cannot add the column 'c' of 3 values to a table of 1 rows");
}

namespace {
enum class Outcome { good, bad };
}  // namespace

BOOST_FIXTURE_TEST_CASE(results, Fixture) {
  run.result("wait", 0.1);
  run.result("n", 9007199254740993);
  run.result("whole", 2.0);
  run.result("large", 1e22);
  run.result("single", 0.1f);
  run.result("ok", true);
  run.result("text", "a \"b\"\n");
  run.result("view", std::string_view("v"));
  run.result("string", std::string("s"));
  run.result("bad", std::nan(""));
  run.result("outcome", Outcome::bad);
  using Results = std::vector<std::pair<std::string, std::string>>;
  const Results expected = {{"wait", "0.1"},
                            {"n", "9007199254740993"},
                            {"whole", "2.0"},
                            {"large", "1e+22"},
                            {"single", "0.1"},
                            {"ok", "true"},
                            {"text", R"("a \"b\"\n")"},
                            {"view", R"("v")"},
                            {"string", R"("s")"},
                            {"bad", R"("nan")"},
                            {"outcome", R"("bad")"}};
  BOOST_TEST((host.results == expected));
  BOOST_TEST(thrown([&] { run.result("", 1); }) ==
             "cannot keep the result 1: it has no name (use "
             "run.result(\"wait\", wait))");
}

BOOST_AUTO_TEST_CASE(an_older_host_logs_results) {
  fake::Run host;
  eh_run raw = host.raw_run();
  raw.size = offsetof(eh_run, result);
  eh::Run run(raw);
  run.result("wait", 0.5);
  run.result("n", 3);
  run.checkpoint(1);
  BOOST_TEST(host.results.empty());
  BOOST_TEST(host.log.size() == 3u);
  BOOST_TEST(host.log.at(0).text.starts_with("this eh-host is too old"));
  BOOST_TEST(host.log.at(2).text == "n = 3");
}

BOOST_AUTO_TEST_CASE(an_exception_that_says_nothing) {
  struct Mute : std::exception {
    const char* what() const noexcept override { return nullptr; }
  };
  try {
    throw Mute();
  } catch (...) {
    const auto failure = eh::detail::current_failure();
    BOOST_CHECK_EQUAL(failure.message, "its what() is NULL");
    BOOST_CHECK(failure.type.ends_with("Mute"));
  }
}
