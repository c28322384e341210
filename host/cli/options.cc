#include "cli/options.h"

#include <algorithm>
#include <boost/program_options.hpp>

#include "base/error.h"
#include "base/text.h"
#include "catalog/command_names.h"
#include "cli/option_texts.h"
#include "cli/slurm_options.h"
#include "events/log_record.h"
#include "os/program.h"
#include "plan/force_order.h"

namespace eh::host {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

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
  for (const auto& part : described_options()) all.add(part);
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

// "attach RUN".
void take_run(Options& out, const Texts& words) {
  const std::string command =
      out.command == Options::attach ? "attach" : "cancel";
  if (words.size() > 1)
    throw Error(exit_usage, '\'' + command + "' takes one run, not '" +
                                words[1] + "', too (status shows them)");
  if (!words.empty()) out.run_id = words[0];
}

void take_words(Options& out, const po::variables_map& values) {
  Texts words;
  if (values.count("words")) words = values["words"].as<Texts>();
  static_assert(std::size(command_names) == Options::help + 1);
  if (!words.empty())
    for (std::size_t i = 0; i < std::size(command_names); ++i)
      if (words[0] == command_names[i]) {
        out.command = static_cast<Options::Command>(i);
        words.erase(words.begin());
        break;
      }
  if (out.command == Options::attach || out.command == Options::cancel)
    return take_run(out, words);
  if (!words.empty()) {
    out.query.group = words[0];
    out.query.patterns.assign(words.begin() + 1, words.end());
    const auto late =
        std::find_first_of(words.begin() + 1, words.end(),
                           std::begin(command_names), std::end(command_names));
    if (late != words.end()) out.late_command = *late;
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
  if (!values.count("reason")) return;
  if (out.command == Options::clean)
    throw Error(exit_usage,
                "cannot clean by --reason (--failed and a pattern tell what is "
                "to go; status shows the names)");
  if (out.states.unfinished || out.states.stale)
    throw Error(exit_usage,
                "cannot use --reason with --unfinished or --stale: it is about "
                "those that failed");
  out.states.failed = true;
  out.states.reason = values["reason"].as<std::string>();
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
  for (auto& setting : slurm_settings_in(values))
    out.settings.push_back(std::move(setting));
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
                                  "': it is not a command");
    out.foreground = true;
    out.debugger = *words;
  }
}

void take_output(Options& out, const po::variables_map& values) {
  out.json = values.count("json") > 0;
  out.force = values.count("force") > 0;
  out.yes = values.count("yes") > 0;
  out.list_only = values.count("list") > 0;
  out.dry_run = values.count("dry-run") + values.count("dry") > 0;
  out.schema = values.count("schema") > 0;
  out.detach = values.count("detach") > 0;
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
        static_cast<ListenersOptions::Progress>(found - names.begin());
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
  if (values.count("attempt")) {
    const auto& text = values["attempt"].as<std::string>();
    const auto number = parse_number<unsigned>(text);
    if (!number || *number == 0)
      throw Error(exit_usage, "cannot use --attempt '" + text +
                                  "': it is not a number from 1 up");
    out.attempt = number;
  }
  if (values.count("level")) {
    const auto& name = values["level"].as<std::string>();
    out.least_level = level_of(name);
    if (out.least_level == 0)
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

// --run RUN, of a command that looks at results.
void take_run(Options& out, const po::variables_map& values) {
  if (!values.count("run")) return;
  const bool runs =
      out.command == Options::attach || out.command == Options::cancel;
  if (!runs && out.command != Options::status && out.command != Options::logs)
    throw Error(exit_usage,
                "--run goes with the commands status, logs, attach and cancel");
  if (!out.run_id.empty())
    throw Error(exit_usage,
                "cannot use --run and name a run, too: '" + out.run_id + '\'');
  out.run_id = values["run"].as<std::string>();
}

}  // namespace

std::string Options::force_key() const {
  return force ? host::force_key(query, states) : "";
}

WorkspaceSources sources_of(const Options& options) {
  WorkspaceSources out;
  out.file = load_config(options.config_file);
  out.variables = take_environment_variables();
  out.settings = options.settings;
  out.verbosity = options.verbosity;
  return out;
}

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
  take_run(out, values);
  take_result_options(out, values);
  if (values.count("version")) out.command = Options::version;
  if (values.count("help")) out.command = Options::help;
  if (out.command == Options::run && out.query.group.empty())
    throw Error(exit_usage,
                "no group is named (write: " + this_program().name +
                    (this_program().has_experiments() ? "" : " --plugin FILE") +
                    " GROUP [PATTERN...]; --help shows the groups)");
  return out;
}

}  // namespace eh::host
