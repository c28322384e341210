#include "catalog/command_names.h"
#include "cli/options.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(cli_result_options)

namespace {

void refused(const Texts& arguments, std::vector<std::string> parts) {
  BOOST_TEST_CONTEXT(parts.at(0))
  BOOST_CHECK_EXCEPTION(parse_options(arguments), Error,
                        error_with(exit_usage, parts));
}

}  // namespace

BOOST_AUTO_TEST_CASE(commands) {
  BOOST_CHECK(parse_options({"export"}).command == Options::export_results);
  BOOST_CHECK(parse_options({"clean"}).command == Options::clean);
  BOOST_CHECK(parse_options({"help"}).command == Options::help);
  BOOST_CHECK(parse_options({"run", "export"}).query.group == "export");
  for (const auto* name : command_names)
    BOOST_CHECK_MESSAGE(std::string(name) == "run" ||
                            std::string(name) == "explain" ||
                            parse_options({name}).query.group.empty(),
                        name);
}

BOOST_AUTO_TEST_CASE(exporting) {
  const auto none = parse_options({"export", "main"}).exporting;
  BOOST_CHECK_EQUAL(none.to, "-");
  BOOST_CHECK(!none.metrics && !none.all && none.group_by.empty());
  const auto all =
      parse_options({"export", "main", "a*", "-o", "x.csv", "--all",
                     "--group-by", "servers, load,servers"});
  BOOST_CHECK_EQUAL(all.exporting.to, "x.csv");
  BOOST_CHECK(all.exporting.all);
  BOOST_TEST(all.exporting.group_by == (Texts{"servers", "load"}));
  BOOST_TEST(all.query.patterns == Texts{"a*"});
  BOOST_CHECK(parse_options({"export", "--metrics"}).exporting.metrics);
  refused({"export", "--group-by", "a,,b"},
          {"'a,,b'", "is not a list of names"});
  refused({"export", "--group-by", "a", "--metrics"}, {"cannot group metrics"});
  refused({"export", "-o", ""}, {"names no file"});
  refused({"export", "-o", "sftp://me@host/x.csv"}, {"files of this machine"});
  refused({"export", "-d"}, {"--dry-run", "'export'"});
  refused({"main", "-o", "x.csv"}, {"--to", "'export'"});
  refused({"clean", "--group-by", "a"}, {"--group-by", "'export'"});
}

BOOST_AUTO_TEST_CASE(cleaning) {
  const auto none = parse_options({"clean", "main", "--failed"});
  BOOST_CHECK(none.states.failed);
  BOOST_CHECK(!none.cleaning.done && !none.cleaning.attempts);
  BOOST_CHECK(!none.cleaning.older_than);
  const auto all =
      parse_options({"clean", "--done", "--attempts", "--older-than", "30d"});
  BOOST_CHECK(all.cleaning.done && all.cleaning.attempts);
  BOOST_CHECK_EQUAL(all.cleaning.older_than.value(), 30 * 86400.0);
  refused({"clean", "--older-than", "soon"}, {"'soon'", "is not a duration"});
  refused({"main", "--done"}, {"--done", "'clean'"});
}

BOOST_AUTO_TEST_CASE(all_options_are_explained) {
  const auto help = options_help();
  for (const auto* option : {"--to", "-o", "--group-by", "--metrics", "--all",
                             "--done", "--attempts", "--older-than"})
    BOOST_CHECK_MESSAGE(has(help, option), option);
}

BOOST_AUTO_TEST_SUITE_END()
