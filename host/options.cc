#include "options.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <sstream>

#include "error.h"
#include "log_record.h"
#include "program.h"
#include "text.h"

namespace eh::host {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

po::options_description plugin_options() {
  po::options_description out("Plugins", 79);
  auto add = out.add_options();
  add("plugin", po::value<Texts>()->value_name("FILE"),
      "a plugin; may be given several times. A bad one is an error");
  add("plugin-dir", po::value<Texts>()->value_name("DIR"),
      "take all *.so in DIR; a bad one is a warning. EH_PLUGIN_PATH names "
      "files and directories, separated by ':'. Where nothing is given, "
      "./plugins is looked into");
  add("load-timeout", po::value<std::string>()->value_name("TIME"),
      "give up a plugin that takes longer to load (30s)");
  return out;
}

po::options_description selection_options() {
  po::options_description out("Which experiments", 79);
  auto add = out.add_options();
  add("exclude", po::value<Texts>()->value_name("PATTERN"),
      "leave these out; may be given several times");
  add("where", po::value<std::string>()->value_name("EXPR"),
      "only where it is true of the parameters: 'load<0.5 && seed==3', "
      "'method==\"fast\" || !verbose', 'file ~ \"*.txt\"'");
  add("from-file", po::value<Texts>()->value_name("FILE"),
      "patterns from FILE, one a line; '-' is standard input");
  add("shard", po::value<std::string>()->value_name("M/N"),
      "the M-th of N parts, the same on every machine");
  add("failed", "only those that failed, crashed or took too long");
  add("unfinished", "only those that were begun, but stopped or cut off");
  add("stale",
      "only those that are done, but whose parameters, configuration or plugin "
      "have changed since (--force runs them again)");
  return out;
}

po::options_description config_options() {
  po::options_description out("Configuration", 79);
  auto add = out.add_options();
  add("config,c", po::value<std::string>()->value_name("FILE[:SECTION]"),
      "the configuration file (eh.config.json, where there is one), and the "
      "section of it to lay over the rest");
  const auto set =
      "a value, like number=7, slurm.gpus=2 or sizes=1,2; may be given several "
      "times. '" +
      this_program().name + " config [GROUP]' shows all with their origin";
  add("set", po::value<Texts>()->value_name("NAME=VALUE"), set.c_str());
  add("schema", "with 'config': a JSON Schema, for editors");
  add("slurm", "run on a SLURM cluster (slurm.enabled)");
  add("no-slurm", "run on this machine, whatever the configuration says");
  return out;
}

po::options_description run_options() {
  po::options_description out("Running", 79);
  auto add = out.add_options();
  add("jobs,j", po::value<std::string>()->value_name("N"),
      "experiments at the same time (as many as there are CPUs for)");
  add("workers,w", po::value<std::string>()->value_name("N"),
      "CPUs that each may use: run.workers(), EH_WORKERS, "
      "OMP_NUM_THREADS (1)");
  add("output", po::value<std::string>()->value_name("DIR"),
      "where results go: DIR/<group>/<name> (results)");
  add("force,f",
      "run finished ones again: first deletes all that the "
      "selected leaves hold, and nothing else");
  add("timeout", po::value<std::string>()->value_name("TIME"),
      "time limit of each, like 90s, 10min, 1h30m; wins over the one it was "
      "registered with");
  add("grace-period", po::value<std::string>()->value_name("TIME"),
      "time between asking one to stop and killing it (10s)");
  add("retries", po::value<std::string>()->value_name("N"),
      "run one that failed again, up to N times");
  add("max-fail", po::value<std::string>()->value_name("N"),
      "start nothing new after N failed");
  add("fail-fast", "the same as --max-fail 1");
  add("salt", po::value<std::string>()->value_name("TEXT"),
      "other seeds: run.seed() derives from the experiment's name and TEXT");
  add("interactive", po::value<std::string>()->value_name("NAME"),
      "run this one in the foreground, the terminal attached");
  add("debugger", po::value<std::string>()->value_name("COMMAND"),
      "run one under a debugger: --debugger 'gdb --args'");
  return out;
}

po::options_description log_options() {
  po::options_description out("With 'logs'", 79);
  auto add = out.add_options();
  add("follow", "(or -f) go on with what running ones log and print");
  add("attempt", po::value<std::string>()->value_name("N"),
      "of an earlier attempt, not of the newest");
  add("level", po::value<std::string>()->value_name("LEVEL"),
      "records from debug, info, warning, error or critical up (debug: all, "
      "and what was printed)");
  return out;
}

po::options_description output_options() {
  po::options_description out("What is shown", 79);
  auto add = out.add_options();
  add("help,h", "this text, with the groups, or with a group's experiments");
  add("version", "the version");
  add("list,l", "list the experiments with their parameters, run nothing");
  add("dry-run,d", "say for each what would happen and why, run nothing");
  add("json",
      "machine-readable: --list as one document, a run as one event "
      "a line");
  add("verbose,v",
      "show more of what experiments log: -v info, -vv debug "
      "(warnings and errors always)");
  add("progress", po::value<std::string>()->value_name("HOW"),
      "auto, bar (a status line), lines, none. NO_COLOR turns colours off");
  return out;
}

// "-v", "-vv" and "--verbose" are counted, which Program_options cannot do.
Texts take_verbosity(const Texts& arguments, int& verbosity) {
  Texts rest;
  bool options = true;
  for (const auto& argument : arguments) {
    options = options && argument != "--";
    const bool short_form = argument.size() > 1 && argument[0] == '-' &&
                            argument.find_first_not_of('v', 1) == argument.npos;
    if (options && short_form)
      verbosity += static_cast<int>(argument.size()) - 1;
    else if (options && argument == "--verbose")
      ++verbosity;
    else
      rest.push_back(argument);
  }
  return rest;
}

po::variables_map parse(const Texts& arguments) {
  po::options_description all;
  all.add(plugin_options())
      .add(selection_options())
      .add(run_options())
      .add(config_options())
      .add(log_options())
      .add(output_options());
  all.add_options()("dry", "")("words", po::value<Texts>());
  po::positional_options_description positional;
  positional.add("words", -1);
  po::variables_map values;
  namespace style = po::command_line_style;
  try {
    po::store(po::command_line_parser(arguments)
                  .options(all)
                  .positional(positional)
                  .style(style::unix_style & ~style::allow_guessing)
                  .run(),
              values);
  } catch (const po::unknown_option& error) {
    Texts known;
    for (const auto& option : all.options())
      if (!option->description().empty())  // others are not for people
        known.push_back("--" + option->long_name());
    throw Error(exit_usage, "there is no option '" + error.get_option_name() +
                                "'" +
                                did_you_mean(error.get_option_name(), known) +
                                " (--help lists them)");
  } catch (const po::error& error) {
    throw Error(exit_usage, std::string("cannot read the command line: ") +
                                error.what() + " (--help explains)");
  }
  return values;
}

void take_words(Options& out, const po::variables_map& values) {
  Texts words;
  if (values.count("words")) words = values["words"].as<Texts>();
  static const std::pair<const char*, Options::Command> commands[] = {
      {"run", Options::run},         {"list", Options::list},
      {"status", Options::status},   {"explain", Options::explain},
      {"logs", Options::logs},       {"config", Options::config},
      {"plugins", Options::plugins}, {"help", Options::help}};
  if (!words.empty())
    for (const auto& [word, command] : commands)
      if (words[0] == word) {
        out.command = command;
        words.erase(words.begin());
        break;
      }
  if (!words.empty()) {
    out.query.group = words[0];
    out.query.patterns.assign(words.begin() + 1, words.end());
  }
  if (out.command == Options::plugins && !words.empty())
    throw Error(exit_usage,
                "'plugins' takes no further words, not '" + words[0] + "'");
  if (out.command == Options::config && words.size() > 2)
    throw Error(exit_usage, "'config' takes a group and one experiment, not '" +
                                words[2] + "', too");
  if (out.command == Options::explain && words.empty())
    throw Error(exit_usage,
                "nothing to explain (write: explain GROUP NAME...)");
}

void take_selection(Options& out, const po::variables_map& values) {
  if (values.count("exclude"))
    out.query.exclude = values["exclude"].as<Texts>();
  if (values.count("where"))
    out.query.where = values["where"].as<std::string>();
  if (values.count("from-file"))
    for (const auto& file : values["from-file"].as<Texts>())
      for (auto& pattern : patterns_from_file(file))
        out.query.patterns.push_back(std::move(pattern));
  if (values.count("shard"))
    out.query.shard = parse_shard(values["shard"].as<std::string>());
  out.states = {values.count("failed") > 0, values.count("unfinished") > 0,
                values.count("stale") > 0};
}

JsonValue list_of(const Texts& texts) {
  JsonValue out;
  out.kind = JsonValue::array;
  for (const auto& text : texts)
    out.elements.push_back(json_string_value(text));
  return out;
}

// Options that are values of the configuration.
void take_settings(Options& out, const po::variables_map& values) {
  auto set = [&](const char* option, const char* name, std::string text) {
    out.settings.push_back({name, std::move(text), option, false});
  };
  if (values.count("set"))
    for (const auto& text : values["set"].as<Texts>()) {
      const auto equals = text.find('=');
      if (equals == text.npos || equals == 0)
        throw Error(exit_usage, "cannot use --set '" + text +
                                    "': it is not of the form NAME=VALUE");
      out.settings.push_back(
          {text.substr(0, equals), text.substr(equals + 1), "--set", false});
    }
  for (const auto& [option, name] : {std::pair{"--plugin", "plugins"},
                                     {"--plugin-dir", "plugin_directories"}})
    if (values.count(option + 2))
      out.settings.push_back(
          {name, {}, option, false, list_of(values[option + 2].as<Texts>())});
  if (values.count("output") && values["output"].as<std::string>().empty())
    throw Error(exit_usage, "cannot use --output '': it names no directory");
  for (const auto& [option, name] :
       {std::pair{"--load-timeout", "load_timeout"},
        {"--output", "output_directory"},
        {"--jobs", "jobs"},
        {"--workers", "workers"},
        {"--retries", "retries"},
        {"--max-fail", "max_fail"},
        {"--timeout", "timeout"},
        {"--grace-period", "grace_period"},
        {"--salt", "salt"}})
    if (values.count(option + 2))
      set(option, name, values[option + 2].as<std::string>());
  if (values.count("fail-fast")) set("--fail-fast", "max_fail", "1");
  if (values.count("slurm") && values.count("no-slurm"))
    throw Error(exit_usage, "cannot use both --slurm and --no-slurm");
  if (values.count("slurm")) set("--slurm", "slurm.enabled", "true");
  if (values.count("no-slurm")) set("--no-slurm", "slurm.enabled", "false");
}

void take_running(Options& out, const po::variables_map& values) {
  if (values.count("interactive")) {
    out.foreground = true;
    out.query.patterns.push_back(values["interactive"].as<std::string>());
  }
  if (values.count("debugger")) {
    const auto words = shell_words(values["debugger"].as<std::string>());
    if (!words || words->empty())
      throw Error(exit_usage, "cannot use --debugger '" +
                                  values["debugger"].as<std::string>() +
                                  "': it is no command");
    out.foreground = true;
    out.debugger = *words;
  }
}

void take_output(Options& out, const po::variables_map& values) {
  out.json = values.count("json") > 0;
  out.force = values.count("force") > 0;
  out.list_only = values.count("list") > 0;
  out.dry_run = values.count("dry-run") + values.count("dry") > 0;
  out.schema = values.count("schema") > 0;
  if (out.schema && out.command != Options::config)
    throw Error(exit_usage, "--schema goes with the command 'config'");
  if (values.count("config"))
    out.config_file = values["config"].as<std::string>();
  if (values.count("progress")) {
    static const Texts names = {"auto", "bar", "lines", "none"};
    const auto& name = values["progress"].as<std::string>();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      throw Error(exit_usage, "cannot use --progress '" + name +
                                  "': it is none of auto, bar, lines, none" +
                                  did_you_mean(name, names));
    out.progress =
        static_cast<AudienceOptions::Progress>(found - names.begin());
  }
}

void take_logs(Options& out, const po::variables_map& values) {
  const bool logs = out.command == Options::logs;
  for (const char* option : {"follow", "attempt", "level"})
    if (values.count(option) && !logs)
      throw Error(exit_usage,
                  std::string("--") + option + " goes with the command 'logs'");
  if (!logs) return;
  // -f is --force elsewhere.
  out.follow = values.count("follow") + values.count("force") > 0;
  if (values.count("attempt"))
    out.attempt = whole<unsigned>(values, "attempt", 1);
  if (values.count("level")) {
    const auto& name = values["level"].as<std::string>();
    out.log_level = level_of(name);
    if (out.log_level == 0)
      throw Error(exit_usage,
                  "cannot use --level '" + name +
                      "': it is none of debug, info, warning, error, critical" +
                      did_you_mean(name, {"debug", "info", "warning", "error",
                                          "critical"}));
  }
  if (out.follow && out.attempt)
    throw Error(exit_usage,
                "cannot follow an earlier attempt: leave out --attempt or -f");
}

}  // namespace

