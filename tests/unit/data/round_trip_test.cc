// Whatever is written reads back as the same, in every format that has a form
// for it and however it is compressed.
#include <boost/test/unit_test.hpp>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "data_support.h"

using namespace eh::host::test;

namespace {

enum class Method { fast, exact };

struct Inner {
  float single = 0;
  std::vector<std::string> names;
};
struct Flat {
  bool on = false;
  std::int8_t tiny = 0;
  std::int64_t signed64 = 0;
  std::uint64_t unsigned64 = 0;
  float single = 0;
  double real = 0;
  std::string text;
  Method method = Method::fast;
  std::optional<int> maybe;
  std::optional<double> maybe_real;
};
struct Deep {
  Flat flat;
  Inner inner;
  std::vector<Inner> list;
  std::map<std::string, std::vector<double>> map;
  std::optional<Inner> maybe;
};

bool same(bool a, bool b) {
  return a == b;
}
bool same(double a, double b) {
  return same_number(a, b);
}
bool same(float a, float b) {
  return same_number(a, b);
}
bool same(const std::string& a, const std::string& b) {
  return a == b;
}
template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b);
template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b);
template <class K, class T>
bool same(const std::map<K, T>& a, const std::map<K, T>& b);
template <class T>
bool same(const T& a, const T& b) {
  if constexpr (std::is_class_v<T>) {
    bool all = true;
    auto fields = eh::detail::fields_of(b);
    [&]<std::size_t... I>(auto of_a, std::index_sequence<I...>) {
      all = (same(std::get<I>(of_a), std::get<I>(fields)) && ...);
    }
    (eh::detail::fields_of(a),
     std::make_index_sequence<std::tuple_size_v<decltype(fields)>>{});
    return all;
  } else {
    return a == b;
  }
}
template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same(a[i], b[i])) return false;
  return true;
}
template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}
template <class K, class T>
bool same(const std::map<K, T>& a, const std::map<K, T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) {
                      return x.first == y.first && same(x.second, y.second);
                    });
}

Inner inner(Generator& g) {
  return {g.real<float>(), g.list([&] { return g.text(); }, 3)};
}

Flat flat(Generator& g) {
  Flat all{g.truth(),
           g.integer<std::int8_t>(),
           g.integer<std::int64_t>(),
           g.integer<std::uint64_t>(),
           g.real<float>(),
           g.real<double>(),
           g.text(),
           g.truth() ? Method::fast : Method::exact,
           {},
           {}};
  if (g.truth()) all.maybe = g.integer<int>();
  if (g.truth()) all.maybe_real = g.real<double>();
  return all;
}

Deep deep(Generator& g) {
  Deep all{flat(g), inner(g), g.list([&] { return inner(g); }, 3), {}, {}};
  for (auto n = g.below(4); n > 0; --n)
    all.map[g.text()] = g.list([&] { return g.real<double>(); });
  if (g.truth()) all.maybe = inner(g);
  return all;
}

constexpr unsigned rounds = 100;

