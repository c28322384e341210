// The text of a verdict, the file eh.json of a leaf (leaf/verdict.h reads it).
// An experiment that ends by itself writes its own; the host writes it for one
// that could not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/status.h"

namespace eh::host {

/// What is empty, or nothing, is left out.
struct VerdictText {
  Status status = Status::ok;
  std::string message;    ///< why it is not ok, for people
  std::string exception;  ///< its type, if one was thrown
  std::string signal;     ///< "SIGSEGV"
  std::optional<int> exit_code = {};
  std::vector<std::string> backtrace = {};
  std::string start = {};  ///< as of utc_text()
  std::string end = {};    ///< the same
  double seconds = 0;
  std::optional<double> cpu_seconds = {};
  std::optional<std::uint64_t> peak_memory = {};  ///< bytes
  std::string results = {};                       ///< a JSON object
  /// Of the object, JSON without braces: what the host knows.
  std::string members = {};
};

/// One line of JSON, with its end.
std::string verdict_text(const VerdictText& verdict);

}  // namespace eh::host
