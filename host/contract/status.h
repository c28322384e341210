// How an experiment ended: the one list of its states.
#pragma once

#include <optional>
#include <string_view>

namespace eh::host {

enum class Status {
  ok,
  failed,         ///< threw, or ended by exit()
  crashed,        ///< ended by a signal of its own making
  timeout,        ///< took longer than allowed
  out_of_memory,  ///< killed by the kernel for memory, or std::bad_alloc
  cancelled,      ///< killed because the run was stopped
  stopped,        ///< returned early because it was asked to
};

/// As it stands in verdicts: "out_of_memory".
const char* status_name(Status status);
std::optional<Status> parse_status(std::string_view name);

/// Of an experiment that came to no end of its own, as it was to stop.
bool is_cut_off(Status status);
/// Neither ok nor cut off.
bool is_failure(Status status);

}  // namespace eh::host
