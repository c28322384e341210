// States in checkpoints: all that they may be made of comes back as it was, and
// a file that is another's, or damaged, is refused.
#define BOOST_TEST_MODULE sdk_states
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "fake_host.h"
#include "states.h"

using namespace states;
using fake::thrown;

namespace {

struct Fixture {
  fake::Run host;
  eh_run raw = host.raw_run();
  eh::Run run{raw};

  std::string& file() { return host.files["checkpoint"]; }

  template <class T>
  T again(const T& state) {
    run.checkpoint(state);
    return run.resume<T>().value();
  }
  /// Why a state is not resumed from, without the path and the advice.
  template <class T>
  std::string refusal() {
    const std::string begin = "cannot resume from '/results/leaf/checkpoint': ";
    const std::string end = " (go on with what wrote it, or remove the file)";
    const std::string text = thrown([&] { run.resume<T>(); });
    BOOST_TEST((text.starts_with(begin) && text.ends_with(end)), text);
    return text.substr(begin.size(), text.size() - begin.size() - end.size());
  }
  template <class T>
  std::string type() {
    return eh::detail::state_type<T>();
  }
};

/// In the order in which an experiment sees them.
template <class T>
bool same_order(const T& a, const T& b) {
  return a.bucket_count() == b.bucket_count() &&
         std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(all_states_come_back, Fixture) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Generator any(seed);
    const Learner learner = any.learner();
    BOOST_TEST((again(learner) == learner), "seed " << seed);
  }
}

BOOST_FIXTURE_TEST_CASE(all_containers_come_back, Fixture) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Generator any(seed);
    Others others = any.others();
    Others back = again(others);
    BOOST_TEST((back == others), "seed " << seed);
    const std::string bytes = file();
    run.checkpoint(back);
    BOOST_TEST((file() == bytes), "seed " << seed);
    BOOST_TEST(same_order(back.table, others.table));
    BOOST_TEST(same_order(back.flags, others.flags));
    BOOST_TEST(same_order(back.bag, others.bag));
    for (int i = 0; i < 100; ++i) {
      back.table.emplace(std::to_string(i), i);
      others.table.emplace(std::to_string(i), i);
    }
    BOOST_TEST(same_order(back.table, others.table), "seed " << seed);
  }
}

// It is heeded from the next element on, and moves none of those that are
// there.
BOOST_FIXTURE_TEST_CASE(load_factors_that_are_set_later, Fixture) {
  for (const int size : {0, 1, 12, 13, 100})
    for (const float first : {0.1f, 1.f, 8.f})
      for (const float then : {0.1f, 1.f, 8.f}) {
        std::unordered_set<std::string> set;
        set.max_load_factor(first);
        for (int i = 0; i < size; ++i) set.insert(std::to_string(i));
        set.max_load_factor(then);
        auto back = again(set);
        BOOST_TEST(same_order(back, set), size << " " << first << " " << then);
        BOOST_TEST(back.max_load_factor() == then);
      }
}

