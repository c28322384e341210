// States as experiments keep them in checkpoints, and such of any content.
#ifndef EH_TESTS_SDK_STATES_H
#define EH_TESTS_SDK_STATES_H

#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <deque>
#include <eh/eh.hpp>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace {
namespace states {

enum class Phase { warm_up, search, polish };

/// Plain memory, without gaps: whatever is in them.
struct Point {
  int step = 0;
  std::array<std::int16_t, 2> votes{};
  double sum = 0;
  bool operator==(const Point&) const = default;
};

/// Of no members that anyone could name.
class Opaque {
 public:
  Opaque() = default;
  explicit Opaque(double value) : value_(value) {}
  bool operator==(const Opaque&) const = default;

 private:
  double value_ = 0;
};

struct Layer {
  static constexpr int checkpoint_version = 3;
  std::vector<float> weights;
  std::string name;
  std::optional<Point> best;
  bool operator==(const Layer&) const = default;
};

/// Within itself.
struct Tree {
  std::int64_t visits = 0;
  std::vector<Tree> children;
  bool operator==(const Tree&) const = default;
};

/// Its members are told by a macro.
class Counter {
 public:
  Counter() {}
  explicit Counter(std::string text) : name(std::move(text)) {}
  std::string name;
  long count = 1;
  bool operator==(const Counter&) const = default;
};
EH_PARAMETERS(Counter, name, count)

/// What a learner knows.
struct Learner {
  int step = 0;
  Phase phase = Phase::warm_up;
  std::vector<double> weights;
  std::mt19937_64 rng;
  std::normal_distribution<double> normal;
  std::map<std::string, double> best;
  std::optional<std::string> note;
  std::vector<Layer> layers;
  std::vector<bool> mask;
  std::array<std::string, 2> names;
  std::pair<int, std::string> pair;
  std::tuple<int, std::vector<int>, bool> tuple;
  std::optional<std::vector<Point>> points;
  std::deque<Point> replay;
  std::list<std::string> list;
  bool operator==(const Learner&) const = default;
};

struct Others {
  std::set<std::string> set;
  std::multimap<int, std::string> many;
  std::unordered_map<std::string, int> table;
  std::unordered_set<bool> flags;
  std::unordered_multiset<int> bag;
  std::u16string wide;
  std::filesystem::path path;
  eh::Array<float> field;
  std::complex<double> z;
  Opaque opaque;
  Counter counter;
  Tree tree;
  std::discrete_distribution<int> choice;
  std::vector<std::vector<std::string>> nested;
  bool operator==(const Others&) const = default;
};

/// Values as they come, the ones that are easily got wrong among them.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : rng_(seed) {}

  std::size_t below(std::size_t limit) { return rng_() % limit; }
  bool flip() { return below(2) == 0; }

  double real() {
    constexpr double odd[] = {
        0, -0.0, 0.1, 1e-320, 1e308, std::numeric_limits<double>::infinity()};
    const std::size_t i = below(12);
    return i < 6 ? odd[i] : std::ldexp(static_cast<double>(rng_()), -70);
  }
  std::string text() {
    std::string all;
    for (std::size_t i = below(4) == 0 ? 0 : below(20); i > 0; --i)
      all += static_cast<char>(below(256));
    return all;
  }
  /// Up to `limit` of what `make` makes.
  template <class List, class Make>
  List some(const Make& make, std::size_t limit = 9) {
    List list;
    for (std::size_t i = below(limit + 1); i > 0; --i)
      list.insert(list.end(), make());
    return list;
  }

  int number() { return static_cast<int>(rng_()); }
  Point point() {
    return {number(), {static_cast<std::int16_t>(rng_()), -1}, real()};
  }
  Layer layer() {
    Layer all;
    all.weights = some<std::vector<float>>([&] { return 0.1f; });
    all.name = text();
    if (flip()) all.best = point();
    return all;
  }
  Tree tree(std::size_t depth) {
    Tree all{number(), {}};
    if (depth > 0)
      all.children =
          some<std::vector<Tree>>([&] { return tree(depth - 1); }, 3);
    return all;
  }
  Learner learner() {
    Learner all;
    const auto a_text = [&] { return text(); };
    const auto a_point = [&] { return point(); };
    all.step = number();
    all.phase = static_cast<Phase>(below(3));
    all.weights = some<std::vector<double>>([&] { return real(); }, 99);
    all.rng.seed(rng_());
    all.rng.discard(below(1000));
    if (flip()) all.normal(all.rng);
    for (std::size_t i = below(9); i > 0; --i) all.best[text()] = real();
    if (flip()) all.note = text();
    all.layers = some<std::vector<Layer>>([&] { return layer(); });
    all.mask = some<std::vector<bool>>([&] { return flip(); }, 70);
    all.names = {text(), text()};
    all.pair = {number(), text()};
    all.tuple = {number(), {number(), 2}, flip()};
    if (flip()) all.points = some<std::vector<Point>>(a_point);
    all.replay = some<std::deque<Point>>(a_point);
    all.list = some<std::list<std::string>>(a_text);
    return all;
  }
  Others others() {
    Others all;
    const auto a_text = [&] { return text(); };
    const auto small = [&] { return static_cast<int>(below(20)); };
    all.set = some<std::set<std::string>>(a_text);
    for (std::size_t i = below(20); i > 0; --i)
      all.many.emplace(small(), text());
    const auto load = [&] {
      return std::ldexp(1.5f, static_cast<int>(below(8)) - 4);
    };
    if (flip()) all.table.max_load_factor(load());
    if (flip()) all.table.reserve(below(500));
    for (std::size_t i = below(50); i > 0; --i) all.table[text()] = number();
    for (std::size_t i = below(20); i > 0; --i) all.table.erase(text());
    if (flip()) all.flags = {flip(), flip()};
    all.bag = some<std::unordered_multiset<int>>(small, 40);
    all.wide = some<std::u16string>([&] { return u'\u20ac'; });
    all.path = std::to_string(number());
    all.field = eh::Array<float>({below(4), below(4)});
    all.z = {real(), real()};
    all.opaque = Opaque(real());
    all.counter = Counter(text());
    all.tree = tree(4);
    all.choice = std::discrete_distribution<int>({1, 1, 2});
    all.nested = some<std::vector<std::vector<std::string>>>(
        [&] { return some<std::vector<std::string>>(a_text); });
    return all;
  }

 private:
  std::mt19937_64 rng_;
};

}  // namespace states
}  // namespace

#endif  // EH_TESTS_SDK_STATES_H
