// The code of registry.hpp.
#ifndef EH_DETAIL_CODE_REGISTRY_HPP
#define EH_DETAIL_CODE_REGISTRY_HPP

#include <eh/detail/registry.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE void ExperimentNode::read() {
  if (state != State::untouched) return;
  try {
    look();
  } catch (...) {
    blame(current_failure().text());
  }
  if (state == State::untouched)
    fail("cannot register '" + std::string(name) +
         "': an EH_EXPERIMENT before it in the same file failed");
}

EH_CODE void ExperimentNode::blame(const std::string& text) {
  for (Node* node = node_list.first; node; node = node->next) {
    if (node->kind != NodeKind::experiment) continue;
    auto& experiment = static_cast<ExperimentNode&>(*node);
    if (experiment.state != State::begun || !experiment.problem.empty())
      continue;
    experiment.definition.reset();
    experiment.fail("cannot register '" + std::string(experiment.name) +
                    "': " + text);
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_REGISTRY_HPP
