// What files look like, what others write and is read, and what is told of
// files that are not what they should be.
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <csignal>
#include <map>

#include "data_support.h"

using namespace eh::host::test;

namespace {

struct Wait {
  double wait = 0.5;
  int served = 1;
  std::string name = "a,\"b\"";
};
struct Columns {
  std::vector<int> a;
  std::vector<std::string> b;
};
struct Nested {
  Wait wait;
  std::vector<int> list;
};
enum class Color { red, green };

using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;
const double not_a_number = std::nan("");

}  // namespace

BOOST_FIXTURE_TEST_SUITE(data_file, DataFolder)

BOOST_AUTO_TEST_CASE(looks_as_others_expect_it) {
  const auto table = eh::Table({"t", "a \"b\", c"})
                         .add_row(1, "x")
                         .add_row(0.1, "y,\n\"z\"")
                         .add_row(-1e-7f, true)
                         .add_row(not_a_number, "12")
                         .add_row(2.0, "");
  BOOST_TEST(written("t.csv", table) ==
             "t,\"a \"\"b\"\", c\"\n1,x\n0.1,\"y,\n\"\"z\"\"\"\n-1e-07,true\n"
             "nan,\"12\"\n2.0,\"\"\n");
  BOOST_TEST(written("t.tsv", eh::Table({"a", "b"}).add_row("x\t", "y,")) ==
             "a\tb\n\"x\t\"\ty,\n");
  BOOST_TEST(
      written("t.json", eh::Table({"a"}).add_row(not_a_number).add_row(1)) ==
      "[\n{\"a\":\"nan\"},\n{\"a\":1}\n]\n");
  BOOST_TEST(written("t.jsonl", eh::Table({"a", "b"}).add_row(1, "x")) ==
             "{\"a\":1,\"b\":\"x\"}\n");
  BOOST_TEST(written("a.txt", "text") == "text");
  BOOST_TEST(written("a.json", "text") == "text");
  BOOST_TEST(written("none", std::string("a\0b", 3)).size() == 3u);
  BOOST_TEST(written("v.txt", Numbers{0.1, 2}) == "0.1\n2.0\n");
  BOOST_TEST(written("v.json", std::vector<int>{1, 2}) == "[1,2]\n");
  BOOST_TEST(written("v.csv", std::vector<int>{1, 2}) == "value\n1\n2\n");
  BOOST_TEST(written("v.bin", std::vector<float>{1, 2}).size() == 8u);
  BOOST_TEST(written("w.txt", Texts{"a", "b"}) == "a\nb\n");
  BOOST_TEST(written("m.txt", eh::Array<int>({1, 2, 3, 4}, {2, 2})) ==
             "1 2\n3 4\n");
  BOOST_TEST(written("m.csv", eh::Array<int>({1, 2, 3, 4}, {2, 2})) ==
             "0,1\n1,2\n3,4\n");
  BOOST_TEST(written("p.json", Wait{}) ==
             "{\"wait\":0.5,\"served\":1,\"name\":\"a,\\\"b\\\"\"}\n");
  BOOST_TEST(written("p.csv", std::vector<Wait>(1)) ==
             "wait,served,name\n0.5,1,\"a,\"\"b\"\"\"\n");
  BOOST_TEST(written("e.csv", std::vector<Wait>()) == "wait,served,name\n");
  BOOST_TEST(written("c.csv", Columns{{1, 2}, {"x", "y"}}) ==
             "a,b\n1,x\n2,y\n");
  BOOST_TEST(written("n.csv", Nested{{}, {1, 2}}).ends_with(",\"[1,2]\"\n"));
  BOOST_TEST(written("o.csv", std::vector<std::optional<int>>{1, {}}) ==
             "value\n1\n\"\"\n");
  const auto npy = written("v.npy", Numbers{1, 2});
  BOOST_TEST(npy.size() == 144u);
  BOOST_TEST(has(npy,
                 "{'descr': '<f8', 'fortran_order': False, "
                 "'shape': (2,), }"));
}

