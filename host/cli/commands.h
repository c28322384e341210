// What eh-host can be told to do: one function for each, wiring only. Each
// returns the exit code and throws Error.
#pragma once

#include "cli/options.h"

namespace eh::host {

int run_command(const Options& options);
int list_command(const Options& options);
int dry_run_command(const Options& options);
int status_command(const Options& options);
int explain_command(const Options& options);
int logs_command(const Options& options);
int attach_command(const Options& options);
int cancel_command(const Options& options);
int export_command(const Options& options);
int clean_command(const Options& options);
int config_command(const Options& options);
int plugins_command(const Options& options);
int help_command(const Options& options);

}  // namespace eh::host
