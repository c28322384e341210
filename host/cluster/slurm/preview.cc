#include "cluster/slurm/preview.h"

#include <algorithm>

#include "base/text.h"
#include "cluster/job_file.h"
#include "cluster/slurm/client.h"
#include "cluster/task_plan.h"

namespace eh::host {
namespace {

constexpr std::size_t first_shown = 3;

// The first few of `count` lines, and the last.
template <class Line>
std::string some_of(std::size_t count, const Line& line) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    if (i >= first_shown && i + 1 < count) {
      if (i + 2 < count) {
        out += "  ...\n";
        i = count - 1;
      }
    }
    out += "  " + line(i) + '\n';
  }
  return out;
}

std::string mapping_text(const TaskPlan& plan,
                         const std::vector<SpecExperiment>& experiments) {
  if (!plan.pack)
    return some_of(plan.tasks, [&](std::size_t i) {
      return "task " + std::to_string(i) + ": " + experiments[i].name;
    });
  std::vector<std::size_t> begins;
  std::size_t begin = 0;
  for (const auto size : plan.blocks) {
    begins.push_back(begin);
    begin += size;
  }
  return some_of(plan.blocks.size(), [&](std::size_t i) {
    const auto size = plan.blocks[i];
    auto out =
        "block " + std::to_string(i) + ": " + experiments[begins[i]].name;
    if (size > 1)
      out += (size > 2 ? " ... " : ", ") +
             experiments[begins[i] + size - 1].name + " (" +
             std::to_string(size) + ')';
    return out;
  });
}

std::string summary_text(const TaskPlan& plan, const SlurmSettings& settings) {
  auto out = count_text(plan.experiments, "experiment") + " would run in " +
             count_text(plan.tasks, "task");
  if (!plan.pack) {
    out += plan.tasks > 1 ? ", one each" : "";
  } else {
    const auto slots = expected_slots(plan, settings);
    out += ", " +
           (slots > 1 ? std::to_string(slots) + " at a time in each"
                      : std::string("one after the other in each")) +
           ", taken in " + count_text(plan.blocks.size(), "block");
  }
  std::size_t at_once = 0;
  bool limited = false;
  for (const auto& array : plan.arrays) {
    limited = limited || array.at_once || array.after;
    if (!array.after) at_once += array.at_once ? array.at_once : array.count;
  }
  if (limited)
    out += ", at most " + count_text(at_once, "task") + " at the same time";
  return out + ":\n";
}

std::string commands_text(const JobScript& script, const std::string& run_id) {
  const auto& arrays = script.plan.arrays;
  return some_of(arrays.size(), [&](std::size_t i) {
    ArraySubmission one;
    one.name = array_name(run_id, i);
    one.script = script.run_folder + "/job.sh";
    one.first = arrays[i].first;
    one.count = arrays[i].count;
    one.at_once = arrays[i].at_once;
    if (arrays[i].after)
      one.after = "JOB_OF_ARRAY_" + std::to_string(*arrays[i].after);
    std::string out;
    for (const auto& word :
         command_words(script.settings.commands.sbatch, sbatch_words(one)))
      out += (out.empty() ? "" : " ") + shell_quoted(word);
    return out;
  });
}

}  // namespace

std::string preview_text(const JobScript& script, const std::string& run_id,
                         const std::vector<SpecExperiment>& experiments) {
  return summary_text(script.plan, script.settings) +
         mapping_text(script.plan, experiments) + "with:\n" +
         commands_text(script, run_id) + "and this job.sh:\n" +
         job_script(script);
}

}  // namespace eh::host
