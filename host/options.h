// The command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan.h"
#include "runner.h"
#include "selection.h"

namespace eh::host {

struct Options {
  enum Command { run, list, plugins, help, version } command = run;

  std::vector<std::string> plugin_files;
  std::vector<std::string> plugin_directories;
  double load_timeout = 30;  ///< seconds a plugin may take to load

  Query query;  ///< an empty group: none was named
  StateFilter states;
  std::string output = "results";
  bool json = false;

  bool list_only = false;
  bool dry_run = false;
  bool force = false;
  RunOptions run_options;
  std::optional<double> timeout;  ///< seconds; wins over the experiment's own
  std::optional<int> retries;     ///< wins over the experiment's own
  std::optional<std::size_t> jobs;
  std::size_t workers = 1;
  std::string salt;

  bool foreground = false;  ///< --interactive or --debugger
  std::vector<std::string> debugger;

  enum Progress { automatic, bar, lines, none } progress = automatic;
  int verbosity = 0;  ///< how often -v was given

  std::string command_line;  ///< as typed, quoted for a shell
};

/// Throws Error (usage).
Options parse_options(const std::vector<std::string>& arguments);

/// The text of --help behind the part that names groups or experiments.
std::string options_help();

}  // namespace eh::host
