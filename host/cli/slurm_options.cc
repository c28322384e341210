#include "cli/slurm_options.h"

#include "base/error.h"
#include "config/framework_keys.h"

namespace eh::host {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

// An option with one value.
struct Valued {
  const char* name;
  const char* key;    // below slurm
  const char* value;  // its name
  const char* help;
  bool shows_default = false;  ///< behind the help
};

constexpr Valued valued[] = {
    {"slurm-partition", "partition", "NAME",
     "the partition: --slurm-partition gpu"},
    {"slurm-account", "account", "NAME", "who pays: --slurm-account physics"},
    {"slurm-qos", "qos", "NAME", "quality of service: --slurm-qos long"},
    {"slurm-reservation", "reservation", "NAME",
     "use a reservation: --slurm-reservation course"},
    {"slurm-licenses", "licenses", "LIST",
     "licenses to hold: --slurm-licenses matlab:1"},
    {"slurm-constraint", "constraint", "EXPR",
     "features of the nodes: --slurm-constraint 'skylake&ib'"},
    {"slurm-exclude", "exclude", "NODES",
     "nodes to avoid: --slurm-exclude 'n[3-5],n9'"},
    {"slurm-nodes", "nodes", "N", "nodes of each task: --slurm-nodes 2", true},
    {"slurm-cpus", "cpus", "N",
     "CPUs of each task: --slurm-cpus 16 (--workers, where a task runs one "
     "experiment at a time)"},
    {"slurm-gpus", "gpus", "N", "GPUs of each task: --slurm-gpus 1", true},
    {"slurm-gpu-type", "gpu_type", "TYPE",
     "of these GPUs alone: --slurm-gpu-type a100"},
    {"slurm-mem", "mem", "GB",
     "memory of each task: --slurm-mem 8, --slurm-mem 0.5; 0: all of the node"},
    {"slurm-time", "time_limit", "TIME",
     "time limit of each task: --slurm-time 90min, --slurm-time 2d"},
    {"slurm-signal-delay", "signal_delay", "TIME",
     "how long ahead of the time limit experiments are told: "
     "--slurm-signal-delay 5min",
     true},
    {"slurm-jobs", "simultaneous_jobs", "N",
     "tasks at the same time: --slurm-jobs 20 (as --jobs says, or any number)"},
    {"slurm-array-size", "max_array_size", "N",
     "most tasks of one array, if the cluster allows as many: "
     "--slurm-array-size 500",
     true},
    {"slurm-requeues", "max_requeues", "N",
     "how often an experiment goes on in another job after its time limit: "
     "--slurm-requeues 20",
     true},
    {"slurm-max-alike", "max_alike", "N",
     "stop after N failures with the same message and no success: "
     "--slurm-max-alike 3; 0: never",
     true},
    {"slurm-log-dir", "log_dir", "DIR",
     "where SLURM's own logs go: --slurm-log-dir logs (the run's folder)"},
    {"slurm-shell", "shell", "FILE",
     "the shell of the job script: --slurm-shell /bin/sh", true}};

// Options that may be given several times.
constexpr Valued lists[] = {
    {"slurm-setup", "setup", "LINE",
     "a line of the job script, ahead of the experiments; may be given several "
     "times: --slurm-setup 'module load cuda/12'"},
    {"slurm-option", "options", "OPTION",
     "an option of sbatch for what has none here; may be given several times: "
     "--slurm-option=--mail-type=END"}};

std::string help_of(const Valued& option) {
  if (!option.shows_default) return option.help;
  return option.help +
         (" (" + framework_default(std::string("slurm.") + option.key) + ')');
}

}  // namespace

po::options_description slurm_options() {
  po::options_description out("On a SLURM cluster", 79);
  auto add = out.add_options();
  add("slurm",
      "run there (slurm.enabled); goes on here with what the tasks do, and "
      "Ctrl-C asks whether to cancel them");
  add("no-slurm", "run on this machine, whatever the configuration says");
  add("detach",
      "only submit: 'status', 'attach', 'logs' and 'cancel' work from "
      "anywhere");
  add("slurm-pack",
      "few tasks, each of which takes experiment after experiment, as many at "
      "a "
      "time as it has CPUs and GPUs for. By itself where there are many more "
      "experiments than tasks");
  add("no-slurm-pack", "a task for each experiment");
  for (const auto& option : valued)
    add(option.name, po::value<std::string>()->value_name(option.value),
        help_of(option).c_str());
  for (const auto& option : lists)
    add(option.name, po::value<Texts>()->value_name(option.value), option.help);
  return out;
}

std::vector<ConfigSetting> slurm_settings_in(const po::variables_map& values) {
  std::vector<ConfigSetting> out;
  const auto set = [&](const std::string& option, const std::string& key,
                       std::string text) {
    out.push_back({"slurm." + key, std::move(text), "--" + option, false, {}});
  };
  for (const auto& option : valued)
    if (values.count(option.name))
      set(option.name, option.key, values[option.name].as<std::string>());
  for (const auto& option : lists)
    if (values.count(option.name)) {
      set(option.name, option.key, {});
      auto& list = out.back().value.emplace();
      list.kind = JsonValue::array;
      for (const auto& text : values[option.name].as<Texts>())
        list.elements.push_back(json_string_value(text));
    }
  for (const auto& [yes, no, key] : {std::tuple{"slurm", "no-slurm", "enabled"},
                                     {"slurm-pack", "no-slurm-pack", "pack"}}) {
    if (values.count(yes) && values.count(no))
      throw Error(exit_usage,
                  std::string("cannot use both --") + yes + " and --" + no);
    if (values.count(yes)) set(yes, key, "true");
    if (values.count(no)) set(no, key, "false");
  }
  return out;
}

}  // namespace eh::host
