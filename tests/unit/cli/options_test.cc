#include "cli/options.h"

#include "config/check.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(cli_options)

namespace {

// "main" and these.
Options with(Texts arguments) {
  arguments.insert(arguments.begin(), "main");
  return parse_options(arguments);
}

// The settings as "option name text", one a line.
std::string settings(const Texts& arguments) {
  std::string out;
  for (const auto& one : with(arguments).settings)
    out += one.option + ' ' + one.name + ' ' +
           (one.value ? json_text(*one.value) : one.text) + '\n';
  return out;
}

void refused(const Texts& arguments, std::vector<std::string> parts) {
  BOOST_TEST_CONTEXT(parts.at(0))
  BOOST_CHECK_EXCEPTION(parse_options(arguments), Error,
                        error_with(exit_usage, parts));
}

}  // namespace

BOOST_AUTO_TEST_CASE(defaults) {
  const auto o = with({});
  BOOST_CHECK(o.command == Options::run);
  BOOST_CHECK_EQUAL(o.query.group, "main");
  BOOST_CHECK(o.query.patterns.empty() && o.query.exclude.empty());
  BOOST_CHECK(o.query.where.empty() && !o.query.shard);
  BOOST_CHECK(!o.states.active());
  BOOST_CHECK(!o.json && !o.list_only && !o.dry_run && !o.force);
  BOOST_CHECK(!o.foreground && !o.schema && !o.config_file);
  BOOST_CHECK(o.settings.empty());
  BOOST_CHECK_EQUAL(o.verbosity, 0);
  BOOST_CHECK(o.progress == ListenersOptions::automatic);
}

BOOST_AUTO_TEST_CASE(words) {
  const auto o = parse_options({"main", "a*", "b/c"});
  BOOST_TEST(o.query.patterns == (Texts{"a*", "b/c"}));
  BOOST_CHECK(parse_options({"list"}).command == Options::list);
  BOOST_CHECK_EQUAL(parse_options({"list", "main", "x"}).query.group, "main");
  BOOST_CHECK(parse_options({"plugins"}).command == Options::plugins);
  BOOST_CHECK(parse_options({"help", "main"}).command == Options::help);
  BOOST_CHECK(parse_options({"--help"}).command == Options::help);
  BOOST_CHECK(parse_options({"-h"}).command == Options::help);
  BOOST_CHECK(parse_options({"--version"}).command == Options::version);
  // A group may be called like a command.
  const auto run = parse_options({"run", "list", "x"});
  BOOST_CHECK(run.command == Options::run);
  BOOST_CHECK_EQUAL(run.query.group, "list");
  refused({}, {"no group is named"});
  refused({"run"}, {"no group is named"});
  refused({"plugins", "x"}, {"not 'x'"});
}

BOOST_AUTO_TEST_CASE(options_stand_anywhere) {
  const auto o = parse_options({"-f", "main", "-j", "2", "a", "--json", "b"});
  BOOST_TEST(o.query.patterns == (Texts{"a", "b"}));
  BOOST_CHECK(o.force && o.json);
  BOOST_CHECK_EQUAL(o.settings.size(), 1u);
}

BOOST_AUTO_TEST_CASE(a_double_dash_ends_the_options) {
  const auto o = parse_options({"main", "--", "-v", "--json"});
  BOOST_TEST(o.query.patterns == (Texts{"-v", "--json"}));
  BOOST_CHECK_EQUAL(o.verbosity, 0);
  BOOST_CHECK(!o.json);
}

BOOST_AUTO_TEST_CASE(plugins) {
  BOOST_CHECK_EQUAL(
      settings({"--plugin", "a.so", "--plugin=b,c.so", "--plugin-dir", "x",
                "--plugin-dir", "y", "--load-timeout", "5s"}),
      "--plugin plugins [\"a.so\",\"b,c.so\"]\n"
      "--plugin-dir plugin_directories [\"x\",\"y\"]\n"
      "--load-timeout load_timeout 5s\n");
}

BOOST_AUTO_TEST_CASE(selections) {
  const TemporaryDirectory folder;
  folder.write("names", "one\ntwo\n");
  const auto o = with({"p", "--exclude", "a", "--exclude=b*", "--where",
                       "x<1 && y", "--shard", "2/3", "--from-file",
                       folder / "names", "--failed", "--unfinished"});
  BOOST_TEST(o.query.exclude == (Texts{"a", "b*"}));
  BOOST_CHECK_EQUAL(o.query.where, "x<1 && y");
  BOOST_CHECK_EQUAL(o.query.shard->index, 2u);
  BOOST_CHECK_EQUAL(o.query.shard->count, 3u);
  BOOST_TEST(o.query.patterns == (Texts{"p", "one", "two"}));
  BOOST_CHECK(o.states.failed && o.states.unfinished && !o.states.stale);
  BOOST_CHECK(with({"--stale"}).states.stale);
}

