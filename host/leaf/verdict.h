// What is known of an experiment's newest attempt: the file eh.json of a leaf.
//
// The child writes it when the experiment returned; the host writes it for a
// child that could not. It exists whole or not at all, and it alone decides
// whether an experiment is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "contract/child.h"
#include "contract/status.h"

namespace eh::host {

/// A file with more bytes cannot be read: none of eh's has them.
inline constexpr std::size_t most_of_verdict =
    contract::most_of_results + (8 << 20);

/// Of no experiment are there more attempts; what names a higher number is
/// damaged.
inline constexpr unsigned most_attempts = 1'000'000;

struct Verdict {
  int format = 1;
  Status status = Status::failed;
  std::string message;
  std::string exception;  ///< its type, if one was thrown
  std::optional<int> exit_code;
  std::string signal;  ///< "SIGSEGV"
  std::string start, end;
  double seconds = 0;
  unsigned attempt = 1;  ///< to most_attempts
  /// A JSON object, letter by letter as it stands in the file.
  std::string parameters;
  std::string results;      ///< the same; "" if there are none
  std::string config;       ///< the same; "" if there was none
  std::string config_hash;  ///< as in ExperimentConfig
  /// Of the run's random numbers, and the text that it was derived with; older
  /// ones do not say that.
  std::optional<std::uint64_t> seed;
  std::string salt;
  std::string build_id;  ///< of the plugin
  /// The builds of the libraries it came with, by their names
  /// (catalog/library.h); nothing if the verdict does not say.
  std::optional<std::map<std::string, std::string>> libraries;
  std::string hash;    ///< SHA-1 of the plugin's file
  std::string run_id;  ///< of the run that it is from
  std::string host;    ///< where it ran
};

/// Reads a verdict, or the metadata file of the Python original, which has no
/// status and was written on success only. Nothing if `text` is neither: a
/// torn or foreign file is not a verdict.
std::optional<Verdict> parse_verdict(std::string_view text);
std::optional<Verdict> parse_original_metadata(std::string_view text);

}  // namespace eh::host
