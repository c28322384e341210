#include "report/event_record.h"

#include <unistd.h>

#include "base/text.h"

namespace eh::host {
namespace {

using namespace log_level;

struct Said {
  int level;
  std::string experiment;
  std::string text;
};

std::string with(const std::string& message) {
  return message.empty() ? "" : ": " + message;
}

Said said(const RunStarted& e) {
  return {info, "",
          (e.attached ? "attached to " : "running ") + e.command + ": " +
              count_text(e.chosen, "experiment") + " of '" + e.group + "', " +
              grouped(e.done_before) + " done before, " +
              (e.tasks > 0 ? "in " + count_text(e.tasks, "task") + " on SLURM"
                           : std::to_string(e.jobs) + " at a time")};
}

Said said(const ExperimentStarted& e) {
  return {debug, e.name,
          "started, attempt " + std::to_string(e.attempt) +
              (e.resumes ? ", from a checkpoint" : "") +
              (e.node.empty() ? "" : ", on " + e.node) +
              (e.gpus.empty() ? "" : " with GPU " + e.gpus)};
}

Said said(const ExperimentEnded& e) {
  const bool gentle = e.will_retry || is_cut_off(e.status);
  return {e.status == Status::ok ? info
          : gentle               ? warning
                                 : error,
          e.name,
          std::string(status_name(e.status)) + " after " +
              duration_text(e.seconds) + with(e.message) +
              (e.will_retry ? " (it is run again)" : "") +
              (e.kept.empty() ? "" : "; its result of before is in " + e.kept)};
}

Said said(const ExperimentHeldElsewhere& e) {
  return {info, e.name,
          "running on " + e.host + ", process " + std::to_string(e.pid)};
}

Said said(const ExperimentEndedElsewhere& e) {
  return {e.status == Status::ok ? info : error, e.name,
          std::string(status_name(e.status)) + " by another host" +
              with(e.message)};
}

Said said(const ExperimentUnwritable& e) {
  return {error, e.name, "not saved" + with(e.message)};
}

Said said(const ClusterState& e) {
  return {debug, "", "tasks: " + tasks_text(e)};
}

Said said(const Notice& e) {
  return {e.level, "", e.text};
}

Said said(const Stopping& e) {
  return {warning, "",
          e.why + ": " + grouped(e.running) + " running, " +
              grouped(e.not_started) + " not started"};
}

Said said(const RunEnded& e) {
  return {
      info, "",
      "ended after " + duration_text(e.seconds) + ": " + counts_text(e.counts)};
}

Said said(const RunBroken& e) {
  return {error, "", "broken off: " + e.message};
}

Said said(const RunLeft& e) {
  return {info, "", "left running: " + e.message};
}

}  // namespace

LogRecord record_of(const Event& event, SystemTime time) {
  auto [level, experiment, text] =
      std::visit([](const auto& e) { return said(e); }, event);
  LogRecord out;
  out.source = LogRecord::host;
  out.time = utc_text(time);
  out.level = level;
  out.experiment = std::move(experiment);
  out.process = ::getpid();
  out.text = std::move(text);
  return out;
}

}  // namespace eh::host
