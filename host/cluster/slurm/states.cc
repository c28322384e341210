#include "cluster/slurm/states.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace eh::host {
namespace {

// Words as of squeue(1), "JOB STATE CODES".
constexpr const char* pending_states[] = {
    "PENDING",       "REQUEUED",     "REQUEUE_HOLD", "REQUEUE_FED",
    "RESV_DEL_HOLD", "SPECIAL_EXIT", "POWER_UP_NODE"};
constexpr const char* running_states[] = {
    "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED",
    "STOPPED", "SIGNALING",  "STAGE_OUT",   "RESIZING"};
constexpr const char* ended_states[] = {
    "COMPLETED", "CANCELLED", "FAILED",   "TIMEOUT",       "NODE_FAIL",
    "PREEMPTED", "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY", "REVOKED"};

struct Known {
  const char* begin;  // of the reason
  Hindrance::Kind kind;
  const char* advice;
};

constexpr auto never = Hindrance::never;
constexpr auto clearable = Hindrance::clearable;

// Reasons as of squeue(1), "JOB REASON CODES", and as SLURM spells some out.
constexpr Known known[] = {
    {"PartitionTimeLimit", never,
     "the partition allows no such time limit: --slurm-time,"
     " --slurm-partition"},
    {"PartitionNodeLimit", never,
     "the partition does not give a task so many nodes: --slurm-nodes,"
     " --slurm-partition"},
    {"PartitionConfig", never,
     "the partition has no such nodes: --slurm-nodes, --slurm-cpus,"
     " --slurm-gpus, --slurm-mem, --slurm-partition"},
    {"DependencyNeverSatisfied", never, "what it waits for cannot happen"},
    {"BadConstraints", never,
     "no node is like that: --slurm-constraint, --slurm-cpus, --slurm-gpus,"
     " --slurm-mem"},
    {"ReservationDeleted", never,
     "the reservation is no more: --slurm-reservation"},
    {"AccountNotAllowed", never,
     "the partition is not for this account: --slurm-account,"
     " --slurm-partition"},
    {"InvalidAccount", never, "there is no such account: --slurm-account"},
    {"QOSNotAllowed", never,
     "this quality of service is not for you: --slurm-qos"},
    {"InvalidQOS", never, "there is no such quality of service: --slurm-qos"},
    {"QOSMaxWallDurationPerJobLimit", never,
     "the quality of service allows no such time limit: --slurm-time,"
     " --slurm-qos"},
    {"AssocMaxWallDurationPerJobLimit", never,
     "the account allows no such time limit: --slurm-time, --slurm-account"},
    {"QOSMinCpuNotSatisfied", never,
     "the quality of service wants more CPUs: --slurm-cpus, --slurm-qos"},
    {"QOSMinGRES", never,
     "the quality of service wants more GPUs: --slurm-gpus, --slurm-qos"},
    {"JobHeldUser", clearable, "it is held: scontrol release starts it"},
    {"JobHeldAdmin", clearable,
     "an administrator holds it and has to release it"},
    {"launch_failed_requeued_held", clearable,
     "a node could not start it: have an administrator look at the node, then"
     " scontrol release starts it"},
    {"launch failed requeued held", clearable,
     "a node could not start it: have an administrator look at the node, then"
     " scontrol release starts it"},
    {"JobHoldMaxRequeue", clearable,
     "it was put back too often: scontrol release starts it"},
    {"PartitionDown", clearable, "the partition is down"},
    {"PartitionInactive", clearable, "the partition is inactive"},
    {"ReqNodeNotAvail", clearable, "nodes that it asks for are not available"},
    {"Nodes required for job are DOWN", clearable,
     "the nodes are down, drained or reserved"},
    {"NodeDown", clearable, "the node is down"},
    {"InvalidReservation", clearable, "its reservation does not hold"},
};

// Limits of a single job: more than that it never gets.
bool is_job_limit(const std::string& reason) {
  if (!reason.starts_with("QOSMax") && !reason.starts_with("AssocMax"))
    return false;
  for (const auto* of : {"PerJob", "PerNode"})
    if (reason.find(of) != reason.npos &&
        reason.find("MinutesRunning") == reason.npos)
      return true;
  return false;
}

template <class Words>
bool any_of(const Words& words, const std::string& word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// The value of `key` in "A=1 B=2 ..."; values may have spaces in them, but the
// ones that are asked for have none, but for the reason.
std::string value_of(std::string_view line, std::string_view key) {
  const auto name = ' ' + std::string(key) + '=';
  auto at =
      line.starts_with(std::string_view(name).substr(1)) ? 0 : line.find(name);
  if (at == line.npos) return {};
  at = line.find('=', at) + 1;
  const auto value = line.substr(at, line.find(' ', at) - at);
  return said(std::string(value));
}

}  // namespace

TaskPhase phase_of(const std::string& state) {
  if (any_of(pending_states, state)) return TaskPhase::pending;
  if (any_of(running_states, state)) return TaskPhase::running;
  if (any_of(ended_states, state)) return TaskPhase::ended;
  return TaskPhase::unknown;
}

TaskOutcome outcome_of(const std::string& state) {
  if (state == "COMPLETED") return TaskOutcome::completed;
  if (state == "TIMEOUT" || state == "DEADLINE") return TaskOutcome::timeout;
  if (state == "OUT_OF_MEMORY") return TaskOutcome::out_of_memory;
  if (state == "CANCELLED") return TaskOutcome::cancelled;
  if (state == "PREEMPTED" || state == "REVOKED") return TaskOutcome::displaced;
  return TaskOutcome::failed;
}

Hindrance hindrance_of(const std::string& reason) {
  for (const auto& one : known)
    if (reason.starts_with(one.begin)) return {one.kind, one.advice};
  if (is_job_limit(reason))
    return {never,
            "a limit for each job: --slurm-cpus, --slurm-gpus, --slurm-mem,"
            " --slurm-nodes, --slurm-qos, --slurm-account"};
  return {};
}

std::vector<ShownTask> parse_shown(std::string_view text) {
  std::vector<ShownTask> out;
  for (const auto& line : split(text, '\n')) {
    ShownTask task;
    auto& task_exit = task.task_exit;
    task_exit.job = value_of(line, "JobId");
    task_exit.state = value_of(line, "JobState");
    if (task_exit.job.empty() || task_exit.state.empty()) continue;
    task_exit.array_job = value_of(line, "ArrayJobId");
    task_exit.array_task = value_of(line, "ArrayTaskId");
    task_exit.reason = value_of(line, "Reason");
    task_exit.exit_code = value_of(line, "ExitCode");
    task_exit.node = value_of(line, "NodeList");
    task_exit.log = value_of(line, "StdOut");
    task_exit.name = value_of(line, "JobName");
    task.phase = phase_of(task_exit.state);
    task_exit.outcome = outcome_of(task_exit.state);
    out.push_back(std::move(task));
  }
  return out;
}

std::string said(const std::string& text) {
  return text == "N/A" || text == "(null)" || text == "None" ? "" : text;
}

std::vector<std::string> job_words(const std::vector<QueuedTask>& tasks) {
  constexpr std::size_t longest = 2000;
  std::map<std::string, std::set<unsigned>> arrays;
  std::vector<std::string> out;
  for (const auto& task : tasks)
    if (task.array_task)
      arrays[task.array_job].insert(*task.array_task);
    else
      out.push_back(task.job);
  for (const auto& [job, indices] : arrays) {
    std::string ranges;
    auto flush = [&] {
      if (!ranges.empty()) out.push_back(job + "_[" + ranges + ']');
      ranges.clear();
    };
    for (auto at = indices.begin(); at != indices.end();) {
      const auto first = *at;
      auto last = first;
      while (++at != indices.end() && *at == last + 1) last = *at;
      if (ranges.size() > longest) flush();
      ranges += (ranges.empty() ? "" : ",") + std::to_string(first);
      if (last > first) ranges += '-' + std::to_string(last);
    }
    flush();
  }
  return out;
}

std::string start_text(const std::string& start) {
  if (start.size() < 16 || start[4] != '-' || start[10] != 'T') return {};
  return start.substr(0, 10) + ' ' + start.substr(11, 5);
}

}  // namespace eh::host
