// Configurations in an experiment: every value comes back as it went.
#define BOOST_TEST_MODULE sdk_config
#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <latch>
#include <limits>
#include <map>
#include <thread>
#include <unordered_map>

#include "config_classes.h"
#include "fake_host.h"

namespace fs = std::filesystem;
namespace chrono = std::chrono;
using eh::detail::GroupClass;

namespace {

enum Old { old_first, old_second };

/// Every type, and what is hard to write or to read.
struct Everything {
  bool flag = true;
  char character = 'a';
  std::int8_t tiny = -128;
  std::uint64_t biggest = std::numeric_limits<std::uint64_t>::max();
  long long least = std::numeric_limits<long long>::min();
  float single = 0.1f;
  double real = 0.1 + 0.2;
  double low = -std::numeric_limits<double>::infinity();
  std::string text = "a \"b\"\\\n\x01\xC3\xBC";
  fs::path path = "/tmp/a b";
  Mode mode = Mode::exact;
  Old old_style = old_second;
  chrono::nanoseconds longest = chrono::nanoseconds::max();
  chrono::hours longer = chrono::hours::min();
  eh::Duration seconds{0.25};
  chrono::duration<float> few{0.1f};
  std::vector<bool> flags = {true, false};
  std::vector<std::vector<int>> lists = {{1, 2}, {}, {3}};
  std::array<double, 3> fixed = {1, 2.5, -0.0};
  std::array<std::array<Mode, 1>, 2> modes = {};
  std::map<std::string, chrono::milliseconds> times = {{"a", 1500ms}};
  std::unordered_map<std::string, Layer> layers = {{"b", {}}, {"a", {7, {}}}};
  std::optional<int> none;
  std::optional<std::string> some = "some";
  std::optional<std::vector<fs::path>> paths = std::vector<fs::path>{"x", ""};
  Model model;
  std::vector<Model> models = {{"one", {1, {}}, Layer{}}, {}};
  bool operator==(const Everything&) const = default;
};

/// As different from the defaults as can be.
Everything other() {
  Everything e;
  e.flag = false;
  e.character = '\0';
  e.tiny = 127;
  e.biggest = 0;
  e.least = std::numeric_limits<long long>::max();
  e.single = std::numeric_limits<float>::denorm_min();
  e.real = -1e300;
  e.low = 5e-324;
  e.text = "";
  e.path = "relative/\xC3\xBC";
  e.mode = Mode::fast;
  e.old_style = old_first;
  e.longest = -1ns;
  e.longer = 0h;
  e.seconds = 1e-9s;
  e.few = chrono::duration<float>(1e6f);
  e.flags = {};
  e.lists = {};
  e.fixed = {1e-7, 1.0 / 3, std::numeric_limits<double>::infinity()};
  e.modes = {{{Mode::exact}, {Mode::fast}}};
  e.times = {{"", 0ms}, {"x.y", -1ms}};
  e.layers = {};
  e.none = -1;
  e.some = std::nullopt;
  e.paths = std::nullopt;
  e.model = {"m", {0, {1, 2}}, Layer{9, {}}};
  e.models = {};
  return e;
}

fake::Run host_with(const std::string& config) {
  fake::Run host;
  host.config = config;
  return host;
}

/// A run that is given this configuration.
struct Given {
  explicit Given(const std::string& json, const GroupClass* its_class = nullptr)
      : host(host_with(json)), run(host.raw_run(), its_class) {}
  fake::Run host;
  eh::Run run;
};

template <class T>
T read(const std::string& json) {
  Given given("{\"value\":" + json + "}");
  return given.run.config<Holder<T>>().value;
}

/// Whether a value comes back as it went.
template <class T>
bool returns(const T& value) {
  return read<T>(json_of(value)) == value;
}

template <class T>
std::string refusal(const std::string& json) {
  const std::string text = thrown([&] { read<T>(json); });
  const std::string before = "cannot read the configuration: value";
  return text.starts_with(before) ? text.substr(before.size()) : text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_value_comes_back) {
  for (const Everything& value : {Everything{}, other()}) {
    Given given(eh::values_json(value));
    const Everything& back = given.run.config<Everything>();
    BOOST_TEST(eh::values_json(back) == given.host.config);
    BOOST_TEST((back == value));
  }
  BOOST_TEST(!(Everything{} == other()));
  BOOST_TEST(std::signbit(read<std::array<double, 1>>("[-0.0]")[0]));
  BOOST_TEST(std::isnan(read<float>(json_of(std::nanf("")))));
  BOOST_TEST(returns(std::numeric_limits<double>::max()));
}

BOOST_AUTO_TEST_CASE(durations_come_back) {
  BOOST_TEST(json_of(chrono::nanoseconds::max()) ==
             "\"9223372036.854775807s\"");
  BOOST_TEST(json_of(chrono::nanoseconds::min()) ==
             "\"-9223372036.854775808s\"");
  BOOST_TEST(json_of(chrono::hours::max()) == "\"33204139332677192905200s\"");
  BOOST_TEST(json_of(90min) == "\"5400s\"");
  BOOST_TEST(json_of(eh::Duration(1e-9)) == "\"0.000000001s\"");
  BOOST_TEST(returns(chrono::nanoseconds::min()));
  BOOST_TEST(returns(chrono::hours::max()));
  BOOST_TEST(returns(chrono::days(-3)));
  using Thirds = chrono::duration<int, std::ratio<1, 3>>;
  for (const int count : {-1000001, -1, 0, 1, 2, 3, 1000001})
    BOOST_TEST(returns(Thirds(count)), count);
  BOOST_TEST(returns(chrono::duration<double, std::milli>(1500)));
  // As programs write them that have no integers.
  BOOST_TEST((read<chrono::milliseconds>("\"0.30000000000000004s\"") == 300ms));
  BOOST_TEST((read<chrono::nanoseconds>("\"1e-09s\"") == 1ns));
  BOOST_TEST((read<chrono::hours>("\"7.2e+3s\"") == 2h));
  using Tiny = chrono::duration<std::int8_t>;
  const std::string seconds = ": expected a duration such as \"0.5s\"";
  BOOST_TEST(refusal<eh::Duration>("3") == seconds);
  BOOST_TEST(refusal<eh::Duration>("\"3\"") == seconds + ", not '3'");
  BOOST_TEST(refusal<eh::Duration>("\"s\"") == seconds + ", not 's'");
  BOOST_TEST(refusal<eh::Duration>("\"1xs\"") == seconds + ", not '1xs'");
  BOOST_TEST(refusal<eh::Duration>("\"infs\"") == seconds + ", not 'infs'");
  for (const char* wrong : {"s", "-s", ".s", "1.5.1s", "1es", "1e9999s", "xs",
                            "1", "12345678901234567890123456789012345678901s"})
    BOOST_TEST(refusal<chrono::milliseconds>('"' + std::string(wrong) + '"') ==
               seconds + " in whole steps of 0.001s, not '" + wrong + "'");
  BOOST_TEST(refusal<chrono::milliseconds>("\"0.0005s\"") ==
             seconds + " in whole steps of 0.001s, not '0.0005s'");
  BOOST_TEST(refusal<chrono::seconds>("\"1000000000.5s\"") ==
             seconds + " in whole steps of 1s, not '1000000000.5s'");
  BOOST_TEST(refusal<Tiny>("\"128s\"") ==
             seconds + " in whole steps of 1s, not '128s'");
  BOOST_TEST(refusal<chrono::nanoseconds>("\"9223372036.854775808s\"") ==
             seconds +
                 " in whole steps of 0.000000001s, not "
                 "'9223372036.854775808s'");
}

BOOST_AUTO_TEST_CASE(reads_what_is_there) {
  Given given(
      R"({"number":1,"unknown":{"a":[{}]},"workers":3,"timeout":"60s",)"
      R"("slurm":{"gpus":2,"unknown":1},"slack":{"token":"x","channel":"C"},)"
      R"("logfiles":[{"file":"a","size":1.5},{}]})");
  const Study& study = given.run.config<Study>();
  BOOST_TEST(study.twice() == 2);
  BOOST_TEST(study.message == "Hello");
  BOOST_TEST(study.workers == 3);
  BOOST_TEST((study.timeout == 60s));
  BOOST_TEST(study.slurm.gpus == 2);
  BOOST_TEST(study.slurm.shell == "/bin/bash");
  BOOST_TEST(study.slack.channel == "C");
  BOOST_REQUIRE(study.logfiles.size() == 2u);
  BOOST_TEST(study.logfiles[0].size == 1.5);
  BOOST_TEST(study.logfiles[1].count == 5);
  const eh::Config& framework = given.run.config();
  BOOST_TEST(framework.workers == 3);
  BOOST_TEST(framework.retries == 0);

  // A class's own defaults hold where nothing is given; what is optional can be
  // emptied.
  Given little(R"({"timeout":null,"rates":[],"number":0})");
  const Deeper& deeper = little.run.config<Deeper>();
  BOOST_TEST(deeper.output_directory == "/data");
  BOOST_TEST(!deeper.timeout.has_value());
  BOOST_TEST(deeper.rates.empty());
  BOOST_TEST(deeper.number == 0);
  Given model(R"({"model":{"first":{"weights":[1]}},"layers":{"c":{}}})");
  const Everything& everything = model.run.config<Everything>();
  BOOST_TEST(everything.model.first.size == 3);
  BOOST_TEST(everything.model.first.weights.at(0) == 1.0);
  BOOST_TEST(everything.model.name == "net");
  BOOST_TEST(everything.layers.size() == 1u);
  BOOST_TEST(everything.layers.at("c").size == 3);
}

BOOST_AUTO_TEST_CASE(without_a_host_gives_the_defaults) {
  Given given("");
  BOOST_TEST(given.run.config<Study>().number == 42);
  BOOST_TEST(given.run.config<Deeper>().slurm.gpus == 1);
  // A host that knows no configurations.
  eh_run older = given.host.raw_run();
  older.size = offsetof(eh_run, config);
  older.config = fake::raw("no JSON");
  BOOST_TEST(eh::Run(older).config<Study>().number == 42);
}

BOOST_AUTO_TEST_CASE(names_what_has_another_type) {
  BOOST_TEST(refusal<int>("\"7\"") == ": expected an integer");
  BOOST_TEST(refusal<std::uint8_t>("256") ==
             ": expected an integer from 0 to 255, not 256");
  BOOST_TEST(refusal<bool>("0") == ": expected true or false");
  BOOST_TEST(refusal<double>("\"0\"") == ": expected a number");
  BOOST_TEST(refusal<double>("null") == ": expected a number");
  BOOST_TEST(refusal<std::string>("0") == ": expected a text");
  BOOST_TEST(refusal<fs::path>("{}") == ": expected a path");
  BOOST_TEST(refusal<Mode>("0") == ": expected the name of a choice");
  BOOST_TEST(refusal<Mode>("\"slow\"") ==
             ": expected one of fast, exact, not 'slow'");
  BOOST_TEST(refusal<std::vector<int>>("{}") == ": expected a list");
  BOOST_TEST(refusal<std::vector<int>>("[1,null]") ==
             "[1]: expected an integer");
  BOOST_TEST(
      (refusal<std::array<int, 2>>("[1]") == ": expected a list of 2, not 1"));
  BOOST_TEST((refusal<std::array<int, 2>>("[1,2,\"x\"]") ==
              ": expected a list of 2, not 3"));
  BOOST_TEST((refusal<std::map<std::string, int>>("{\"a\":1.5}") ==
              ".a: expected an integer from -2147483648 to 2147483647, not "
              "1.5"));
  BOOST_TEST(refusal<std::optional<int>>("true") == ": expected an integer");
  BOOST_TEST(refusal<Model>("{\"first\":{\"weights\":[1,\"x\"]}}") ==
             ".first.weights[1]: expected a number");
  BOOST_TEST(refusal<Model>("[]") == ": expected an object");
  for (const char* json : {"[]", "3"})
    BOOST_TEST(thrown([&] { Given(json).run.config<Study>(); }) ==
               "cannot read the configuration: expected an object");
  BOOST_TEST(thrown([] { Given("{\"number\":1").run.config<Study>(); }) ==
             "cannot read the configuration: line 1, column 12: expected ',' "
             "or '}'");
  BOOST_TEST(thrown([] { Given("{} x").run.config<Study>(); }) ==
             "cannot read the configuration: line 1, column 4: expected "
             "nothing more");
}

BOOST_AUTO_TEST_CASE(gives_a_group_s_class_alone) {
  const GroupClass its = eh::detail::group_class<Study>(), none;
  const Given given("{\"number\":1}", &its), classless("", &none);
  BOOST_TEST(given.run.config<Study>().number == 1);
  BOOST_TEST(given.run.config().workers == 1);
  BOOST_TEST(thrown([&] { given.run.config<Deeper>(); }) ==
             "cannot give the configuration as 'Deeper': group 'main' has "
             "'Study' (name it in EH_GROUP)");
  BOOST_TEST(thrown([&] { classless.run.config<Study>(); }) ==
             "cannot give the configuration as 'Study': group 'main' has none "
             "(name it in EH_GROUP)");
  BOOST_TEST(classless.run.config().workers == 1);
}

namespace {
struct Shared : eh::Config {
  Shared() { retries = 3; }
  virtual ~Shared() = default;
  virtual int doubled() const { return 2 * number; }
  int number = 1;
};
EH_CONFIG(Shared, number)

/// Takes some of what its base says back.
struct Special : Shared {
  Special() {
    retries = 0;
    number = 5;
  }
  int doubled() const override { return 3 * number; }
  std::string extra = "e";
};
EH_CONFIG(Special, extra)
}  // namespace

BOOST_AUTO_TEST_CASE(gives_a_group_s_class_as_its_bases) {
  const GroupClass its = eh::detail::group_class<Special>();
  const Given given(R"({"workers":4})", &its);
  const Shared& base = given.run.config<Shared>();
  BOOST_TEST(base.number == 5);
  BOOST_TEST(base.doubled() == 15);
  BOOST_TEST(base.retries == 0);
  BOOST_TEST(base.workers == 4);
  BOOST_TEST(&base == &given.run.config<Special>());
  BOOST_TEST(&base == &given.run.config());
  BOOST_TEST(thrown([&] { given.run.config<Study>(); }) ==
             "cannot give the configuration as 'Study': group 'main' has "
             "'Special' (name it in EH_GROUP)");
  // Through one that lists nothing, and not to one that derives from it.
  const GroupClass last = eh::detail::group_class<NothingOwn>();
  const Given deep(R"({"number":2})", &last);
  BOOST_TEST(deep.run.config<Study>().twice() == 4);
  BOOST_TEST(deep.run.config<Deeper>().output_directory == "/data");
  const GroupClass study = eh::detail::group_class<Study>();
  const Given shallow("", &study);
  BOOST_TEST(thrown([&] { shallow.run.config<Deeper>(); }) != "nothing");
}

namespace {
/// Takes until every thread has asked for it.
struct Slow : eh::Config {
  Slow() {
    ++made;
    asked->wait();
  }
  int number = 0;
  static inline std::atomic<int> made = 0;
  static inline std::latch* asked = nullptr;
};
EH_CONFIG(Slow, number)
}  // namespace

BOOST_AUTO_TEST_CASE(is_made_once_for_all_threads) {
  constexpr int count = 8;
  const Given given("{\"number\":5}");
  std::latch asked(count);
  Slow::asked = &asked;
  std::array<const Slow*, count> seen{};
  std::vector<std::thread> threads;
  for (const Slow*& mine : seen)
    threads.emplace_back([&] {
      asked.count_down();
      mine = &given.run.config<Slow>();
    });
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(Slow::made == 1);
  for (const Slow* one : seen) BOOST_TEST(one == seen[0]);
  BOOST_TEST(seen[0]->number == 5);
}
