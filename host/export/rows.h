// From the leaves of experiments to rows of tables.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "export/table.h"
#include "leaf/leaf.h"
#include "plan/selection.h"

namespace eh::host {

struct RowsWanted {
  bool group = false;  ///< a column that says it
  bool done_only = false;
  bool fresh = false;  ///< also those that have not run
};

/// Adds the rows of a selection, in its order. A leaf that has no verdict that
/// can be read says running, unfinished or not_run. Throws std::system_error.
void add_rows(ExportTable& table, const Catalog& catalog,
              const std::vector<Experiment>& selection, const ResultTree& tree,
              const RowsWanted& wanted);

/// Makes the columns of what every table has, in their order.
void add_fixed_columns(ExportTable& table, bool group);

}  // namespace eh::host
