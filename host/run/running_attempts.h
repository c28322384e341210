// The attempts that run: their time limits, and how they are stopped. One that
// has ended and left processes behind still runs, until they have ended too.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "leaf/claim.h"
#include "leaf/lease.h"
#include "run/launches.h"
#include "run/processes.h"

namespace eh::host {

struct Running {
  Attempt attempt;
  Limits limits;  ///< with the retries that are left
  Clock::time_point started{};
  std::string start_text = {};  ///< as in verdicts
  std::optional<Clock::time_point> time_limit = {};
  std::optional<Clock::time_point> kill_at = {};
  bool timed_out = false;
  bool asked_to_stop = false;
  bool out_of_time = false;  ///< asked, as the time of the job is up
  bool killed = false;
  std::uint64_t oom_mark = 0;
  // Once it has ended:
  Exit exit = {};
  double seconds = 0;
  std::size_t left = 0;   ///< processes that it left behind
  bool replaces = false;  ///< as in ResultTree::Claim, with the next
  std::string replaced_ok = {};

  /// It is what the leaf was claimed for.
  void take(const LeafClaim& claim);
};

class RunningAttempts {
 public:
  RunningAttempts(Processes& processes, double grace_period)
      : processes_(processes), grace_(duration_of(grace_period)) {}

  bool empty() const { return running_.empty() && leaving_.empty(); }
  std::size_t size() const { return running_.size() + leaving_.size(); }
  /// Whether one that runs was asked to stop.
  bool is_asked(Processes::Id id) const {
    const auto found = running_.find(id);
    return found != running_.end() && found->second.asked_to_stop;
  }
  void add(Processes::Id id, Running running) {
    running_.emplace(id, std::move(running));
  }
  /// One that ended, if it is known.
  std::optional<Running> take(Processes::Id id);
  /// Asks what one left behind to end. Returns it if there is nothing (more).
  std::optional<Running> leave(Processes::Id id, Running running);
  /// Those that left something behind, of which nothing is there any more. What
  /// did not heed within the grace period is killed.
  std::vector<Running> left();

  Clock::time_point next_deadline() const;
  /// Asks those whose time limit has passed, kills those that did not heed.
  void keep_deadlines();
  /// Asks all that have not been asked.
  void ask_all();
  /// The same because the time of the job is up, which ends at `kill_at`.
  void ask_all_in_time(Clock::time_point kill_at);
  void kill_all();
  /// Those whose leaf another host took over, as this one seemed dead.
  void kill_lost(const Leases& leases);

 private:
  struct Leaving {
    Running running;
    Clock::time_point look_at{};
    Clock::duration pause{};
  };
  void ask(Processes::Id id, Running& running, Clock::time_point kill_at);
  void kill(Processes::Id id, Running& running);
  void kill_left_by(Clock::time_point kill_at);
  bool is_gone(Processes::Id id, Leaving& leaving);

  Processes& processes_;
  const Clock::duration grace_;
  std::map<Processes::Id, Running> running_;
  std::map<Processes::Id, Leaving> leaving_;
};

}  // namespace eh::host
