#include "cluster/task.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "cluster/stop_order.h"
#include "cluster/task_experiments.h"
#include "cluster/task_plan.h"
#include "os/program.h"
#include "os/signals_blocked.h"
#include "plan/force_order.h"

namespace eh::host {
namespace {

constexpr double longest_grace = 20;      // SLURM kills after 30 seconds
constexpr double requeue_patience = 300;  // seconds, where no end is known

JobTimes times_of(const JobIdentity& job) {
  JobTimes out;
  if (!job.end) return out;
  const auto now = std::chrono::duration<double>(
      std::chrono::system_clock::now().time_since_epoch());
  out.left = std::max(0.0, *job.end - now.count());
  if (job.start) out.limit = *job.end - *job.start;
  return out;
}

}  // namespace

TaskPlace place_of(const TaskPlan& plan, const TaskShape& shape,
                   const JobIdentity& job, const Environment& environment) {
  TaskPlace out;
  std::vector<std::string> devices;
  if (shape.gpus > 0 || job.has_gpus) devices = allowed_gpus(environment);
  if (plan.pack) {
    const auto cpus = job.cpus ? job.cpus : task_cpus(plan, shape);
    out.slots = cpus / std::max<std::size_t>(1, shape.workers);
    if (!devices.empty()) out.slots = std::min(out.slots, devices.size());
    if (plan.slots > 0) out.slots = std::min(out.slots, plan.slots);
    out.slots = std::max<std::size_t>(1, out.slots);
  }
  if (!devices.empty()) {
    out.gpus = share_gpus(devices, 1).at(0);
    out.slots_gpus = share_gpus(devices, out.slots);
  }
  return out;
}

std::string requeue_job(Scheduler& scheduler, const std::string& id,
                        Clock::time_point until) {
  for (double pause = 1;; pause = std::min(30.0, pause * 2)) {
    const auto answer = scheduler.requeue(id);
    if (answer == Scheduler::Answer::yes) return {};
    const auto wake = Clock::now() + duration_of(pause);
    if (answer == Scheduler::Answer::no || wake > until)
      return scheduler.error();
    std::this_thread::sleep_until(wake);
  }
}

ClusterTask::ClusterTask(Dependencies dependencies)
    : dependencies_(std::move(dependencies)),
      workspace_(sources_of(dependencies_.spec, Secrets::unwanted),
                 dependencies_.spec.plugins),
      config_(workspace_.config(dependencies_.spec.group)),
      settings_(settings_of(config_)),
      cluster_(dependencies_.cluster_settings(config_)),
      tree_(dependencies_.spec.output, leaf_rules(settings_), true),
      leases_(tree_.fd(), Owner::self(dependencies_.owner)),
      time_(
          {dependencies_.spec.run_id, cluster_.time_limit,
           cluster_.signal_delay, cluster_.max_requeues},
          tree_, leases_, [] { return Clock::now(); },
          [this] { return ask_time(); }),
      tail_(tail_options(), [this](const LogRecord& record) {
        dependencies_.journal.write(record, dependencies_.spec.group);
      }) {
  leases_.heartbeat();
  time_.run_is_stopped = [this] {
    return !dependencies_.breaker.reason_to_stop().empty();
  };
}

ClusterTask::~ClusterTask() = default;

TaskEnded ClusterTask::run() {
  const auto& spec = dependencies_.spec;
  const auto& catalog = workspace_.catalog();
  auto copies = copies_of(spec, catalog, tree_);
  const auto work = source();
  auto settings = launch_settings();
  settings.child = child_program();
  const auto child = settings.child;
  ChildLaunches launches(catalog, std::move(copies), tree_, std::move(settings),
                         workspace_.config_of());
  auto processes = make_processes(child, dependencies_.owner, {SIGUSR2});
  Runner runner({catalog, tree_, leases_, *processes, launches, &time_},
                run_options(), [this](const Event& event) { on(event); });
  runner.oom = oom_watch(dependencies_.job.job);
  runner.tick_seconds = 0.25;
  runner.on_tick = [this] { read_logs(); };
  runner.reason_to_stop = [this] {
    return dependencies_.breaker.reason_to_stop();
  };
  Counts counts;
  const int code = runner.run(*work, counts);
  {
    // A scheduler may stop what is left of this job while its end is told.
    // Signals get their default back with the processes, which is to end us.
    const SignalsBlocked until_ignored;
    processes.reset();
    for (const int signal : {SIGTERM, SIGUSR2}) ::signal(signal, SIG_IGN);
  }
  return end(code);
}

std::unique_ptr<ExperimentSource> ClusterTask::source() {
  const auto& spec = dependencies_.spec;
  const auto& plan = spec.plan;
  const auto all = read_experiments(tree_.fd(), spec.run_id);
  const auto first = plan.pack ? 0 : dependencies_.task;
  const auto last = plan.pack ? all.size() : first + 1;
  if (last > all.size())
    throw Error(exit_usage,
                "cannot run task " + std::to_string(dependencies_.task) +
                    ": the run has " + count_text(all.size(), "experiment"));
  auto mine = found_here(workspace_.catalog(), spec.group, all, first, last);
  if (!plan.pack) return std::make_unique<ListSource>(std::move(mine));
  auto blocks = std::make_unique<WorkBlocks>(
      WorkBlocks::Place{
          tree_.fd(), run_folder(spec.run_id) + "/blocks", dependencies_.task,
          spec.run_id + '.' + std::to_string(dependencies_.task) + '.'},
      leases_, std::move(mine), plan.blocks);
  blocks->has_time = [this] { return has_time(); };
  blocks->may_go_on = cluster_.max_requeues > 0;
  blocks_ = blocks.get();
  return blocks;
}

RunOptions ClusterTask::run_options() const {
  RunOptions out;
  out.jobs = std::min(dependencies_.place.slots, most_processes());
  out.grace_period = std::min(settings_.grace_period, longest_grace);
  out.start_delay = settings_.random_start_delay;
  out.max_fail = settings_.max_fail.value_or(0);
  // What another has of a pilot's block is somebody's job already.
  out.wait_for_others = !dependencies_.spec.plan.pack;
  out.since = dependencies_.spec.started;
  if (!dependencies_.spec.force.empty())
    out.counts = [order = ForceOrder(tree_.fd(), dependencies_.spec.force)](
                     const std::string& owner) { return order.has(owner); };
  out.gpus = dependencies_.place.slots_gpus;
  out.node = dependencies_.job.node;
  return out;
}

LaunchSettings ClusterTask::launch_settings() const {
  LaunchSettings out;
  out.run_id = dependencies_.spec.run_id;
  out.owner = dependencies_.owner;
  out.launch_directory = dependencies_.spec.launch_directory;
  out.command = dependencies_.spec.command;
  out.salt = settings_.salt;
  out.workers = settings_.workers;
  out.built_at = built_at(dependencies_.spec, workspace_.catalog());
  return out;
}

// What anybody may want to see where the run is watched.
LogTailOptions ClusterTask::tail_options() const {
  LogTailOptions out;
  out.least = std::min({settings_.least_level, log_level::info,
                        level_of(config_.at("slack.loglevel").value.text)});
  if (!settings_.log_files.empty()) out.least = log_level::debug;
  out.output = settings_.least_level <= log_level::debug;
  return out;
}

void ClusterTask::on(const Event& event) {
  if (const auto* started = std::get_if<ExperimentStarted>(&event))
    tail_.add(started->name, started->leaf);
  const auto* ended = std::get_if<ExperimentEnded>(&event);
  if (ended) {
    tail_.finish(ended->name, ended->will_retry);
    while (!tail_.settled()) tail_.poll();
  }
  dependencies_.journal.write(event);
  if (!ended || ended->will_retry) return;
  longest_ = std::max(longest_, ended->seconds);
  if (ended->status == Status::ok)
    dependencies_.breaker.ok();
  else if (is_failure(ended->status))
    dependencies_.breaker.failed(status_name(ended->status), ended->message,
                                 ended->name);
  else
    return;
  ++settled_;
}

void ClusterTask::read_logs() {
  tail_.poll();
  dependencies_.journal.flush();
}

JobTimes ClusterTask::ask_time() {
  if (const auto times = times_of(dependencies_.job); times.left) return times;
  return dependencies_.scheduler.times(dependencies_.job.id);
}

bool ClusterTask::has_time() {
  if (longest_ > 0 && !time_.fits(longest_)) no_time_ = true;
  return !no_time_;
}

TaskEnded ClusterTask::end(int code) {
  TaskEnded ended{"done", "", false, code};
  bool left = time_.went_on() > 0;
  if (blocks_) {
    blocks_->hand_back();
    left = left || blocks_->unclaimed();
  }
  if (code == exit_max_fail)
    write_stop(tree_.fd(), dependencies_.spec.run_id,
               {"max_fail",
                count_text(*settings_.max_fail, "experiment") + " failed"});
  if (auto why = dependencies_.breaker.reason_to_stop(); !why.empty()) {
    ended.why = "stopped";
    ended.message = std::move(why);
  } else if (left && (time_.is_up() || no_time_)) {
    ended.why = "handed_on";
    requeue(ended);
  } else if (code > 128) {
    ended.why = "stopped";
    ended.message = "interrupted";
  }
  return ended;
}

// An experiment is handed on so many times; and who got nothing done in all
// of a job need not be given another one for ever.
void ClusterTask::requeue(TaskEnded& ended) {
  const bool any = settled_ > 0 || time_.went_on() > 0;
  if (cluster_.max_requeues == 0 ||
      (!any && dependencies_.job.restart >= cluster_.max_requeues)) {
    ended.message =
        "its time was up, and it is not run again"
        " (slurm.max_requeues)";
    return;
  }
  const auto until = time_.end_or(Clock::now() + duration_of(requeue_patience));
  const auto why =
      requeue_job(dependencies_.scheduler, dependencies_.job.id, until);
  ended.requeued = why.empty();
  if (!ended.requeued)
    ended.message = "its time was up, and SLURM does not run it again: " + why;
}

}  // namespace eh::host