BOOST_AUTO_TEST_CASE(running) {
  BOOST_CHECK_EQUAL(settings({"-j4", "-w", "2", "--output", "out", "--timeout",
                              "1h30m", "--grace-period=0", "--retries", "3",
                              "--max-fail", "5", "--salt", "pepper"}),
                    "--output output_directory out\n"
                    "--jobs jobs 4\n"
                    "--workers workers 2\n"
                    "--retries retries 3\n"
                    "--max-fail max_fail 5\n"
                    "--timeout timeout 1h30m\n"
                    "--grace-period grace_period 0\n"
                    "--salt salt pepper\n");
  BOOST_CHECK_EQUAL(settings({"--fail-fast"}), "--fail-fast max_fail 1\n");
  BOOST_CHECK_EQUAL(settings({"--jobs=7"}), "--jobs jobs 7\n");
  BOOST_CHECK_EQUAL(settings({"--retries", "0"}), "--retries retries 0\n");
  BOOST_CHECK(with({"--force"}).force);
}

BOOST_AUTO_TEST_CASE(configuration) {
  BOOST_CHECK_EQUAL(
      settings({"--set", "number=7", "--set=a.b=c=d", "--set", "text="}),
      "--set number 7\n--set a.b c=d\n--set text \n");
  // Flags win over --set.
  BOOST_CHECK_EQUAL(settings({"-j", "2", "--set", "jobs=1"}),
                    "--set jobs 1\n--jobs jobs 2\n");
  BOOST_CHECK_EQUAL(settings({"--slurm"}), "--slurm slurm.enabled true\n");
  BOOST_CHECK_EQUAL(settings({"--no-slurm"}),
                    "--no-slurm slurm.enabled false\n");
  BOOST_CHECK(!with({"--slurm"}).detach);
  BOOST_CHECK(with({"--slurm", "--detach"}).detach);
  BOOST_CHECK(with({"-c", "x.json:gpu"}).config_file == "x.json:gpu");
  BOOST_CHECK(with({"--config=x.json"}).config_file == "x.json");
  refused({"main", "--set", "number"}, {"--set 'number'", "NAME=VALUE"});
  refused({"main", "--set", "=7"}, {"--set '=7'"});
  refused({"main", "--slurm", "--no-slurm"}, {"both"});
  refused({"main", "--schema"}, {"--schema"});
}

BOOST_AUTO_TEST_CASE(slurm_values) {
  const std::pair<const char*, const char*> names[] = {
      {"--slurm-partition", "partition"},
      {"--slurm-account", "account"},
      {"--slurm-qos", "qos"},
      {"--slurm-reservation", "reservation"},
      {"--slurm-licenses", "licenses"},
      {"--slurm-constraint", "constraint"},
      {"--slurm-exclude", "exclude"},
      {"--slurm-nodes", "nodes"},
      {"--slurm-cpus", "cpus"},
      {"--slurm-gpus", "gpus"},
      {"--slurm-gpu-type", "gpu_type"},
      {"--slurm-mem", "mem"},
      {"--slurm-time", "time_limit"},
      {"--slurm-jobs", "simultaneous_jobs"},
      {"--slurm-array-size", "max_array_size"},
      {"--slurm-log-dir", "log_dir"},
      {"--slurm-shell", "shell"},
      {"--slurm-signal-delay", "signal_delay"},
      {"--slurm-requeues", "max_requeues"},
      {"--slurm-max-alike", "max_alike"}};
  const auto help = options_help();
  for (const auto& [option, key] : names) {
    BOOST_CHECK_EQUAL(settings({option, "x"}),
                      std::string(option) + " slurm." + key + " x\n");
    // What it is called, and an example.
    const auto described = help.find(std::string("  ") + option + ' ');
    BOOST_REQUIRE_MESSAGE(described != help.npos, option);
    BOOST_CHECK_MESSAGE(help.find(option, described + 4) != help.npos, option);
  }
  BOOST_CHECK_EQUAL(
      settings({"--slurm-setup", "module load cuda", "--slurm-setup=a b"}),
      "--slurm-setup slurm.setup [\"module load cuda\",\"a b\"]\n");
  for (const auto& option : {Texts{"--slurm-option", "--mail-type=END"},
                             Texts{"--slurm-option=--mail-type=END"}})
    BOOST_CHECK_EQUAL(settings(option),
                      "--slurm-option slurm.options [\"--mail-type=END\"]\n");
  BOOST_CHECK_EQUAL(settings({"--slurm-pack"}),
                    "--slurm-pack slurm.pack true\n");
  BOOST_CHECK_EQUAL(settings({"--no-slurm-pack"}),
                    "--no-slurm-pack slurm.pack false\n");
  refused({"main", "--slurm-pack", "--no-slurm-pack"}, {"both"});
  refused({"main", "--slurm-partion=x"}, {"did you mean '--slurm-partition'"});
}

