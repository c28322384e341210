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

/// The columns of the table of metrics.
std::vector<std::string> metrics_columns(bool group);
/// Of what types they are.
std::vector<ColumnType> metrics_types(const std::vector<std::string>& columns);

struct LinesLeftOut {
  std::size_t count = 0;
  std::string first;  ///< "main/a/metrics.jsonl, line 3"
};

/// Writes a row for each point of each experiment's metrics, and adds the lines
/// that are none to `left_out`. Throws std::system_error.
void write_metrics(TableWriter& writer, const Catalog& catalog,
                   const std::vector<Experiment>& selection,
                   const ResultTree& tree, bool group, LinesLeftOut& left_out);

}  // namespace eh::host
