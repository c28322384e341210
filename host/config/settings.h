// What the host itself takes from the configuration, as typed values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "contract/log_level.h"

namespace eh::host {

struct LogFileSettings {
  std::string path;
  double megabytes = 0;  ///< after which a new one is begun; 0: never
  int count = 5;         ///< files that are kept, at least 1
};

/// For the runs of one group.
struct Settings {
  std::string output;        ///< directory of all results
  std::string verdict_file;  ///< its name in a leaf
  std::vector<std::string> checkpoint_files;
  std::optional<std::size_t> jobs;
  std::size_t workers = 1;
  double grace_period = 10;  ///< seconds
  std::optional<std::size_t> max_fail;
  double random_start_delay = 0;  ///< seconds
  std::string salt;
  int least_level = log_level::warning;  ///< of the records that are shown
  std::vector<LogFileSettings> log_files;
};

/// Throws Error (usage) for a value that cannot be used.
Settings settings_of(const Config& config);

/// Lets -v, given `verbosity` times, win over a loglevel that shows less.
void apply_verbosity(Config& config, int verbosity);

/// What is needed before plugins are loaded.
struct PluginSettings {
  std::vector<std::string> files;
  std::vector<std::string> directories;
  double load_timeout = 0;  ///< seconds
};
PluginSettings plugin_settings_of(const Config& config);

/// Seconds of a duration's value; nothing if it is null.
std::optional<double> seconds_of(const JsonValue& value);
std::optional<std::size_t> natural_of(const JsonValue& value);

}  // namespace eh::host
