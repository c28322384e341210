#include "cluster/experiment_ledger.h"

#include <algorithm>

namespace eh::host {

ExperimentLedger::ExperimentLedger(std::vector<std::string> names,
                                   std::size_t chosen)
    : names_(std::move(names)), all_(names_.size()) {
  for (std::size_t i = 0; i < names_.size(); ++i) index_[names_[i]] = i;
  counts_.chosen = std::max(chosen, names_.size());
  counts_.done_before = counts_.chosen - names_.size();
}

std::optional<std::size_t> ExperimentLedger::index_of(
    const std::string& name) const {
  const auto found = index_.find(name);
  if (found == index_.end()) return {};
  return found->second;
}

std::size_t& ExperimentLedger::count_of(One::State state) {
  switch (state) {
    case One::ok:
      return counts_.ok;
    case One::elsewhere:
      return counts_.elsewhere;
    case One::failed:
      return counts_.failed;
    case One::cancelled:
      return counts_.cancelled;
    default:
      return counts_.unwritable;
  }
}

void ExperimentLedger::set(One& one, One::State state) {
  if (one.over()) {
    --count_of(one.state);
    --over_;
  }
  one.state = state;
  one.held.reset();
  if (one.over()) {
    ++count_of(one.state);
    ++over_;
  }
}

std::vector<Event> ExperimentLedger::take(
    const Event& event, const std::optional<TaskAttempt>& from,
    const std::string& time) {
  const auto one_of = [this](const std::string& name) -> One* {
    const auto index = index_of(name);
    return index ? &all_[*index] : nullptr;
  };
  if (const auto* e = std::get_if<ExperimentStarted>(&event)) {
    auto* one = one_of(e->name);
    return one ? on(*one, *e, from, time) : std::vector<Event>{};
  }
  if (const auto* e = std::get_if<ExperimentEnded>(&event)) {
    auto* one = one_of(e->name);
    return one ? on(*one, *e) : std::vector<Event>{};
  }
  if (const auto* e = std::get_if<ExperimentEndedElsewhere>(&event)) {
    auto* one = one_of(e->name);
    // By another task of this run, most likely, which says so itself.
    return one && !one->over() ? hold(*one, event) : std::vector<Event>{};
  }
  if (const auto* e = std::get_if<ExperimentUnwritable>(&event)) {
    auto* one = one_of(e->name);
    return one && !one->over() ? hold(*one, event) : std::vector<Event>{};
  }
  if (const auto* e = std::get_if<ExperimentHeldElsewhere>(&event)) {
    auto* one = one_of(e->name);
    return one && !one->over() ? std::vector<Event>{event}
                               : std::vector<Event>{};
  }
  return {};
}

std::vector<Event> ExperimentLedger::on(One& one,
                                        const ExperimentStarted& event,
                                        const std::optional<TaskAttempt>& from,
                                        const std::string& time) {
  // Who watched before has told it, but the journal knows more.
  if (event.attempt == one.attempt.attempt && !one.attempt.by) {
    one.attempt.by = from;
    one.attempt.since = time;
  }
  if (event.attempt <= one.attempt.attempt) return {};
  std::vector<Event> out;
  if (one.held)
    if (auto* ended = std::get_if<ExperimentEnded>(&*one.held)) {
      ended->will_retry = true;
      out.push_back(*ended);
    }
  set(one, One::running);
  one.attempt = {from, event.attempt, event.leaf, event.node, event.gpus, time};
  out.push_back(event);
  return out;
}

std::vector<Event> ExperimentLedger::on(One& one,
                                        const ExperimentEnded& event) {
  if (event.attempt <= one.ended || event.attempt < one.attempt.attempt)
    return {};
  one.ended = event.attempt;
  one.attempt.attempt = std::max(one.attempt.attempt, event.attempt);
  unwritten_ = unwritten_ || event.unwritten;
  if (event.will_retry || event.requeued) {
    auto told = event;
    told.will_retry = true;
    set(one, One::waiting);
    return {told};
  }
  if (is_cut_off(event.status)) return hold(one, event);
  set(one, event.status == Status::ok ? One::ok : One::failed);
  return {event};
}

std::vector<Event> ExperimentLedger::hold(One& one, const Event& event) {
  if (holds_) {
    set(one, One::waiting);
    one.held = event;
    return {};
  }
  if (const auto* elsewhere = std::get_if<ExperimentEndedElsewhere>(&event))
    set(one, elsewhere->status == Status::ok ? One::elsewhere : One::failed);
  else if (std::holds_alternative<ExperimentUnwritable>(event))
    set(one, One::unwritable);
  else
    set(one, One::cancelled);
  return {event};
}

void ExperimentLedger::recall(const Event& event) {
  holds_ = false;
  take(event);
  holds_ = true;
}

void ExperimentLedger::settle(std::size_t index, const Event& event) {
  auto& one = all_[index];
  if (const auto* ended = std::get_if<ExperimentEnded>(&event)) {
    one.ended = std::max(one.ended, ended->attempt);
    one.attempt.attempt = std::max(one.attempt.attempt, ended->attempt);
    unwritten_ = unwritten_ || ended->unwritten;
    set(one, is_cut_off(ended->status)     ? One::cancelled
             : ended->status == Status::ok ? One::ok
                                           : One::failed);
    return;
  }
  holds_ = false;
  hold(one, event);
  holds_ = true;
}

std::vector<std::size_t> ExperimentLedger::open() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (!all_[i].over()) out.push_back(i);
  return out;
}

std::size_t ExperimentLedger::running() const {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(),
                    [](const One& one) { return one.state == One::running; }));
}

std::map<std::string, std::size_t> ExperimentLedger::nodes() const {
  std::map<std::string, std::size_t> out;
  for (const auto& one : all_)
    if (one.state == One::running && !one.attempt.node.empty())
      ++out[one.attempt.node];
  return out;
}

void ExperimentLedger::doubt(std::size_t index) {
  set(all_[index], One::waiting);
}

Counts ExperimentLedger::counts() const {
  auto out = counts_;
  out.not_started = all_.size() - over_;
  return out;
}

}  // namespace eh::host
