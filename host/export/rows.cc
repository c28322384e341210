#include "export/rows.h"

#include <algorithm>
#include <exception>
#include <optional>

#include "contract/child.h"
#include "contract/results.h"
#include "json/members.h"
#include "json/write.h"
#include "os/in_parallel.h"

namespace eh::host {
namespace {

// What a leaf says.
struct Found {
  std::optional<Verdict> verdict;
  const char* state = "not_run";  // without one
  unsigned attempts = 0;
  std::string results;
};

const char* state_name(LeafState::Kind kind) {
  switch (kind) {
    case LeafState::running:
      return "running";
    case LeafState::fresh:
      return "not_run";
    case LeafState::unreadable:
      return "unreadable";
    default:
      return "unfinished";
  }
}

Found look(const ResultTree& tree, const std::string& leaf,
           const Leases& leases) {
  Found found;
  try {
    found.verdict = tree.verdict(leaf);
    if (found.verdict) {
      found.attempts = found.verdict->attempt;
      found.results = found.verdict->results;
      return found;
    }
    const auto state = tree.look(leaf, leases);
    // It may have ended since.
    found.verdict = state.verdict;
    found.state = state_name(state.kind);
    found.attempts = state.attempts;
    if (state.verdict)
      found.results = state.verdict->results;
    else if (state.kind != LeafState::fresh)
      found.results = results_object(
          read_file(tree.fd(), leaf + '/' + contract::results_file,
                    contract::most_of_results)
              .value_or(""));
  } catch (const std::system_error&) {
    found.state = state_name(LeafState::unreadable);
  }
  return found;
}

// Reading waits for the disk where nothing is cached, so several read at once.
std::vector<Found> look_at(const Catalog& catalog,
                           const Experiment* experiments, std::size_t count,
                           const ResultTree& tree, const Leases& leases) {
  constexpr std::size_t lookers = 8;
  std::vector<Found> found(count);
  std::vector<std::exception_ptr> failures(lookers);
  in_parallel(lookers, [&](std::size_t part) {
    try {
      const auto end = count * (part + 1) / lookers;
      for (auto i = count * part / lookers; i < end; ++i)
        found[i] = look(tree, leaf_of(catalog, experiments[i]), leases);
    } catch (...) {
      failures[part] = std::current_exception();
    }
  });
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  return found;
}

// Makes rows of what was found.
class Rows {
 public:
  Rows(ExportTable& table, const Catalog& catalog, bool group)
      : table_(table), catalog_(catalog), group_(group) {
    add_fixed_columns(table, group);
  }

  void add(const Experiment& experiment, const Found& found) {
    const Family& family = catalog_.families[experiment.family];
    if (group_) own(Part::identity, "group", json_string(family.group));
    own(Part::identity, "name", json_string(family.name(experiment.point)));
    add_parameters(family, experiment.point, found);
    for (JsonMembers members(found.results); members.next();)
      own(Part::results, members.key(), members.value());
    add_outcome(found);
    table_.end_row();
  }

 private:
  void own(Part part, std::string_view name, std::string_view json,
           ColumnType type = ColumnType::any) {
    table_.set(table_.column(part, name, type), json);
  }

  // A real that happens to be whole is written as integers are.
  static ColumnType type_of(const Parameter& parameter) {
    return parameter.kind == Kind::real ? ColumnType::real : ColumnType::any;
  }
  static ColumnType type_of(const Family& family, std::string_view name) {
    for (const auto& parameter : family.parameters)
      if (parameter.name == name) return type_of(parameter);
    return ColumnType::any;
  }

  // As they were when it ran, which mostly is what they are now.
  void add_parameters(const Family& family, std::uint64_t point,
                      const Found& found) {
    const bool ran = found.verdict && !found.verdict->parameters.empty();
    if (ran && found.verdict->parameters != family.parameters_json(point)) {
      for (JsonMembers members(found.verdict->parameters); members.next();)
        own(Part::parameters, members.key(), members.value(),
            type_of(family, members.key()));
      return;
    }
    for (std::size_t p = 0; p < family.parameters.size(); ++p)
      own(Part::parameters, family.parameters[p].name,
          family.parameter_json(point, p), type_of(family.parameters[p]));
  }

  void add_outcome(const Found& found) {
    auto text = [&](const char* name, const std::string& value) {
      if (!value.empty()) own(Part::outcome, name, json_string(value));
    };
    text("status",
         found.verdict ? status_name(found.verdict->status) : found.state);
    if (found.verdict) {
      text("start", found.verdict->start);
      text("end", found.verdict->end);
      std::string seconds;
      append_json_number(seconds, found.verdict->seconds);
      own(Part::outcome, "seconds", seconds);
    }
    own(Part::outcome, "attempts", std::to_string(found.attempts));
    if (!found.verdict) return;
    text("host", found.verdict->host);
    text("message",
         found.verdict->exception.empty()
             ? found.verdict->message
             : found.verdict->exception + ": " + found.verdict->message);
  }

  ExportTable& table_;
  const Catalog& catalog_;
  const bool group_;
};

}  // namespace

void add_fixed_columns(ExportTable& table, bool group) {
  using enum ColumnType;
  if (group) table.column(Part::identity, "group", text);
  table.column(Part::identity, "name", text);
  for (const auto& [name, type] : {std::pair{"status", text},
                                   {"start", text},
                                   {"end", text},
                                   {"seconds", real},
                                   {"attempts", any},
                                   {"host", text},
                                   {"message", text}})
    table.column(Part::outcome, name, type);
}

void add_rows(ExportTable& table, const Catalog& catalog,
              const std::vector<Experiment>& selection, const ResultTree& tree,
              const RowsWanted& wanted) {
  constexpr std::size_t at_once = 4096;
  Rows rows(table, catalog, wanted.group);
  const Leases leases(tree.fd(), Owner::self(""));
  for (std::size_t from = 0; from < selection.size(); from += at_once) {
    const auto count = std::min(at_once, selection.size() - from);
    const auto found = look_at(catalog, &selection[from], count, tree, leases);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& verdict = found[i].verdict;
      const bool done = verdict && verdict->status == Status::ok;
      const bool fresh = !verdict && found[i].attempts == 0 &&
                         std::string_view(found[i].state) == "not_run";
      if ((wanted.done_only && !done) || (fresh && !wanted.fresh)) continue;
      rows.add(selection[from + i], found[i]);
    }
  }
}

}  // namespace eh::host