// As pandas writes it with QUOTE_ALL, where what is missing is "", too.
BOOST_AUTO_TEST_CASE(reads_numbers_in_quotes_where_numbers_are_wanted) {
  struct Row {
    double x = 0;
    int n = 0;
    bool on = false;
    Color color = Color::red;
    std::string text;
    std::optional<int> maybe;
    std::optional<std::string> note;
    std::vector<int> list;
  };
  const std::string csv =
      "\"x\",\"n\",\"on\",\"color\",\"text\",\"maybe\",\"note\",\"list\"\n"
      "\"0.5\",\"-3\",\"True\",\"green\",\"12\",\"\",\"\",\"[1, 2]\"\n"
      "\"\",\"4.0\",\"False\",\"1\",\"\",\"7\",\"8\",\"[]\"\n";
  const auto rows = from<std::vector<Row>>("a.csv", csv);
  BOOST_REQUIRE(rows.size() == 2u);
  BOOST_TEST(rows[0].x == 0.5);
  BOOST_TEST(rows[0].n == -3);
  BOOST_TEST(rows[0].on);
  BOOST_CHECK(rows[0].color == Color::green);
  BOOST_TEST(rows[0].text == "12");
  BOOST_CHECK(!rows[0].maybe && rows[0].note == "");
  BOOST_TEST(rows[0].list == (std::vector<int>{1, 2}));
  BOOST_TEST(std::isnan(rows[1].x));
  BOOST_TEST(rows[1].n == 4);
  BOOST_TEST(!rows[1].on);
  BOOST_CHECK(rows[1].color == Color::green);
  BOOST_CHECK(rows[1].maybe == 7 && rows[1].note == "8");
  const std::string numbers = "\"a\",\"b\"\n\"1\",\"2.5\"\n\"\",\"nan\"\n";
  const auto array = from<eh::Array<double>>("b.csv", numbers);
  BOOST_TEST(array(0, 1) == 2.5);
  BOOST_TEST(std::isnan(array(1, 0)));
  BOOST_TEST(
      (from<std::map<std::string, Numbers>>("b.csv", numbers).at("b").at(0) ==
       2.5));
  BOOST_TEST(from<std::vector<int>>("c.csv", "\"n\"\n\"1\"\n\"2\"\n") ==
             (std::vector<int>{1, 2}));
  // Which no one asked to be a number.
  const auto table = from<eh::Table>("b.csv", numbers);
  BOOST_TEST(std::get<std::string>(table.at(0, 0)) == "1");
  BOOST_TEST(refused<std::vector<int>>("c.csv", "\"n\"\n\"x\"\n") ==
             "line 2, column 1: [0]: expected a number that is an int, not the"
             " text 'x'");
  BOOST_TEST(refused<std::vector<int>>("c.json", "[\"1\"]") ==
             "line 1, column 2: [0]: expected a number that is an int, not the"
             " text '1'");
}

// As tapes do, and tools that write whole blocks.
BOOST_AUTO_TEST_CASE(zero_bytes_may_follow_what_is_compressed) {
  const std::vector<int> numbers = {1, 2, 3};
  for (const std::string codec : {".gz", ".zst", ".bz2", ".xz"}) {
    const auto part = written("a.csv" + codec, numbers);
    const std::string zeros(512, '\0');
    BOOST_TEST(from<std::vector<int>>("b.csv" + codec, part + zeros) == numbers,
               codec);
    BOOST_TEST(
        has(refused<std::vector<int>>("b.csv" + codec, part + zeros + "x"),
            "compressed data"),
        codec);
    BOOST_TEST(has(refused<std::vector<int>>("b.csv" + codec, zeros),
                   "compressed data"),
               codec);
  }
  const auto first = written("a.csv.gz", std::string("n\n1\n"));
  const auto second = written("a.csv.gz", std::string("2\n"));
  BOOST_TEST(from<std::vector<int>>("b.csv.gz",
                                    first + std::string(9, '\0') + second) ==
             (std::vector<int>{1, 2}));
}

BOOST_AUTO_TEST_CASE(archives_may_be_compressed_once_more) {
  const std::map<std::string, Numbers> named = {{"a", {1, 2}}, {"b", {0.5}}};
  for (const std::string codec : {".gz", ".zst", ".bz2", ".xz"})
    BOOST_CHECK(again("a.npz" + codec, named) == named);
}

