#include "cluster/slurm/settings.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "config/settings.h"

namespace eh::host {
namespace {

[[noreturn]] void refuse(const std::string& name, const Config::Entry& entry,
                         const std::string& given, const std::string& why) {
  throw Error(exit_usage, "cannot use " + name + " '" + printable(given) +
                              "' (from " + entry.origin + "): " + why);
}

bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == '\x7f';
}

// What is to stand on a line of the script.
void check_line(const std::string& name, const Config::Entry& entry,
                const std::string& text) {
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return c != '\t' && is_control(c); }))
    refuse(name, entry, text, "it has a line end or another control character");
}

std::string line_of(const Config& config, const std::string& key) {
  const auto name = "slurm." + key;
  const auto& entry = config.at(name);
  check_line(name, entry, entry.value.text);
  return entry.value.text;
}

std::vector<std::string> lines_of(const Config& config,
                                  const std::string& key) {
  const auto name = "slurm." + key;
  const auto& entry = config.at(name);
  std::vector<std::string> out;
  for (const auto& element : entry.value.elements) {
    check_line(name, entry, element.text);
    out.push_back(element.text);
  }
  return out;
}

std::optional<double> real_of(const JsonValue& value) {
  if (value.kind != JsonValue::number) return {};
  double out = 0;
  std::from_chars(value.text.data(), value.text.data() + value.text.size(),
                  out);
  return out;
}

std::optional<bool> flag_of(const JsonValue& value) {
  if (value.kind != JsonValue::boolean) return {};
  return value.truth;
}

std::vector<std::string> command_of(const Config& config,
                                    const std::string& key) {
  const auto text = line_of(config, key);
  const auto words = shell_words(text);
  if (!words || words->empty() || words->front().empty())
    refuse("slurm." + key, config.at("slurm." + key), text,
           words ? "it names no command" : "a quote is left open");
  return *words;
}

// Options of sbatch that would break what eh does with it, and why.
struct TakenOption {
  std::string_view name;
  char letter;  // of its short form, or 0
  const char* why;
};
constexpr const char* by_itself = "eh sets it itself";
constexpr TakenOption taken_options[] = {
    {"array", 'a', by_itself},
    {"job-name", 'J', by_itself},
    {"parsable", 0, by_itself},
    {"output", 'o', "eh sets it itself (slurm.log_dir says where logs go)"},
    {"error", 'e', "both go into one file (slurm.log_dir says where)"},
    {"wait", 'W', "eh waits itself"},
    {"wrap", 0, "the tasks of eh are a script"},
    {"chdir", 'D', by_itself},
    {"open-mode", 0, by_itself},
    {"signal", 0, "slurm.signal_delay says when"},
    {"requeue", 0, "slurm.max_requeues says how often"},
    {"no-requeue", 0, "slurm.max_requeues says so, as 0"},
    {"nodes", 'N', "slurm.nodes says it"},
    {"cpus-per-task", 'c', "workers or slurm.cpus say it"},
    {"time", 't', "slurm.time_limit says it"},
    {"gres", 0, "slurm.gpus and slurm.gpu_type say it"},
    {"gpus", 'G', "slurm.gpus says it"},
    {"gpus-per-node", 0, "slurm.gpus says it"},
    {"clusters", 'M',
     "squeue has to know it as well (SLURM_CLUSTERS in the environment tells"
     " all of them)"},
    {"test-only", 0, "it submits nothing (--dry-run does that)"},
    {"help", 'h', "it submits nothing"},
    {"usage", 0, "it submits nothing"},
    {"version", 'V', "it submits nothing"}};

// Long names may be cut short, as sbatch takes them.
bool means(std::string_view option, const TakenOption& taken) {
  if (!option.starts_with("--"))
    return option.size() > 1 && taken.letter && option[1] == taken.letter;
  option.remove_prefix(2);
  option = option.substr(0, option.find_first_of("= \t"));
  return option == taken.name ||
         (option.size() > 2 && taken.name.starts_with(option));
}

// Other things than GPUs, like "shard:1"; who asks for those as well has an
// option for them already, and the last one counts.
bool asks_for_no_gpu(std::string_view option, const Config& config) {
  const auto equals = option.find_first_of("= \t");
  if (equals == option.npos || !means(option, {"gres", 0, ""}) ||
      natural_of(config.at("slurm.gpus").value).value_or(0) > 0)
    return false;
  for (const auto& one : split(option.substr(equals + 1), ','))
    if (one.empty() || one.starts_with("gpu")) return false;
  return true;
}

void check_options(const Config& config,
                   const std::vector<std::string>& options) {
  const auto& entry = config.at("slurm.options");
  for (const auto& option : options) {
    if (option.size() < 2 || option[0] != '-')
      refuse("slurm.options", entry, option,
             "it is not an option of sbatch (one begins with '-', like"
             " --mail-type=END)");
    for (const auto& taken : taken_options)
      if (means(option, taken) && !asks_for_no_gpu(option, config))
        refuse("slurm.options", entry, option, taken.why);
  }
}

SlurmCommands commands_of(const Config& config) {
  return {command_of(config, "sbatch_cmd"), command_of(config, "scancel_cmd"),
          command_of(config, "squeue_cmd"), command_of(config, "scontrol_cmd")};
}

void read_texts(const Config& config, SlurmSettings& out) {
  out.partition = line_of(config, "partition");
  out.account = line_of(config, "account");
  out.qos = line_of(config, "qos");
  out.reservation = line_of(config, "reservation");
  out.licenses = line_of(config, "licenses");
  out.constraint = line_of(config, "constraint");
  out.exclude = line_of(config, "exclude");
  out.gpu_type = line_of(config, "gpu_type");
  out.log_dir = line_of(config, "log_dir");
  if (out.log_dir.find('\\') != std::string::npos)
    refuse("slurm.log_dir", config.at("slurm.log_dir"), out.log_dir,
           "SLURM cannot write to a path with a backslash");
  out.shell = line_of(config, "shell");
  if (!out.shell.starts_with('/'))
    refuse("slurm.shell", config.at("slurm.shell"), out.shell,
           "it is not an absolute path (write /bin/bash, say)");
  out.setup = lines_of(config, "setup");
  out.options = lines_of(config, "options");
  check_options(config, out.options);
}

}  // namespace

SlurmSettings slurm_settings_of(const Config& config) {
  SlurmSettings out;
  const auto value = [&](const char* key) -> const JsonValue& {
    return config.at("slurm." + std::string(key)).value;
  };
  const auto natural = [&](const char* key) {
    return natural_of(value(key)).value();
  };
  out.enabled = value("enabled").truth;
  read_texts(config, out);
  out.nodes = natural("nodes");
  out.cpus = natural_of(value("cpus"));
  out.gpus = natural("gpus");
  out.mem = real_of(value("mem"));
  out.time_limit = seconds_of(value("time_limit"));
  if (out.time_limit && *out.time_limit <= 0)
    refuse("slurm.time_limit", config.at("slurm.time_limit"),
           value("time_limit").text,
           "SLURM takes 0 for no limit (null is the partition's)");
  out.signal_delay = seconds_of(value("signal_delay")).value();
  out.max_requeues = natural("max_requeues");
  out.simultaneous_jobs = natural_of(value("simultaneous_jobs"));
  out.max_array_size = natural("max_array_size");
  out.pack = flag_of(value("pack"));
  out.max_same_failure = natural("max_alike");
  out.commands = commands_of(config);
  out.jobs = natural_of(config.at("jobs").value);
  out.workers = natural_of(config.at("workers").value).value();
  return out;
}

}  // namespace eh::host
