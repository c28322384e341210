// An allocation of SLURM that this process was started in, by salloc, srun or
// in a job's script.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eh::host {

struct Allocation {
  std::string job;       ///< its id
  std::size_t cpus = 0;  ///< of it, on this machine; 0: not known
  std::size_t gpus = 0;  ///< the same; 0: none, or not known
  std::string nodes;     ///< as SLURM writes them: "n[1-3]"; "": not known
  /// This process is on one of them, as far as it can tell: salloc starts its
  /// shell where it was typed.
  bool is_here = true;
};

std::optional<Allocation> this_allocation();

/// Whether a node is in a list like "login,n[1-3,08-12]-ib".
bool in_node_list(std::string_view list, std::string_view node);

}  // namespace eh::host
