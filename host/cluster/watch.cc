#include "cluster/watch.h"

#include <unistd.h>

#include <algorithm>
#include <random>
#include <set>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "cluster/experiment_ledger.h"
#include "cluster/job_file.h"
#include "cluster/orphans.h"
#include "cluster/stop_order.h"
#include "cluster/task_ledger.h"
#include "cluster/watch_stop.h"
#include "os/below.h"
#include "os/file.h"
#include "run/folder.h"
#include "run/outcome.h"

namespace eh::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t heartbeats_at_a_time = 100;
constexpr std::size_t leaves_at_a_time = 200;

std::string watcher_id(const std::string& run_id) {
  std::random_device random;
  return run_id + ".watch-" + std::to_string(random());
}

std::size_t experiments_at_once(const TaskPlan& plan) {
  std::size_t tasks = 0;
  for (const auto& array : plan.arrays) {
    if (array.at_once == 0) return 0;
    tasks += array.at_once;
  }
  return tasks * std::max<std::size_t>(1, plan.slots);
}

// What hosts that watched before have seen.
std::vector<Event> earlier_events(int tree, const std::string& run_id) {
  std::vector<Event> out;
  const auto text = read_file(tree, events_file(run_id)).value_or("");
  for (const auto& line : split(text, '\n'))
    if (auto entry = parse_journal_line(line))
      if (auto* event = std::get_if<Event>(&entry->what))
        out.push_back(std::move(*event));
  return out;
}

class Watch {
 public:
  Watch(ResultTree& tree, const RunSpec& spec, const WatchOptions& options,
        WatchIo& io, const WatchListeners& listeners)
      : tree_(tree),
        spec_(spec),
        options_(options),
        io_(io),
        listeners_(listeners),
        leases_(tree.fd(), Owner::self(watcher_id(spec.run_id))),
        journals_(tree.fd(), spec.run_id, io.now()),
        experiments_(read_names(tree.fd(), spec.run_id), spec.chosen),
        tasks_(spec.plan, spec.run_id),
        queue_(
            io, tasks_, spec,
            [this] { return submitted_arrays(tree_.fd(), spec_.run_id); },
            [this](int level, const std::string& text) {
              tell(Notice{level, text});
            }),
        stop_({tree.fd(), spec, io, experiments_, tasks_, queue_,
               [this](const Event& event) { tell(event); }}),
        orphans_({tree, leases_, spec, experiments_, tasks_, io.scheduler(),
                  options.log_dir}) {
    journals_.has_room = listeners.has_room;
  }