// `make` makes values of which each reads back from each of the formats.
template <class Make>
void check(std::initializer_list<const char*> endings, const Make& make) {
  const DataFolder data;
  for (const char* ending : endings)
    for (unsigned seed = 0; seed < rounds; ++seed) {
      Generator generator(seed);
      const auto value = make(generator);
      const std::string name = std::string("value") + ending;
      std::optional<std::decay_t<decltype(value)>> back;
      BOOST_CHECK_NO_THROW(back = data.again(name, value));
      BOOST_CHECK_MESSAGE(
          back && same(*back, value),
          ending << " with seed " << seed << ": " << data.folder.read(name));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_round_trip)

BOOST_AUTO_TEST_CASE(structs) {
  check({".json", ".jsonl", ".csv", ".tsv"}, flat);
  check({".json", ".jsonl"}, deep);
}

BOOST_AUTO_TEST_CASE(lists_of_structs) {
  const auto flats = [](Generator& g) {
    return g.list([&] { return flat(g); });
  };
  check({".json", ".jsonl", ".csv", ".tsv"}, flats);
  check({".json", ".jsonl", ".csv"},
        [](Generator& g) { return g.list([&] { return deep(g); }, 3); });
}

BOOST_AUTO_TEST_CASE(numbers) {
  const auto of = []<class T>(T) {
    return [](Generator& g) {
      return g.list([&] {
        if constexpr (std::is_floating_point_v<T>)
          return g.real<T>();
        else
          return g.integer<T>();
      });
    };
  };
  const auto everywhere = {".json", ".jsonl", ".csv", ".tsv",
                           ".txt",  ".npy",   ".bin"};
  check(everywhere, of(double{}));
  check(everywhere, of(float{}));
  check(everywhere, of(std::int8_t{}));
  check(everywhere, of(std::uint16_t{}));
  check(everywhere, of(std::int32_t{}));
  check(everywhere, of(std::int64_t{}));
  check(everywhere, of(std::uint64_t{}));
  check({".json", ".csv", ".txt", ".npy"},
        [](Generator& g) { return g.list([&] { return g.truth(); }); });
  check({".json", ".csv"}, [](Generator& g) {
    return g.list([&] {
      return g.truth() ? std::optional(g.integer<std::int64_t>())
                       : std::nullopt;
    });
  });
}

BOOST_AUTO_TEST_CASE(texts) {
  const auto lists = [](Generator& g) {
    return g.list([&] { return g.text(); });
  };
  check({".json", ".jsonl", ".csv", ".tsv", ".npy"}, lists);
  check({".txt"}, [](Generator& g) {
    return g.list([&] {
      auto text = g.text();
      std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
      return text;
    });
  });
}

BOOST_AUTO_TEST_CASE(columns_by_name) {
  check({".json", ".csv", ".tsv", ".npz"}, [](Generator& g) {
    std::map<std::string, std::vector<double>> all;
    const auto rows = g.below(5);
    for (auto n = g.below(3) + 1; n > 0; --n) {
      auto& column = all["c" + std::to_string(n)];
      for (auto i = rows; i > 0; --i) column.push_back(g.real<double>());
    }
    return all;
  });
}

BOOST_AUTO_TEST_CASE(records_of_numpy) {
  struct Record {
    bool on = false;
    std::int16_t small = 0;
    std::uint64_t large = 0;
    float single = 0;
    double real = 0;
    std::string text;
  };
  check({".npy", ".csv", ".json"}, [](Generator& g) {
    return g.list([&] {
      return Record{g.truth(),
                    g.integer<std::int16_t>(),
                    g.integer<std::uint64_t>(),
                    g.real<float>(),
                    g.real<double>(),
                    g.text()};
    });
  });
}

BOOST_AUTO_TEST_CASE(arrays) {
  const DataFolder data;
  for (const std::string ending : {".npy", ".npz", ".json"})
    for (const auto& shape : std::vector<std::vector<std::size_t>>{
             {4}, {2, 3}, {1, 1}, {2, 3, 2}}) {
      Generator g(7);
      eh::Array<double> array(shape);
      for (auto& value : array.values) value = g.real<double>();
      const auto name = "a" + ending;
      data.write(name, array);
      const auto back =
          ending == ".npz"
              ? data.read<std::map<std::string, eh::Array<double>>>(name).at(
                    "arr_0")
              : data.read<eh::Array<double>>(name);
      BOOST_CHECK(back.shape == shape);
      BOOST_CHECK(same(back.values, array.values));
    }
  const eh::Array<int> flat({1, 2, 3, 4, 5, 6}, {3, 2});
  for (const std::string ending : {".csv", ".tsv", ".txt", ".json", ".npy"})
    BOOST_CHECK(data.again("b" + ending, flat) == flat);
  const eh::Array<int> line({1, 2, 3}, {3});
  for (const std::string ending : {".csv", ".txt", ".json", ".bin", ".npy"})
    BOOST_CHECK(data.again("c" + ending, line) == line);
  const eh::Array<int> nothing({}, {0, 3});
  BOOST_CHECK(data.again("d.npy", nothing) == nothing);
  BOOST_CHECK(data.again("d.csv", nothing) == nothing);
  const eh::Array<int> number({5}, {});
  BOOST_CHECK(data.again("e.npy", eh::Array<int>({5}, {})).values ==
              number.values);
}

BOOST_AUTO_TEST_CASE(tables) {
  const DataFolder data;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    Generator g(seed);
    const auto columns = g.below(4) + 1;
    std::vector<std::string> names;
    for (auto i = columns; i > 0; --i) names.push_back(g.text());
    eh::Table table(names);
    for (auto rows = g.below(5); rows > 0; --rows) {
      std::vector<eh::Cell> row;
      for (auto i = columns; i > 0; --i) {
        switch (g.below(columns > 1 ? 5 : 4)) {
          case 0:
            row.emplace_back(g.integer<std::int64_t>());
            break;
          case 1:
            row.emplace_back(0.5 + static_cast<double>(g.below(100)));
            break;
          case 2:
            row.emplace_back(g.text() + "x");
            break;
          case 3:
            row.emplace_back(g.truth());
            break;
          default:
            row.emplace_back();
        }
      }
      table.add_cells(std::move(row));
    }
    for (const std::string name : {"t.csv", "t.tsv"})
      BOOST_CHECK_MESSAGE(
          data.again(name, table) == table,
          name << " " << seed << ": " << data.folder.read(name));
  }
  for (const std::string name : {"t.csv", "t.tsv", "t.npz"}) {
    BOOST_CHECK(data.again(name, eh::Table({"a", "b"})) ==
                eh::Table({"a", "b"}));
    BOOST_CHECK(data.again(name, eh::Table()) == eh::Table());
  }
  // Nothing is there that has the names of the columns.
  for (const std::string name : {"t.json", "t.jsonl"})
    BOOST_CHECK(data.again(name, eh::Table({"a", "b"})) == eh::Table());
  const auto large = eh::Table({"n"})
                         .add_row(std::int64_t{9007199254740993})
                         .add_row(std::numeric_limits<std::int64_t>::min());
  for (const std::string name : {"l.csv", "l.json", "l.jsonl", "l.npz"})
    BOOST_CHECK(data.again(name, large) == large);
}

