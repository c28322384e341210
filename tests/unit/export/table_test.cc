#include "export/table.h"

#include "export/groups.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(export_table)

namespace {

using Row = std::vector<std::pair<Part, std::pair<const char*, const char*>>>;

void add(ExportTable& table, const Row& row) {
  for (const auto& [part, cell] : row)
    table.set(table.column(part, cell.first), cell.second);
  table.end_row();
}

std::string grouped(ExportTable& table, const Texts& by) {
  const TemporaryDirectory folder;
  TextSink sink(folder / "t.csv");
  write_grouped(table, by, table.names(Part::results), sink, TableFormat::csv);
  return folder.read("t.csv");
}

// A wait for each seed.
void add_wait(ExportTable& table, const char* load, const char* seed,
              const char* wait) {
  add(table, {{Part::parameters, {"load", load}},
              {Part::parameters, {"seed", seed}},
              {Part::results, {"wait", wait}},
              {Part::results, {"formula", "\"x\""}}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(columns_that_show_up_late) {
  ExportTable table;
  add(table, {{Part::outcome, {"status", "\"ok\""}},
              {Part::parameters, {"n", "1"}},
              {Part::identity, {"name", "\"a\""}}});
  add(table, {{Part::identity, {"name", "\"b\""}},
              {Part::results, {"wait", "2"}},
              {Part::parameters, {"m", ""}}});
  BOOST_TEST(table.names() == (Texts{"name", "n", "m", "wait", "status"}));
  std::vector<Texts> rows;
  table.for_each([&](const Cells& cells) {
    rows.emplace_back(cells.begin(), cells.end());
  });
  BOOST_CHECK_EQUAL(rows.size(), 2u);
  BOOST_TEST(rows[0] == (Texts{"\"a\"", "1", "", "", "\"ok\""}));
  BOOST_TEST(rows[1] == (Texts{"\"b\"", "", "", "2", ""}));
}

BOOST_AUTO_TEST_CASE(names_that_clash) {
  ExportTable table;
  add(table, {{Part::parameters, {"seed", "1"}},
              {Part::parameters, {"name", "1"}},
              {Part::results, {"seed", "2"}},
              {Part::results, {"seconds", "3"}},
              {Part::results, {"results.seed", "5"}},
              {Part::outcome, {"seconds", "4"}},
              {Part::identity, {"name", "\"a\""}}});
  BOOST_TEST(table.names() ==
             (Texts{"name", "seed", "parameters.name", "results.seed",
                    "results.seconds", "results.results.seed", "seconds"}));
  BOOST_TEST(
      table.names(Part::results) ==
      (Texts{"results.seed", "results.seconds", "results.results.seed"}));
}

BOOST_AUTO_TEST_CASE(groups) {
  ExportTable table;
  add_wait(table, "0.5", "1", "1");
  add_wait(table, "0.9", "1", "10");
  add_wait(table, "0.5", "2", "3");
  const auto text = grouped(table, {"load"});
  BOOST_CHECK(text.starts_with(
      "load,count,wait.mean,wait.sd,wait.count,wait.low,wait.high\n"
      "0.5,2,2,1.4142135623730951,2,-10.70620473617"));
  BOOST_CHECK(text.ends_with("\n0.9,1,10,,1,,\n"));
}

BOOST_AUTO_TEST_CASE(groups_by_any_column) {
  ExportTable table;
  add_wait(table, "0.5", "1", "1");
  add_wait(table, "0.5", "2", "\"nan\"");
  add(table, {{Part::parameters, {"load", "0.5"}}});
  BOOST_CHECK_EQUAL(
      grouped(table, {"formula", "load"}),
      "formula,load,count,wait.mean,wait.sd,wait.count,wait.low,wait.high\n"
      "x,0.5,2,nan,nan,2,nan,nan\n"
      ",0.5,1,,,0,,\n");
}

BOOST_AUTO_TEST_CASE(bools_are_grouped_as_their_share) {
  ExportTable table;
  for (const char* good : {"true", "false", "true", "true"})
    add(table,
        {{Part::parameters, {"load", "0.5"}}, {Part::results, {"good", good}}});
  BOOST_CHECK(
      grouped(table, {"load"})
          .starts_with(
              "load,count,good.mean,good.sd,good.count,good.low,good.high\n"
              "0.5,4,0.75,0.5,4,"));
}

BOOST_AUTO_TEST_CASE(a_name_means_what_it_says) {
  ExportTable table;
  add(table, {{Part::parameters, {"seconds", "1"}},
              {Part::parameters, {"seed", "7"}},
              {Part::results, {"seed", "8"}},
              {Part::outcome, {"seconds", "0.25"}},
              {Part::outcome, {"host", "\"here\""}}});
  const auto by = [&](const std::string& name) {
    return grouped(table, {name}).substr(0, 40);
  };
  BOOST_CHECK_EXCEPTION(
      by("seconds"), Error,
      error_with(exit_usage, {"write parameters.seconds or eh.seconds"}));
}

BOOST_AUTO_TEST_CASE(a_name_may_say_its_part) {
  const auto first_key = [](const std::string& name) {
    ExportTable table;
    add(table, {{Part::parameters, {"seconds", "1"}},
                {Part::parameters, {"seed", "7"}},
                {Part::results, {"seed", "8"}},
                {Part::outcome, {"seconds", "0.25"}},
                {Part::outcome, {"host", "\"here\""}}});
    const auto text = grouped(table, {name});
    const auto line = text.substr(text.find('\n') + 1);
    return text.substr(0, text.find(',')) + '=' +
           line.substr(0, line.find(','));
  };
  for (const auto* said :
       {"parameters.seconds=1", "eh.seconds=0.25", "seed=7",
        "parameters.seed=7", "results.seed=8", "host=here", "eh.host=here"}) {
    const std::string text = said;
    BOOST_CHECK_EQUAL(first_key(text.substr(0, text.find('='))), text);
  }
}

BOOST_AUTO_TEST_CASE(a_group_that_there_is_not) {
  ExportTable table;
  add_wait(table, "0.5", "1", "1");
  BOOST_CHECK_EXCEPTION(grouped(table, {"laod"}), Error,
                        error_with(exit_usage, {"'laod'", "'load'"}));
}

BOOST_AUTO_TEST_CASE(many_rows) {
  ExportTable table;
  for (int i = 0; i < 10'000; ++i)
    add_wait(table, "0.5", std::to_string(i).c_str(), "2");
  std::size_t rows = 0;
  table.for_each([&](const Cells& cells) {
    BOOST_REQUIRE_EQUAL(cells[1], std::to_string(rows));
    ++rows;
  });
  BOOST_CHECK_EQUAL(rows, 10'000u);
}

BOOST_AUTO_TEST_SUITE_END()