  ~Watch() {
    if (folder_) folder_->flush();
    journals_.save_seen(io_.now(), true);
    below::remove_file(tree_.fd(), alive_file(leases_.owner()));
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  int run() {
    beat();
    const auto ended = start();
    // The tasks may have been left to themselves, and have gone on.
    if (ended && experiments_.running() == 0) {
      listeners_.tell(*ended);
      return ended->exit_code;
    }
    for (;;) {
      step(io_.now());
      if (is_finished(io_.now())) return finish();
      if (wait()) return leave();
    }
  }

 private:
  // Takes what is known already. Returns how the run has ended, if somebody
  // has seen it.
  std::optional<RunEnded> start() {
    const auto earlier = earlier_events(tree_.fd(), spec_.run_id);
    std::optional<RunEnded> ended;
    if (!earlier.empty())
      if (const auto* last = std::get_if<RunEnded>(&earlier.back()))
        ended = *last;
    folder_.emplace(tree_.fd(), spec_.run_id);
    const RunStarted started{spec_.run_id,
                             spec_.group,
                             spec_.command,
                             spec_.output,
                             spec_.chosen,
                             spec_.done_before,
                             experiments_at_once(spec_.plan),
                             spec_.stale,
                             spec_.plan.tasks,
                             options_.attached};
    if (ended)
      listeners_.tell(started);
    else
      tell(started);
    for (const auto& event : earlier) {
      experiments_.recall(event);
      if (!is_last(event) && !std::holds_alternative<RunStarted>(event))
        listeners_.recall(event);
    }
    if (options_.attached) journals_.read_all(io_.now(), taker());
    return ended;
  }

  void step(Clock::time_point now) {
    if (now >= beat_at_) beat();
    journals_.poll(now, taker());
    queue_.step(now, stop_.is_stopping());
    look_at_hearts(now);
    stop_.step(now, options_.max_fail);
    for (const auto& text : orphans_.look_at_unable(now))
      tell(Notice{log_level::error, text});
    settle(now);
    tell_state(now);
    // In this order: what counts as seen has been noted.
    folder_->flush();
    journals_.save_seen(now);
    listeners_.tick();
  }

  // Returns whether the jobs are to be left alone.
  bool wait() {
    const auto now = io_.now();
    const auto tick = now + duration_of(listeners_.tick_seconds);
    const auto due = std::max(journals_.due(), now + milliseconds(20));
    for (const int signal : io_.wait(std::min(tick, due)))
      if (stop_.on_signal(signal)) return true;
    return false;
  }

  TaskJournals::Take taker() {
    return [this](const TaskAttempt& who, JournalEntry&& entry, bool is_new) {
      take(who, std::move(entry), is_new);
    };
  }

  void take(const TaskAttempt& who, JournalEntry&& entry, bool is_new) {
    if (const auto* record = std::get_if<LogRecord>(&entry.what)) {
      if (is_new) listeners_.record(*record);
    } else if (const auto* began = std::get_if<TaskStarted>(&entry.what)) {
      tasks_.on(who, *began);
    } else if (const auto* end = std::get_if<TaskEnded>(&entry.what)) {
      tasks_.on(who, *end);
    } else if (!spec_.plan.pack ||  // pilots pass by what others have
               !std::holds_alternative<ExperimentHeldElsewhere>(
                   std::get<Event>(entry.what))) {
      for (const auto& event :
           experiments_.take(std::get<Event>(entry.what), who, entry.time))
        if (is_new)
          tell(event);
        else
          listeners_.recall(event);
    }
  }

  void tell(const Event& event) {
    // Of the states, only the newest matters.
    if (folder_ && !std::holds_alternative<ClusterState>(event)) {
      folder_->collect(event);
      if (is_last(event)) folder_->flush();
    }
    listeners_.tell(event);
  }

  void look_at_hearts(Clock::time_point now) {
    for (const auto& who : tasks_.in_doubt(now, heartbeats_at_a_time)) {
      bool alive = true;
      try {
        alive = leases_.lives(spec_.run_id + '.' + who.name());
      } catch (const std::system_error&) {  // not to be reached for now
      }
      tasks_.heartbeat(who, alive, now);
      if (!alive) journals_.rest(who);
    }
  }

  // Gives an outcome to those whose tasks are gone, and to those that another
  // host did.
  void settle(Clock::time_point now) {
    const bool over = stop_.is_over(now);
    // What tasks have written last may not have been looked at yet.
    if (over && !std::exchange(read_all_, true)) {
      journals_.read_all(now, taker());
      return;
    }
    const bool all_gone = over || tasks_.all_gone(now);
    const bool look = now >= look_at_;
    if (look) look_at_ = now + seconds(2);
    std::size_t count = 0;
    for (const auto index : experiments_.open()) {
      if (given_up_.count(index)) continue;
      const bool own_task = !spec_.plan.pack && index < tasks_.size();
      const bool gone = all_gone || (own_task && tasks_.gone(index, now));
      const auto& held = experiments_.held(index);
      const bool elsewhere =
          held && std::holds_alternative<ExperimentEndedElsewhere>(*held);
      if (!gone && !(elsewhere && look)) continue;
      if (++count > leaves_at_a_time) return;
      if (!gone) {
        if (const auto event = orphans_.look(index)) settled(index, *event);
      } else {
        settle(index, over);
      }
    }
  }

  void settle(std::size_t index, bool over) {
    const auto outcome = orphans_.settle(index);
    if (outcome.event) return settled(index, *outcome.event);
    if (over || outcome.kind == Orphans::Finding::not_started)
      given_up_.insert(index);
  }

  void settled(std::size_t index, const Event& event) {
    experiments_.settle(index, event);
    tell(event);
  }

  bool is_finished(Clock::time_point now) {
    if (experiments_.open().size() > given_up_.size()) return false;
    // What was written last may have been hidden from this machine till now.
    if (!given_up_.empty() && !std::exchange(read_all_, true)) {
      journals_.read_all(now, taker());
      given_up_.clear();
      return false;
    }
    // Who has given some up knows that no task is left.
    if (!given_up_.empty() && !stop_.is_over(now) && !tasks_.all_gone(now))
      given_up_.clear();
    return experiments_.open().size() == given_up_.size() && is_true();
  }

  // Whether what tasks have told stands in the leaves, too.
  bool is_true() {
    for (; verified_ < experiments_.size(); ++verified_) {
      if (verified_ % leaves_at_a_time == 0) listeners_.tick();
      if (!experiments_.was_ok(verified_) || orphans_.is_ok(verified_))
        continue;
      experiments_.doubt(verified_++);
      return false;
    }
    return true;
  }

  void tell_state(Clock::time_point now) {
    if (now < state_at_) return;
    state_at_ = now + milliseconds(500);
    auto state = tasks_.state(now);
    state.nodes = experiments_.nodes();
    if (state == state_) return;
    const bool tasks_changed =
        state.pending != state_.pending || state.running != state_.running;
    if (tasks_changed) queue_.hurry();
    state_ = state;
    tell(state);
  }

  void beat() {
    beat_at_ = io_.now() + duration_of(heartbeat_seconds);
    try {
      leases_.heartbeat();
    } catch (const std::system_error&) {
      // Somebody else's run, maybe: it can be watched all the same.
    }
  }

  int leave() {
    const auto how = [&](const char* command) {
      return '\'' + options_.program + ' ' + command + ' ' + spec_.run_id +
             '\'';
    };
    tell(RunLeft{"its jobs go on: " + how("attach") + " watches them again, " +
                 how("cancel") + " ends them"});
    return stop_.code();
  }

  int finish() {
    cancel_idle();
    for (const auto& text : orphans_.unable_at_the_end(io_.now()))
      tell(Notice{log_level::error, text});
    RunOutcome outcome;
    outcome.counts = experiments_.counts();
    outcome.stop_signal = stop_.signal();
    outcome.unwritten = experiments_.any_unwritten();
    outcome.max_fail_reached = stop_.max_fail_reached();
    RunEnded ended;
    ended.counts = outcome.counts;
    ended.exit_code = outcome.exit_code();
    // That tasks could not run is no matter of "later".
    if (ended.exit_code == exit_pending && orphans_.unable_code() != 0)
      ended.exit_code = orphans_.unable_code();
    if (const auto begun = parse_utc(spec_.started))
      ended.seconds =
          std::max(0.0, std::chrono::duration<double>(
                            std::chrono::system_clock::now() - *begun)
                            .count());
    tell(ended);
    return ended.exit_code;
  }

  // Tasks that wait, and would find nothing to do.
  void cancel_idle() {
    if (tasks_.all_begun() || stop_.is_stopping() || tasks_.all_gone(io_.now()))
      return;
    if (!queue_.cancel_pending())
      tell(Notice{log_level::warning,
                  "cannot cancel tasks that wait and would have nothing to"
                  " do: " +
                      io_.scheduler().error()});
  }

  ResultTree& tree_;
  const RunSpec& spec_;
  const WatchOptions& options_;
  WatchIo& io_;
  const WatchListeners& listeners_;
  std::optional<RunFolder> folder_;
  Leases leases_;
  TaskJournals journals_;
  ExperimentLedger experiments_;
  TaskLedger tasks_;
  QueueWatch queue_;
  WatchStop stop_;
  Orphans orphans_;
  Clock::time_point beat_at_{}, look_at_{}, state_at_{};
  ClusterState state_;
  std::set<std::size_t> given_up_;  // experiments that never began
  std::size_t verified_ = 0;
  bool read_all_ = false;  // once, at the end
};

}  // namespace

int watch_run(ResultTree& tree, const RunSpec& spec,
              const WatchOptions& options, WatchIo& io,
              const WatchListeners& listeners) {
  return Watch(tree, spec, options, io, listeners).run();
}

}  // namespace eh::host