BOOST_AUTO_TEST_CASE(other_containers) {
  const DataFolder data;
  const std::set<int> set = {1, 2, 3};
  BOOST_CHECK(data.again("s.json", set) == set);
  const std::deque<double> deque = {1, 2};
  BOOST_CHECK(data.again("d.csv", deque) == deque);
  const std::array<int, 3> fixed = {1, 2, 3};
  BOOST_CHECK(data.again("f.npy", fixed) == fixed);
  const std::unordered_map<std::uint8_t, std::string> map = {{1, "a"},
                                                             {200, "b"}};
  BOOST_CHECK(data.again("m.json", map) == map);
  const std::vector<std::vector<std::string>> nested = {{"a", "b"}, {"c", "d"}};
  for (const std::string name : {"n.json", "n.csv", "n.npy"})
    BOOST_CHECK(data.again(name, nested) == nested);
  BOOST_CHECK_EQUAL(data.again("x.json", 2.5), 2.5);
  BOOST_CHECK_EQUAL(data.again("x.csv", 7), 7);
  BOOST_CHECK_EQUAL(data.again("x.npy", -1), -1);
}

BOOST_AUTO_TEST_CASE(compressed) {
  const DataFolder data;
  std::vector<double> numbers(300'000);
  Generator g(1);
  for (auto& number : numbers) number = static_cast<double>(g.below(100));
  for (const std::string codec : {".gz", ".zst", ".xz", ".bz2"}) {
    for (const std::string format : {".csv", ".npy", ".bin"})
      BOOST_CHECK(data.again("n" + format + codec, numbers) == numbers);
    BOOST_CHECK(data.again("e.txt" + codec, std::string()).empty());
    BOOST_CHECK_LT(data.folder.read("n.npy" + codec).size(),
                   numbers.size() * 4);
  }
}

BOOST_AUTO_TEST_SUITE_END()
