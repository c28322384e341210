// The table of metrics: a row for each point.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "export/writer.h"
#include "leaf/leaf.h"
#include "plan/selection.h"

namespace eh::host {

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
