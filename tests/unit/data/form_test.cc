// Values that a format has no form of its own for, and forms that are read as
// other values than those that were written.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <deque>
#include <map>
#include <optional>

#include "data_support.h"

using namespace eh::host::test;

namespace {

enum class Paint { red, green };
struct Point {
  int x = 1;
  std::string name = "a";
  bool operator==(const Point&) const = default;
};

using Points = std::vector<Point>;
using Naturals = std::vector<unsigned>;
using Maybe = std::vector<std::optional<int>>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(data_form, DataFolder)

BOOST_AUTO_TEST_CASE(single_values_are_read_from_every_ending) {
  for (const std::string ending :
       {".json", ".jsonl", ".csv", ".tsv", ".txt", ".npy", ".npz"}) {
    const auto name = "a" + ending;
    BOOST_TEST(again(name, 42) == 42, name);
    BOOST_TEST(again(name, -0.5) == -0.5, name);
    BOOST_TEST(again(name, true), name);
    BOOST_CHECK(again(name, Paint::green) == Paint::green);
    BOOST_CHECK(again(name, std::optional(7)) == 7);
    BOOST_CHECK(again(name, std::optional<std::string>("x y")) == "x y");
  }
  BOOST_TEST(written("a.json", Paint::red) == "\"red\"\n");
  BOOST_TEST(written("a.txt", Paint::red) == "red\n");
  BOOST_TEST(refused<int>("a.txt", "1\n2\n") ==
             "line 1, column 1: expected a number that is an int, not a list");
}

BOOST_AUTO_TEST_CASE(what_has_no_name_is_read_from_npz) {
  BOOST_CHECK((again("a.npz", Naturals{1, 2}) == Naturals{1, 2}));
  const eh::Array<float> array({1, 2, 3, 4}, {2, 2});
  BOOST_CHECK(again("a.npz", array) == array);
  const std::map<std::string, Naturals> named = {{"arr_0", {1}}};
  BOOST_CHECK(again("b.npz", named) == named);
}

BOOST_AUTO_TEST_CASE(columns_are_read_as_structs) {
  const Points points = {{1, "a"}, {2, "b,c"}};
  for (const std::string name : {"a.npz", "a.npy", "a.csv.gz"}) {
    BOOST_CHECK(again(name, points) == points);
    BOOST_CHECK(again(name, Points()) == Points());
  }
  const std::string columns = R"({"name": ["a", "b,c"], "x": [1, 2]})";
  BOOST_CHECK(from<Points>("a.json", columns) == points);
  BOOST_TEST(from<eh::Table>("a.json", columns).row_count() == 2u);
  BOOST_TEST(refused<Points>("a.json", R"({"x": [1], "name": []})") ==
             "line 1, column 20: name: expected 1 row, not 0");
  BOOST_TEST(refused<Points>("a.json", R"({"x": 1, "name": []})") ==
             "line 1, column 7: x: expected a column, not 1");
  BOOST_TEST(
      refused<Points>("a.json", R"({"x": [1, 2.5], "name": ["", ""]})") ==
      "line 1, column 11: [1].x: expected a number that is an int, not"
      " 2.5");
}

BOOST_AUTO_TEST_CASE(nan_is_nothing_where_no_number_is_it) {
  const Maybe maybe = {1, {}, 3};
  BOOST_CHECK(again("a.npy", maybe) == maybe);
  BOOST_CHECK(again("a.npz", maybe) == maybe);
  const std::vector<std::optional<double>> reals = {std::nan(""), 1};
  BOOST_TEST(again("a.npy", reals).at(0).has_value());
}

BOOST_AUTO_TEST_CASE(plain_memory_is_any_list_of_numbers) {
  const std::array<float, 2> two = {0.5, -1};
  BOOST_CHECK(again("a.bin", two) == two);
  const std::vector<bool> bits = {true, false, true};
  BOOST_CHECK(again("a.bin", bits) == bits);
  const std::deque<int> all = {1, 2};
  write("a.bin", std::vector<int>{1, 2});
  BOOST_CHECK(read<std::deque<int>>("a.bin") == all);
  BOOST_TEST(refusal([&] { read<std::array<int, 3>>("a.bin"); }) ==
             "expected 3 elements, not 2");
  BOOST_TEST(refused<std::vector<int>>("a.bin", "abc") ==
             "its 3 bytes are not a multiple of an int");
}

BOOST_AUTO_TEST_CASE(nothing_at_all) {
  using Map = std::map<std::string, double>;
  for (const std::string name : {"a.json", "a.csv", "a.npz"})
    BOOST_TEST(again(name, Map()).empty(), name);
}

BOOST_AUTO_TEST_CASE(texts_that_could_not_be_read_are_not_written) {
  using Texts = std::vector<std::string>;
  const std::map<std::string, int> keys = {{"\xff", 1}};
  for (const std::string name : {"a.json", "a.jsonl", "a.npy"}) {
    const auto why = refusal([&] { write(name, Texts{"\xff"}); });
    BOOST_TEST(has(why, "a text is not UTF-8"), name);
  }
  BOOST_TEST(has(refusal([&] { write("a.json", keys); }), "is not UTF-8"));
  const std::string zero("a\0b", 3);
  for (const std::string name : {"a.csv", "a.tsv", "a.txt"}) {
    BOOST_TEST(refusal([&] { write(name, Texts{zero}); }) ==
               "a text has a zero byte in it (use .json)");
  }
  const std::map<std::string, int> names = {{zero, 1}};
  for (const std::string name : {"a.csv", "a.npz"})
    BOOST_TEST(has(refusal([&] { write(name, names); }), "zero byte"));
  BOOST_CHECK(again("a.json", Texts{zero}) == Texts{zero});
}

BOOST_AUTO_TEST_CASE(places_in_arrays) {
  write("a.npy", eh::Array<double>({1, 2, 3, 0.5}, {2, 2}));
  BOOST_TEST(refusal([&] { read<eh::Array<int>>("a.npy"); }) ==
             "[1][1]: expected a number that is an int, not 0.5");
  write("r.npy", Points(2));
  BOOST_TEST(refusal([&] { read<eh::Array<double>>("r.npy"); }) ==
             "[0].name: expected a number that is a double, not the text 'a'");
  BOOST_TEST(refused<Naturals>("a.json", "[-1]") ==
             "line 1, column 2: [0]: expected a number that is an unsigned"
             " int, not -1");
  BOOST_TEST(refused<std::vector<bool>>("a.json", "[2]") ==
             "line 1, column 2: [0]: expected a bool, not 2");
}

BOOST_AUTO_TEST_CASE(endings_in_capitals) {
  for (const std::string name : {"A.CSV", "a.Npz", "a.BIN.ZST", "A.B.TXT.Gz"})
    BOOST_CHECK((again(name, Naturals{1, 2}) == Naturals{1, 2}));
  BOOST_TEST(written("A.CSV", Naturals{1}) == "value\n1\n");
}

BOOST_AUTO_TEST_CASE(semicolons) {
  BOOST_TEST(refused<eh::Table>("a.csv", "a;b\n1,5;2\n") ==
             "line 2, column 1: this row has 2 cells and not 1 (';' is taken"
             " for no separator)");
}

// Lists that are empty take no bytes; a header could have any number of them.
BOOST_AUTO_TEST_CASE(shapes_that_are_nothing_but_lists) {
  auto npy = written("a.npy", eh::Array<double>({30, 0}));
  BOOST_TEST(from<std::vector<Naturals>>("b.npy", npy).size() == 30u);
  const std::string shape = "(30, 0), }";
  const auto at = npy.find(shape);
  BOOST_REQUIRE(at != npy.npos);
  npy.replace(at, shape.size() + 12, "(30000000000, 0), }   ");
  BOOST_TEST(has(refused<std::vector<Naturals>>("b.npy", npy),
                 "too few for the shape (30000000000, 0)"));
}

BOOST_AUTO_TEST_CASE(rows_without_columns_are_not_lost) {
  using Lines = std::vector<std::vector<std::string>>;
  BOOST_CHECK(again("a.npy", Lines(3)) == Lines(3));
  BOOST_CHECK(again("a.npy", Lines()) == Lines());
  const std::string why = "rows without columns have no form here (use .json)";
  for (const std::string name : {"a.csv", "a.tsv"}) {
    BOOST_TEST(refusal([&] { write(name, Lines(3)); }) == why);
    BOOST_TEST(refusal([&] { write(name, eh::Array<int>({3, 0})); }) == why);
  }
  const std::vector<std::map<std::string, int>> maps(2);
  for (const std::string name : {"a.csv", "a.npy", "a.npz"})
    BOOST_TEST(has(refusal([&] { write(name, maps); }), why), name);
  const eh::Array<int> most({1'000'000, 0}), more({1'000'001, 0});
  BOOST_CHECK(again("a.npy", most) == most);
  BOOST_TEST(refusal([&] { write("a.npy", more); }) ==
             "an array of the shape (1000001, 0) has no elements, and too many"
             " lists");
}

BOOST_AUTO_TEST_CASE(names_of_records_are_as_python_has_them) {
  const eh::Table table =
      eh::Table({"abcd\r", "\x01", "'\\\n", "\u00e9"}).add_row(1, 2, 3, 4);
  const auto npy = written("a.npy", table);
  BOOST_TEST(has(npy, "('abcd\\x0d', '<i8'), ('\\x01', '<i8')"));
  BOOST_CHECK(read<eh::Table>("a.npy") == table);
  auto other = npy;
  const auto rename = [&](std::string_view from, std::string_view to) {
    const auto at = other.find(from);
    BOOST_REQUIRE(at != other.npos);
    other.replace(at, from.size(), to);
  };
  // Of the same length, so that the header remains whole.
  rename("abcd\\x0d", "\\r\\u20ac");
  rename("\\x01", "\\xe9");
  const auto read = from<eh::Table>("b.npy", other);
  BOOST_TEST(read.name(0) == "\r\u20ac");
  BOOST_TEST(read.name(1) == "\u00e9");
  rename("\\xe9", "\\xeg");
  BOOST_TEST(has(refused<eh::Table>("b.npy", other), "escape is not known"));
  BOOST_TEST(refusal([&] {
               write("a.npy", eh::Table({"a", "b", "a"}));
             }) ==
             "there are two columns 'a', which NumPy does not read (use .csv)");
}

BOOST_AUTO_TEST_SUITE_END()
