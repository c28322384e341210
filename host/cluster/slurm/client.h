// SLURM's commands: what they are asked, and what is read out of their
// answers. All of it may fail, be slow or be of another version: what is not
// understood is left out.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/scheduler.h"
#include "cluster/slurm/settings.h"

namespace eh::host {

struct CommandResult {
  std::optional<int> code;  ///< nothing: a signal ended it
  bool timed_out = false;   ///< then it was killed
  std::string output, errors;

  bool good() const { return code == 0 && !timed_out; }
};

/// Runs a command to its end, for so many seconds at most. One that cannot be
/// started answers as a shell would: 127, and why in `errors`.
using RunCommand = std::function<CommandResult(
    const std::vector<std::string>& words, double seconds)>;

RunCommand real_commands();

class SlurmClient : public Scheduler {
 public:
  SlurmClient(SlurmCommands commands, RunCommand run);

  Submission submit(const ArraySubmission& array) override;
  std::optional<std::size_t> index_limit() override;
  std::optional<std::vector<QueuedTask>> queue(
      const std::vector<std::string>& names) override;
  bool cancel(const std::vector<std::string>& jobs) override;
  bool cancel_tasks(const std::vector<QueuedTask>& tasks) override;
  Answer requeue(const std::string& job) override;
  std::optional<Known> knows(const std::string& job,
                             const std::string& name) override;
  std::vector<TaskExit> task_exits(const std::string& job) override;
  JobTimes times(const std::string& job) override;
  const std::string& error() const override { return error_; }

 private:
  CommandResult run(const std::vector<std::string>& command,
                    const std::vector<std::string>& words,
                    const std::vector<std::string>& without, double seconds);
  CommandResult ask(const std::vector<std::string>& command,
                    const std::vector<std::string>& words);
  CommandResult show(const std::string& job);

  SlurmCommands commands_;
  RunCommand run_;
  std::string error_;
};

/// With the commands that the configuration names.
std::unique_ptr<Scheduler> connect_slurm(const Config& config);

/// A command with further words; those are quoted where it is ssh, which hands
/// them to a shell.
std::vector<std::string> command_words(const std::vector<std::string>& command,
                                       const std::vector<std::string>& words);

/// The fields of each line that squeue printed as SlurmClient asks it to;
/// others are left out.
std::vector<QueuedTask> parse_queue(const std::string& output);

/// Seconds of "1-02:03:04", "02:03:04", "03:04" or "4", as squeue prints them;
/// nothing for "UNLIMITED", "INVALID" and such.
std::optional<double> parse_slurm_time(const std::string& text);

/// The id in an answer to `sbatch --parsable`: "123" or "123;cluster".
std::optional<std::string> parse_submitted(const std::string& output);

/// Whether errors of SLURM are of a controller that is busy, gone or restarting
/// or of a network that fails, so that the same may work in a while.
bool is_passing(const std::string& errors);

}  // namespace eh::host
