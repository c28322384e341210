#include "config/framework_keys.h"

#include <stdexcept>

namespace eh::host {
namespace {

ConfigType plain(ConfigType::Kind kind, const char* name) {
  ConfigType out;
  out.kind = kind;
  out.name = name;
  return out;
}

ConfigType text() {
  return plain(ConfigType::text, "std::string");
}
ConfigType path() {
  return plain(ConfigType::path, "std::filesystem::path");
}
ConfigType flag() {
  return plain(ConfigType::boolean, "bool");
}
ConfigType time() {
  auto out = plain(ConfigType::duration, "eh::Duration");
  out.least = "0";
  return out;
}
ConfigType secret() {
  return plain(ConfigType::secret, "eh::Secret");
}

ConfigType whole(const char* least, const char* most = "1000000") {
  auto out = plain(ConfigType::integer, "int");
  out.least = least;
  out.most = most;
  return out;
}

ConfigType positive_real() {
  auto out = plain(ConfigType::real, "double");
  out.least = "0";
  return out;
}

ConfigType level() {
  auto out = plain(ConfigType::choice, "eh::LogLevel");
  out.choices = {"debug", "info", "warning", "error", "critical"};
  return out;
}

ConfigType wrapped(ConfigType::Kind kind, const char* name,
                   ConfigType element) {
  ConfigType out;
  out.kind = kind;
  out.name = std::string(name) + '<' + element.name + '>';
  out.element.push_back(std::move(element));
  return out;
}

ConfigType list(ConfigType element) {
  return wrapped(ConfigType::list, "std::vector", std::move(element));
}
ConfigType maybe(ConfigType element) {
  return wrapped(ConfigType::optional, "std::optional", std::move(element));
}

ConfigType log_file() {
  auto out = plain(ConfigType::object, "eh::LogFile");
  out.members = {
      {"file", path(), json_string_value(""), "the file"},
      {"size", positive_real(), json_number_value("0"),
       "megabytes after which a new one is begun; 0: never"},
      {"count", whole("1"), json_number_value("5"), "how many are kept"}};
  return out;
}

std::vector<ConfigKey> make_keys() {
  std::vector<ConfigKey> keys;
  auto add = [&](ConfigScope scope, const char* name, ConfigType type,
                 const char* value, const char* description) {
    keys.push_back(
        {name, std::move(type), parse_json(value), description, scope});
  };
  constexpr auto host = ConfigScope::host, group = ConfigScope::group,
                 experiment = ConfigScope::experiment;

  add(group, "output_directory", path(), R"("results")",
      "where results go: DIR/<group>/<name>");
  add(group, "meta_filename", text(), R"("eh.json")",
      "the verdict's file in a result folder");
  add(group, "checkpoint_files", list(text()), R"(["*checkpoint*"])",
      "files with which an unfinished experiment goes on where it is");
  add(host, "plugins", list(path()), "[]", "plugins to load");
  add(host, "plugin_directories", list(path()), "[]",
      "folders whose *.so are loaded");
  add(host, "load_timeout", time(), R"("30s")",
      "time a plugin may take to load");
  add(group, "jobs", maybe(whole("1")), "null",
      "experiments at the same time; null: as many as there are CPUs for");
  add(group, "workers", whole("1"), "1", "CPUs that each experiment may use");
  add(experiment, "timeout", maybe(time()), "null",
      "time limit of each experiment");
  add(group, "grace_period", time(), R"("10s")",
      "time between asking an experiment to stop and killing it");
  add(experiment, "retries", whole("0"), "0",
      "how often one that failed is run again");
  add(group, "max_fail", maybe(whole("1")), "null",
      "start nothing new after so many failed");
  add(group, "random_start_delay", time(), R"("0s")",
      "each start waits a random time up to this");
  add(group, "salt", text(), R"("")", "other seeds for all experiments");
  add(group, "loglevel", level(), R"("warning")",
      "records from this level up are shown");
  add(group, "logfiles", list(log_file()), "[]",
      "files for all records, debug and up, in UTC");

  add(group, "slurm.enabled", flag(), "false", "run on a SLURM cluster");
  add(group, "slurm.partition", text(), R"("")", "sbatch --partition");
  add(group, "slurm.account", text(), R"("")", "sbatch --account");
  add(group, "slurm.qos", text(), R"("")", "sbatch --qos");
  add(group, "slurm.reservation", text(), R"("")", "sbatch --reservation");
  add(group, "slurm.licenses", text(), R"("")", "sbatch --licenses");
  add(group, "slurm.constraint", text(), R"("")", "sbatch --constraint");
  add(group, "slurm.exclude", text(), R"("")", "nodes to avoid");
  add(group, "slurm.nodes", whole("1"), "1", "nodes of each task");
  add(group, "slurm.cpus", maybe(whole("1")), "null",
      "CPUs of each task; null: workers, or workers for each GPU where several "
      "experiments share a task");
  add(group, "slurm.gpus", whole("0"), "0", "GPUs of each task");
  add(group, "slurm.gpu_type", text(), R"("")", "the GPUs' type, like a100");
  add(group, "slurm.mem", maybe(positive_real()), "null",
      "memory of each task in GB; null: the cluster's default, 0: all of the "
      "node");
  add(group, "slurm.time_limit", maybe(time()), "null",
      "time limit of a task; null: the partition's");
  add(group, "slurm.simultaneous_jobs", maybe(whole("1")), "null",
      "tasks at the same time; null: as jobs says");
  add(group, "slurm.max_array_size", whole("1"), "1001",
      "most tasks of one array, if the cluster allows as many");
  add(group, "slurm.log_dir", path(), R"("")",
      "where SLURM's own logs go; empty: the run's folder");
  add(group, "slurm.shell", text(), R"("/bin/bash")",
      "the shell of the job script");
  add(group, "slurm.setup", list(text()), "[]",
      "lines of the job script, like 'module load cuda'; one that fails ends "
      "it, but for those after a line 'set +e'");
  add(group, "slurm.options", list(text()), "[]",
      "further options of sbatch, like '--mail-type=END'");
  add(group, "slurm.signal_delay", time(), R"("60s")",
      "warning ahead of the time limit");
  add(group, "slurm.pack", maybe(flag()), "null",
      "tasks run experiment after experiment, as many at a time as they have "
      "room for; null: where there are many more experiments than tasks");
  add(group, "slurm.max_requeues", whole("0"), "5",
      "how often an experiment goes on in another job");
  add(group, "slurm.max_alike", whole("0"), "10",
      "stop after so many alike failures and no success; 0: never");
  add(group, "slurm.sbatch_cmd", text(), R"("sbatch")", "the command sbatch");
  add(group, "slurm.scancel_cmd", text(), R"("scancel")",
      "the command scancel");
  add(group, "slurm.squeue_cmd", text(), R"("squeue")", "the command squeue");
  add(group, "slurm.scontrol_cmd", text(), R"("scontrol")",
      "the command scontrol");

  add(group, "slack.token", secret(), "null",
      "token of a Slack app, from EH_SLACK_TOKEN or a private file");
  add(group, "slack.token_file", path(), R"("")",
      "a private file with the token");
  add(group, "slack.channel", text(), R"("")", "the id of the channel");
  add(group, "slack.webhook", secret(), "null",
      "an incoming webhook, from EH_SLACK_WEBHOOK or a private file");
  add(group, "slack.webhook_file", path(), R"("")",
      "a private file with the webhook");
  add(group, "slack.api_url", text(), R"("https://slack.com/api/")",
      "the address of Slack's API, for GovSlack or a proxy of it");
  add(group, "slack.loglevel", level(), R"("warning")",
      "records from this level up are sent");
  add(group, "slack.deadline", time(), R"("5s")",
      "time that Slack may take when the run ends");
  return keys;
}

}  // namespace

const std::vector<ConfigKey>& framework_keys() {
  static const auto keys = make_keys();
  return keys;
}

std::string framework_default(std::string_view name) {
  for (const auto& key : framework_keys())
    if (key.name == name) return key.value.text;
  throw std::logic_error("no configuration key " + std::string(name));
}

}  // namespace eh::host
