// Describes what was registered, and everything that is wrong with it.
#ifndef EH_DETAIL_CODE_DESCRIBE_HPP
#define EH_DETAIL_CODE_DESCRIBE_HPP

#include <eh/abi.h>

#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/definition.hpp>
#include <eh/detail/failure.hpp>
#include <eh/detail/registry.hpp>
#include <eh/detail/text.hpp>
#include <eh/registration.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

/// The group with this identifier, NULL if there is none.
inline const GroupNode* find_group(std::string_view identifier) {
  for (const Node* node = node_list.first; node; node = node->next)
    if (node->kind == NodeKind::group && node->group == identifier)
      return static_cast<const GroupNode*>(node);
  return nullptr;
}

inline void report_problem(const eh_catalog& catalog, std::string_view message,
                           Location place) {
  if (!catalog.problem) return;
  eh_problem problem{};
  problem.size = sizeof problem;
  problem.message = to_text(message);
  if (place.file()) problem.file = to_text(place.file());
  problem.line = place.line();
  catalog.problem(catalog.context, &problem);
}

inline eh_value to_value(const ValueText& text) {
  return {sizeof(eh_value), to_text(text.json), to_text(text.label)};
}

inline void give_value(const eh_axis* raw, std::uint64_t i,
                       void (*take)(void*, const eh_value*),
                       void* context) noexcept {
  const ValueText text = static_cast<const Axis*>(raw->plugin_data)->text(i);
  const eh_value value = to_value(text);
  take(context, &value);
}

/// A filter that throws keeps the point: its run then fails and tells why.
inline int keeps_point(const eh_experiment* raw, std::uint64_t point) noexcept {
  try {
    return static_cast<const Definition*>(raw->plugin_data)->keeps(point) ? 1
                                                                          : 0;
  } catch (...) {
    return 1;
  }
}

/// The parameters of a definition as the structs of the boundary.
class ParameterTable {
 public:
  explicit ParameterTable(std::vector<Parameter> parameters)
      : parameters_(std::move(parameters)) {
    const std::size_t count = parameters_.size();
    raw_.reserve(count);
    choices_.resize(count);
    choice_pointers_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Parameter& from = parameters_[i];
      for (const std::string_view name : from.choices)
        choices_[i].push_back(to_text(name));
      for (const eh_text& name : choices_[i])
        choice_pointers_[i].push_back(&name);
      raw_.push_back({sizeof(eh_parameter), to_text(from.name),
                      to_text(from.type), from.kind, from.element_kind,
                      to_value(from.value), choice_pointers_[i].data(),
                      choice_pointers_[i].size()});
      pointers_.push_back(&raw_.back());
    }
  }
  ParameterTable(const ParameterTable&) = delete;
  ParameterTable& operator=(const ParameterTable&) = delete;

  const eh_parameter* const* data() const { return pointers_.data(); }
  std::size_t size() const { return pointers_.size(); }

 private:
  std::vector<Parameter> parameters_;
  std::vector<eh_parameter> raw_;
  std::vector<const eh_parameter*> pointers_;
  std::vector<std::vector<eh_text>> choices_;
  std::vector<std::vector<const eh_text*>> choice_pointers_;
};

class Describer {
 public:
  explicit Describer(const eh_catalog& catalog) : catalog_(catalog) {}

  /// All groups, then all experiments, each in the order of registration.
  void describe_all() {
    for (Node* node = node_list.first; node; node = node->next)
      if (node->kind == NodeKind::group)
        describe_group(static_cast<GroupNode&>(*node));
    std::uint64_t experiments = 0, registrars = 0;
    for (Node* node = node_list.first; node; node = node->next) {
      if (node->kind == NodeKind::experiment)
        describe_experiment(static_cast<ExperimentNode&>(*node), experiments++);
      if (node->kind == NodeKind::registrar)
        describe_registrar(static_cast<RegistrarNode&>(*node), ++registrars);
    }
  }

 private:
  void describe_group(const GroupNode& node) {
    for (const GroupNode* earlier : groups_)
      if (earlier->group == node.group || earlier->name == node.name)
        return report_problem(
            catalog_,
            "cannot declare the group '" + std::string(node.name) +
                "' twice (it is in " + earlier->place.file() + ":" +
                std::to_string(earlier->place.line()) + ")",
            node.place);
    groups_.push_back(&node);
    const std::string_view parts[] = {node.name};
    const NameCheck check = check_name(node.name, {});
    if (check.fault != NameFault::none ||
        node.name.find_first_of("/{}") != std::string_view::npos)
      return report_problem(catalog_,
                            "cannot use '" + std::string(parts[0]) +
                                "' as a group's name (it has '/', '{' or '}')",
                            node.place);
    const std::string config = config_of(node);
    if (!catalog_.group) return;
    const eh_group group{sizeof group,
                         to_text(node.name),
                         to_text(node.description),
                         to_text(node.place.file()),
                         node.place.line(),
                         to_text(config)};
    catalog_.group(catalog_.context, &group);
  }