Options parse_options(const Texts& arguments) {
  Options out;
  const auto values = parse(take_verbosity(arguments, out.verbosity));
  out.verbosity += static_cast<int>(values.count("verbose"));  // of "-fv"
  take_words(out, values);
  take_selection(out, values);
  take_settings(out, values);
  take_running(out, values);
  take_output(out, values);
  take_logs(out, values);
  if (values.count("version")) out.command = Options::version;
  if (values.count("help")) out.command = Options::help;
  if (out.command == Options::run && out.query.group.empty())
    throw Error(exit_usage,
                "no group is named (write: " + this_program().name +
                    (this_program().has_experiments ? "" : " --plugin FILE") +
                    " GROUP [PATTERN...]; --help shows the groups)");
  return out;
}

std::string options_help() {
  std::ostringstream out;
  out << plugin_options() << '\n'
      << selection_options() << '\n'
      << run_options() << '\n'
      << config_options() << '\n'
      << log_options() << '\n'
      << output_options();
  out << R"(
Patterns: * is any text, also across '/'; ? one character; [a-z] a set; {a,b}
one of several. Several patterns give all that match any, each once. A pattern
that matches nothing is tried as a folder. No pattern means all.

Ctrl-C once: start nothing new, ask the running ones to stop, kill them after
the grace period. Twice: kill them now. A second run goes on with what is left.

Exit codes:
    0  all done, now or before       4  nothing matched
    1  internal error              100  some experiments failed
    2  wrong command line, config  101  stopped by --max-fail or --fail-fast
    3  bad plugin                  102  some are still to be done
  110  results could not be written
  128+n  ended by signal n
)";
  return out.str();
}

}  // namespace eh::host
