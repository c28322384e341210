#include "export/rows.h"

#include "export/metrics.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(export_rows)

namespace {

struct Results {
  std::string verdict(const std::string& status,
                      const std::string& more) const {
    return R"({"status":")" + status +
           R"(","seconds":1.5,"attempt":2,)"
           R"("start":"s","end":"e","host":"h")" +
           more + "}";
  }
  // A row is a line with its cells between bars.
  Texts rows(const RowsWanted& wanted) const {
    ExportTable table;
    add_rows(table, catalog, all_of(catalog), tree, wanted);
    Texts out;
    std::string line;
    for (const auto& name : table.names()) line += name + '|';
    out.push_back(line);
    table.for_each([&](const Cells& cells) {
      line.clear();
      for (const auto cell : cells) line += std::string(cell) + '|';
      out.push_back(line);
    });
    return out;
  }
  std::string metrics(bool group) const {
    TextSink sink(folder / "m.csv");
    TableWriter writer(sink, TableFormat::csv, metrics_columns(group));
    left_out = {};
    write_metrics(writer, catalog, all_of(catalog), tree, group, left_out);
    writer.finish();
    return folder.read("m.csv");
  }

  TemporaryDirectory folder;
  Catalog catalog =
      catalog_of({sweep("main", "s/{n}", {{"n", numbers(1, 4)}})});
  ResultTree tree{folder.path(), {}, true};
  mutable LinesLeftOut left_out;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(of_every_state, Results) {
  folder.write("main/s/1/eh.json",
               verdict("ok", R"(,"parameters":{"n":7,"old":"x"},)"
                             R"("results":{"wait":0.1})"));
  folder.write("main/s/2/eh.json",
               verdict("failed", R"(,"message":"m","exception":"E",)"
                                 R"("parameters":{"n":2})"));
  folder.write("main/s/3/.eh-results", "\"wait\":2\n");
  folder.write("main/s/3/log.txt", "");
  const auto all = rows({false, false, true});
  BOOST_TEST(
      all ==
      (Texts{"name|n|old|wait|status|start|end|seconds|attempts|host|message|",
             R"("s/1"|7|"x"|0.1|"ok"|"s"|"e"|1.5|2|"h"||)",
             R"("s/2"|2|||"failed"|"s"|"e"|1.5|2|"h"|"E: m"|)",
             R"("s/3"|3||2|"unfinished"||||1|||)",
             R"("s/4"|4|||"not_run"||||0|||)"}));
  BOOST_CHECK_EQUAL(rows({false, false, false}).size(), 4u);
  const auto done = rows({true, true, false});
  BOOST_CHECK_EQUAL(done.size(), 2u);
  BOOST_CHECK(done[1].starts_with(R"("main"|"s/1"|)"));
}

// What formats with types need to know where all values happen to be whole.
BOOST_FIXTURE_TEST_CASE(parameters_that_are_reals, Results) {
  catalog.families[0].parameters[0].kind = Kind::real;
  const auto type = [&] {
    ExportTable table;
    add_rows(table, catalog, all_of(catalog), tree, {false, false, true});
    return table.types()[1];
  };
  BOOST_CHECK(type() == ColumnType::real);
  folder.write("main/s/1/eh.json", verdict("ok", R"(,"parameters":{"n":7})"));
  BOOST_CHECK(type() == ColumnType::real);
  catalog.families[0].parameters[0].kind = Kind::integer;
  BOOST_CHECK(type() == ColumnType::any);
}

BOOST_FIXTURE_TEST_CASE(a_type_is_known_late, Results) {
  ExportTable table;
  const auto column = table.column(Part::results, "x");
  BOOST_CHECK_EQUAL(table.column(Part::results, "x", ColumnType::real), column);
  BOOST_CHECK_EQUAL(table.column(Part::results, "x"), column);
  BOOST_CHECK(table.types() == std::vector{ColumnType::real});
}

BOOST_FIXTURE_TEST_CASE(without_results, Results) {
  const ResultTree nothing(folder / "none", {}, false);
  ExportTable table;
  add_rows(table, catalog, all_of(catalog), nothing, {});
  std::size_t count = 0;
  table.for_each([&](const Cells&) { ++count; });
  BOOST_CHECK_EQUAL(count, 0u);
}

BOOST_FIXTURE_TEST_CASE(a_verdict_that_cannot_be_read, Results) {
  folder.write("main/s/1/eh.json", "{\"status\":");
  BOOST_CHECK(has(rows({})[1], "\"unfinished\""));
}

BOOST_FIXTURE_TEST_CASE(points, Results) {
  folder.write("main/s/2/metrics.jsonl",
               R"({"name":"w\"","step":1,"value":9007199254740993,"time":"t"})"
               "\n"
               R"({"step":1})"
               "\nnothing\n"
               R"({"name":"w","step":2,"value":"nan","more":true})"
               "\n"
               R"({"name":"torn","st)");
  folder.write("main/s/3/metrics.jsonl", R"({"name":")" +
                                             std::string(600'000, 'x') +
                                             R"(","step":1,"value":1})"
                                             "\n");
  const auto text = metrics(false);
  BOOST_CHECK(
      text.starts_with("name,metric,step,value,time\n"
                       "s/2,\"w\"\"\",1,9007199254740993,t\n"
                       "s/2,w,2,nan,\n"
                       "s/3,xxx"));
  BOOST_CHECK(text.ends_with("xxx,1,1,\n"));
  BOOST_CHECK_EQUAL(left_out.count, 2u);
  BOOST_CHECK(left_out.first.find("/metrics.jsonl, line ") !=
              std::string::npos);
  BOOST_CHECK(metrics(true).starts_with("group,name,metric"));
}

BOOST_AUTO_TEST_SUITE_END()
