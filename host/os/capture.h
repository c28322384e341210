// Runs commands to their end and keeps what they print.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace eh::host {

struct Captured {
  std::optional<int> code;  ///< exit code, or ...
  int signal = 0;           ///< ... the signal that ended it
  bool timed_out = false;   ///< then it was killed
  std::string output;       ///< its standard output, 1 GiB at most
  std::string errors;       ///< the last 16 KiB of its standard error
};

/// Runs the commands at the same time, `at_once` of them; each is killed with
/// its process group after `seconds`. Throws std::system_error if one cannot
/// be started.
std::vector<Captured> capture(
    const std::vector<std::vector<std::string>>& commands, std::size_t at_once,
    double seconds);

/// The same of commands that may leave processes behind, which are ended: all
/// that have `mark`, "NAME=VALUE", in their environment, as the commands have.
/// They answer in the last line of their output, which begins with '{': of what
/// they print before it, the last 16 KiB are kept.
std::vector<Captured> capture_strangers(
    const std::vector<std::vector<std::string>>& commands, std::size_t at_once,
    double seconds, const std::string& mark);

}  // namespace eh::host
