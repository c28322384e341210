#include "cluster/slurm/client.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "cluster/slurm/script.h"
#include "cluster/slurm/states.h"
#include "os/capture.h"
#include "os/spawn.h"

namespace eh::host {
namespace {

constexpr double answer_seconds = 60;
constexpr double short_answer_seconds = 5;
// Nobody waits long for what there is a default for.
constexpr double limit_seconds = 20;
// A controller that has too many jobs lets sbatch wait for two minutes.
constexpr double submit_seconds = 150;

// Fields that cannot hold the separator, then the one that may hold anything.
// Nothing here means anything to a shell, since ssh hands it to one.
constexpr char separator = '@';
constexpr char format[] = "%A@%F@%K@%T@%N@%S@%L@%j@%r";

// Variables that change which jobs are shown, and how: as "SQUEUE_FORMAT" and
// "SCANCEL_INTERACTIVE" do.
bool changes_answers(std::string_view variable) {
  return variable.starts_with("SQUEUE_") || variable.starts_with("SCANCEL_") ||
         variable.starts_with("SCONTROL_") || variable == "SLURM_TIME_FORMAT";
}

std::vector<std::string> answer_changers() {
  std::vector<std::string> out;
  for (const auto& entry : current_environment()) {
    const auto name = entry.substr(0, entry.find('='));
    if (changes_answers(name)) out.push_back(name);
  }
  return out;
}

std::string last_part(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

// The first line that says "error", or the first one: SLURM's reason.
std::string reason_in(const std::string& errors) {
  std::string first;
  for (const auto& line : split(errors, '\n')) {
    if (line.find("error:") != line.npos) return line;
    if (first.empty()) first = line;
  }
  return first;
}

std::string failure(const std::string& command, const CommandResult& result) {
  if (result.timed_out) return command + " gave no answer";
  const auto reason = reason_in(result.errors);
  if (!reason.empty()) return reason;
  return command + (result.code ? " ended with " + std::to_string(*result.code)
                                : std::string(" was killed"));
}

bool is_number(const std::string& text) {
  return parse_number<unsigned long>(text).has_value();
}

// A limit on jobs of somebody: QOSMaxSubmitJobPerUserLimit,
// AssocMaxSubmitJobLimit, AssocGrpSubmitJobsLimit ... or on all jobs of the
// cluster.
bool is_full(const std::string& errors) {
  for (const char* text : {"SubmitJob", "unable to accept job",
                           "Resource temporarily unavailable"})
    if (errors.find(text) != errors.npos) return true;
  return false;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ",") + text;
  return out;
}

}  // namespace

RunCommand real_commands() {
  return [](const std::vector<std::string>& words, double seconds) {
    CommandResult out;
    try {
      auto result = std::move(capture({words}, 1, seconds).at(0));
      out.code = result.code;
      out.timed_out = result.timed_out;
      out.output = std::move(result.output);
      out.errors = std::move(result.errors);
    } catch (const std::system_error& error) {
      out.code = 127;
      out.errors = error.what();
    }
    return out;
  };
}

std::vector<std::string> command_words(const std::vector<std::string>& command,
                                       const std::vector<std::string>& words) {
  auto out = command;
  const bool remote = last_part(command.at(0)) == "ssh";
  for (const auto& word : words)
    out.push_back(remote ? shell_quoted(word) : word);
  return out;
}

SlurmClient::SlurmClient(SlurmCommands commands, RunCommand run)
    : commands_(std::move(commands)), run_(std::move(run)) {}

CommandResult SlurmClient::run(const std::vector<std::string>& command,
                               const std::vector<std::string>& words,
                               const std::vector<std::string>& without,
                               double seconds) {
  std::vector<std::string> all;
  if (!without.empty()) all.push_back("env");
  for (const auto& name : without) {
    all.push_back("-u");
    all.push_back(name);
  }
  for (auto& word : command_words(command, words))
    all.push_back(std::move(word));
  auto out = run_(all, seconds);
  error_ = out.good() ? "" : failure(last_part(command.at(0)), out);
  return out;
}

CommandResult SlurmClient::ask(const std::vector<std::string>& command,
                               const std::vector<std::string>& words) {
  return run(command, words, answer_changers(), answer_seconds);
}

std::optional<std::vector<QueuedTask>> SlurmClient::queue(
    const std::vector<std::string>& names) {
  if (names.empty()) return std::vector<QueuedTask>{};
  const auto result =
      ask(commands_.squeue,
          {"--noheader", "--array", "--states=all", "--name=" + joined(names),
           std::string("--format=") + format});
  if (!result.good()) return {};
  auto tasks = parse_queue(result.output);
  // A filter that an odd squeue did not understand must not matter.
  std::erase_if(tasks, [&](const QueuedTask& task) {
    return std::find(names.begin(), names.end(), task.name) == names.end();
  });
  return tasks;
}

bool SlurmClient::cancel(const std::vector<std::string>& jobs) {
  if (jobs.empty()) return true;
  const auto result = ask(commands_.scancel, jobs);
  if (result.good()) return true;
  // One that has ended cannot be cancelled, nor does it have to be.
  if (result.timed_out || is_passing(result.errors)) return false;
  for (const char* gone : {"Invalid job id", "already completing",
                           "already completed", "already finished"})
    if (result.errors.find(gone) != result.errors.npos) return true;
  return false;
}

bool SlurmClient::cancel_tasks(const std::vector<QueuedTask>& tasks) {
  return cancel(job_words(tasks));
}

Scheduler::Answer SlurmClient::requeue(const std::string& job) {
  if (ask(commands_.scontrol, {"requeue", job}).good()) return Answer::yes;
  // One that seemed to fail was heard all the same: SLURM ends all of a job
  // that it runs again, what asked for it, too.
  if (error_.find("pending execution") != error_.npos ||
      error_.ends_with("was killed"))
    return Answer::yes;
  return is_passing(error_) || error_.ends_with("gave no answer")
             ? Answer::ask_again
             : Answer::no;
}

CommandResult SlurmClient::show(const std::string& job) {
  return ask(commands_.scontrol, {"-o", "show", "job", job});
}

std::optional<Scheduler::Known> SlurmClient::knows(const std::string& job,
                                                   const std::string& name) {
  const auto result = show(job);
  if (result.good() && !result.output.empty()) {
    for (const auto& task : parse_shown(result.output))
      if (!task.task_exit.name.empty() && task.task_exit.name != name)
        return Known::other;
    return Known::yes;
  }
  // Only this error is an answer.
  if (error_.find("Invalid job id") != error_.npos) return Known::no;
  return {};
}

std::vector<TaskExit> SlurmClient::task_exits(const std::string& job) {
  const auto result = show(job);
  std::vector<TaskExit> out;
  if (!result.good()) return out;
  for (auto& task : parse_shown(result.output))
    if (task.phase == TaskPhase::ended)
      out.push_back(std::move(task.task_exit));
  return out;
}

JobTimes SlurmClient::times(const std::string& job) {
  const auto result =
      run(commands_.squeue,
          {"--noheader", "--array", "--jobs=" + job, "--format=%L@%l"},
          answer_changers(), short_answer_seconds);
  const auto parts =
      split(result.output.substr(0, result.output.find('\n')), '@');
  if (!result.good() || parts.size() != 2) return {};
  return {parse_slurm_time(parts[0]), parse_slurm_time(parts[1])};
}

std::optional<std::size_t> SlurmClient::index_limit() {
  const auto result = run(commands_.scontrol, {"show", "config"},
                          answer_changers(), limit_seconds);
  if (!result.good()) return {};
  for (const auto& line : split(result.output, '\n')) {
    if (!line.starts_with("MaxArraySize")) continue;
    const auto at = line.find_first_of("0123456789");
    if (at == line.npos) break;
    return parse_number<std::size_t>(std::string_view(line).substr(
        at, line.find_last_not_of(" \r\t") + 1 - at));
  }
  error_ = "scontrol does not tell MaxArraySize";
  return {};
}

Submission SlurmClient::submit(const ArraySubmission& array) {
  Submission out;
  const auto result =
      run(commands_.sbatch, sbatch_words(array), array.without, submit_seconds);
  if (result.good()) out.job = parse_submitted(result.output);
  if (out.job) {
    out.remarks = result.errors;
    while (out.remarks.ends_with('\n')) out.remarks.pop_back();
    return out;
  }
  const bool unclear = result.good();
  if (unclear)
    error_ =
        "sbatch named no job, but said '" + printable(result.output) + '\'';
  out.error = unclear || result.timed_out || result.errors.empty()
                  ? error_
                  : result.errors;
  while (out.error.ends_with('\n')) out.error.pop_back();
  error_ = out.error;
  out.passing = result.timed_out || unclear || is_passing(out.error);
  out.no_room = is_full(out.error);
  return out;
}

std::unique_ptr<Scheduler> connect_slurm(const Config& config) {
  return std::make_unique<SlurmClient>(slurm_settings_of(config).commands,
                                       real_commands());
}

std::vector<QueuedTask> parse_queue(const std::string& output) {
  std::vector<QueuedTask> out;
  for (const auto& line : split(output, '\n')) {
    auto fields = split(line, separator);
    if (fields.size() < 9 || !is_number(fields[0]) || !is_number(fields[1]))
      continue;
    for (std::size_t i = 9; i < fields.size(); ++i)
      fields[8] += separator + fields[i];
    QueuedTask task;
    task.job = fields[0];
    task.array_job = fields[1];
    task.array_task = parse_number<unsigned>(fields[2]);
    task.state = fields[3];
    task.node = said(fields[4]);
    task.start = start_text(fields[5]);
    task.left = said(fields[6]);
    task.name = fields[7];
    task.reason = said(fields[8]);
    task.phase = phase_of(task.state);
    task.outcome = outcome_of(task.state);
    if (task.phase == TaskPhase::pending)
      task.hindrance = hindrance_of(task.reason);
    out.push_back(std::move(task));
  }
  return out;
}

std::optional<double> parse_slurm_time(const std::string& text) {
  const auto dash = text.find('-');
  const auto parts =
      split(dash == text.npos ? text : text.substr(dash + 1), ':');
  double seconds = 0;
  for (const auto& part : parts) {
    if (part.empty() || part.find_first_not_of("0123456789") != part.npos)
      return {};
    seconds = seconds * 60 + std::strtod(part.c_str(), nullptr);
  }
  if (dash == text.npos) return seconds;
  const auto days = text.substr(0, dash);
  if (days.empty() || days.find_first_not_of("0123456789") != days.npos)
    return {};
  for (auto i = parts.size(); i < 3; ++i) seconds *= 60;
  return seconds + 86400 * std::strtod(days.c_str(), nullptr);
}

std::optional<std::string> parse_submitted(const std::string& output) {
  for (const auto& line : split(output, '\n')) {
    const auto id = line.substr(0, line.find(';'));
    if (is_number(id)) return id;
  }
  return {};
}

bool is_passing(const std::string& errors) {
  for (const char* text : {"Unable to contact slurm controller",
                           "Socket timed out",
                           "unable to accept job",
                           "Resource temporarily unavailable",
                           "authentication error",
                           "Munge encode failed",
                           "Munge decode failed",
                           "Connection refused",
                           "Connection reset",
                           "Connection timed out",
                           "Zero Bytes were transmitted",
                           "missing socket",
                           "slurm_msg_sendto",
                           "slurm_receive_msg",
                           "standby mode",
                           "No route to host",
                           "Network is unreachable",
                           "Transport endpoint is not connected",
                           "ssh: connect to host",
                           "Connection closed"})
    if (errors.find(text) != errors.npos) return true;
  return false;
}

}  // namespace eh::host
