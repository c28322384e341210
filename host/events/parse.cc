#include "events/parse.h"

#include "json/fields.h"

namespace eh::host {
namespace {

std::map<std::string, std::size_t> counts(const JsonFields& in,
                                          std::string_view key) {
  std::map<std::string, std::size_t> out;
  if (const auto object = in.object(key))
    for (const auto& member : object->all())
      out[std::string(member.key())] =
          object->number<std::size_t>(member.key());
  return out;
}

using Said = std::optional<decltype(JournalEntry::what)>;

Said run_started(const JsonFields& in) {
  RunStarted out;
  out.run_id = in.text("run");
  out.group = in.text("group");
  out.command = in.text("command");
  out.output = in.text("output");
  out.chosen = in.number<std::size_t>("chosen");
  out.done_before = in.number<std::size_t>("done_before");
  out.jobs = in.number<std::size_t>("jobs");
  out.stale = in.find<std::size_t>("stale");
  out.tasks = in.number<std::size_t>("tasks");
  out.attached = in.truth("attached");
  return Event(std::move(out));
}

Said started(const JsonFields& in) {
  ExperimentStarted out;
  out.name = in.text("name");
  out.leaf = in.text("leaf");
  out.attempt = in.number<unsigned>("attempt", 1);
  out.slot = in.number<unsigned>("slot");
  out.resumes = in.truth("resumes");
  out.node = in.text("node");
  out.gpus = in.text("gpus");
  return Event(std::move(out));
}

Said ended(const JsonFields& in) {
  const auto status = parse_status(in.text("status"));
  if (!status) return {};
  ExperimentEnded out;
  out.name = in.text("name");
  out.leaf = in.text("leaf");
  out.attempt = in.number<unsigned>("attempt", 1);
  out.status = *status;
  out.message = in.text("message");
  out.backtrace = in.texts("backtrace");
  out.seconds = in.number<double>("seconds");
  out.will_retry = in.truth("will_retry");
  out.left_processes = in.number<std::size_t>("left_processes");
  out.unwritten = in.truth("unwritten");
  out.requeued = in.truth("handed_on");
  out.kept = in.text("kept");
  return Event(std::move(out));
}

Said held_elsewhere(const JsonFields& in) {
  return Event(ExperimentHeldElsewhere{in.text("name"), in.text("host"),
                                       in.number<int>("pid")});
}

Said ended_elsewhere(const JsonFields& in) {
  const auto status = parse_status(in.text("status"));
  if (!status) return {};
  return Event(ExperimentEndedElsewhere{in.text("name"), in.text("leaf"),
                                        *status, in.text("message")});
}

Said unwritable(const JsonFields& in) {
  return Event(ExperimentUnwritable{in.text("name"), in.text("leaf"),
                                    in.text("message")});
}

Said cluster(const JsonFields& in) {
  ClusterState out;
  out.pending = in.number<std::size_t>("pending");
  out.running = in.number<std::size_t>("running");
  out.ended = in.number<std::size_t>("ended");
  out.reasons = counts(in, "reasons");
  out.nodes = counts(in, "nodes");
  out.start = in.text("start");
  return Event(std::move(out));
}

Said notice(const JsonFields& in) {
  return Event(Notice{level_of(in.text("level")), in.text("text")});
}

Said stopping(const JsonFields& in) {
  return Event(Stopping{in.text("why"), in.number<std::size_t>("running"),
                        in.number<std::size_t>("not_started"),
                        in.truth("killing")});
}

Said run_ended(const JsonFields& in) {
  RunEnded out;
  out.counts.chosen = in.number<std::size_t>("chosen");
  out.counts.done_before = in.number<std::size_t>("done_before");
  out.counts.ok = in.number<std::size_t>("ok");
  out.counts.elsewhere = in.number<std::size_t>("elsewhere");
  out.counts.failed = in.number<std::size_t>("failed");
  out.counts.cancelled = in.number<std::size_t>("cancelled");
  out.counts.unwritable = in.number<std::size_t>("unwritable");
  out.counts.not_started = in.number<std::size_t>("not_started");
  out.seconds = in.number<double>("seconds");
  out.exit_code = in.number<int>("exit_code");
  return Event(out);
}

Said run_broken(const JsonFields& in) {
  return Event(RunBroken{in.text("message")});
}

Said run_left(const JsonFields& in) {
  return Event(RunLeft{in.text("message")});
}

Said log(const JsonFields& in) {
  LogRecord out;
  out.source = in.text("source") == "output" ? LogRecord::experiment_output
                                             : LogRecord::experiment_log;
  out.time = in.text("time");
  out.level = level_of(in.text("level"));
  out.experiment = in.text("experiment");
  out.process = in.number<int>("process");
  out.file = in.text("file");
  out.line = in.number<unsigned>("line");
  out.text = in.text("text");
  if (out.level == 0) return {};
  return out;
}

Said task_started(const JsonFields& in) {
  TaskStarted out;
  out.task = in.number<std::size_t>("task");
  out.job = in.text("job");
  out.array_job = in.text("array_job");
  out.array_task = in.text("array_task");
  out.restart = in.number<unsigned>("restart");
  out.node = in.text("node");
  out.host = in.text("host");
  out.pid = in.number<int>("pid");
  out.cpus = in.number<std::size_t>("cpus");
  out.gpus = in.text("gpus");
  out.slots = in.number<std::size_t>("slots", 1);
  return out;
}

Said task_ended(const JsonFields& in) {
  return TaskEnded{in.text("why"), in.text("message"), in.truth("requeued"),
                   in.number<int>("exit_code")};
}

constexpr std::pair<std::string_view, Said (*)(const JsonFields&)> readers[] = {
    {"log", log},
    {"started", started},
    {"ended", ended},
    {"run_started", run_started},
    {"held_elsewhere", held_elsewhere},
    {"ended_elsewhere", ended_elsewhere},
    {"unwritable", unwritable},
    {"cluster", cluster},
    {"notice", notice},
    {"stopping", stopping},
    {"run_ended", run_ended},
    {"run_broken", run_broken},
    {"run_left", run_left},
    {"task_started", task_started},
    {"task_ended", task_ended}};

}  // namespace

std::optional<JournalEntry> parse_journal_line(std::string_view line) {
  const ParsedJson parsed(line);
  const auto fields = parsed.fields();
  if (!fields) return {};
  const auto& in = *fields;
  const auto kind = in.text("event");
  for (const auto& [name, read] : readers)
    if (kind == name) {
      auto what = read(in);
      if (!what) return {};
      return JournalEntry{in.text("time"), *std::move(what)};
    }
  return {};
}

}  // namespace eh::host
