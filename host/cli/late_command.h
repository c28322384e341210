// Words in the wrong order: "eh-host main logs fair -f", where -f would be
// --force, and not to follow the logs.
#pragma once

#include "catalog/catalog.h"
#include "cli/options.h"

namespace eh::host {

/// Throws Error (usage) with the right order, if the name of a command stands
/// behind the group and nothing there is called so.
void refuse_late_command(const Options& options, const Catalog& catalog);

}  // namespace eh::host
