#include "export/writer.h"

#include <cstring>

#include "data/zip.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(export_writer)

namespace {

struct Written {
  std::string table(const std::string& name, const Texts& columns,
                    const std::vector<Cells>& rows) const {
    TextSink sink(folder / name);
    TableWriter writer(sink, table_format(name), columns);
    for (const auto& row : rows) writer.row(row);
    writer.finish();
    return folder.read(name);
  }
  TemporaryDirectory folder;
};

const std::vector<Cells> odd_rows = {{"0.5", R"("plain")", "true"},
                                     {"\"nan\"", R"("a,\"b\"\nc")", ""},
                                     {"[1,2]", R"("")", R"(" x\ty ")"}};

}  // namespace

BOOST_FIXTURE_TEST_CASE(csv, Written) {
  BOOST_CHECK_EQUAL(table("t.csv", {"a", "b,c", "d"}, odd_rows),
                    "a,\"b,c\",d\n"
                    "0.5,plain,true\n"
                    "nan,\"a,\"\"b\"\"\nc\",\n"
                    "\"[1,2]\",\"\",\" x\ty \"\n");
}

BOOST_FIXTURE_TEST_CASE(tsv, Written) {
  BOOST_CHECK_EQUAL(table("t.tsv", {"a", "b,c", "d"}, odd_rows),
                    "a\tb,c\td\n"
                    "0.5\tplain\ttrue\n"
                    "nan\t\"a,\"\"b\"\"\nc\"\t\n"
                    "[1,2]\t\"\"\t\" x\ty \"\n");
}

BOOST_FIXTURE_TEST_CASE(json, Written) {
  BOOST_CHECK_EQUAL(table("t.json", {"a", "b\"", "c"}, odd_rows),
                    "[\n"
                    R"({"a":0.5,"b\"":"plain","c":true})"
                    ",\n"
                    R"({"a":"nan","b\"":"a,\"b\"\nc","c":null})"
                    ",\n"
                    R"({"a":[1,2],"b\"":"","c":" x\ty "})"
                    "\n]\n");
  BOOST_CHECK_EQUAL(table("t.json", {"a"}, {}), "[]\n");
}

BOOST_FIXTURE_TEST_CASE(jsonl, Written) {
  BOOST_CHECK_EQUAL(table("t.jsonl", {"a", "b"}, {{"1", ""}, {"2", "3"}}),
                    "{\"a\":1,\"b\":null}\n{\"a\":2,\"b\":3}\n");
  BOOST_CHECK_EQUAL(table("t.jsonl", {"a"}, {}), "");
}

BOOST_FIXTURE_TEST_CASE(npz, Written) {
  const auto bytes = table("t.npz", {"n", "text", "nothing"},
                           {{"1", R"("a,\"b\"")", ""}, {"-2", "", ""}});
  const ZipArchive archive(bytes);
  BOOST_REQUIRE_EQUAL(archive.size(), 3u);
  BOOST_CHECK_EQUAL(archive.name(1), "text.npy");
  const auto ends = [&](std::uint64_t i, std::string_view elements) {
    return archive.content(i).ends_with(elements);
  };
  using namespace std::literals;
  BOOST_CHECK(ends(0, "\n\1\0\0\0\0\0\0\0\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv));
  BOOST_CHECK(ends(
      1, "\na\0\0\0,\0\0\0\"\0\0\0b\0\0\0\"\0\0\0"s + std::string(20, '\0')));
  BOOST_CHECK(archive.content(2).find("'<f8'") != std::string::npos);
}

// As run.write() has it: what would be taken for something else is in quotes.
BOOST_FIXTURE_TEST_CASE(texts_that_look_like_others, Written) {
  BOOST_CHECK_EQUAL(
      table("t.csv", {"text", "other"},
            {{R"("007")", "7"},
             {R"("true")", "true"},
             {R"("NA")", ""},
             {R"("1e5")", "\"-inf\""},
             {R"("a1")", "-1.5"}}),
      "text,other\n\"007\",7\n\"true\",true\n\"NA\",\n\"1e5\",-inf\na1,-1.5\n");
}

BOOST_FIXTURE_TEST_CASE(formulas_of_spreadsheets, Written) {
  const Texts columns = {"=a", "b"};
  const std::vector<Cells> rows = {{R"("=1+1")", "-1.5"},
                                   {R"("-2")", R"("+x,y")"},
                                   {R"("@f")", R"("\uFF1D1")"},
                                   {R"("\tx")", R"("a=1")"}};
  TextSink sink(folder / "s.csv");
  TableWriter writer(sink, TableFormat::csv, columns, {}, true);
  for (const auto& row : rows) writer.row(row);
  writer.finish();
  BOOST_CHECK_EQUAL(folder.read("s.csv"),
                    "'=a,b\n'=1+1,-1.5\n\"-2\",\"'+x,y\"\n'@f,'\uFF1D1\n"
                    "'\tx,a=1\n");
  BOOST_CHECK_EQUAL(table("t.csv", columns, {rows[0]}), "=a,b\n=1+1,-1.5\n");
}

// More than is gathered in memory.
BOOST_FIXTURE_TEST_CASE(long_npz, Written) {
  TextSink sink(folder / "t.npz");
  TableWriter writer(sink, TableFormat::npz, {"n", "square"});
  constexpr std::uint64_t rows = 100'000;
  for (std::uint64_t i = 0; i < rows; ++i) {
    const auto n = std::to_string(i), square = std::to_string(i * i);
    writer.row({n, square});
  }
  writer.finish();
  const auto bytes = folder.read("t.npz");
  const ZipArchive archive(bytes);
  const auto content = archive.content(1);
  BOOST_REQUIRE_GT(content.size(), 8 * rows);
  std::vector<std::uint64_t> squares(rows);
  std::memcpy(squares.data(), &content[content.size() - 8 * rows], 8 * rows);
  for (std::uint64_t i = 0; i < rows; ++i)
    BOOST_REQUIRE_EQUAL(squares[i], i * i);
}

BOOST_FIXTURE_TEST_CASE(npz_of_one_text_that_is_too_long, Written) {
  const auto text = '"' + std::string(2'000'000, 'x') + '"';
  const std::vector<Cells> few(3, Cells{text});
  table("t.npz", {"message"}, few);
  const std::vector<Cells> many(1000, Cells{text});
  BOOST_CHECK_EXCEPTION(table("t.npz", {"message"}, many), Error,
                        error_with(exit_write, {"t.npz", "'message'", ".csv"}));
  BOOST_TEST(folder.list() == Texts{"t.npz"});
}

BOOST_AUTO_TEST_CASE(formats) {
  BOOST_CHECK(table_format("-") == TableFormat::csv);
  BOOST_CHECK(table_format("a.b.jsonl") == TableFormat::jsonl);
  BOOST_CHECK(table_format("a.csv.gz") == TableFormat::csv);
  BOOST_CHECK(table_format("a.npz") == TableFormat::npz);
  for (const char* name : {"a", "a.xls", "a.npz.gz", "a.gz", "csv"})
    BOOST_CHECK_EXCEPTION(table_format(name), Error,
                          error_with(exit_usage, {".jsonl", ".npz", name}));
}

BOOST_AUTO_TEST_SUITE_END()
