// What is known of the experiments of a run on a cluster: which are over, how,
// and which run. Tells what of the events that come in is news, so that what
// comes twice, from a journal and from who watched before, counts once.
//
// What may not be the last word is held back: an experiment that was stopped
// goes on if its task is run again; a leaf that could not be written may have
// been taken over by another task.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cluster/journal_reader.h"
#include "events/event.h"

namespace eh::host {

class ExperimentLedger {
 public:
  /// The experiments of the run by name. Those of `chosen` that are not among
  /// them were done before.
  ExperimentLedger(std::vector<std::string> names, std::size_t chosen);

  /// What of `event` is to be told now: nothing, itself, or with one that was
  /// held back.
  std::vector<Event> take(const Event& event,
                          const std::optional<TaskAttempt>& from = {},
                          const std::string& time = {});
  /// The same of what was told before, which is the last word.
  void recall(const Event& event);
  /// What `index` has come to, after all. It is to be told.
  void settle(std::size_t index, const Event& event);

  struct Running {
    std::optional<TaskAttempt> by;
    unsigned attempt = 0;  ///< 0: it was never begun
    std::string leaf, node, gpus;
    std::string since;  ///< as of utc_text()
  };
  std::size_t size() const { return names_.size(); }
  const std::string& name(std::size_t index) const { return names_[index]; }
  std::optional<std::size_t> index_of(const std::string& name) const;
  bool is_over(std::size_t index) const { return all_[index].over(); }
  bool is_running(std::size_t index) const {
    return all_[index].state == One::running;
  }
  bool was_ok(std::size_t index) const { return all_[index].state == One::ok; }
  /// Of the newest attempt that is known.
  const Running& attempt(std::size_t index) const {
    return all_[index].attempt;
  }
  /// What was held back, if something was.
  const std::optional<Event>& held(std::size_t index) const {
    return all_[index].held;
  }
  /// Those that are not over.
  std::vector<std::size_t> open() const;
  bool is_complete() const { return over_ == all_.size(); }
  std::size_t running() const;
  /// Running ones by node.
  std::map<std::string, std::size_t> nodes() const;
  std::size_t failed() const { return counts_.failed; }
  std::size_t done() const { return counts_.ok + counts_.elsewhere; }
  std::size_t chosen() const { return counts_.chosen; }
  bool any_unwritten() const { return unwritten_; }

  /// It was ok by what was told, but its leaf says nothing of it.
  void doubt(std::size_t index);

  /// Those that are not over count as not started.
  Counts counts() const;

 private:
  struct One {
    enum State {
      waiting,
      running,
      ok,
      elsewhere,
      failed,
      cancelled,
      unwritable
    } state = waiting;
    bool over() const { return state >= ok; }
    Running attempt;
    unsigned ended = 0;  // the newest attempt whose end is known
    std::optional<Event> held;
  };
  std::vector<Event> on(One& one, const ExperimentStarted& event,
                        const std::optional<TaskAttempt>& from,
                        const std::string& time);
  std::vector<Event> on(One& one, const ExperimentEnded& event);
  std::vector<Event> hold(One& one, const Event& event);
  void set(One& one, One::State state);
  std::size_t& count_of(One::State state);

  const std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<One> all_;
  Counts counts_;
  std::size_t over_ = 0;
  bool holds_ = true;  // back what may not be the last word
  bool unwritten_ = false;
};

}  // namespace eh::host
