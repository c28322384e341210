#include "runner_fakes.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>

namespace eh::host::test {
namespace {

// So that sums of seconds and the clock agree to the last bit.
double whole_microseconds(double seconds) {
  return std::round(seconds * 1e6) / 1e6;
}

}  // namespace

double FakeProcesses::seconds() const {
  return whole_microseconds(
      std::chrono::duration<double>(now_ - begin_).count());
}

Processes::Id FakeProcesses::start(const Launch& launch) {
  on_start(launch);
  Process process;
  process.leaf = launch.arguments.at(1);
  process.number = static_cast<unsigned>(std::stoul(launch.arguments.at(2)));
  process.script = script(process.leaf, process.number);
  process.ends_at = whole_microseconds(seconds() + process.script.seconds);
  process.status = process.script.status;
  process.code = process.script.code;
  process.signal = process.script.signal;
  BOOST_CHECK_EQUAL(launch.directory, folder_ / process.leaf);
  BOOST_CHECK(folder_.exists(process.leaf + "/.eh-lease"));
  started.push_back(process.leaf);
  started_at.push_back(seconds());
  most_running = std::max(most_running, ++running);
  processes_.emplace(next_, std::move(process));
  return next_++;
}

void FakeProcesses::end(Id id, Wake& wake) {
  const Process process = std::move(processes_.extract(id).mapped());
  --running;
  if (!process.status.empty() && process.signal != SIGKILL)
    folder_.write(process.leaf + "/eh.json",
                  R"({"status":")" + process.status +
                      R"(","message":"as written","seconds":1,"attempt":)" +
                      std::to_string(process.number) + "}");
  Exit exit;
  if (process.signal)
    exit.signal = process.signal;
  else
    exit.code = process.code;
  wake.ended.emplace_back(id, exit);
  ended_[id] = {process.leaf, left_processes, -1};
}

Processes::Wake FakeProcesses::wait(Clock::time_point deadline) {
  // A runner that never comes to an end must not hang the tests.
  if (++waits > 100'000) throw std::logic_error("the runner does not end");
  Wake wake;
  const double until =
      std::chrono::duration<double>(
          std::min(deadline, begin_ + duration_of(never)) - begin_)
          .count();
  double next = until;
  for (const auto& [id, process] : processes_)
    next = std::min(next, process.ends_at);
  if (!stop_signals.empty()) next = std::min(next, stop_signals.begin()->first);
  if (!happenings.empty()) next = std::min(next, happenings.begin()->first);
  if (next == until)
    now_ = std::max(now_, std::min(deadline, begin_ + duration_of(never)));
  else
    now_ = std::max(now_, begin_ + duration_of(next));
  const double now = seconds();
  while (!happenings.empty() && happenings.begin()->first <= now)
    happenings.extract(happenings.begin()).mapped()();
  while (!stop_signals.empty() && stop_signals.begin()->first <= now)
    wake.signals.push_back(stop_signals.extract(stop_signals.begin()).mapped());
  std::vector<Id> over;
  for (const auto& [id, process] : processes_)
    if (process.ends_at <= now) over.push_back(id);
  for (const auto id : over) end(id, wake);
  return wake;
}

void FakeProcesses::signal_group(Id id, int signal) {
  auto& process = processes_.at(id);  // throws if it was told of its end
  sent.push_back({seconds(), process.leaf, signal, false});
  if (signal == SIGKILL) {
    process.ends_at = seconds();
    process.status.clear();
    process.signal = SIGKILL;
  } else if (process.script.heeds_after >= 0) {
    process.ends_at =
        std::min(process.ends_at,
                 whole_microseconds(seconds() + process.script.heeds_after));
    process.status = process.script.heeds_status;
    process.code = 1;
  }
}

Processes::Left FakeProcesses::sweep(Id id, int signal) {
  auto& ended = ended_.at(id);  // only what has ended
  const Left none{ended.left, false};
  const bool asked = ended.gone_at >= 0;
  if (ended.left > 0 && (!asked || signal == SIGKILL))
    sent.push_back({seconds(), ended.leaf, signal, true});
  if (!asked) ended.gone_at = whole_microseconds(seconds() + left_heed_after);
  const bool gone = ended.left == 0 || seconds() >= ended.gone_at;
  if (!gone && signal != SIGKILL) return {ended.left, true};
  ended_.erase(id);
  return none;
}

Limits FakeLaunches::limits(const Attempt& attempt) {
  asked.push_back(attempt.name);
  const auto own = allowed_to.find(attempt.name);
  return own == allowed_to.end() ? allowed : own->second;
}

Launch FakeLaunches::launch(const Attempt& attempt) {
  on_launch(attempt);
  attempts.push_back(attempt);
  Launch launch;
  launch.arguments = {"/eh-child", attempt.leaf,
                      std::to_string(attempt.number)};
  launch.directory = tree_.leaf_path(attempt.leaf);
  return launch;
}

std::string FakeLaunches::verdict_members(const Attempt& attempt) {
  return R"("attempt":)" + std::to_string(attempt.number);
}

RunnerFixture::RunnerFixture(int experiments) {
  catalog =
      catalog_of({sweep("main", "s/{n}", {{"n", numbers(1, experiments)}})});
  todo = all_of(catalog);
}

int RunnerFixture::run() {
  Runner runner({catalog, tree, leases, processes, launches, job}, options,
                [this](const Event& event) {
                  events.push_back(event);
                  listener(event);
                });
  runner.on_tick = on_tick;
  if (random) runner.random = random;
  counts.chosen = todo.size() + counts.done_before;
  runner.reason_to_stop = reason_to_stop;
  if (own_oom_kills) runner.oom = OomWatch(own_oom_kills, true);
  ListSource list(todo);
  const int code = runner.run(source ? *source : list, counts);
  BOOST_CHECK_EQUAL(processes.running, 0u);
  BOOST_CHECK_EQUAL(counts.done_before + counts.ok + counts.elsewhere +
                        counts.failed + counts.cancelled + counts.unwritable +
                        counts.not_started,
                    counts.chosen);
  for (const auto& experiment : todo) {
    const auto leaf = "main/" + catalog.families[0].name(experiment.point);
    if (std::filesystem::is_directory(folder / leaf))
      BOOST_CHECK_NE(leases.holder(leaf).run_id, "run-1");
  }
  return code;
}

std::string RunnerFixture::endings() const {
  std::string out;
  for (const auto& e : told<ExperimentEnded>())
    out += e.name + ':' + (e.will_retry ? "retry-" : "") +
           status_name(e.status) + ' ';
  return out;
}

std::string RunnerFixture::status_in(const std::string& name) const {
  const auto verdict = tree.verdict("main/" + name);
  return verdict ? status_name(verdict->status) : "";
}

}  // namespace eh::host::test
