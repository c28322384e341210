#include "events/event.h"

#include "base/text.h"
#include "events/log_record.h"
#include "json/write.h"

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
  if (e.tasks > 0) out.natural("tasks", e.tasks);
  if (e.attached) out.boolean("attached", true);
}

void append(JsonObject& out, const ExperimentStarted& e) {
  out.text("event", "started")
      .text("name", e.name)
      .text("leaf", e.leaf)
      .natural("attempt", e.attempt)
      .natural("slot", e.slot)
      .boolean("resumes", e.resumes);
  if (!e.node.empty()) out.text("node", e.node);
  if (!e.gpus.empty()) out.text("gpus", e.gpus);
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
  if (e.requeued) out.boolean("handed_on", true);
  if (e.left_processes) out.natural("left_processes", e.left_processes);
  if (e.unwritten) out.boolean("unwritten", true);
  if (!e.kept.empty()) out.text("kept", e.kept);
  if (e.backtrace.empty()) return;
  JsonArray frames;
  for (const auto& frame : e.backtrace)
    append_json_string(frames.next(), frame);
  out.raw("backtrace", frames.str());
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

std::string counts_json(const std::map<std::string, std::size_t>& counts) {
  JsonObject out;
  for (const auto& [name, count] : counts) out.natural(name, count);
  return out.str();
}

void append(JsonObject& out, const ClusterState& e) {
  out.text("event", "cluster")
      .natural("pending", e.pending)
      .natural("running", e.running)
      .natural("ended", e.ended);
  if (!e.reasons.empty()) out.raw("reasons", counts_json(e.reasons));
  if (!e.nodes.empty()) out.raw("nodes", counts_json(e.nodes));
  if (!e.start.empty()) out.text("start", e.start);
}

void append(JsonObject& out, const Notice& e) {
  out.text("event", "notice")
      .text("level", level_name(e.level))
      .text("text", e.text);
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

void append(JsonObject& out, const RunLeft& e) {
  out.text("event", "run_left").text("message", e.message);
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

std::string tasks_text(const ClusterState& state) {
  std::string out;
  auto part = [&](std::size_t count, const std::string& words) {
    if (count > 0)
      out += (out.empty() ? "" : ", ") + grouped(count) + ' ' + words;
  };
  std::string why;
  for (const auto& [reason, count] : state.reasons)
    why += (why.empty() ? "" : ", ") +
           (state.reasons.size() > 1 ? grouped(count) + ' ' : "") + reason;
  if (!state.start.empty())
    why += (why.empty() ? "next about " : "; next about ") + state.start;
  part(state.pending, "pending" + (why.empty() ? "" : " (" + why + ')'));
  part(state.running, "running");
  part(state.ended, "ended");
  return out.empty() ? "none" : out;
}

std::string nodes_text(const ClusterState& state) {
  constexpr std::size_t most = 8;
  std::string out;
  std::size_t shown = 0;
  for (const auto& [node, count] : state.nodes) {
    if (shown++ == most)
      return out + " and " + grouped(state.nodes.size() - most) + " more";
    out += (out.empty() ? "" : ", ") + node + ' ' + grouped(count);
  }
  return out;
}

bool is_last(const Event& event) {
  return std::holds_alternative<RunEnded>(event) ||
         std::holds_alternative<RunBroken>(event) ||
         std::holds_alternative<RunLeft>(event);
}

std::string event_json(const Event& event, SystemTime time) {
  JsonObject out;
  std::visit([&](const auto& e) { append(out, e); }, event);
  out.text("time", utc_text(time));
  return out.str();
}

}  // namespace eh::host
