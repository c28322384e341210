// The command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/result_options.h"
#include "config/sources.h"
#include "events/log_record.h"
#include "plan/selection.h"
#include "plan/todo.h"
#include "plan/workspace.h"
#include "report/listeners.h"

namespace eh::host {

struct Options {
  enum Command {
    run,
    list,
    status,
    explain,
    logs,
    attach,
    cancel,
    export_results,
    config,
    plugins,
    clean,
    help,
    version
  } command = run;

  Query query;  ///< an empty group: none was named
  StateFilter states;
  /// A run on a cluster: its id or a part of it. "": the newest.
  std::string run_id;
  bool json = false;

  bool list_only = false;
  bool dry_run = false;
  bool force = false;
  bool yes = false;         ///< whatever would be asked, the answer is yes
  bool schema = false;      ///< config --schema
  bool detach = false;      ///< submit to a cluster and leave it there
  bool foreground = false;  ///< --interactive or --debugger
  std::vector<std::string> debugger;

  bool follow = false;  ///< of logs, as the next two
  std::optional<unsigned> attempt;
  int least_level = log_level::debug;

  ExportOptions exporting;
  CleanOptions cleaning;

  ListenersOptions::Progress progress = ListenersOptions::automatic;
  int verbosity = 0;  ///< how often -v was given

  std::optional<std::string> config_file;  ///< FILE[:SECTION]
  /// The options that are values of the configuration, and --set, in the order
  /// in which they win.
  std::vector<ConfigSetting> settings;

  /// The first word behind the group that is a command's name, or "".
  std::string late_command;
  std::string command_line;  ///< as typed, quoted for a shell

  /// What the order of --force is found again by, "" without it.
  std::string force_key() const;
};

/// Throws Error (usage).
Options parse_options(const std::vector<std::string>& arguments);

/// The configuration that they name, with this process's environment.
WorkspaceSources sources_of(const Options& options);

/// The text of --help behind the part that names groups or experiments.
std::string options_help();

}  // namespace eh::host
