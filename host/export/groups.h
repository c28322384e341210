// Rows that agree in some columns, made into one.
#pragma once

#include <string>
#include <vector>

#include "export/table.h"

namespace eh::host {

/// Rows that agree in some columns made into one: these columns, "count", and
/// for each numeric result its mean, standard deviation, count, and the bounds
/// of the 95 % confidence interval of the mean (Sample::half_width()); a bool
/// is 0 or 1, so that its mean is the share of those that are true. Writes the
/// whole table.
///
/// `by` may say the part, as in "parameters.load", "results.load" or "eh.host".
/// Throws Error (usage) for a column that there is not, and for a name that is
/// a parameter's and one of eh's own: --where means the parameter.
void write_grouped(ExportTable& table, const std::vector<std::string>& by,
                   const std::vector<std::string>& results, TextSink& sink,
                   TableFormat format, bool spreadsheet = false);

}  // namespace eh::host