BOOST_AUTO_TEST_CASE(a_text_may_begin_as_marked_files_do) {
  const Texts texts = {"\xEF\xBB\xBFx", "\xEF\xBB\xBF", "y"};
  for (const std::string ending : {".txt", ".csv", ".json"})
    BOOST_TEST(again("a" + ending, texts) == texts, ending);
  BOOST_TEST(again("a.txt", Texts{"x", "\xEF\xBB\xBFy"}) ==
             Texts({"x", "\xEF\xBB\xBFy"}));
  const std::optional<std::string> one = texts[0];
  BOOST_CHECK(again("b.txt", one) == one);
}

BOOST_AUTO_TEST_CASE(reads_what_others_write) {
  BOOST_TEST(from<Texts>("a.txt", "a\r\nb c\n\nd\n") ==
             Texts({"a", "b c", "", "d"}));
  BOOST_TEST(from<Numbers>("a.txt", " 1\n+2.5\n1e3\n") ==
             Numbers({1, 2.5, 1e3}));
  BOOST_TEST((from<eh::Array<double>>("m.txt", "1 2\n3\t4\n").shape ==
              std::vector<std::size_t>{2, 2}));
  BOOST_TEST(from<Numbers>("a.txt",
                           "\xEF\xBB\xBF"
                           "1\r\n2\r\n") == Numbers({1, 2}));
  const auto table =
      from<eh::Table>("a.csv",
                      "\xEF\xBB\xBF"
                      "a,b,c\r\n1,True,\r\n\r\n-0,\"1\",nan\r\n");
  BOOST_TEST(table.row_count() == 2u);
  BOOST_TEST(table.name(0) == "a");
  BOOST_TEST(std::get<bool>(table.at(0, 1)));
  BOOST_TEST(table.at(0, 2).index() == 0u);
  BOOST_TEST(std::signbit(std::get<double>(table.at(1, 0))));
  BOOST_TEST(std::get<std::string>(table.at(1, 1)) == "1");
  BOOST_TEST(std::isnan(std::get<double>(table.at(1, 2))));
  // Columns that are not asked for, in another order, integers among reals.
  const auto waits = from<std::vector<Wait>>(
      "w.csv", "x,name,served,wait\n1,\"q\",3.0,\n2,r,4,0.5\n");
  BOOST_TEST(waits.at(0).served == 3);
  BOOST_TEST(std::isnan(waits.at(0).wait));
  BOOST_TEST(waits.at(1).name == "r");
  BOOST_TEST(from<std::vector<int>>("v.csv", "n\n1\n2\n").size() == 2u);
  BOOST_TEST((from<std::map<std::string, Numbers>>("c.csv", "a,b\n1,2\n3,4\n")
                  .at("b") == Numbers{2, 4}));
  // Python's json has these, which JSON has not.
  const auto reals =
      from<Numbers>("r.json", "[NaN, Infinity, -Infinity, null]");
  BOOST_TEST(std::isnan(reals.at(0)));
  BOOST_TEST(reals.at(2) == -INFINITY);
  BOOST_TEST(std::isnan(reals.at(3)));
  BOOST_TEST(from<std::string>("e.json", "x") == "x");
  BOOST_TEST((from<std::string>("a.txt", "x\n") == "x\n"));
  BOOST_TEST(from<Texts>("e.json", R"(["\u00e9\ud83d\ude00\n"])").at(0) ==
             "\u00e9\U0001f600\n");
  BOOST_TEST((from<Nested>("n.json", R"({"list": [1], "wait":
      {"name": "", "served": 2, "wait": 1}, "more": {}})")
                  .wait.served == 2));
  BOOST_CHECK(from<std::vector<Color>>("c.csv", "c\nred\n1\n").at(1) ==
              Color::green);
}

