#include "export/groups.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "export/statistics.h"
#include "json/members.h"
#include "json/write.h"

namespace eh::host {
namespace {

constexpr double level = 0.95;

// What of a result's values in one group is a number.
struct Values {
  Sample sample;
  bool finite = false;  // one was
};

struct Grouped {
  std::vector<std::string> key;
  std::size_t count = 0;
  std::vector<Values> results;
};

std::size_t place_of(const std::vector<std::string>& columns,
                     const std::string& name) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found != columns.end())
    return static_cast<std::size_t>(found - columns.begin());
  throw Error(exit_usage, "cannot group by '" + printable(name) +
                              "': there is no such column" +
                              did_you_mean(name, columns) +
                              " (export without --group-by shows them)");
}

// The place of what --group-by names, which may say its part.
std::size_t place_by(const ExportTable& table, const std::string& name) {
  const auto columns = table.names();
  const auto has = [](const std::vector<std::string>& names,
                      const std::string& one) {
    return std::find(names.begin(), names.end(), one) != names.end();
  };
  auto own = table.names(Part::identity);
  for (auto& one : table.names(Part::outcome)) own.push_back(one);
  if (has(own, name) && has(columns, "parameters." + name))
    throw Error(exit_usage, "cannot group by '" + printable(name) +
                                "': it is a parameter, and a column of eh's own"
                                " (write parameters." +
                                printable(name) + " or eh." + printable(name) +
                                ")");
  if (has(columns, name)) return place_of(columns, name);
  for (const auto& [part, names] :
       {std::pair{std::string("eh."), own},
        {"parameters.", table.names(Part::parameters)},
        {"results.", table.names(Part::results)}})
    if (name.starts_with(part) && has(names, name.substr(part.size())))
      return place_of(columns, name.substr(part.size()));
  return place_of(columns, name);
}

// A bool counts as 0 or 1.
std::optional<double> number_in(std::string_view json) {
  if (json == "true") return 1;
  if (json == "false") return 0;
  return json_real(json);
}

std::string real_json(double value) {
  if (std::isnan(value)) return "\"nan\"";
  if (std::isinf(value)) return value > 0 ? "\"inf\"" : "\"-inf\"";
  std::string out;
  append_json_number(out, value);
  return out;
}

// The groups in the order in which they first come.
class Groups {
 public:
  Groups(const std::vector<std::size_t>& by,
         const std::vector<std::size_t>& results)
      : by_(by), results_(results) {}

  void add(const Cells& cells) {
    key_.clear();
    for (const auto at : by_) {
      key_ += cells[at];
      key_ += '\n';  // in no JSON text that is one line
    }
    const auto [found, added] = places_.try_emplace(key_, groups_.size());
    if (added) {
      auto& group = groups_.emplace_back();
      for (const auto at : by_) group.key.emplace_back(cells[at]);
      group.results.resize(results_.size());
    }
    auto& group = groups_[found->second];
    ++group.count;
    for (std::size_t i = 0; i < results_.size(); ++i)
      if (const auto value = number_in(cells[results_[i]])) {
        group.results[i].sample.add(*value);
        group.results[i].finite =
            group.results[i].finite || std::isfinite(*value);
      }
  }

  const std::vector<Grouped>& all() const { return groups_; }

  // Texts that happen to be called "nan" make no column.
  bool is_numeric(std::size_t result) const {
    return std::any_of(
        groups_.begin(), groups_.end(),
        [&](const Grouped& group) { return group.results[result].finite; });
  }

 private:
  const std::vector<std::size_t> by_, results_;
  std::vector<Grouped> groups_;
  std::unordered_map<std::string, std::size_t> places_;
  std::string key_;
};

void append_cells(std::vector<std::string>& cells, const Sample& sample) {
  const auto deviation = sample.standard_deviation();
  const auto half = sample.half_width(level);
  const auto n = sample.count();
  cells.push_back(n > 0 ? real_json(sample.mean()) : "");
  cells.push_back(deviation ? real_json(*deviation) : "");
  cells.push_back(std::to_string(n));
  cells.push_back(half ? real_json(sample.mean() - *half) : "");
  cells.push_back(half ? real_json(sample.mean() + *half) : "");
}

}  // namespace

void write_grouped(ExportTable& table, const std::vector<std::string>& by,
                   const std::vector<std::string>& results, TextSink& sink,
                   TableFormat format, bool spreadsheet) {
  const auto columns = table.names();
  std::vector<std::size_t> by_places, result_places;
  for (const auto& name : by) by_places.push_back(place_by(table, name));
  for (const auto& name : results)
    result_places.push_back(place_of(columns, name));
  Groups groups(by_places, result_places);
  table.for_each([&](const Cells& cells) { groups.add(cells); });

  auto names = by;
  std::vector<ColumnType> types;
  for (const auto place : by_places) types.push_back(table.types()[place]);
  names.push_back("count");
  types.push_back(ColumnType::any);
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!groups.is_numeric(i)) continue;
    shown.push_back(i);
    for (const std::string_view what :
         {".mean", ".sd", ".count", ".low", ".high"}) {
      names.push_back(results[i] + std::string(what));
      types.push_back(what == ".count" ? ColumnType::any : ColumnType::real);
    }
  }
  TableWriter writer(sink, format, names, types, spreadsheet);
  for (const auto& group : groups.all()) {
    auto cells = group.key;
    cells.push_back(std::to_string(group.count));
    for (const auto i : shown) append_cells(cells, group.results[i].sample);
    writer.row(Cells(cells.begin(), cells.end()));
  }
  writer.finish();
}

}  // namespace eh::host