BOOST_AUTO_TEST_CASE(commands_that_look) {
  const auto config = parse_options({"config", "main", "a", "--json"});
  BOOST_CHECK(config.command == Options::config);
  BOOST_CHECK_EQUAL(config.query.group, "main");
  BOOST_TEST(config.query.patterns == (Texts{"a"}));
  BOOST_CHECK(parse_options({"config", "--schema"}).schema);
  BOOST_CHECK(parse_options({"status"}).command == Options::status);
  BOOST_CHECK(parse_options({"explain", "main", "a"}).command ==
              Options::explain);
  refused({"config", "main", "a", "b"}, {"'b'"});
  refused({"explain"}, {"nothing to explain"});
}

BOOST_AUTO_TEST_CASE(foreground) {
  auto o = with({"--interactive", "heavy"});
  BOOST_CHECK(o.foreground);
  BOOST_TEST(o.query.patterns == Texts{"heavy"});
  o = with({"heavy", "--debugger", "gdb -ex 'break main' --args"});
  BOOST_CHECK(o.foreground);
  BOOST_TEST(o.debugger == (Texts{"gdb", "-ex", "break main", "--args"}));
  refused({"main", "--debugger", "gdb 'x"}, {"--debugger 'gdb 'x'"});
  refused({"main", "--debugger", ""}, {"is not a command"});
}

BOOST_AUTO_TEST_CASE(shown) {
  BOOST_CHECK(with({"-l"}).list_only);
  BOOST_CHECK(with({"--list"}).list_only);
  BOOST_CHECK(with({"-d"}).dry_run);
  BOOST_CHECK(with({"--dry-run"}).dry_run);
  BOOST_CHECK(with({"--dry"}).dry_run);
  BOOST_CHECK(with({"--json"}).json);
  BOOST_CHECK(with({"--progress", "auto"}).progress ==
              ListenersOptions::automatic);
  BOOST_CHECK(with({"--progress", "bar"}).progress == ListenersOptions::bar);
  BOOST_CHECK(with({"--progress=lines"}).progress == ListenersOptions::lines);
  BOOST_CHECK(with({"--progress", "none"}).progress == ListenersOptions::none);
  refused({"main", "--progress", "line"}, {"did you mean 'lines'"});
}

BOOST_AUTO_TEST_CASE(verbosity_is_counted) {
  BOOST_CHECK_EQUAL(with({"-v"}).verbosity, 1);
  BOOST_CHECK_EQUAL(with({"-vv"}).verbosity, 2);
  BOOST_CHECK_EQUAL(with({"-v", "x", "-v"}).verbosity, 2);
  BOOST_CHECK_EQUAL(with({"--verbose", "-v"}).verbosity, 2);
  const auto joined = with({"-fv"});
  BOOST_CHECK(joined.force);
  BOOST_CHECK_EQUAL(joined.verbosity, 1);
}