  /// The description of a group's configuration class; empty if it has none.
  std::string config_of(const GroupNode& node) {
    if (!node.config.describe) return {};
    try {
      return node.config.describe();
    } catch (...) {
      report_problem(catalog_,
                     "cannot describe the configuration '" +
                         std::string(node.config.name) + "' of the group '" +
                         std::string(node.name) +
                         "': " + current_failure().text(),
                     node.place);
      return {};
    }
  }

  /// The group of a node; reports that it is not there.
  const GroupNode* group_of(const Node& node) {
    const GroupNode* group = find_group(node.group);
    if (group) return group;
    std::vector<std::string_view> known;
    for (const GroupNode* other : groups_) known.push_back(other->group);
    report_problem(catalog_,
                   "cannot find the group '" + std::string(node.group) +
                       "': no EH_GROUP of this plugin declares it" +
                       did_you_mean(node.group, known),
                   node.place);
    return nullptr;
  }

  void describe_experiment(ExperimentNode& node, std::uint64_t ordinal) {
    node.read();
    if (!node.problem.empty())
      report_problem(catalog_, node.problem, node.place);
    const GroupNode* group = group_of(node);
    if (group && node.definition) emit(*group, *node.definition, ordinal);
  }

  void describe_registrar(RegistrarNode& node, std::uint64_t number);
  bool check(const Definition& definition);
  void emit(const GroupNode& group, const Definition& definition,
            std::uint64_t id);

  const eh_catalog& catalog_;
  std::vector<const GroupNode*> groups_;
};

/// Reports what is wrong with a definition; whether nothing is.
inline bool Describer::check(const Definition& definition) {
  std::vector<std::string> problems = definition.problems;
  const auto names = definition.parameter_names();
  const NameCheck name = check_name(definition.name, names);
  if (name.fault != NameFault::none)
    problems.push_back(explain(name, definition.name, names));
  else
    for (const auto& axis : definition.axes) {
      const std::string_view swept = names[axis->parameter()];
      if (!has_placeholder(definition.name, swept))
        problems.push_back("cannot tell the points of '" + definition.name +
                           "' apart: '" + std::string(swept) +
                           "' is swept and {" + std::string(swept) +
                           "} is not in the name");
    }
  if (!definition.point_count())
    problems.push_back("cannot sweep '" + definition.name +
                       "': it has more than 2^64 points");
  for (const std::string& problem : problems)
    report_problem(catalog_, problem, definition.place);
  return problems.empty();
}

inline void Describer::emit(const GroupNode& group,
                            const Definition& definition, std::uint64_t id) {
  if (!check(definition) || !catalog_.experiment) return;
  const ParameterTable parameters(definition.parameters());
  std::vector<eh_axis> axes;
  for (const auto& axis : definition.axes) {
    const auto [first, step] = axis->range();
    axes.push_back({sizeof(eh_axis), axis.get(), axis->parameter(),
                    axis->count(), &give_value, first, step});
  }
  std::vector<const eh_axis*> axis_pointers;
  for (const eh_axis& axis : axes) axis_pointers.push_back(&axis);
  eh_experiment raw{};
  raw.size = sizeof raw;
  raw.plugin_data = &definition;
  raw.id = id;
  raw.group = to_text(group.name);
  raw.name = to_text(definition.name);
  raw.description = to_text(definition.description);
  if (definition.place.file()) raw.file = to_text(definition.place.file());
  raw.line = definition.place.line();
  raw.parameters = parameters.data();
  raw.parameter_count = parameters.size();
  raw.axes = axis_pointers.data();
  raw.axis_count = axis_pointers.size();
  raw.keeps = definition.has_filter() ? &keeps_point : nullptr;
  raw.timeout_seconds = definition.timeout_seconds;
  raw.retries = definition.retries;
  catalog_.experiment(catalog_.context, &raw);
}

inline void Describer::describe_registrar(RegistrarNode& node,
                                          std::uint64_t number) {
  const GroupNode* group = group_of(node);
  Group added;
  std::string problem;
  try {
    node.body(added);
  } catch (...) {
    problem = current_failure().text();
  }
  for (std::size_t i = 0; group && i < added.kept().size(); ++i)
    emit(*group, *added.kept()[i], (number << 32) + i);
  if (!problem.empty())
    report_problem(catalog_,
                   "cannot finish EH_REGISTER(" + std::string(node.group) +
                       "): " + problem,
                   node.place);
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_DESCRIBE_HPP
