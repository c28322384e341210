// Files of which the end is missing: a value of them is refused, and not taken
// for another one.
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <map>
#include <set>

#include "data_support.h"

using namespace eh::host::test;

namespace {

struct Row {
  int n = 10;
  double x = 24.5;
  std::string text = "a\"b";
  bool operator==(const Row&) const = default;
};

using Rows = std::vector<Row>;
using Reals = std::vector<double>;
using Texts = std::vector<std::string>;
using Sizes = std::set<std::size_t>;

// The sizes at which a beginning of a file is read, but for its own.
template <class T>
Sizes read_when_cut(const DataFolder& data, const std::string& name,
                    const T& value) {
  const auto whole = data.written(name, value);
  Sizes sizes;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    try {
      data.from<T>(name, whole.substr(0, size));
      sizes.insert(size);
    } catch (const std::runtime_error&) {
    }
  }
  return sizes;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(data_cut, DataFolder)

BOOST_AUTO_TEST_CASE(a_beginning_is_no_file) {
  const Reals reals = {24.5, 22};
  const std::map<std::string, Reals> named = {{"a", reals}, {"b", {}}};
  BOOST_TEST(read_when_cut(*this, "a.npy", reals) == Sizes(),
             boost::test_tools::per_element());
  BOOST_TEST(read_when_cut(*this, "r.npy", Rows(2)) == Sizes(),
             boost::test_tools::per_element());
  BOOST_TEST(read_when_cut(*this, "a.npz", named) == Sizes(),
             boost::test_tools::per_element());
  // The line end behind the last bracket is not needed.
  const auto json = written("a.json", Rows(2)).size();
  BOOST_TEST(read_when_cut(*this, "a.json", Rows(2)) == Sizes{json - 1},
             boost::test_tools::per_element());
  for (const std::string codec : {".gz", ".zst", ".xz", ".bz2"})
    BOOST_TEST(read_when_cut(*this, "a.csv" + codec, Rows(2)) == Sizes(),
               boost::test_tools::per_element());
}

// Only where a line ends is not to be seen that more should follow.
BOOST_AUTO_TEST_CASE(lines_are_whole) {
  const Reals reals = {24.5, 22};
  BOOST_TEST(read_when_cut(*this, "a.txt", reals) == (Sizes{0, 5}),
             boost::test_tools::per_element());
  BOOST_TEST(read_when_cut(*this, "a.csv", reals) == (Sizes{6, 11}),
             boost::test_tools::per_element());
  BOOST_TEST(read_when_cut(*this, "a.jsonl", reals) == (Sizes{0, 5}),
             boost::test_tools::per_element());
  const Texts texts = {"1", "\u00e9"};
  BOOST_TEST(read_when_cut(*this, "b.tsv", texts) == (Sizes{6, 9, 10}),
             boost::test_tools::per_element());
  const std::string why =
      "the last line has no end: is the file whole? (add a newline if it is)";
  BOOST_TEST(refused<eh::Table>("a.csv", "a,b\n1,24.5\n2,2") ==
             "line 3, column 4: " + why);
  BOOST_TEST(refused<eh::Table>("a.tsv", "a") == "line 1, column 2: " + why);
  BOOST_TEST(refused<Reals>("a.txt", "1\n2") == "line 2, column 1: " + why);
  BOOST_TEST(refused<Reals>("a.jsonl", "1\n2") == "line 2, column 2: " + why);
  // These are known to be whole.
  BOOST_TEST(from<Texts>("a.csv", "a\n\"b\"").size() == 1u);
  BOOST_TEST(from<Texts>("a.jsonl", "\"a\"\n\"b\"").size() == 2u);
}

// Each of the cells was once searched for from the beginning of the line.
BOOST_AUTO_TEST_CASE(long_lines_of_quotes) {
  std::string line;
  for (int i = 0; i < 400'000; ++i) line += "\"\",";
  line += "\"\"\n";
  const auto begin = std::clock();
  const auto table = from<eh::Table>("a.csv", line);
  BOOST_TEST(table.column_count() == 400'001u);
  BOOST_TEST((std::clock() - begin) / CLOCKS_PER_SEC < 20);
}

BOOST_AUTO_TEST_SUITE_END()
