// Configuration classes: how they are described, and that every value comes
// back as it went.
#define BOOST_TEST_MODULE sdk_config
#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <eh/eh.hpp>
#include <latch>
#include <limits>
#include <map>
#include <thread>
#include <unordered_map>

#include "fake_host.h"

namespace fs = std::filesystem;
namespace chrono = std::chrono;
using eh::detail::GroupClass;

namespace {

enum class Mode : unsigned char { fast, exact };
enum Old { old_first, old_second };

struct Layer {
  int size = 3;
  std::vector<double> weights = {0.5};
  bool operator==(const Layer&) const = default;
};

struct Model {
  std::string name = "net";
  Layer first;
  std::optional<Layer> last;
  bool operator==(const Model&) const = default;
};

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

struct Study : eh::Config {
  std::string message = "Hello";
  int number = 42;
  int twice() const { return 2 * number; }
};
EH_CONFIG(Study, message, number)

struct Deeper : Study {
  Deeper() {
    number = 7;
    output_directory = "/data";
    timeout = 10min;
    logfiles.push_back({"all.log"});
    slurm.gpus = 1;
    slurm.setup = {"module load cuda"};
    slack.loglevel = eh::LogLevel::error;
  }
  std::vector<double> rates = {0.5};
};
EH_CONFIG(Deeper, rates)

struct NothingOwn : Deeper {
  NothingOwn() { workers = 4; }
};
EH_CONFIG(NothingOwn)

/// What an exception of `function` says.
template <class F>
std::string thrown(const F& function) {
  try {
    function();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing";
}

/// What abi.h calls TYPE.
template <class T>
std::string type_of(const T& value = {}) {
  std::string out;
  eh::detail::ObjectWriter object(out);
  eh::detail::append_type(object, value);
  object.finish();
  return out;
}

template <class T>
std::string json_of(const T& value) {
  return eh::detail::config_text(value);
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
struct Holder {
  T value{};
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

BOOST_AUTO_TEST_CASE(describes_every_type) {
  const auto integer = [](const std::string& least, const std::string& most,
                          const std::string& type) {
    return "{\"kind\":\"integer\",\"min\":" + least + ",\"max\":" + most +
           ",\"type\":\"" + type + "\"}";
  };
  BOOST_TEST(type_of<bool>() == R"({"kind":"bool","type":"bool"})");
  BOOST_TEST(type_of<char>() == integer("-128", "127", "char"));
  BOOST_TEST(type_of<std::int8_t>() == integer("-128", "127", "int8_t"));
  BOOST_TEST(type_of<std::uint8_t>() == integer("0", "255", "uint8_t"));
  BOOST_TEST(type_of<short>() == integer("-32768", "32767", "short"));
  BOOST_TEST(type_of<unsigned short>() ==
             integer("0", "65535", "unsigned short"));
  BOOST_TEST(type_of<int>() == integer("-2147483648", "2147483647", "int"));
  BOOST_TEST(type_of<unsigned>() == integer("0", "4294967295", "unsigned"));
  BOOST_TEST(type_of<std::int64_t>() ==
             integer("-9223372036854775808", "9223372036854775807", "long"));
  BOOST_TEST(type_of<std::uint64_t>() ==
             integer("0", "18446744073709551615", "unsigned long"));
  BOOST_TEST(type_of<float>() ==
             R"({"kind":"real","single":true,"type":"float"})");
  BOOST_TEST(type_of<double>() == R"({"kind":"real","type":"double"})");
  BOOST_TEST(type_of<std::string>() ==
             R"({"kind":"text","type":"std::string"})");
  BOOST_TEST(type_of<fs::path>() ==
             R"({"kind":"path","type":"std::filesystem::path"})");
  BOOST_TEST(type_of<Mode>() ==
             R"({"kind":"choice","choices":["fast","exact"],"type":"Mode"})");
  BOOST_TEST(type_of<eh::LogLevel>() ==
             R"({"kind":"choice","choices":["debug","info","warning",)"
             R"("error","critical"],"type":"eh::LogLevel"})");
  BOOST_TEST(type_of<eh::Duration>() ==
             R"({"kind":"duration","type":"eh::Duration"})");
  BOOST_TEST(type_of<chrono::milliseconds>() ==
             R"({"kind":"duration","tick":0.001,)"
             R"("type":"std::chrono::milliseconds"})");
  BOOST_TEST(type_of<chrono::hours>() ==
             R"({"kind":"duration","tick":3600,"type":"std::chrono::hours"})");
  BOOST_TEST(type_of<std::vector<std::vector<bool>>>() ==
             R"({"kind":"list","type":"std::vector<std::vector<bool>>",)"
             R"("element":{"kind":"list","type":"std::vector<bool>",)"
             R"("element":{"kind":"bool","type":"bool"}}})");
  BOOST_TEST((type_of<std::array<float, 2>>() ==
              R"({"kind":"list","length":2,"type":"std::array<float, 2>",)"
              R"("element":{"kind":"real","single":true,"type":"float"}})"));
  BOOST_TEST((type_of<std::map<std::string, std::string>>() ==
              R"({"kind":"map","type":"std::map<std::string, std::string>",)"
              R"("element":{"kind":"text","type":"std::string"}})"));
  BOOST_TEST((type_of<std::unordered_map<std::string, bool>>() ==
              R"({"kind":"map","type":"std::map<std::string, bool>",)"
              R"("element":{"kind":"bool","type":"bool"}})"));
  BOOST_TEST((type_of<std::optional<fs::path>>() ==
              R"({"kind":"optional","type":)"
              R"("std::optional<std::filesystem::path>","element":)"
              R"({"kind":"path","type":"std::filesystem::path"}})"));
}

BOOST_AUTO_TEST_CASE(describes_structs_with_their_defaults) {
  const std::string expected =
      R"({"kind":"object","members":[{"name":"size","kind":"integer",)"
      R"("min":-2147483648,"max":2147483647,"type":"int","value":SIZE},)"
      R"({"name":"weights","kind":"list","type":"std::vector<double>",)"
      R"("element":{"kind":"real","type":"double"},"value":[0.5]}],)"
      R"("type":"Layer"})";
  const auto with = [&](const std::string& size) {
    std::string text = expected;
    return text.replace(text.find("SIZE"), 4, size);
  };
  // Where the struct is a member, its own defaults may be others.
  BOOST_TEST(type_of(Layer{8, {0.5}}) == with("8"));
  BOOST_TEST(type_of(std::vector<Layer>{{8, {}}}) ==
             R"({"kind":"list","type":"std::vector<Layer>","element":)" +
                 with("3") + "}");
}

BOOST_AUTO_TEST_CASE(describes_a_class) {
  BOOST_TEST(
      eh::detail::describe_config<Study>() ==
      R"({"class":"Study","members":[{"name":"message","kind":"text",)"
      R"("type":"std::string","value":"Hello"},{"name":"number",)"
      R"("kind":"integer","min":-2147483648,"max":2147483647,"type":"int",)"
      R"("value":42}],"overrides":{}})");
  BOOST_TEST(eh::detail::describe_config<Layer>().ends_with(
      R"("value":[0.5]}],"overrides":{}})"));
  BOOST_TEST(eh::detail::describe_config<eh::Config>() ==
             R"({"class":"eh::Config","members":[],"overrides":{}})");
}

BOOST_AUTO_TEST_CASE(describes_what_a_class_inherits_and_changes) {
  const std::string deeper =
      R"("members":[{"name":"message","kind":"text","type":"std::string",)"
      R"("value":"Hello"},{"name":"number","kind":"integer",)"
      R"("min":-2147483648,"max":2147483647,"type":"int","value":7},)"
      R"({"name":"rates","kind":"list","type":"std::vector<double>",)"
      R"("element":{"kind":"real","type":"double"},"value":[0.5]}],)"
      R"("overrides":{"output_directory":"/data",)";
  const std::string rest =
      R"("timeout":"600s","logfiles":[{"file":"all.log","size":0,"count":5}],)"
      R"("slurm":{"gpus":1,"setup":["module load cuda"]},)"
      R"("slack":{"loglevel":"error"}}})";
  BOOST_TEST(eh::detail::describe_config<Deeper>() ==
             R"({"class":"Deeper",)" + deeper + rest);
  BOOST_TEST(eh::detail::describe_config<NothingOwn>() ==
             R"({"class":"NothingOwn",)" + deeper + R"("workers":4,)" + rest);
}

BOOST_AUTO_TEST_CASE(writes_values) {
  BOOST_TEST(eh::values_json(Study{}) == R"({"message":"Hello","number":42})");
  Study study;
  study.number = 7;
  study.jobs = 3;
  study.slack.channel = "C1";
  BOOST_TEST(eh::values_json(study) ==
             R"({"message":"Hello","number":7,"jobs":3,)"
             R"("slack":{"channel":"C1"}})");
  BOOST_TEST(eh::values_json(eh::Config{}) == "{}");
  BOOST_TEST(eh::values_json(Layer{1, {}}) == R"({"size":1,"weights":[]})");
  std::unordered_map<std::string, int> map;
  for (const char* key : {"c", "a", "b"}) map[key] = 1;
  BOOST_TEST(json_of(map) == R"({"a":1,"b":1,"c":1})");
}

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

BOOST_AUTO_TEST_CASE(refuses_to_write_what_has_no_form) {
  BOOST_TEST(thrown([] { eh::values_json(Holder<Mode>{Mode{9}}); }) ==
             "the Mode 9 has no name");
  Holder<eh::Duration> endless;
  endless.value = eh::Duration(std::numeric_limits<double>::infinity());
  BOOST_TEST(thrown([&] { eh::values_json(endless); }) ==
             "a duration has to be finite");
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
struct Counted : eh::Config {
  Counted() { ++made; }
  int number = 0;
  static inline std::atomic<int> made = 0;
};
EH_CONFIG(Counted, number)
}  // namespace

BOOST_AUTO_TEST_CASE(is_made_once_for_all_threads) {
  constexpr int count = 8;
  for (int round = 0; round < 20; ++round) {
    Given given("{\"number\":5}");
    Counted::made = 0;
    std::latch start(count);
    std::array<const Counted*, count> seen{};
    std::vector<std::thread> threads;
    for (const Counted*& mine : seen)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        mine = &given.run.config<Counted>();
      });
    for (std::thread& thread : threads) thread.join();
    BOOST_REQUIRE(Counted::made == 1);
    for (const Counted* one : seen) BOOST_REQUIRE(one == seen[0]);
    BOOST_REQUIRE(seen[0]->number == 5);
  }
}
