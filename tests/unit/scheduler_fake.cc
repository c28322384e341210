#include "scheduler_fake.h"

#include <map>

namespace eh::host::test {
namespace {

const std::map<std::string, TaskPhase> phases{
    {"PENDING", TaskPhase::pending},     {"RUNNING", TaskPhase::running},
    {"CONFIGURING", TaskPhase::running}, {"COMPLETING", TaskPhase::running},
    {"SUSPENDED", TaskPhase::running},   {"COMPLETED", TaskPhase::ended},
    {"FAILED", TaskPhase::ended},        {"NODE_FAIL", TaskPhase::ended},
    {"TIMEOUT", TaskPhase::ended},       {"OUT_OF_MEMORY", TaskPhase::ended},
    {"CANCELLED", TaskPhase::ended}};

const std::map<std::string, TaskOutcome> outcomes{
    {"COMPLETED", TaskOutcome::completed},
    {"TIMEOUT", TaskOutcome::timeout},
    {"OUT_OF_MEMORY", TaskOutcome::out_of_memory},
    {"CANCELLED", TaskOutcome::cancelled}};

const std::map<std::string, Hindrance> hindrances{
    {"PartitionTimeLimit", {Hindrance::never, "less time: --slurm-time"}},
    {"JobHeldUser", {Hindrance::clearable, "it is held"}}};

template <class Map>
typename Map::mapped_type value_or(const Map& map, const std::string& key,
                                   typename Map::mapped_type otherwise) {
  const auto found = map.find(key);
  return found == map.end() ? otherwise : found->second;
}

}  // namespace

TaskOutcome outcome_in(const std::string& state) {
  return value_or(outcomes, state, TaskOutcome::failed);
}

QueuedTask task_in(const std::string& state, const std::string& reason) {
  QueuedTask out;
  out.state = state;
  out.reason = reason;
  out.phase = value_or(phases, state, TaskPhase::unknown);
  out.outcome = outcome_in(state);
  out.hindrance = value_or(hindrances, reason, {});
  return out;
}

bool FakeScheduler::answer(bool good) {
  error_ = good ? "" : "error: Unable to contact the controller";
  return good;
}

Submission FakeScheduler::submit(const ArraySubmission& array) {
  orders.push_back("submit " + array.name);
  Submission out;
  if (answer(take(orders.back())))
    out.job = "100";
  else
    out.error = error_;
  return out;
}

std::optional<std::vector<QueuedTask>> FakeScheduler::queue(
    const std::vector<std::string>&) {
  auto out = listed();
  answer(out.has_value());
  return out;
}

bool FakeScheduler::cancel(const std::vector<std::string>& jobs) {
  if (jobs.empty()) return answer(true);
  std::string order = "cancel";
  for (const auto& job : jobs) order += ' ' + job;
  orders.push_back(order);
  return answer(take(order));
}

bool FakeScheduler::cancel_tasks(const std::vector<QueuedTask>& tasks) {
  std::vector<std::string> jobs;
  for (const auto& task : tasks)
    jobs.push_back(task.array_job + '_' +
                   std::to_string(task.array_task.value()));
  return cancel(jobs);
}

Scheduler::Answer FakeScheduler::requeue(const std::string& job) {
  orders.push_back("requeue " + job);
  auto out = Answer::yes;
  if (!requeue_answers.empty()) {
    out = requeue_answers.front();
    requeue_answers.erase(requeue_answers.begin());
  }
  answer(out == Answer::yes);
  return out;
}

std::optional<Scheduler::Known> FakeScheduler::knows(const std::string& job,
                                                     const std::string&) {
  orders.push_back("knows " + job);
  answer(true);
  return known;
}

std::vector<TaskExit> FakeScheduler::task_exits(const std::string& job) {
  orders.push_back("exits " + job);
  answer(true);
  return ended;
}

JobTimes FakeScheduler::times(const std::string&) {
  answer(true);
  return {};
}

}  // namespace eh::host::test
