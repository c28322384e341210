#include "export/metrics.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "contract/child.h"
#include "contract/metric.h"
#include "json/write.h"
#include "os/below.h"

namespace eh::host {
namespace {

// A line with more is none of eh's: one of its points is short.
constexpr std::size_t longest_line = 4 << 20;

// Goes through the lines of a file of any size; the last one may be torn, and
// then is none. What is too long is "".
template <class Line>
void for_each_line(int at, const std::string& path, const Line& line) {
  const auto fd = below::open(at, path, O_RDONLY);
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return;
    throw_errno("cannot read '" + path + "'");
  }
  std::string text(256 * 1024, '\0');
  bool in_long = false;
  for (std::size_t used = 0;;) {
    const auto n = ::read(fd.get(), text.data() + used, text.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_errno("cannot read '" + path + "'");
    if (n == 0) return;
    used += static_cast<std::size_t>(n);
    std::string_view rest(text.data(), used);
    for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
      line(std::exchange(in_long, false) ? "" : rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    in_long = in_long || rest.size() > longest_line;
    if (in_long) rest = {};
    used = rest.size();
    text.replace(0, used, rest);
    if (used == text.size()) text.resize(2 * text.size());
  }
}

}  // namespace

std::vector<std::string> metrics_columns(bool group) {
  std::vector<std::string> columns = {"name", "metric", "step", "value",
                                      "time"};
  if (group) columns.insert(columns.begin(), "group");
  return columns;
}

std::vector<ColumnType> metrics_types(const std::vector<std::string>& columns) {
  std::vector<ColumnType> types;
  for (const auto& column : columns)
    types.push_back(column == "value"  ? ColumnType::real
                    : column == "step" ? ColumnType::any
                                       : ColumnType::text);
  return types;
}

void write_metrics(TableWriter& writer, const Catalog& catalog,
                   const std::vector<Experiment>& selection,
                   const ResultTree& tree, bool group, LinesLeftOut& left_out) {
  if (tree.fd() < 0) return;  // nothing ran yet
  MetricLine point;
  Cells cells;
  for (const auto& experiment : selection) {
    const Family& family = catalog.families[experiment.family];
    const auto group_json = json_string(family.group);
    const auto name = json_string(family.name(experiment.point));
    const auto path =
        leaf_of(catalog, experiment) + '/' + contract::metrics_file;
    std::size_t number = 0;
    for_each_line(tree.fd(), path, [&](std::string_view line) {
      ++number;
      if (!read_metric_line(line, point)) {
        if (left_out.count++ == 0)
          left_out.first = path + ", line " + std::to_string(number);
        return;
      }
      cells = {name, point.name, point.step, point.value, point.time};
      if (group) cells.insert(cells.begin(), group_json);
      writer.row(cells);
    });
  }
}

}  // namespace eh::host
