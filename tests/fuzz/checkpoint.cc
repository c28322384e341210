// Bytes are read as a checkpoint or refused, also where their checksum does not
// keep them from being looked at; what was read is kept in a way that reads
// back as the same. The first byte of an input chooses what it is.

#include <array>
#include <deque>
#include <eh/detail/checkpoint.hpp>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "fuzz.h"

namespace {

using eh::fuzz::require;

// Without gaps: what is in them need not stay.
struct Point {
  int step;
  std::array<short, 2> votes;
  double sum;
};
struct Tree {
  char visits;
  std::vector<Tree> children;
};
EH_PARAMETERS(Tree, visits, children)
/// Kept as a text. Those of the library trust the counts in theirs.
struct Engine {
  using result_type = int;
  std::vector<int> state{1};
  void discard(int) {}
  bool operator==(const Engine&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Engine& engine) {
    return out << engine.state.at(0);
  }
  friend std::istream& operator>>(std::istream& in, Engine& engine) {
    return in >> engine.state.at(0);
  }
};
struct Learner {
  bool is_warm = false;
  std::vector<double> weights;
  std::minstd_rand rng;
  Engine engine;
  std::map<std::string, std::optional<Point>> best;
  std::unordered_map<int, std::vector<std::string>> table;
  std::set<short> set;
  std::multimap<char, bool> many;
  std::vector<bool> mask;
  std::array<std::string, 2> names;
  std::tuple<char, std::list<char>> tuple;
  std::deque<std::pair<char, std::string>> replay;
  std::filesystem::path path;
  Tree tree;
};
EH_PARAMETERS(Learner, is_warm, weights, rng, engine, best, table, set, many,
              mask, names, tuple, replay, path, tree)

template <class T>
void check_round_trip(const T& state) {
  const std::string first = eh::detail::encode_checkpoint(state, 1);
  T again{};
  eh::detail::decode_checkpoint(first, 1, again);
  require(eh::detail::encode_checkpoint(again, 1) == first,
          "a state is kept in the same way again");
}

template <class T, class Read>
void check_read(const Read& read) {
  T state{};
  try {
    read(state);
  } catch (const eh::detail::StateError& error) {
    require(error.what()[0] != '\0', "an error says something");
    return;
  }
  check_round_trip(state);
}

void tell_difference(std::string_view texts) {
  const auto end = std::min(texts.find('\n'), texts.size());
  const auto was = texts.substr(0, end);
  const auto is = texts.substr(std::min(end + 1, texts.size()));
  require(!eh::detail::tell_state_difference(was, is).empty(),
          "a difference is told");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = eh::fuzz::text_of(data + 1, size - 1);
  switch (data[0]) {
    case 'f':
      check_read<Tree>(
          [&](Tree& to) { eh::detail::decode_checkpoint(bytes, 1, to); });
      break;
    case 't':
      tell_difference(bytes);
      break;
    default:
      check_read<Learner>([&](Learner& to) {
        eh::detail::StateSource source(bytes);
        take_state(source, to);
      });
  }
  return 0;
}
