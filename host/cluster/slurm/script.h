// The script of all array jobs of a run, and the words that sbatch is given
// with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cluster/scheduler.h"
#include "cluster/slurm/settings.h"
#include "cluster/spec.h"

namespace eh::host {

// What the script exits with where the host cannot be started.
inline constexpr int script_no_folder = 71;  ///< it does not see the run
inline constexpr int script_no_start = 72;   ///< nor can this node run the host
inline constexpr int script_no_setup = 73;   ///< a line of the setup failed

struct JobScript {
  const SlurmSettings& settings;
  const TaskPlan& plan;
  std::string run_folder;        ///< absolute
  std::string launch_directory;  ///< absolute
  std::string host;              ///< the program of the tasks
  std::string command;           ///< as typed, for people
};

/// Throws Error (usage) for a path with which SLURM cannot do.
std::string job_script(const JobScript& script);

std::vector<std::string> sbatch_words(const ArraySubmission& array);

/// Of the variables of an environment, those with which sbatch or the tasks
/// would do something else than the script says: SBATCH_PARTITION, but only
/// where the settings name one, and what an allocation tells of itself.
std::vector<std::string> misleading_variables(
    const std::vector<std::string>& environment, const SlurmSettings& settings);

/// Why tasks are warned later than the settings say; "": they are not.
std::string late_warning_text(const SlurmSettings& settings);

/// `text` as one word of an "#SBATCH" line.
std::string sbatch_quoted(std::string_view text);

/// Where SLURM writes, with "%A" and such for it to replace.
std::string log_pattern(const JobScript& script);

}  // namespace eh::host
