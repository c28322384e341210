// Makes one table of the results of many experiments.

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "export/groups.h"
#include "export/metrics.h"
#include "export/rows.h"
#include "export/table.h"
#include "os/program.h"
#include "plan/workspace.h"

namespace eh::host {
namespace {

class Exporter {
 public:
  explicit Exporter(const Options& options)
      : options_(options),
        export_(options.exporting),
        format_(export_.to == "-" && options.json ? TableFormat::json
                                                  : table_format(export_.to)),
        workspace_(sources_of(options), options.query),
        query_(in_group(options.query, workspace_.catalog())) {
    if (export_.spreadsheet && format_ != TableFormat::csv &&
        format_ != TableFormat::tsv)
      throw Error(exit_usage,
                  "cannot use --spreadsheet with '" + printable(export_.to) +
                      "': it is about CSV and TSV (-o results.csv)");
  }

  void write() {
    if (export_.metrics)
      write_points();
    else
      write_table();
  }

 private:
  bool many_groups() const { return query_.group.empty(); }

  // Calls `use` with the chosen ones of each group and where its results are.
  template <class Use>
  void for_each_group(const Use& use) const {
    auto groups = workspace_.catalog().group_names();
    if (!many_groups()) groups = {query_.group};
    std::optional<Error> nothing;
    bool found = false;
    for (const auto& group : groups) {
      auto query = query_;
      query.group = group;
      std::vector<Experiment> chosen;
      try {
        chosen = workspace_.select(query, options_.states);
      } catch (const Error& error) {
        // Of all groups, those are taken that have what is asked for.
        if (!many_groups() || !error.is_no_match()) throw;
        nothing = error;
        continue;
      }
      found = true;
      use(chosen, workspace_.results(group));
    }
    if (!found && nothing) throw *nothing;
  }

  void write_table() {
    ExportTable table;
    add_fixed_columns(table, many_groups());
    const RowsWanted wanted{
        many_groups(), !export_.group_by.empty() && !options_.states.active(),
        export_.all};
    for_each_group([&](const auto& chosen, const ResultTree& tree) {
      add_parameter_columns(table, chosen);
      add_rows(table, workspace_.catalog(), chosen, tree, wanted);
    });
    TextSink sink(export_.to);
    if (!export_.group_by.empty())
      return write_grouped(table, export_.group_by, table.names(Part::results),
                           sink, format_, export_.spreadsheet);
    TableWriter writer(sink, format_, table.names(), table.types(),
                       export_.spreadsheet);
    table.for_each([&](const Cells& cells) { writer.row(cells); });
    writer.finish();
  }

  // In the order of the structs, also where no experiment has run.
  void add_parameter_columns(ExportTable& table,
                             const std::vector<Experiment>& chosen) const {
    std::optional<std::uint32_t> last;
    for (const auto& experiment : chosen) {
      if (experiment.family == last) continue;
      last = experiment.family;
      for (const auto& p : workspace_.catalog().families[*last].parameters)
        table.column(Part::parameters, p.name);
    }
  }

  void write_points() {
    TextSink sink(export_.to);
    const auto columns = metrics_columns(many_groups());
    TableWriter writer(sink, format_, columns, metrics_types(columns),
                       export_.spreadsheet);
    LinesLeftOut left_out;
    for_each_group([&](const auto& chosen, const ResultTree& tree) {
      write_metrics(writer, workspace_.catalog(), chosen, tree, many_groups(),
                    left_out);
    });
    writer.finish();
    if (left_out.count > 0)
      warn("left out " + count_text(left_out.count, "line") +
           " of metrics that cannot be read, the first in '" + left_out.first +
           "'");
  }

  const Options& options_;
  const ExportOptions& export_;
  const TableFormat format_;
  const Workspace workspace_;
  const Query query_;
};

}  // namespace

int export_command(const Options& options) {
  Exporter(options).write();
  return exit_done;
}

}  // namespace eh::host
