// SLURM's commands: what they are asked, and what is read out of their
// answers. All of it may fail, be slow or be of another version: what is not
// understood is left out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

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

/// A task of an array as squeue shows it. Texts are "" where it says nothing.
struct QueuedTask {
  std::string job;                     ///< its own id (%A)
  std::string array_job;               ///< that of its array (%F)
  std::optional<unsigned> array_task;  ///< %K
  std::string name;
  std::string state;              ///< "PENDING", "RUNNING" ... (%T)
  std::string reason;             ///< may be a sentence (%r)
  std::string node, start, left;  ///< %N %S %L
};

/// What is known of a job's time, in seconds.
struct JobTimes {
  std::optional<double> left;   ///< until it is ended
  std::optional<double> limit;  ///< all of it
};

/// An answer to sbatch.
struct Submission {
  /// Nothing: it failed, or nobody knows (then it may be in all the same).
  std::optional<std::string> job;
  /// `errors` of sbatch, or that it took too long.
  std::string error;
  bool timed_out = false;
  bool unclear = false;  ///< it went well, but named no job
};

class SlurmClient {
 public:
  SlurmClient(SlurmCommands commands, RunCommand run);

  /// The tasks of these job names in all states that SLURM still knows.
  /// Nothing if squeue failed.
  std::optional<std::vector<QueuedTask>> queue(
      const std::vector<std::string>& names);
  /// Jobs like "12" or "12_3". True if SLURM took it, also where there is no
  /// such job any more.
  bool cancel(const std::vector<std::string>& jobs);
  bool requeue(const std::string& job);
  /// What `scontrol show job` says of it on one line; "" if it fails.
  std::string show(const std::string& job);
  /// Of a job like "12" or "12_3", which waits for the answer: not long.
  JobTimes times(const std::string& job);
  /// The cluster's limit: array indices are below it.
  std::optional<std::size_t> max_array_size();
  /// Runs sbatch with these words. Variables that would change what the script
  /// says have to be left out of its environment: `without` are their names.
  Submission submit(const std::vector<std::string>& words,
                    const std::vector<std::string>& without = {});

  /// Why the last call failed, or "".
  const std::string& error() const { return error_; }

 private:
  CommandResult run(const std::vector<std::string>& command,
                    const std::vector<std::string>& words,
                    const std::vector<std::string>& without, double seconds);
  CommandResult ask(const std::vector<std::string>& command,
                    const std::vector<std::string>& words);

  SlurmCommands commands_;
  RunCommand run_;
  std::string error_;
};

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