// What the configuration says of options.
BOOST_AUTO_TEST_CASE(values_are_checked_by_the_configuration) {
  const auto said = [](const Texts& arguments) -> std::string {
    try {
      check_all(ConfigSources({}, {}, with(arguments).settings), {}, "");
    } catch (const Error& error) {
      BOOST_CHECK_EQUAL(error.code(), exit_usage);
      return error.what();
    }
    return {};
  };
  const std::string whole = ": expected a whole number from ";
  BOOST_CHECK_EQUAL(said({"-j", "0"}),
                    "cannot use --jobs '0'" + whole + "1 to 1000000 or null");
  BOOST_CHECK_EQUAL(
      said({"--jobs", "many"}),
      "cannot use --jobs 'many'" + whole + "1 to 1000000 or null");
  BOOST_CHECK_EQUAL(
      said({"--workers", "99999999999999999999"}),
      "cannot use --workers '99999999999999999999'" + whole + "1 to 1000000");
  for (const auto& [option, text] : {std::pair{"--jobs", "-1"},
                                     {"--jobs", "2x"},
                                     {"--workers", "0"},
                                     {"--retries", "1.5"},
                                     {"--retries", "-1"},
                                     {"--max-fail", "0"},
                                     {"--timeout", "soon"},

                                     {"--grace-period", "-1s"},
                                     {"--load-timeout", "x"}})
    BOOST_CHECK(said({option + std::string("=") + text})
                    .starts_with("cannot use " + std::string(option) + " '" +
                                 text + "': expected a "));
  BOOST_CHECK(has(said({"--timeout", "soon"}), "\"10min\""));
  BOOST_CHECK_EQUAL(said({"-j", "0", "--set", "workers=0"}),
                    "cannot use the configuration: 2 mistakes\n"
                    "  --set workers: expected a whole number from 1 to"
                    " 1000000, not 0\n"
                    "  --jobs '0': expected a whole number from 1 to 1000000"
                    " or null");
  BOOST_CHECK(has(said({"--plugin", "caf\xe9.so"}), "--plugin[0]: this is no"));
  BOOST_CHECK_EQUAL(said({"-j4", "--grace-period=0", "--timeout", "1.5",
                          "--retries=0", "--load-timeout=5s"}),
                    "");
}

BOOST_AUTO_TEST_CASE(wrong_words) {
  refused({"main", "--shard", "4/3"}, {"--shard '4/3'"});
  refused({"main", "--output", ""}, {"--output"});
  refused({"main", "--from-file", "/missing/x"}, {"No such file"});
}

BOOST_AUTO_TEST_CASE(unknown_options) {
  refused({"main", "--job", "4"},
          {"no option '--job'", "did you mean '--jobs'"});
  refused({"main", "--fial-fast"}, {"did you mean '--fail-fast'"});
  refused({"main", "--grace-perod=5"}, {"did you mean '--grace-period'"});
  refused({"main", "--zzzzzzzzzz"}, {"no option '--zzzzzzzzzz'"});
  refused({"main", "-x"}, {"-x"});
  refused({"main", "--jobs"}, {"cannot read the command line"});
  refused({"main", "--json=5"}, {"cannot read the command line"});
  refused({"main", "--where", "a", "--where", "b"}, {"where"});
}

BOOST_AUTO_TEST_CASE(all_options_are_explained) {
  const auto help = options_help();
  for (const auto* option :
       {"--plugin ",     "--plugin-dir",   "--load-timeout", "--exclude",
        "--where",       "--from-file",    "--shard",        "--failed",
        "--unfinished",  "--stale",        "--jobs",         "--workers",
        "--output",      "--force",        "--timeout",      "--grace-period",
        "--config",      "--set",          "--schema",       "--slurm",
        "--no-slurm",    "--detach",       "--slurm-pack",   "--no-slurm-pack",
        "--slurm-setup", "--slurm-option", "--retries",      "--max-fail",
        "--fail-fast",   "--salt",         "--interactive",  "--debugger",
        "--help",        "--version",      "--list",         "--dry-run",
        "--json",        "--verbose",      "--progress"})
    BOOST_CHECK_MESSAGE(has(help, option), option);
  for (const auto* code : {"100", "101", "102", "110", "128+n"})
    BOOST_CHECK_MESSAGE(has(help, code), code);
  std::size_t column = 0;
  for (const char c : help) {
    column = c == '\n' ? 0 : column + 1;
    BOOST_CHECK_LE(column, 80u);
  }
}

BOOST_AUTO_TEST_CASE(runs_on_a_cluster) {
  BOOST_CHECK(parse_options({"attach"}).command == Options::attach);
  BOOST_CHECK_EQUAL(parse_options({"attach"}).run_id, "");
  BOOST_CHECK_EQUAL(parse_options({"cancel", "x"}).run_id, "x");
  BOOST_CHECK_EQUAL(parse_options({"status", "--run", "x"}).run_id, "x");
  BOOST_CHECK_EQUAL(parse_options({"logs", "main", "--run=x"}).run_id, "x");
  refused({"attach", "a", "b"}, {"takes one run", "'b'"});
  refused({"cancel", "a", "--run", "b"}, {"--run", "'a'"});
  refused({"main", "--run", "b"}, {"--run goes with"});
}

BOOST_AUTO_TEST_SUITE_END()
