#include "event.h"

#include "json_text.h"
#include "text.h"

namespace eh::host {
namespace {

void append(JsonObject& out, const RunStarted& e) {
  out.text("event", "run_started")
      .text("run", e.run_id)
      .text("group", e.group)
      .text("command", e.command)
      .text("output", e.output)
      .natural("chosen", e.chosen)
      .natural("done_before", e.done_before);
  if (e.stale) out.natural("stale", *e.stale);
  out.natural("jobs", e.jobs);
}

void append(JsonObject& out, const ExperimentStarted& e) {
  out.text("event", "started")
      .text("name", e.name)
      .text("leaf", e.leaf)
      .natural("attempt", e.attempt)
      .natural("slot", e.slot)
      .boolean("resumes", e.resumes);
}

void append(JsonObject& out, const ExperimentEnded& e) {
  out.text("event", "ended")
      .text("name", e.name)
      .text("leaf", e.leaf)
      .natural("attempt", e.attempt)
      .text("status", status_name(e.status))
      .number("seconds", e.seconds);
  if (!e.message.empty()) out.text("message", e.message);
  if (e.will_retry) out.boolean("will_retry", true);
  if (e.left_processes) out.natural("left_processes", e.left_processes);
}

void append(JsonObject& out, const ExperimentHeldElsewhere& e) {
  out.text("event", "held_elsewhere")
      .text("name", e.name)
      .text("host", e.host)
      .integer("pid", e.pid);
}

void append(JsonObject& out, const ExperimentEndedElsewhere& e) {
  out.text("event", "ended_elsewhere")
      .text("name", e.name)
      .text("leaf", e.leaf)
      .text("status", status_name(e.status));
  if (!e.message.empty()) out.text("message", e.message);
}

void append(JsonObject& out, const ExperimentUnwritable& e) {
  out.text("event", "unwritable")
      .text("name", e.name)
      .text("leaf", e.leaf)
      .text("message", e.message);
}

void append(JsonObject& out, const Stopping& e) {
  out.text("event", "stopping")
      .text("why", e.why)
      .natural("running", e.running)
      .natural("not_started", e.not_started)
      .boolean("killing", e.killing);
}

void append(JsonObject& out, const RunEnded& e) {
  out.text("event", "run_ended")
      .natural("chosen", e.counts.chosen)
      .natural("done_before", e.counts.done_before)
      .natural("ok", e.counts.ok)
      .natural("elsewhere", e.counts.elsewhere)
      .natural("failed", e.counts.failed)
      .natural("cancelled", e.counts.cancelled)
      .natural("unwritable", e.counts.unwritable)
      .natural("not_started", e.counts.not_started)
      .number("seconds", e.seconds)
      .integer("exit_code", e.exit_code);
}

void append(JsonObject& out, const RunBroken& e) {
  out.text("event", "run_broken").text("message", e.message);
}

}  // namespace

std::vector<CountPart> count_parts(const Counts& c) {
  std::vector<CountPart> out;
  for (const auto& part :
       {CountPart{CountPart::good, c.ok, "ok"},
        {CountPart::neutral, c.done_before, "done before"},
        {CountPart::neutral, c.elsewhere, "done by another host"},
        {CountPart::bad, c.failed, "failed"},
        {CountPart::doubtful, c.cancelled, "cancelled"},
        {CountPart::bad, c.unwritable, "not saved"},
        {CountPart::doubtful, c.not_started, "not started"}})
    if (part.count > 0) out.push_back(part);
  return out;
}

std::string counts_text(const Counts& counts) {
  std::string out;
  for (const auto& part : count_parts(counts))
    out += (out.empty() ? "" : ", ") + grouped(part.count) + ' ' + part.words;
  return out;
}

std::string event_json(const Event& event, SystemTime time) {
  JsonObject out;
  std::visit([&](const auto& e) { append(out, e); }, event);
  out.text("time", utc_text(time));
  return out.str();
}

}  // namespace eh::host
