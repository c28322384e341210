// What eh-host can be told to do: one function for each, wiring only. Each
// returns the exit code and throws Error.
#pragma once

#include "options.h"

namespace eh::host {

int run_command(const Options& options);
int list_command(const Options& options);
int dry_run_command(const Options& options);
int plugins_command(const Options& options);
int help_command(const Options& options);

/// The experiments that the options ask for by name and parameters, with a
/// warning on stderr about patterns that match nothing.
std::vector<Experiment> select_experiments(const Options& options,
                                           const Catalog& catalog);

/// The catalog of the plugins that the options name. Warnings about bad
/// plugins in directories go to stderr.
Catalog load_catalog(const Options& options);

}  // namespace eh::host