BOOST_AUTO_TEST_CASE(tells_where_json_is_wrong) {
  BOOST_TEST(refused<Wait>("a.json",
                           "{\"wait\": 1,\n  \"served\": 2.5,"
                           " \"name\": \"\"}") ==
             "line 2, column 13: served: expected a number that is an int, not"
             " 2.5");
  BOOST_TEST(refused<Wait>("a.json",
                           "{\"wait\": 1, \"name\": \"\", \"serve\":"
                           " 1}") ==
             "line 1, column 1: there is no 'served' (did you mean 'serve'?)");
  BOOST_TEST(refused<std::vector<Wait>>("a.json", "[{\"wait\": true}]") ==
             "line 1, column 11: [0].wait: expected a number that is a double,"
             " not true");
  BOOST_TEST(refused<Numbers>("a.json", "[1, \"\u00e9\", 2]") ==
             "line 1, column 5: [1]: expected a number that is a double, not"
             " the text '\u00e9'");
  BOOST_TEST(refused<Numbers>("a.json", "{}") ==
             "line 1, column 1: expected a list, not an object");
  BOOST_TEST(refused<Numbers>("a.json", "[1,\n 2") ==
             "line 2, column 3: the text ends here (is the file whole?)");
  BOOST_TEST(refused<Numbers>("a.json", "") ==
             "line 1, column 1: the text ends here (is the file whole?)");
  BOOST_TEST(refused<Numbers>("a.json", "[\"\u00e9\" 1]") ==
             "line 1, column 6: expected ',' or ']'");
  BOOST_TEST(refused<Numbers>("a.json", "[01]") ==
             "line 1, column 2: this is not a number as JSON has it");
  BOOST_TEST(refused<Numbers>("a.json", "[1] 2") ==
             "line 1, column 5: expected nothing behind the value");
  BOOST_TEST(refused<Texts>("a.json", "[\"\xff\"]") ==
             "line 1, column 3: this is not UTF-8");
  BOOST_TEST(refused<Numbers>("a.jsonl", "1\n[2\n3") ==
             "line 2, column 3: the line ends within the value");
  BOOST_TEST(refused<Numbers>("a.json", std::string(200, '[')) ==
             "line 1, column 101: this is nested too deeply (at most 100"
             " levels)");
  BOOST_TEST(
      refused<std::vector<std::int64_t>>("a.json", "[9223372036854775808]") ==
      "line 1, column 2: [0]: expected a number that is a long, not"
      " 9223372036854775808");
  BOOST_TEST(refused<eh::Array<int>>("a.json", "[[1,2],[3]]") ==
             "line 1, column 8: [1]: expected 2 elements, not 1");
}

BOOST_AUTO_TEST_CASE(tells_where_csv_is_wrong) {
  BOOST_TEST(refused<eh::Table>("a.csv", "a,b\n1\n") ==
             "line 2, column 1: this row has 1 cell and not 2");
  BOOST_TEST(refused<eh::Table>("a.csv", "a,b\n1,2\n\"3\"") ==
             "line 3, column 1: this row has 1 cell and not 2 (is the file"
             " whole?)");
  BOOST_TEST(
      refused<eh::Table>("a.csv", "a,b\n\"\",1\r2") ==
      "line 2, column 5: '\\r' alone ends no line, and in a text it needs"
      " quotes");
  BOOST_TEST(refused<eh::Table>("a.csv", "a\n\"x") ==
             "line 2, column 1: this quote is not closed (is the file"
             " whole?)");
  BOOST_TEST(refused<eh::Table>("a.csv", "a\n\"x\"y\n") ==
             "line 2, column 4: expected the end of the cell behind the"
             " quote");
  BOOST_TEST(refused<eh::Table>("a.csv", "") ==
             "the file is empty, without even the columns' names");
  BOOST_TEST(refused<eh::Table>("a.csv", std::string("PK\0\1", 4)) ==
             "line 1, column 3: this is not text");
  BOOST_TEST(refused<std::vector<Wait>>("a.csv", "wait,served\n1,2\n") ==
             "line 1, column 1: there is no 'name' (known: wait, served)");
  BOOST_TEST(refused<std::vector<Wait>>("a.csv", "wait,served,name\n1,x,a\n") ==
             "line 2, column 3: [0].served: expected a number that is an int,"
             " not 'x'");
  BOOST_TEST(refused<Numbers>("a.csv", "a,b\n1,2\n") ==
             "line 1, column 1: expected one column, not 2");
  BOOST_TEST(refused<Wait>("a.csv", "wait,served,name\n") ==
             "line 1, column 1: expected one row, not 0");
  BOOST_TEST(has(refused<Nested>("a.csv", "wait,list\n\"{}\",\"[1,x]\"\n"),
                 "line 2, column 1: wait: there is no 'wait'"));
  BOOST_TEST(refused<std::vector<Color>>("a.csv", "c\nrod\n") ==
             "line 2, column 1: [0]: there is no Color 'rod' (did"
             " you mean 'red'?)");
  BOOST_TEST(
      refused<std::vector<int>>("a.txt", "1\nx\n") ==
      "line 2, column 1: [1]: expected a number that is an int, not 'x'");
}

