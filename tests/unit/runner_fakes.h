// A world for the runner in which nothing is started and no time passes but
// what the tests say: processes that end when their script wants it, on a
// virtual clock.
#pragma once

#include <signal.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/processes.h"
#include "run/runner.h"
#include "support.h"

namespace eh::host::test {

inline constexpr double never = 1e8;

/// What a process does.
struct Script {
  double seconds = 1;         ///< until it ends by itself, or never
  std::string status = "ok";  ///< of the verdict it writes; "" for none
  int code = 0;
  int signal = 0;           ///< that ends it, instead of `code`
  double heeds_after = -1;  ///< seconds from SIGTERM to its end; < 0: ignores
  std::string heeds_status = "stopped";
};

/// One signal that the runner sent.
struct Sent {
  double at;
  std::string leaf;
  int signal;
  bool left;  ///< to what an ended process left behind, not to itself
};

class FakeProcesses : public Processes {
 public:
  explicit FakeProcesses(const TemporaryDirectory& folder) : folder_(folder) {}

  /// The script for attempt `number` at a leaf.
  std::function<Script(const std::string& leaf, unsigned number)> script =
      [](auto&, unsigned) { return Script{}; };
  /// Signals to this process, by the second.
  std::multimap<double, int> stop_signals;
  /// Called at these seconds.
  std::multimap<double, std::function<void()>> happenings;
  std::function<void(const Launch&)> on_start = [](auto&) {};
  std::size_t left_processes = 0;
  double left_heed_after = 0;  ///< seconds from SIGTERM to their end

  std::vector<Sent> sent;
  std::vector<std::string> started;  ///< leaves
  std::vector<double> started_at;
  std::size_t running = 0, most_running = 0;
  std::size_t waits = 0;
  double seconds() const;

  Id start(const Launch& launch) override;
  Wake wait(Clock::time_point deadline) override;
  void signal_group(Id process, int signal) override;
  Left sweep(Id process, int signal) override;
  Clock::time_point now() const override { return now_; }

 private:
  struct Process {
    std::string leaf;
    unsigned number;
    Script script;
    double ends_at;
    std::string status;
    int code, signal;
  };
  void end(Id id, Wake& wake);

  const TemporaryDirectory& folder_;
  const Clock::time_point begin_{std::chrono::hours(1000)};
  Clock::time_point now_ = begin_;
  std::map<Id, Process> processes_;
  struct Ended {
    std::string leaf;
    std::size_t left;
    double gone_at;  // once it was asked
  };
  std::map<Id, Ended> ended_;
  Id next_ = 100;
};

class FakeLaunches : public Launches {
 public:
  explicit FakeLaunches(const ResultTree& tree) : tree_(tree) {}
  std::function<void(const Attempt&)> on_launch = [](auto&) {};
  std::vector<Attempt> attempts;
  Limits allowed;                            ///< to all but these
  std::map<std::string, Limits> allowed_to;  ///< by name
  std::vector<std::string> asked;            ///< the names of those asked for
  Limits limits(const Attempt& attempt) override;
  Launch launch(const Attempt& attempt) override;
  std::string verdict_members(const Attempt& attempt) override;

 private:
  const ResultTree& tree_;
};

/// A run over a sweep s/1, s/2 ... of the group "main".
struct RunnerFixture {
  explicit RunnerFixture(int experiments = 5);

  /// Runs all of the sweep and checks that everyone of them was counted once
  /// and that every lease was given back.
  int run();
  template <class Kind>
  std::vector<Kind> told() const {
    std::vector<Kind> out;
    for (const auto& event : events)
      if (const auto* kind = std::get_if<Kind>(&event)) out.push_back(*kind);
    return out;
  }
  /// "s/1:ok s/2:failed " in the order in which they ended.
  std::string endings() const;
  std::string status_in(const std::string& name) const;

  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  Leases leases{tree.fd(), Owner::self("run-1")};
  Leases others{tree.fd(), Owner::self("run-2")};
  FakeProcesses processes{folder};
  FakeLaunches launches{tree};
  Catalog catalog;
  std::vector<Experiment> todo;
  RunOptions options;
  std::vector<Event> events;
  std::function<void(const Event&)> listener = [](auto&) {};
  std::function<void()> on_tick;
  std::function<double()> random;
  std::function<std::string()> reason_to_stop;
  std::function<std::uint64_t()> own_oom_kills;
  JobTime* job = nullptr;
  ExperimentSource* source = nullptr;  ///< in place of `todo`
  Counts counts;
};

}  // namespace eh::host::test
