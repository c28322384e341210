#include "os/gpus.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/text.h"

namespace eh::host {
namespace {

// For NVIDIA, AMD (twice), OpenCL on AMD, and Intel.
constexpr const char* of_drivers[] = {
    "CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES",
    "GPU_DEVICE_ORDINAL", "ZE_AFFINITY_MASK"};
constexpr const char* of_slurm[] = {"SLURM_STEP_GPUS", "SLURM_JOB_GPUS"};

// "0,1", "0-3" or UUIDs. What stands behind "-1" or "NoDevFiles" counts for
// nothing.
std::vector<std::string> devices_of(const char* value) {
  std::vector<std::string> out;
  for (const auto& word : split(value, ',')) {
    if (word.empty() || word == "-1" || word == "NoDevFiles") break;
    const auto dash = word.find('-');
    const auto first =
        parse_number<std::size_t>(std::string_view(word).substr(0, dash));
    const auto last = dash == word.npos
                          ? first
                          : parse_number<std::size_t>(word.substr(dash + 1));
    if (!first || !last || *last < *first || *last - *first > 1000) {
      out.push_back(word);
      continue;
    }
    for (auto i = *first; i <= *last; ++i) out.push_back(std::to_string(i));
  }
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

}  // namespace

Environment real_environment() {
  return [](const char* name) -> const char* { return std::getenv(name); };
}

std::vector<std::string> allowed_gpus(const Environment& environment) {
  for (const auto* name : of_drivers)
    if (const char* value = environment(name)) return devices_of(value);
  for (const auto* name : of_slurm)
    if (const char* value = environment(name)) return devices_of(value);
  return {};
}

std::vector<std::string> share_gpus(const std::vector<std::string>& devices,
                                    std::size_t slots, std::size_t most) {
  if (slots == 0 || devices.size() < slots) return {};
  auto each = devices.size() / slots;
  if (most > 0) each = std::min(each, most);
  std::vector<std::string> out;
  for (std::size_t slot = 0; slot < slots; ++slot) {
    const auto first =
        devices.begin() + static_cast<std::ptrdiff_t>(slot * each);
    out.push_back(joined({first, first + static_cast<std::ptrdiff_t>(each)}));
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> gpu_variables(
    const std::string& gpus, const Environment& environment) {
  const auto allowed = allowed_gpus(environment);
  const auto given = split(gpus, ',');
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto* name : of_drivers) {
    const char* value = environment(name);
    if (!value) continue;
    const auto devices = devices_of(value);
    if (devices.size() != allowed.size()) continue;
    std::vector<std::string> own;
    for (const auto& one : given) {
      const auto at = std::find(allowed.begin(), allowed.end(), one);
      if (at != allowed.end())
        own.push_back(devices[static_cast<std::size_t>(at - allowed.begin())]);
    }
    out.emplace_back(name, joined(own));
  }
  if (out.empty()) out.emplace_back(of_drivers[0], gpus);
  return out;
}

}  // namespace eh::host
