#include "table_writer.h"

#include <filesystem>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(table_writer)

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

BOOST_FIXTURE_TEST_CASE(whole_or_not_at_all, Written) {
  folder.write("t.csv", "before");
  {
    TextSink sink(folder / "t.csv");
    sink.write(std::string(1'000'000, 'x'));
    BOOST_CHECK_EQUAL(folder.list().size(), 2u);
  }
  BOOST_CHECK_EQUAL(folder.read("t.csv"), "before");
  BOOST_TEST(folder.list() == Texts{"t.csv"});
  BOOST_CHECK_EXCEPTION(TextSink(folder / "none/t.csv"), Error,
                        error_with(exit_write, {"none/t.csv", "No such file"}));
  std::filesystem::create_symlink("/dev/full", folder / "full.csv");
  auto fill = [&] {
    TextSink sink(folder / "full.csv");
    sink.write("x");
    sink.finish();
  };
  BOOST_CHECK_EXCEPTION(fill(), Error,
                        error_with(exit_write, {"No space left on device"}));
}

BOOST_AUTO_TEST_CASE(formats) {
  BOOST_CHECK(table_format("-") == TableFormat::csv);
  BOOST_CHECK(table_format("a.b.jsonl") == TableFormat::jsonl);
  for (const char* name : {"a", "a.xls", "a.csv.gz", "csv"})
    BOOST_CHECK_EXCEPTION(table_format(name), Error,
                          error_with(exit_usage, {".jsonl", name}));
}

BOOST_AUTO_TEST_SUITE_END()