BOOST_FIXTURE_TEST_CASE(whole_states_of_all_kinds, Fixture) {
  BOOST_TEST(!run.resume<Learner>().has_value());
  BOOST_TEST(again(7) == 7);
  BOOST_TEST(again(true) == true);
  BOOST_TEST((again(Phase::polish) == Phase::polish));
  BOOST_TEST((again(Point{3, {1, 2}, 0.5}) == Point{3, {1, 2}, 0.5}));
  BOOST_TEST(again(std::string("a\0b", 3)).size() == 3u);
  BOOST_TEST(again(std::vector<Point>{{1, {}, 2}, {3, {}, 4}})[1].sum == 4.0);
  BOOST_TEST(!again(std::optional<int>()).has_value());
  BOOST_TEST(again(std::optional<int>(7)).value() == 7);
  BOOST_TEST(again(std::vector<bool>(13, true)).size() == 13u);
  BOOST_TEST((again(std::pair(1, std::string("x"))).second == "x"));
  BOOST_TEST((again(std::tuple<>()) == std::tuple<>()));
  struct Nothing {};
  BOOST_TEST(again(std::vector<Nothing>(5)).size() == 5u);
  const std::array<std::string, 0> none = again(std::array<std::string, 0>());
  BOOST_TEST(none.empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_plain_stays_memory, Fixture) {
  const auto bytes_of = [&](const auto& state) {
    run.checkpoint(state);
    return file().substr(file().find('\n') + 17);
  };
  const Point point{3, {1, 2}, 0.5};
  const auto* memory = reinterpret_cast<const char*>(&point);
  BOOST_TEST(bytes_of(point) == std::string(memory, sizeof point));
  std::mt19937_64 rng(1);
  BOOST_TEST(bytes_of(rng).size() == sizeof rng);
  BOOST_TEST(bytes_of(std::vector<Point>(4)).size() == 8 + 4 * sizeof point);
}

BOOST_FIXTURE_TEST_CASE(generators_go_on, Fixture) {
  const auto goes_on = [&](auto engine) {
    engine.discard(1003);
    auto back = again(engine);
    for (int i = 0; i < 2000; ++i)
      if (back() != engine()) return false;
    return true;
  };
  BOOST_TEST(goes_on(std::mt19937_64(5)));
  BOOST_TEST(goes_on(std::mt19937(5)));
  BOOST_TEST(goes_on(std::minstd_rand(5)));
  BOOST_TEST(goes_on(std::ranlux48(5)));
  BOOST_TEST(goes_on(std::knuth_b(5)));
  BOOST_TEST(
      goes_on(std::independent_bits_engine<std::mt19937, 7, std::uint64_t>(5)));
}

BOOST_FIXTURE_TEST_CASE(distributions_go_on, Fixture) {
  std::mt19937_64 rng(5);
  const auto goes_on = [&](auto distribution) {
    distribution(rng);  // some have a second number left over
    auto back = again(distribution);
    auto other = rng;
    for (int i = 0; i < 100; ++i)
      if (back(other) != distribution(rng)) return false;
    return true;
  };
  BOOST_TEST(goes_on(std::normal_distribution<double>(0.1, 3)));
  BOOST_TEST(goes_on(std::uniform_int_distribution<int>(1, 6)));
  BOOST_TEST(goes_on(std::exponential_distribution<double>(0.3)));
  BOOST_TEST(goes_on(std::poisson_distribution<int>(12.5)));
  BOOST_TEST(goes_on(std::binomial_distribution<int>(90, 0.3)));
  BOOST_TEST(goes_on(std::gamma_distribution<double>(0.7, 2)));
  BOOST_TEST(goes_on(std::discrete_distribution<int>({1, 1, 2})));
}

namespace {
/// Reads back with less than it had.
struct Rounding {
  using result_type = int;
  using param_type = int;
  std::vector<int> kept;
  void reset() {}
  explicit Rounding(int value) : kept{value} {}
  Rounding() : Rounding(0) {}
  bool operator==(const Rounding&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Rounding& from) {
    return out << from.kept.at(0);
  }
  friend std::istream& operator>>(std::istream& in, Rounding& to) {
    in >> to.kept.at(0);
    to.kept.at(0) -= to.kept.at(0) % 10;
    return in;
  }
};
}  // namespace

BOOST_FIXTURE_TEST_CASE(what_would_not_come_back_is_not_kept, Fixture) {
  BOOST_TEST((again(Rounding(20)) == Rounding(20)));
  BOOST_TEST(thrown([&] { run.checkpoint(Rounding(21)); }) ==
             "cannot keep a Rounding in a checkpoint: it would read back as "
             "another one (keep what it is made of, and make it anew)");
  BOOST_TEST((run.resume<Rounding>() == Rounding(20)));
}

BOOST_FIXTURE_TEST_CASE(files_say_what_they_hold, Fixture) {
  BOOST_TEST(type<std::string>() == "std::string");
  BOOST_TEST(type<std::vector<bool>>() == "std::vector<bool>");
  BOOST_TEST((type<std::map<std::string, std::list<int>>>() ==
              "std::map<std::string, std::list<int>>"));
  BOOST_TEST(type<std::complex<double>>() ==
             "std::complex<double> of 16 bytes");
  BOOST_TEST(type<Tree>() ==
             "states::Tree{visits: long int, children: "
             "std::vector<states::Tree>}");
  BOOST_TEST(type<std::vector<Layer>>() ==
             "std::vector<states::Layer{weights: std::vector<float>, name: "
             "std::string, best: std::optional<states::Point{step: int, "
             "votes: std::array<short int, 2>, sum: double}>} version 3>");
  BOOST_TEST(type<Counter>() ==
             "states::Counter{name: std::string, count: long int}");
  BOOST_TEST((type<std::pair<std::mt19937_64, Phase>>() ==
              "std::pair<std::mt19937_64, states::Phase{warm_up = 0, search = "
              "1, polish = 2} of 4 bytes>"));
  run.checkpoint(Layer());
  BOOST_TEST(file().starts_with(
      "eh checkpoint 2: states::Layer{weights: std::vector<float>, name: "));
  BOOST_TEST(file().find("}, version 3\n") != std::string::npos);
}

namespace {
/// A type as it was before.
std::string renamed(std::string type, const std::string& from,
                    const std::string& to) {
  const auto at = type.find(from);
  BOOST_REQUIRE(at != type.npos);
  return type.replace(at, from.size(), to);
}
}  // namespace

BOOST_FIXTURE_TEST_CASE(changed_states_are_told_apart, Fixture) {
  const std::string is = type<Learner>();
  const auto told = [&](const std::string& from, const std::string& to) {
    return eh::detail::tell_state_difference(renamed(is, from, to), is);
  };
  const std::string changed = "the type of the state has changed: ";
  BOOST_TEST(
      told("weights: std::vector<double>", "weights: std::vector<float>") ==
      changed + "'weights[]' was float and is double");
  BOOST_TEST(
      told("std::deque<", "std::vector<")
          .starts_with(changed +
                       "'replay' was std::vector<states::Point{step: int, "));
  BOOST_TEST(told("step: int, ", "") == changed + "'step' is new");
  BOOST_TEST(told("step: int, ", "step: int, x: int, y: bool, ") ==
             changed + "'x' is gone, 'y' is gone");
  BOOST_TEST(told("name: std::string", "label: std::string") ==
             changed + "'layers[].name' is new, 'layers[].label' is gone");
  const std::string phase =
      "phase: states::Phase{warm_up = 0, search = 1, polish = 2} of 4 bytes";
  BOOST_TEST(told("step: int, " + phase, phase + ", step: int") ==
             changed + "its members are in another order");
  BOOST_TEST(told("search = 1, polish = 2", "polish = 1") ==
             changed +
                 "'phase.search = 1' is new, 'phase.polish = 2' is new, "
                 "'phase.polish = 1' is gone");
  BOOST_TEST(told("short int, 2", "short int, 4") ==
             changed + "'layers[].best[].votes[]' was 4 and is 2");
  BOOST_TEST(told("} version 3", "} version 2")
                 .starts_with(changed + "'layers[]' was states::Layer{"));
  BOOST_TEST(told("states::Learner", "Learner")
                 .starts_with("it holds Learner{step: int, "));
}

BOOST_FIXTURE_TEST_CASE(other_states_are_refused, Fixture) {
  run.checkpoint(std::string("x"));
  BOOST_TEST(refusal<int>() == "it holds std::string and not int");
  BOOST_TEST(refusal<std::vector<char>>() ==
             "it holds std::string and not std::vector<char>");
  run.checkpoint(std::vector<float>(3));
  BOOST_TEST(refusal<std::vector<double>>() ==
             "the type of the state has changed: '[]' was float and is double");
  BOOST_TEST(host.files.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(versions, Fixture) {
  run.checkpoint(7, "grid");
  BOOST_TEST(run.resume<int>("grid").value() == 7);
  BOOST_TEST(thrown([&] { run.resume<int>(2); }) ==
             "cannot resume from '/results/leaf/checkpoint': its state is of "
             "version grid and not of version 2 (go on with what wrote it, or "
             "remove the file)");
  BOOST_TEST(refusal<int>() ==
             "its state is of version grid and not of no version");
  run.checkpoint(Layer());
  BOOST_TEST(run.resume<Layer>().has_value());
  BOOST_TEST(thrown([&] {
               run.resume<Layer>(4);
             }).find("version 3 and not of version 4") != std::string::npos);
  BOOST_TEST(thrown([&] { run.checkpoint(7, "a\nb"); }) ==
             "cannot use a text of several lines as a state's version");
}

BOOST_FIXTURE_TEST_CASE(damaged_files_are_refused, Fixture) {
  Generator any(1);
  const Learner learner = any.learner();
  run.checkpoint(learner);
  const std::string whole = file();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    file() = whole.substr(0, size);
    BOOST_REQUIRE(refusal<Learner>() == "it is cut short");
  }
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    file() = whole;
    file()[bit / 8] = static_cast<char>(file()[bit / 8] ^ (1 << bit % 8));
    BOOST_REQUIRE(refusal<Learner>() != "nothing");
  }
  file() = whole;
  std::swap(file()[whole.size() - 1], file()[whole.size() / 2]);
  BOOST_TEST(refusal<Learner>() == "it is damaged");
  // A hole, as a file system may leave one.
  file() = whole;
  std::fill(file().end() - 64, file().end(), '\0');
  BOOST_TEST(refusal<Learner>() == "it is damaged");
  file() = whole + "x";
  BOOST_TEST(refusal<Learner>() == "it is longer than its content");
  for (const char* other : {"something else", "eh checkpoint 1: int\n"}) {
    file() = other;
    BOOST_TEST(refusal<Learner>() ==
               "it was written by another version of eh, or by something else");
  }
  file() = whole;
  BOOST_TEST((run.resume<Learner>() == learner));
}

BOOST_AUTO_TEST_CASE(sums_tell_small_changes_apart) {
  std::set<std::uint64_t> sums;
  std::string bytes;
  for (std::size_t size = 0; size < 200; ++size, bytes += '\0')
    sums.insert(eh::detail::state_sum(bytes, 0));
  BOOST_TEST(sums.size() == 200u);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string other = bytes;
    other[bit / 8] = static_cast<char>(1 << bit % 8);
    sums.insert(eh::detail::state_sum(other, 0));
  }
  BOOST_TEST(sums.size() == 200 + 8 * bytes.size());
}

BOOST_FIXTURE_TEST_CASE(removed_when_done, Fixture) {
  run.checkpoint(7);
  BOOST_TEST(host.removed_when_done.count("checkpoint") == 1u);
  run.keep_checkpoint();
  BOOST_TEST(host.removed_when_done.empty());
  run.checkpoint(8);
  run.resume<int>();
  BOOST_TEST(host.removed_when_done.empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_refused_is_left, Fixture) {
  file() = "something else";
  refusal<int>();
  BOOST_TEST(host.removed_when_done.empty());
  run.checkpoint(7);
  host.removed_when_done.clear();
  run.resume<int>();
  BOOST_TEST(host.removed_when_done.count("checkpoint") == 1u);
}

BOOST_FIXTURE_TEST_CASE(takes_one_copy, Fixture) {
  const std::vector<std::string> state(1000, "name");
  const std::string bytes =
      eh::detail::encode_checkpoint(state, eh::StateVersion());
  BOOST_TEST(bytes.size() < 1000u * (8 + 4) + 100u);
  BOOST_TEST(bytes.capacity() == bytes.size());
}