BOOST_AUTO_TEST_CASE(tells_where_bytes_are_wrong) {
  const auto npy = written("a.npy", eh::Array<double>({2, 3}));
  BOOST_TEST(refused<eh::Array<double>>("a.npy", npy.substr(0, 170)) ==
             "it has 42 bytes of elements, too few for the shape (2, 3) (is"
             " the file whole?)");
  BOOST_TEST(refused<eh::Array<double>>("a.npy", npy.substr(0, 50)) ==
             "it ends in the header, at byte 50 (is the file whole?)");
  BOOST_TEST(refused<eh::Array<double>>("a.npy", "hello") ==
             "byte 0: this is not a .npy file");
  auto damaged = npy;
  damaged[10] = '[';
  BOOST_TEST(refused<eh::Array<double>>("a.npy", damaged) ==
             "byte 10: the header of the .npy file is damaged: expected '{'");
  BOOST_TEST(refusal([&] { from<Numbers>("a.npy", npy); }) ==
             "[0]: expected a number that is a double, not an array of 1"
             " dimension");
  write("b.npy", Numbers{0.5});
  BOOST_TEST(refusal([&] { read<std::vector<int>>("b.npy"); }) ==
             "[0]: expected a number that is an int, not 0.5");
  const auto npz =
      written("a.npz", std::map<std::string, Numbers>{{"a", {1, 2, 3}}});
  using Arrays = std::map<std::string, Numbers>;
  BOOST_TEST(has(refused<Arrays>("a.npz", npz.substr(0, npz.size() / 2)),
                 "this is not a whole .npz file of "));
  auto torn = npz;
  torn[60] ^= 1;
  BOOST_TEST(has(refused<Arrays>("a.npz", torn), "'a"));
  write("x.npz", std::map<std::string, Numbers>{{"b", {1}}});
  BOOST_TEST(refusal([&] { read<Columns>("x.npz"); }) ==
             "there is no 'a' (known: b)");
  for (const std::string codec : {"gz", "zst", "xz", "bz2"}) {
    const auto name = "t.csv." + codec;
    const auto whole = written(name, std::vector<Wait>(1000));
    const auto size = whole.size();
    BOOST_TEST(
        has(refused<std::vector<Wait>>(name, whole.substr(0, size - 1)),
            "is truncated: it ends at byte " + std::to_string(size - 1)));
    BOOST_TEST(has(refused<std::vector<Wait>>(name, whole.substr(0, 5)),
                   "is truncated: it ends at byte 5"));
    BOOST_TEST(has(refused<std::vector<Wait>>(name, ""), "at byte 0"));
    BOOST_TEST(has(refused<std::vector<Wait>>(name, "a,b\n1,2\n" + whole),
                   "is damaged, or is something else, at byte "));
    BOOST_TEST(from<std::vector<Wait>>("t.csv." + codec, whole).size() ==
               1000u);
    // One behind the other is one file.
    const auto part = written("p.txt." + codec, std::string("ab"));
    BOOST_TEST(from<std::string>("p.txt." + codec, part + part) == "abab");
  }
}

