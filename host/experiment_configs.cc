#include "experiment_configs.h"

#include "settings.h"
#include "sha1.h"
#include "text.h"

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
  const auto [found, fresh] =
      known_.try_emplace({experiment.family, std::move(matches)});
  auto& out = found->second;
  if (!fresh) return out;
  const auto config = values(experiment);
  out.timeout = seconds_of(config.at("timeout").value).value_or(0);
  out.retries =
      static_cast<int>(natural_of(config.at("retries").value).value_or(0));
  out.json = config.experiment_json();
  if (const auto own = config.own_json(); !own.empty())
    out.hash = sha1_text(own);
  return out;
}

}  // namespace eh::host
