// Values that a program may have and that are not what they look like: arrays
// whose shape is another, names that come twice, types within themselves.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>

#include "data_support.h"

using namespace eh::host::test;

namespace {

struct Pair {
  int a = 0;
  int b = 0;
};
using Pairs = std::vector<Pair>;
struct Tree {
  int visits = 0;
  std::vector<Tree> children;
  std::map<std::string, Tree> named;
  bool operator==(const Tree&) const = default;
};

// As a matrix of Eigen.
template <class T>
struct Matrix {
  std::vector<T> numbers;
  std::ptrdiff_t its_rows, its_columns, row_step, column_step;
  std::ptrdiff_t rows() const { return its_rows; }
  std::ptrdiff_t cols() const { return its_columns; }
  std::ptrdiff_t rowStride() const { return row_step; }
  std::ptrdiff_t colStride() const { return column_step; }
  const T* data() const { return numbers.data(); }
};
template <class T>
struct Vector : Matrix<T> {
  enum { IsVectorAtCompileTime = 1 };
  auto begin() const { return this->numbers.begin(); }
  auto end() const { return this->numbers.end(); }
};

struct ValueFolder : DataFolder {
  template <class T>
  auto read_of(const std::string& name, const T& array) const {
    write(name, array);
    return read<eh::Array<double>>(name);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(data_value, ValueFolder)

BOOST_AUTO_TEST_CASE(arrays_whose_shape_is_not_theirs) {
  eh::Array<double> array({2, 2});
  array.shape = {2, 3};
  const std::string why = "an array has 4 values and by its shape 6";
  BOOST_TEST(refusal([&] { write("a.npy", array); }) == why);
  BOOST_TEST(refusal([&] { write("a.json", std::vector{array}); }) == why);
  BOOST_CHECK_THROW(eh::ArrayView<double>{array}, std::invalid_argument);
  BOOST_CHECK_THROW(array(1, 2), std::out_of_range);
  BOOST_TEST(folder.list().empty());
}

// The numbers that a 2 x 3 matrix has in the order of its rows, however they
// lie in memory.
BOOST_AUTO_TEST_CASE(views_of_every_order) {
  const eh::Array<double> wanted({1, 2, 3, 4, 5, 6}, {2, 3});
  const double by_rows[] = {1, 2, 3, 4, 5, 6};
  const double by_columns[] = {1, 4, 2, 5, 3, 6};
  const double with_gaps[] = {1, 0, 4, 0, 0, 2, 0, 5, 0, 0, 3, 0, 6};
  const double backwards[] = {6, 5, 4, 3, 2, 1};
  using Shape = std::vector<std::size_t>;
  for (const std::string name : {"a.npy", "a.csv", "a.txt", "a.json"}) {
    BOOST_CHECK(read_of(name, eh::ArrayView(by_rows, {2, 3})) == wanted);
    BOOST_CHECK(read_of(name, eh::ArrayView(by_rows, {2, 3}, eh::row_major)) ==
                wanted);
    BOOST_CHECK(read_of(name, eh::ArrayView(by_columns, {2, 3},
                                            eh::column_major)) == wanted);
    BOOST_CHECK(read_of(name, eh::ArrayView(with_gaps, {2, 3}, {2, 5})) ==
                wanted);
    BOOST_CHECK(read_of(name, eh::ArrayView(backwards + 5, {2, 3}, {-3, -1})) ==
                wanted);
  }
  const eh::Array<double> cube({1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2});
  const double fortran[] = {1, 5, 3, 7, 2, 6, 4, 8};
  BOOST_CHECK(read_of("b.npy", eh::ArrayView(fortran, Shape{2, 2, 2},
                                             eh::column_major)) == cube);
  const std::ptrdiff_t rows = 2, columns = 3;
  BOOST_CHECK(read_of("d.npy", eh::ArrayView(by_columns, {rows, columns},
                                             eh::column_major)) == wanted);
  BOOST_CHECK(read_of("d.npy", eh::ArrayView(by_rows, {columns})) ==
              eh::Array<double>({1, 2, 3}, {3}));
  const double one = 7;
  BOOST_CHECK(read_of("c.npy", eh::ArrayView(&one, Shape{2}, {0})) ==
              eh::Array<double>({7, 7}, {2}));
  BOOST_TEST(refusal([&] {
               eh::ArrayView(by_rows, {2, 3}, {1});
             }) ==
             "an array of 2 dimensions has 1 strides (give one for each"
             " dimension)");
  BOOST_CHECK((eh::ArrayView(by_columns, {2, 3}, eh::column_major).strides() ==
               std::vector<std::ptrdiff_t>{1, 2}));
}

// It is no list, and not taken for rows where it has columns.
BOOST_AUTO_TEST_CASE(matrices_that_say_how_they_lie) {
  const Matrix<double> matrix{{1, 4, 2, 5, 3, 6}, 2, 3, 1, 2};
  const eh::Array<double> wanted({1, 2, 3, 4, 5, 6}, {2, 3});
  BOOST_CHECK(read_of("a.npy", matrix) == wanted);
  BOOST_CHECK(read_of("a.csv", matrix) == wanted);
  BOOST_CHECK(read_of("b.npy", eh::ArrayView(matrix)) == wanted);
  const Matrix<double> block{{1, 4, 2, 5, 3, 6}, 1, 3, 2, 2};
  BOOST_CHECK(read_of("c.npy", block) == eh::Array<double>({1, 2, 3}, {1, 3}));
  const Vector<double> row{{{1, 0, 2, 0, 3}, 1, 3, 5, 2}};
  BOOST_CHECK(read_of("d.npy", row) == eh::Array<double>({1, 2, 3}, {3}));
  using Named = std::map<std::string, Matrix<float>>;
  write("e.npz", Named{{"m", {{1, 3, 2, 4}, 2, 2, 1, 2}}});
  const auto read_named =
      read<std::map<std::string, eh::Array<float>>>("e.npz");
  BOOST_CHECK(read_named.at("m") == eh::Array<float>({1, 2, 3, 4}, {2, 2}));
}

// As np.savetxt() writes one.
BOOST_AUTO_TEST_CASE(a_file_without_names) {
  const std::string csv = "0.5,1\n2,3\n";
  const std::string why =
      "line 1, column 1: expected the columns' names in the first line, not "
      "numbers (write names there, or use .txt or .npy)";
  BOOST_TEST(refused<eh::Array<double>>("a.csv", csv) == why);
  BOOST_TEST(refused<std::vector<std::vector<double>>>("a.csv", csv) == why);
  BOOST_TEST(refused<std::vector<double>>("b.csv", "1.5\n2\n") == why);
  BOOST_TEST((from<eh::Array<double>>("c.csv", "0,1\n2,3\n").values ==
              std::vector<double>{2, 3}));
}

BOOST_AUTO_TEST_CASE(several_arrays_are_no_array) {
  write("a.npz", std::map<std::string, std::vector<double>>{{"x", {1, 2}}});
  BOOST_TEST(refusal([&] {
               read<eh::Array<double>>("a.npz");
             }).find("several by name, such as 'x'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(shapes_of_more_than_there_can_be) {
  const std::size_t half = std::size_t{1} << 33;
  using Shape = std::vector<std::size_t>;
  BOOST_CHECK_THROW(eh::Array<double>(Shape{half, half}), std::length_error);
  BOOST_CHECK(eh::Array<double>(Shape{half, half, 0}).values.empty());
  const double number = 1;
  BOOST_TEST(refusal([&] {
               write("a.npy", eh::ArrayView(&number, Shape{half, half}));
             }) == "an array cannot have as many values as its shape");
}

// Such as the signature that lets anyone read the file.
BOOST_AUTO_TEST_CASE(errors_do_not_tell_what_a_url_asks_for) {
  const eh::detail::DataHost none{nullptr, nullptr, nullptr, "no host"};
  const auto told = [&](const std::string& path) {
    try {
      eh::detail::read_data<int>(none, path);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  for (const std::string scheme : {"https", "HTTPS"})
    BOOST_TEST(
        told(scheme + "://a.org/x.csv?key=SECRET")
            .starts_with("cannot read '" + scheme + "://a.org/x.csv': "));
  BOOST_TEST(told("what?.csv").starts_with("cannot read 'what?.csv': "));
  try {
    eh::detail::write_data(none, "https://a.org/x.csv?key=SECRET", 1);
  } catch (const std::runtime_error& error) {
    BOOST_TEST(std::string(error.what()) ==
               "cannot write 'https://a.org/x.csv': no host");
  }
}

BOOST_AUTO_TEST_CASE(columns_that_are_missing_where_there_are_no_rows) {
  for (const std::string rows : {"", "1,2\n"})
    BOOST_TEST(refused<Pairs>("a.csv", "a,x\n" + rows) ==
               "line 1, column 1: there is no 'b' (known: a, x)");
  BOOST_TEST(from<Pairs>("a.csv", "x,b,y,a\n1,2,3,4\n").at(0).a == 4);
  struct Maybe {
    int a = 0;
    std::optional<int> b = 0;
  };
  BOOST_TEST(from<std::vector<Maybe>>("a.csv", "a\n").empty());
  BOOST_TEST(
      !from<std::vector<Maybe>>("a.csv", "x,a\n1,2\n").at(0).b.has_value());
}

BOOST_AUTO_TEST_CASE(names_that_come_twice) {
  BOOST_TEST(refused<Pairs>("a.csv", "a,b,a\n1,2,3\n") ==
             "line 1, column 1: 'a' is there twice");
  BOOST_TEST(refused<Pair>("a.csv", "a,b,a\n1,2,3\n") ==
             "line 1, column 5: 'a' is there twice");
  BOOST_TEST(refused<Pair>("a.json", R"({"a":1,"b":2,"a":3})") ==
             "line 1, column 14: 'a' is there twice");
  BOOST_TEST(refused<Pairs>("a.json", R"([{"b":2,"b":2,"a":3}])") ==
             "line 1, column 9: [0]: 'b' is there twice");
  using Map = std::map<std::string, int>;
  BOOST_TEST(refused<Map>("a.json", R"({"a":1,"a":1})") ==
             "line 1, column 8: 'a' is there twice");
  BOOST_TEST(refused<std::vector<Map>>("a.csv", "a,a\n1,2\n") ==
             "line 1, column 3: [0]: 'a' is there twice");
  BOOST_TEST(refused<eh::Table>("a.json", R"([{"a":null,"a":1}])") ==
             "line 1, column 12: 'a' is there twice");
  BOOST_TEST(from<Pair>("a.json", R"({"x":1,"x":1,"b":2,"a":3})").a == 3);
}

// As JSON they take a few bytes a row, as a table rows times columns.
BOOST_AUTO_TEST_CASE(rows_that_have_hardly_a_column_in_common) {
  const auto rows = [](std::size_t count) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i)
      text += (i > 0 ? ",{\"k" : "{\"k") + std::to_string(i) + "\":1}";
    return text + "]";
  };
  BOOST_TEST(from<eh::Table>("a.json", rows(900)).column_count() == 900u);
  BOOST_TEST(refused<eh::Table>("a.json", rows(1100)) ==
             "line 1, column 1: 1100 rows of 1100 columns, most of which are"
             " empty, make no table");
  using Maps = std::vector<std::map<std::string, int>>;
  const auto maps = from<Maps>("a.json", rows(1100));
  BOOST_TEST(refusal([&] { write("b.csv", maps); }) ==
             "1100 rows of 1100 columns, most of which are empty, make no"
             " table");
  BOOST_CHECK(again("b.json", maps) == maps);
}

BOOST_AUTO_TEST_CASE(numbers_beyond_those_that_a_type_has) {
  for (const std::string name : {"a.npy", "a.json", "a.csv", "a.txt"}) {
    write(name, std::vector<double>{1e300});
    BOOST_TEST(has(refusal([&] { read<std::vector<float>>(name); }),
                   "expected a number that is a float, not "));
    write(name, std::vector<double>{-1e-50, 1e-45, INFINITY});
    const auto small = read<std::vector<float>>(name);
    BOOST_TEST((small.at(0) == 0 && std::signbit(small.at(0))));
    BOOST_TEST(small.at(1) == 1e-45f);
    BOOST_TEST(std::isinf(small.at(2)));
  }
  for (const std::string text :
       {"1e-400", "0.01e-398", "1000e-999999", "0.001e-99999999999999999999"})
    BOOST_TEST(from<double>("b.json", text) == 0);
  BOOST_TEST(std::signbit(from<double>("b.txt", "-1e-400\n")));
  const auto zeros = "0." + std::string(400, '0') + "1";
  BOOST_TEST(from<double>("b.json", zeros) == 0);
  BOOST_TEST(from<double>("b.json", zeros + "e+400") == 0.1);
  for (const std::string& text :
       {std::string("1e400"), std::string("-0.001E+400"), std::string(400, '9'),
        std::string("1e99999999999999999999")})
    BOOST_TEST(has(refused<double>("b.json", text), "expected a number that"));
  BOOST_TEST(has(refused<int>("b.json", "1e-400"), "expected a number that"));
}

BOOST_AUTO_TEST_CASE(paths_are_texts) {
  using std::filesystem::path;
  const std::vector<path> paths = {"/a b/c", "d,e", ""};
  for (const std::string name : {"a.json", "a.csv", "a.txt", "a.npy"})
    BOOST_CHECK(again(name, paths) == paths);
  BOOST_TEST(written("a.json", path("/a")) == "\"/a\"\n");
  BOOST_CHECK(again("b.json", path("/a")) == path("/a"));
  const auto table = eh::Table({"a"}).add_row(path("/a"));
  BOOST_TEST(std::get<std::string>(table.at(0, 0)) == "/a");
}

BOOST_AUTO_TEST_CASE(structs_within_themselves) {
  const Tree tree = {1, {{2, {}, {}}, {3, {{4, {}, {}}}, {}}}, {{"x", {}}}};
  BOOST_CHECK(again("a.json", tree) == tree);
  BOOST_CHECK(again("a.csv", tree.children) == tree.children);
}

BOOST_AUTO_TEST_CASE(objects_of_python_are_refused) {
  auto npy = written("a.npy", eh::Array<double>({1}));
  const auto at = npy.find("'<f8'");
  BOOST_REQUIRE(at != npy.npos);
  npy.replace(at, 5, "'|O' ");
  BOOST_TEST(has(refused<eh::Array<double>>("a.npy", npy),
                 "Python's objects, which are not read"));
}

// What README says of them.
BOOST_AUTO_TEST_CASE(optionals_that_come_back_as_others) {
  const std::vector<std::optional<double>> reals = {std::nullopt, 1};
  BOOST_TEST(std::isnan(again("a.npy", reals).at(0).value()));
  const std::vector<std::optional<std::string>> texts = {"", "a"};
  BOOST_TEST(!again("a.csv", texts).at(0).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
