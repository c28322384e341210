// Turns what a crashing child left behind into text for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eh::host {

struct CrashReport {
  int signal = 0;
  std::string cause;  ///< "std::runtime_error: ..." if std::terminate did it
  std::uint64_t address = 0;                 ///< that was touched; 0 if none
  std::optional<std::uint64_t> peak_memory;  ///< bytes
  /// Innermost first: "simulate(...)+0x1c in libqueue.so".
  std::vector<std::string> backtrace;
};

/// Reads the file that the child's signal handler wrote (contract/child.h).
/// Nothing if it is torn before the first address.
std::optional<CrashReport> parse_crash(const std::string& text);

}  // namespace eh::host
