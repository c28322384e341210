#include "config/experiment.h"

#include "base/error.h"
#include "base/sha1.h"
#include "base/text.h"
#include "config/settings.h"

namespace eh::host {
namespace {

// What an experiment was registered with stands above its group's class.
void apply_registered(Config& config, const Family& family) {
  auto apply = [&](const char* name, JsonValue value) {
    auto& entry = config.at(name);
    if (entry.layer < Config::registered)
      entry = {std::move(value), Config::registered,
               family.origin.file + ':' + std::to_string(family.origin.line)};
  };
  if (family.timeout)
    apply("timeout", json_string_value(seconds_text(*family.timeout)));
  if (family.retries)
    apply("retries", json_number_value(std::to_string(*family.retries)));
}

}  // namespace

// A longer one would not fit into a process's environment, whose size the
// kernel limits, usually to 2 MiB.
void check_size(const std::string& json, const std::string& name) {
  constexpr std::size_t most = 1'000'000;
  if (json.size() > most)
    throw Error(exit_usage,
                "cannot give '" + name + "' its configuration: it has " +
                    std::to_string(json.size()) +
                    " bytes, and there is room for " + std::to_string(most) +
                    " (keep the data in a file, and its path in the"
                    " configuration)");
}

std::uint64_t experiment_seed(const std::string& salt, const std::string& group,
                              const std::string& name) {
  const auto id = group + '/' + name;
  return stable_hash(salt.empty() ? id : salt + '\n' + id);
}

Config ExperimentConfigs::values(const Experiment& experiment) const {
  const Family& family = catalog_.families[experiment.family];
  auto config = sources_.resolve(schemas_.of(family.group), family.group,
                                 family.name(experiment.point));
  apply_registered(config, family);
  return config;
}

const ExperimentConfig& ExperimentConfigs::of(const Experiment& experiment) {
  const Family& family = catalog_.families[experiment.family];
  const auto [group, added] = patterns_.try_emplace(family.group);
  if (added)
    for (const auto& pattern : sources_.patterns(family.group))
      group->second.emplace_back(pattern);
  std::vector<bool> matches;
  if (!group->second.empty()) {
    const auto name = family.name(experiment.point);
    for (const auto& pattern : group->second)
      matches.push_back(pattern.matches(name));
  }
  std::pair key{experiment.family, std::move(matches)};
  if (const auto found = known_.find(key); found != known_.end())
    return found->second;
  ExperimentConfig out;
  const auto config = values(experiment);
  out.timeout = seconds_of(config.at("timeout").value).value_or(0);
  out.retries =
      static_cast<int>(natural_of(config.at("retries").value).value());
  out.json = config.experiment_json();
  check_size(out.json, family.name(experiment.point));
  if (const auto own = config.own_json(); !own.empty())
    out.hash = sha1_text(own);
  out.salt = config.at("salt").value.text;
  return known_.emplace(std::move(key), std::move(out)).first->second;
}

}  // namespace eh::host
