// What the host tells a child in its environment (contract/child.h).
#pragma once

#include <string>

#include "child/leaf.h"

namespace eh::host::child {

struct HostParameters {
  std::string members;  // of the verdict
  std::string config;
  std::string verdict_file;
  std::string owner;  // of the leaf's lease; "": it has none
  std::string attempt;
};

/// Takes what the experiment is not to see out of the environment.
HostParameters take_host_parameters();

/// Whether another host took the leaf over, since ours seemed dead. `directory`
/// is the descriptor of the leaf.
bool is_fenced_off(const Leaf& leaf, int directory,
                   const HostParameters& parameters);

}  // namespace eh::host::child
