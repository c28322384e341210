// The plugin's side of the boundary: describes what was registered, runs one
// point of one experiment, and exports the one function of abi.h.
#ifndef EH_DETAIL_CODE_PLUGIN_HPP
#define EH_DETAIL_CODE_PLUGIN_HPP

#include <eh/abi.h>

#include <cstdint>
#include <eh/detail/build_info.hpp>
#include <eh/detail/code/describe.hpp>
#include <eh/detail/config.hpp>
#include <eh/detail/definition.hpp>
#include <eh/detail/failure.hpp>
#include <eh/detail/registry.hpp>
#include <eh/registration.hpp>
#include <eh/run.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace eh EH_HIDDEN {
namespace detail {

/// A definition and who owns it: a node, or the group of an EH_REGISTER.
struct Found {
  Node* node = nullptr;
  Definition* definition = nullptr;
  std::unique_ptr<Group> group;
  std::string problem;
};

/// Runs an EH_REGISTER for the one experiment with the given ordinal.
inline void find_added(RegistrarNode& node, std::uint64_t ordinal,
                       Found& found) {
  found.group = std::make_unique<Group>(ordinal);
  try {
    node.body(*found.group);
  } catch (...) {
    found.problem = current_failure().text();
  }
  if (found.group->kept().empty()) return;
  found.definition = found.group->kept().front().get();
  found.problem.clear();  // it came later
}

inline Found find_definition(std::uint64_t id) {
  const std::uint64_t registrar = id >> 32, ordinal = id & 0xffffffffu;
  std::uint64_t registrars = 0, experiments = 0;
  Found found;
  for (Node* node = node_list.first; node; node = node->next) {
    if (node->kind == NodeKind::registrar && ++registrars == registrar) {
      found.node = node;
      find_added(static_cast<RegistrarNode&>(*node), ordinal, found);
      return found;
    }
    if (node->kind == NodeKind::experiment && registrar == 0 &&
        experiments++ == ordinal) {
      auto& experiment = static_cast<ExperimentNode&>(*node);
      experiment.read();
      found.node = node;
      found.problem = experiment.problem;
      found.definition = experiment.definition.get();
      return found;
    }
  }
  return found;
}

inline void report(const eh_run& raw, const Failure& failure) {
  if (raw.failed)
    raw.failed(raw.host, to_text(failure.type), to_text(failure.message));
}

/// Whether the host means this point: ids are stable for one build only.
inline bool is_meant(const Found& found, const GroupNode* group,
                     std::uint64_t point, const eh_run& raw) {
  const auto count = found.definition->point_count();
  return group && found.definition->problems.empty() && count &&
         point < *count &&
         (raw.group.size == 0 || from_text(raw.group) == group->name) &&
         from_text(raw.name) == found.definition->name_of(point) &&
         found.definition->keeps(point);
}

inline int run_point(std::uint64_t id, std::uint64_t point, const eh_run& raw) {
  const Found found = find_definition(id);
  if (!found.definition && !found.problem.empty()) {
    report(raw, {"", found.problem});
    return EH_RUN_FAILED;
  }
  if (!found.definition) return EH_RUN_UNKNOWN;
  const GroupNode* group = find_group(found.node->group);
  if (!is_meant(found, group, point, raw)) return EH_RUN_UNKNOWN;
  Run run(raw, &group->config);
  found.definition->call(run, point);
  return run.was_stopped() ? EH_RUN_STOPPED : EH_RUN_OK;
}

inline int plugin_run(const eh_plugin*, std::uint64_t id, std::uint64_t point,
                      const eh_run* raw) noexcept {
  try {
    return run_point(id, point, *raw);
  } catch (...) {
    report(*raw, current_failure());
    return EH_RUN_FAILED;
  }
}

inline void plugin_describe(const eh_plugin*,
                            const eh_catalog* catalog) noexcept {
  try {
    Describer(*catalog).describe_all();
  } catch (...) {
    report_problem(*catalog, current_failure().text(), Location("", 0));
  }
}

#if defined(__clang__)
inline constexpr std::string_view compiler_name = "clang " __clang_version__;
#elif defined(__GNUC__)
inline constexpr std::string_view compiler_name = "gcc " __VERSION__;
#else
inline constexpr std::string_view compiler_name = "";
#endif

#if defined(__OPTIMIZE__)
inline constexpr std::string_view optimisation = "optimised";
#else
inline constexpr std::string_view optimisation = "not optimised";
#endif

/// What the compiler tells of itself beside that.
inline constexpr std::string_view known_flags =
    ""
#if defined(NDEBUG)
    ", NDEBUG"
#endif
#if defined(__SANITIZE_ADDRESS__)
    ", address sanitizer"
#endif
#if defined(__SANITIZE_THREAD__)
    ", thread sanitizer"
#endif
    ;

inline const eh_plugin* plugin() noexcept {
  static const eh_plugin its_plugin = [] {
    eh_plugin made{};
    made.size = sizeof made;
    made.abi_major = EH_ABI_MAJOR;
    made.abi_minor = EH_ABI_MINOR;
    made.sdk_version = to_text(EH_SDK_VERSION);
    made.compiler = to_text(compiler_name);
    static std::string flags(optimisation);
    flags += known_flags;
    made.dirty = -1;
    if (const auto* info = &eh_build_info; info) {
      // What makes all measurements slow is not left to be read out of these.
      flags = info->flags;
      if (optimisation != "optimised")
        flags.append(flags.empty() ? "" : ", ").append(optimisation);
      made.commit = to_text(info->commit);
      made.dirty = info->dirty;
    }
    made.flags = to_text(flags);
    made.describe = &plugin_describe;
    made.run = &plugin_run;
    return made;
  }();
  return &its_plugin;
}

}  // namespace detail
}  // namespace EH_HIDDEN

/// The exported function. It only forwards: a static in here would be shared
/// between the plugins of a process.
extern "C" EH_EXPORT __attribute__((used)) inline const eh_plugin* eh_plugin_v1(
    uint32_t) {
  return ::eh::detail::plugin();
}

#endif  // EH_DETAIL_CODE_PLUGIN_HPP