// A frame of one byte as zstd --long=28 and --long=27 begin it (RFC 8878).
BOOST_AUTO_TEST_CASE(windows_of_zstd) {
  const std::string magic = "\x28\xb5\x2f\xfd", block("\x09\0\0x", 4);
  const auto frame = [&](int log) {
    return magic + '\0' + static_cast<char>((log - 10) << 3) + block;
  };
  BOOST_TEST(from<std::string>("a.txt.zst", frame(27)) == "x");
  BOOST_TEST(refused<std::string>("a.txt.zst", frame(28)) ==
             "the zstd data needs a window of more than 128 MiB, which is not"
             " read (compress it with zstd --long=27 or less)");
}

BOOST_AUTO_TEST_CASE(refuses_what_has_no_form) {
  const auto refused_value = [&](const std::string& name, const auto& value) {
    return refusal([&] { write(name, value); });
  };
  const std::string use =
      " (use .json, .jsonl, .csv, .tsv, .txt, .npy, .npz or .bin, each also"
      " with .gz, .zst, .xz or .bz2)";
  BOOST_TEST(refused_value("t", eh::Table({"a"})) ==
             "a table needs an ending" + use);
  BOOST_TEST(refused_value("t.hdf5", Numbers{}) ==
             "an array has no form as '.hdf5'" + use);
  BOOST_TEST(refused_value("t.gz", 1) == "a number needs an ending" + use);
  BOOST_TEST(refusal([&] { from<Numbers>("a.xyz", ""); }) ==
             "a value has no form as '.xyz'" + use);
  BOOST_TEST(refused_value("t.npy", Wait{}) ==
             "a struct or map is not an array (use .npz or .json)");
  BOOST_TEST(refused_value("t.txt", Wait{}) ==
             "a struct or map is not a line of text (use .json or .csv)");
  BOOST_TEST(has(refused_value("t.txt", Texts{"a\nb"}), "would be two lines"));
  BOOST_TEST(has(refused_value("t.bin", Texts{"a"}), "is not plain memory"));
  BOOST_TEST(refused_value("t.csv", Columns{{1}, {}}) ==
             "columns that differ in length ('b' has 0 and not 1) make no"
             " table");
  BOOST_TEST(has(refused_value("t.csv", std::vector<Numbers>{{1}, {}}),
                 "differ in length (1 and 0)"));
  BOOST_TEST(has(refused_value("t.npy", std::vector<Numbers>{{1}, {1, 2}}),
                 "the shapes (1,) and (2,)"));
  BOOST_TEST(refused_value("t.csv", eh::Array<int>({1, 1, 1})) ==
             "an array of 3 dimensions has no rows and columns");
  BOOST_TEST(
      has(refused_value("t.npz", eh::Table({"a"}).add_row(1).add_row("x")),
          "'a': texts and numbers are not in one array"));
  BOOST_TEST(
      has(refused_value(
              "t.npy", eh::Table({"a"}).add_row(9007199254740993).add_row(0.5)),
          "column 'a': an integer beyond 2^53"));
  BOOST_TEST(folder.list() == Texts({"a.xyz"}), "what failed left nothing");
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_file_that_was) {
  const std::string old = "old";
  const std::vector<double> numbers(50'000, 1.0 / 3);
  const std::map<std::string, std::vector<double>> arrays = {{"a", numbers}};
  // What is above the limit cannot be written, as on a disk that is full.
  rlimit before;
  ::getrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_IGN);
  for (const std::string format :
       {".json", ".jsonl", ".csv", ".tsv", ".txt", ".npy", ".npz", ".bin"})
    for (const std::string codec : {"", ".gz", ".zst", ".xz", ".bz2"}) {
      const auto name = "a" + format + codec;
      folder.write(name, old);
      const rlimit limit = {10, before.rlim_max};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      const auto why = refusal([&] {
        format == ".npz" ? write(name, arrays) : write(name, numbers);
      });
      ::setrlimit(RLIMIT_FSIZE, &before);
      BOOST_TEST(why == "File too large", name);
      BOOST_TEST(folder.read(name) == old, name);
    }
  for (const auto& name : folder.list())
    BOOST_TEST(!has(name, "tmp"), name + " is left");
}

BOOST_AUTO_TEST_SUITE_END()
