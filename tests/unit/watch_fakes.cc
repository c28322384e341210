#include "watch_fakes.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cluster/job_file.h"
#include "cluster/task_ledger.h"
#include "events/log_text.h"
#include "json/write.h"

namespace eh::host::test {

double FakeWatchIo::seconds() const {
  return std::chrono::duration<double>(now_ - begin_).count();
}

std::vector<int> FakeWatchIo::wait(Clock::time_point deadline) {
  BOOST_REQUIRE_MESSAGE(seconds() < 1e5, "it waits for ever");
  auto until = deadline;
  auto at = [&](double second) { return begin_ + duration_of(second); };
  if (!happenings.empty())
    until = std::min(until, at(happenings.begin()->first));
  if (!signals.empty()) until = std::min(until, at(signals.begin()->first));
  until = std::min(until, answer_at_);
  now_ = std::max(now_, until);
  while (!happenings.empty() && at(happenings.begin()->first) <= now_) {
    const auto happen = happenings.begin()->second;
    happenings.erase(happenings.begin());
    happen();
  }
  std::vector<int> out;
  while (!signals.empty() && at(signals.begin()->first) <= now_) {
    out.push_back(signals.begin()->second);
    signals.erase(signals.begin());
  }
  return out;
}

void FakeWatchIo::ask_queue(const std::vector<std::string>&) {
  BOOST_CHECK(answer_at_ == Clock::time_point::max());
  asked.push_back(seconds());
  answer_at_ = now_ + duration_of(answer_seconds);
}

std::optional<QueueAnswer> FakeWatchIo::take_answer() {
  if (now_ < answer_at_) return {};
  answer_at_ = Clock::time_point::max();
  QueueAnswer out;
  out.tasks = scheduled.listed();
  out.error = out.tasks ? "" : "squeue: Unable to contact slurm controller";
  out.seconds = answer_seconds;
  return out;
}

std::optional<WatchIo::Choice> FakeWatchIo::ask_person() {
  ++questions;
  return choice;
}

WatchedRun::WatchedRun(std::size_t experiments, bool pack, std::size_t tasks) {
  spec.run_id = "run-1";
  spec.group = "main";
  spec.command = "eh-host main --slurm";
  spec.output = tree.path();
  spec.started = utc_text(std::chrono::system_clock::now());
  spec.chosen = experiments;
  spec.plan.pack = pack;
  spec.plan.experiments = experiments;
  spec.plan.tasks = tasks > 0 ? tasks : experiments;
  spec.plan.arrays = {{0, spec.plan.tasks, 0}};
  options.program = "eh-host";
  options.log_dir = folder / path("slurm");
  std::vector<SpecExperiment> all;
  for (std::size_t i = 0; i < experiments; ++i)
    all.push_back({{0, i}, "e" + std::to_string(i)});
  folder.write(path("jobs.jsonl"),
               R"({"array":0,"name":"eh-run-1-0","state":"submitted",)"
               R"("job":"100"})"
               "\n");
  write_spec(tree.fd(), spec, all);
  all_are("PENDING");
}

int WatchedRun::watch(bool attached) {
  options.attached = attached;
  WatchListeners listeners;
  listeners.tell = [this](const Event& event) { tell(event, told); };
  listeners.recall = [this](const Event& event) { tell(event, recalled); };
  listeners.record = [this](const LogRecord& record) {
    records += record.experiment + ':' + record.text + ' ';
  };
  return watch_run(tree, spec, options, io, listeners);
}

void WatchedRun::tell(const Event& event, std::string& out) {
  auto add = [&](const std::string& text) {
    out += (out.empty() ? "" : " ") + text;
  };
  if (const auto* started = std::get_if<ExperimentStarted>(&event))
    add(started->name + '>' + std::to_string(started->attempt));
  else if (const auto* ended = std::get_if<ExperimentEnded>(&event))
    add(ended->name + ':' + status_name(ended->status) +
        (ended->will_retry ? "*" : ""));
  else if (const auto* there = std::get_if<ExperimentEndedElsewhere>(&event))
    add(there->name + "=" + status_name(there->status));
  else if (const auto* unwritable = std::get_if<ExperimentUnwritable>(&event))
    add(unwritable->name + ":unwritable");
  else if (std::holds_alternative<Stopping>(event))
    add("stop");
  else if (std::holds_alternative<RunLeft>(event))
    add("left");
  else if (const auto* notice = std::get_if<Notice>(&event))
    notices.push_back(notice->text);
  else if (const auto* run = std::get_if<RunEnded>(&event))
    add("end:" + std::to_string(run->exit_code)), counts = run->counts;
}

QueuedTask WatchedRun::listed(std::size_t task, const std::string& state,
                              const std::string& reason,
                              const std::string& node) const {
  auto out = task_in(state, reason);
  out.job = std::to_string(101 + task);
  out.array_job = "100";
  out.array_task = static_cast<unsigned>(task);
  out.name = array_name("run-1", 0);
  out.node = node;
  return out;
}

void WatchedRun::all_are(const std::string& state, const std::string& reason) {
  std::vector<QueuedTask> all;
  for (std::size_t i = 0; i < spec.plan.tasks; ++i)
    all.push_back(listed(i, state, reason, state == "PENDING" ? "" : "n1"));
  io.scheduled.listed = [all] { return all; };
}

TaskAttempt WatchedRun::begin(std::size_t task, unsigned restart, bool alive) {
  const TaskAttempt who{task, std::to_string(101 + task), restart};
  auto owner = Owner::self("run-1." + who.name());
  if (!alive) owner.start_ticks = 1;  // somebody else has its process id
  folder.write(alive_file(owner.run_id), owner.text());
  write(who, JsonObject()
                 .text("event", "task_started")
                 .natural("task", task)
                 .text("job", who.job)
                 .text("array_job", "100")
                 .text("array_task", std::to_string(task))
                 .natural("restart", restart)
                 .text("node", "n" + std::to_string(task))
                 .str());
  return who;
}

void WatchedRun::die(const TaskAttempt& who) const {
  auto owner = Owner::self("run-1." + who.name());
  owner.start_ticks = 1;
  folder.write(alive_file(owner.run_id), owner.text());
}

void WatchedRun::end(const TaskAttempt& who, const TaskEnded& end) {
  write(who, JsonObject()
                 .text("event", "task_ended")
                 .text("why", end.why)
                 .text("message", end.message)
                 .boolean("requeued", end.requeued)
                 .integer("exit_code", end.exit_code)
                 .str());
}

void WatchedRun::write(const TaskAttempt& who, const std::string& line) const {
  const auto file = folder / path("tasks/0/" + who.name() + ".jsonl");
  std::filesystem::create_directories(
      std::filesystem::path(file).parent_path());
  std::ofstream(file, std::ios::app) << line << '\n';
}

std::string WatchedRun::leaf(std::size_t experiment) const {
  return "main/e" + std::to_string(experiment);
}

void WatchedRun::start(const TaskAttempt& who, std::size_t experiment,
                       unsigned attempt) {
  lease(experiment, "run-1." + who.name());
  ExperimentStarted e;
  e.name = "e" + std::to_string(experiment);
  e.leaf = folder / leaf(experiment);
  e.attempt = attempt;
  e.node = "n" + std::to_string(who.task);
  write(who, event_json(e, std::chrono::system_clock::now()));
}

void WatchedRun::finish(const TaskAttempt& who, std::size_t experiment,
                        Status status, unsigned attempt) {
  verdict(experiment, status, attempt);
  ::unlink((folder / (leaf(experiment) + '/' + lease_file)).c_str());
  ExperimentEnded e;
  e.name = "e" + std::to_string(experiment);
  e.leaf = folder / leaf(experiment);
  e.attempt = attempt;
  e.status = status;
  write(who, event_json(e, std::chrono::system_clock::now()));
}

void WatchedRun::log(const TaskAttempt& who, std::size_t experiment,
                     const std::string& text) const {
  LogRecord record;
  record.time = utc_text(std::chrono::system_clock::now());
  record.experiment = "e" + std::to_string(experiment);
  record.text = text;
  write(who, JsonObject()
                 .text("event", "log")
                 .members(log_members(record, "main"))
                 .str());
}

void WatchedRun::verdict(std::size_t experiment, Status status,
                         unsigned attempt, const std::string& run) const {
  folder.write(leaf(experiment) + "/eh.json",
               JsonObject()
                   .integer("format", 1)
                   .text("status", status_name(status))
                   .number("seconds", 1)
                   .natural("attempt", attempt)
                   .text("run", run)
                   .str());
}

void WatchedRun::lease(std::size_t experiment, const std::string& owner) const {
  const auto path = folder / leaf(experiment);
  std::filesystem::create_directories(path);
  ::unlink((path + '/' + lease_file).c_str());
  BOOST_REQUIRE(::symlink(owner.c_str(), (path + '/' + lease_file).c_str()) ==
                0);
}

std::string WatchedRun::status_in(std::size_t experiment) const {
  const auto verdict = tree.verdict(leaf(experiment));
  return verdict ? status_name(verdict->status) : "none";
}

}  // namespace eh::host::test
