#include "config/settings.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"
#include "contract/child.h"
#include "contract/log_level.h"

namespace eh::host {
namespace {

std::vector<std::string> texts_of(const JsonValue& value) {
  std::vector<std::string> out;
  for (const auto& element : value.elements) out.push_back(element.text);
  return out;
}

void check_verdict_file(const Config::Entry& entry) {
  const auto& name = entry.value.text;
  auto refuse = [&](const std::string& why) {
    throw Error(exit_usage, "cannot use meta_filename '" + printable(name) +
                                "' (from " + entry.origin + "): " + why);
  };
  if (name.empty() || name == "." || name == ".." ||
      name.find('/') != name.npos)
    refuse("it is not the name of a file");
  if (contract::is_reserved(name) || name == contract::log_file ||
      name == contract::output_file || name == contract::metrics_file)
    refuse("eh has another file of that name in each result folder");
}

std::vector<LogFileSettings> log_files_of(const Config::Entry& entry) {
  std::vector<LogFileSettings> out;
  for (const auto& element : entry.value.elements) {
    LogFileSettings file;
    file.path = element.find("file")->text;
    if (file.path.empty())
      throw Error(exit_usage, "cannot use logfiles (from " + entry.origin +
                                  "): the file of an entry has no name");
    const auto& size = element.find("size")->text;
    std::from_chars(size.data(), size.data() + size.size(), file.megabytes);
    file.count =
        static_cast<int>(natural_of(*element.find("count")).value_or(1));
    out.push_back(std::move(file));
  }
  return out;
}

}  // namespace

std::optional<double> seconds_of(const JsonValue& value) {
  if (value.kind != JsonValue::string) return {};
  return parse_duration(value.text);
}

std::optional<std::size_t> natural_of(const JsonValue& value) {
  if (value.kind != JsonValue::number) return {};
  std::size_t out = 0;
  std::from_chars(value.text.data(), value.text.data() + value.text.size(),
                  out);
  return out;
}

Settings settings_of(const Config& config) {
  Settings out;
  out.output = config.at("output_directory").value.text;
  if (out.output.empty())
    throw Error(exit_usage, "cannot use output_directory '' (from " +
                                config.at("output_directory").origin +
                                "): it names no directory");
  check_verdict_file(config.at("meta_filename"));
  out.verdict_file = config.at("meta_filename").value.text;
  out.checkpoint_files = texts_of(config.at("checkpoint_files").value);
  out.jobs = natural_of(config.at("jobs").value);
  out.workers = natural_of(config.at("workers").value).value();
  out.grace_period = seconds_of(config.at("grace_period").value).value();
  out.max_fail = natural_of(config.at("max_fail").value);
  out.random_start_delay =
      seconds_of(config.at("random_start_delay").value).value();
  out.salt = config.at("salt").value.text;
  out.least_level = level_of(config.at("loglevel").value.text);
  out.log_files = log_files_of(config.at("logfiles"));
  return out;
}

void apply_verbosity(Config& config, int verbosity) {
  if (verbosity == 0) return;
  const char* asked = verbosity >= 2 ? "debug" : "info";
  auto& entry = config.at("loglevel");
  if (level_of(asked) < level_of(entry.value.text))
    entry = {json_string_value(asked), Config::command, "-v"};
}

PluginSettings plugin_settings_of(const Config& config) {
  PluginSettings out;
  out.files = texts_of(config.at("plugins").value);
  out.directories = texts_of(config.at("plugin_directories").value);
  out.load_timeout = seconds_of(config.at("load_timeout").value).value();
  return out;
}

}  // namespace eh::host
