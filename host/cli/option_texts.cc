#include "cli/option_texts.h"

#include <sstream>

#include "cli/options.h"
#include "cli/result_options.h"
#include "cli/slurm_options.h"
#include "config/framework_keys.h"
#include "os/program.h"

namespace eh::host {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

// `help` with what holds where the option is not given: "... (10s)".
std::string with_default(const std::string& help, std::string_view key) {
  return help + " (" + framework_default(key) + ')';
}

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
      with_default("give up a plugin that takes longer to load", "load_timeout")
          .c_str());
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
  add("reason", po::value<std::string>()->value_name("TEXT"),
      "of those the ones with TEXT in the message, or 'timeout', 'crashed' ... "
      "(status shows the reasons)");
  add("unfinished", "only those that were begun, but stopped or cut off");
  add("stale",
      "only those that are done, but whose parameters, configuration, seed, "
      "plugin or libraries have changed since (--force runs them again)");
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
  return out;
}

po::options_description run_options() {
  po::options_description out("Running", 79);
  auto add = out.add_options();
  add("jobs,j", po::value<std::string>()->value_name("N"),
      "experiments at the same time (as many as there are CPUs for)");
  add("workers,w", po::value<std::string>()->value_name("N"),
      with_default("CPUs that each may use: run.workers(), EH_WORKERS, "
                   "OMP_NUM_THREADS",
                   "workers")
          .c_str());
  add("output", po::value<std::string>()->value_name("DIR"),
      with_default("where results go: DIR/<group>/<name>", "output_directory")
          .c_str());
  add("force,f",
      "run finished ones again: what is there is kept until the new result "
      "is; goes on with one that was interrupted");
  add("yes", "do not ask on a terminal before many results are replaced");
  add("timeout", po::value<std::string>()->value_name("TIME"),
      "time limit of each, like 90s, 10min, 1h30m; wins over the one it was "
      "registered with");
  add("grace-period", po::value<std::string>()->value_name("TIME"),
      with_default("time between asking one to stop and killing it",
                   "grace_period")
          .c_str());
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

po::options_description watch_options() {
  po::options_description out("With 'attach', 'cancel', 'status' and 'logs'",
                              79);
  out.add_options()(
      "run", po::value<std::string>()->value_name("RUN"),
      "the run on a cluster: its id, or how that begins or ends (the newest). "
      "Without a plugin, status and logs take the one of that run. 'attach "
      "RUN' "
      "and 'cancel RUN' do without the option");
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

}  // namespace

std::vector<po::options_description> described_options() {
  std::vector<po::options_description> all = {
      plugin_options(), selection_options(), run_options(),  slurm_options(),
      config_options(), log_options(),       watch_options()};
  for (auto& part : result_options()) all.push_back(std::move(part));
  all.push_back(output_options());
  return all;
}

std::string options_help() {
  std::ostringstream out;
  for (const auto& part : described_options()) out << part << '\n';
  out << R"(Patterns: * is any text, also across '/'; ? one character; [a-z] a
set of characters; {a,b} one of several; {1..20} one of these numbers. Several
patterns give all that match any, each once. A pattern that matches nothing is
tried as a folder. No pattern means all.

Ctrl-C once: start nothing new, ask the running ones to stop, kill them after
the grace period. Twice: kill them now. A second run goes on with what is left.

Files at sftp:// and https:// addresses (environment):
  EH_SFTP_KEY          the private key, instead of ssh-agent and those of ~/.ssh
  EH_SFTP_KNOWN_HOSTS  hosts to trust, instead of ~/.ssh/known_hosts
  EH_REMOTE_TIMEOUT    seconds after which a stuck connection is given up (30)

Exit codes:
    0  all done, now or before       4  nothing matched
    1  internal error              100  some experiments failed
    2  wrong command line, config  101  stopped by --max-fail, --fail-fast or
                                        --slurm-max-alike
    3  bad plugin                  102  some are still to be done (--detach)
  110  results could not be written, or the system refused something else
  128+n  ended by signal n
)";
  return out.str();
}

}  // namespace eh::host
