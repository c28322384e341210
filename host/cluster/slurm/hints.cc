#include "cluster/slurm/hints.h"

#include <cctype>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace eh::host {
namespace {

struct Hint {
  const char* words;  // in what sbatch says
  std::vector<const char*> keys;
  const char* advice;
};

// The first one that fits is told.
const std::vector<Hint>& hints() {
  static const std::vector<Hint> all = {
      {"SubmitJob",
       {"slurm.pack", "slurm.max_array_size", "jobs"},
       "each task of an array counts: --slurm-pack needs few, and several "
       "small arrays (--slurm-array-size) wait for each other"},
      {"MaxWall", {"slurm.time_limit"}, "--slurm-time sets another"},
      {"partition specified", {"slurm.partition"}, "'sinfo' lists them all"},
      {"account/partition",
       {"slurm.account", "slurm.partition"},
       "'sacctmgr show associations user=$USER' lists what you may use"},
      {"account", {"slurm.account"}, "ask whom your jobs are charged to"},
      {"partition", {"slurm.partition"}, "'sinfo' lists them all"},
      {"qos", {"slurm.qos"}, "'sacctmgr show qos' lists them all"},
      {"QOS", {"slurm.qos"}, "'sacctmgr show qos' tells their limits"},
      {"eservation",
       {"slurm.reservation"},
       "'scontrol show reservations' lists them all"},
      {"feature",
       {"slurm.constraint"},
       "'sinfo -o \"%N %f\"' lists what nodes have"},
      {"icense", {"slurm.licenses"}, "'scontrol show licenses' lists them"},
      {"node name",
       {"slurm.exclude", "slurm.options"},
       "'sinfo -N' lists them"},
      {"gres",
       {"slurm.gpus", "slurm.gpu_type"},
       "'sinfo -o \"%N %G\"' lists what nodes have"},
      {"array specification",
       {"slurm.max_array_size"},
       "'scontrol show config' tells MaxArraySize"},
      {"CPU count",
       {"slurm.cpus", "workers", "slurm.partition"},
       "'sinfo -o \"%N %c\"' lists what nodes have"},
      {"emory specification",
       {"slurm.mem", "slurm.partition"},
       "in GB; 'sinfo -o \"%N %m\"' lists what nodes have, in MB"},
      {"node configuration",
       {"slurm.cpus", "workers", "slurm.mem", "slurm.gpus", "slurm.gpu_type",
        "slurm.constraint", "slurm.nodes", "slurm.partition"},
       "no node has all of it: 'sinfo -o \"%P %N %c %m %G %f\"' lists them"},
      {"time limit", {"slurm.time_limit"}, "'sinfo' tells those of partitions"},
      {"directive", {"slurm.options"}, "'sbatch --help' lists what there is"},
      {"option", {"slurm.options"}, "'sbatch --help' lists what there is"},
      {"Invalid --", {"slurm.options"}, "'sbatch --help' lists what there is"},
      {"batch script", {"slurm.shell", "slurm.setup"}, "look at job.sh"},
      {"No such file",
       {"slurm.sbatch_cmd"},
       "is this a machine that jobs can be submitted from?"},
      {"DNS SRV lookup failed", {}, "SLURM_CONF has to name its slurm.conf"}};
  return all;
}

std::string value_text(const Config::Entry& entry) {
  return entry.value.kind == JsonValue::string && !entry.value.text.empty()
             ? entry.value.text
             : json_text(entry.value);
}

// The variable with which sbatch is given the same: "SBATCH_PARTITION".
std::string variable_of(std::string_view key) {
  if (!key.starts_with("slurm.")) return {};
  std::string out = "SBATCH_";
  for (const char c : key.substr(6))
    if (c != '_') out += static_cast<char>(std::toupper(c));
  return key == "slurm.mem" ? "SBATCH_MEM_PER_NODE" : out;
}

// Those that somebody set, or if nobody did, the first.
std::string values_text(const Config& config,
                        const std::vector<const char*>& keys) {
  std::string out;
  const auto add = [&](const std::string& text) {
    out += (out.empty() ? "" : ", ") + text;
  };
  for (const std::string key : keys) {
    const auto& entry = config.at(key);
    const auto variable = variable_of(key);
    if (entry.layer != Config::builtin)
      add(key + " is " + value_text(entry) + ", from " + entry.origin);
    else if (const char* value = std::getenv(variable.c_str()))
      add(variable + " is " + value + ", from the environment");
  }
  if (out.empty() && !keys.empty())
    add(keys[0] + (" is " + value_text(config.at(keys[0]))) + " by default");
  return out;
}

}  // namespace

std::string refusal_hint(const std::string& errors, const Config& config) {
  for (const auto& hint : hints()) {
    if (errors.find(hint.words) == errors.npos) continue;
    const auto values = values_text(config, hint.keys);
    return values + (values.empty() ? "" : "; ") + hint.advice;
  }
  return "'eh-host config' shows all values of slurm, --slurm-option passes "
         "others on to sbatch";
}

}  // namespace eh::host
