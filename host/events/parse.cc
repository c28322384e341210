#include "events/parse.h"

#include <boost/json.hpp>

namespace eh::host {
namespace {

namespace json = boost::json;

// Members of one object; what is missing or of another kind is as it would be
// by default.
class Members {
 public:
  explicit Members(const json::object& object) : object_(object) {}

  std::string text(std::string_view key) const {
    const auto* value = object_.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : "";
  }
  template <class Number>
  Number number(std::string_view key, Number otherwise = 0) const {
    const auto* value = object_.if_contains(key);
    if (!value || !value->is_number()) return otherwise;
    json::error_code error;
    const auto out = value->to_number<Number>(error);
    return error ? otherwise : out;
  }
  bool truth(std::string_view key) const {
    const auto* value = object_.if_contains(key);
    return value && value->is_bool() && value->get_bool();
  }
  bool has(std::string_view key) const { return object_.contains(key); }
  std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> out;
    const auto* value = object_.if_contains(key);
    if (value && value->is_array())
      for (const auto& element : value->get_array())
        if (element.is_string()) out.emplace_back(element.get_string());
    return out;
  }
  std::map<std::string, std::size_t> counts(std::string_view key) const {
    std::map<std::string, std::size_t> out;
    const auto* value = object_.if_contains(key);
    if (value && value->is_object())
      for (const auto& [name, count] : value->get_object()) {
        json::error_code error;
        out[std::string(name)] = count.to_number<std::size_t>(error);
      }
    return out;
  }

 private:
  const json::object& object_;
};

using What = std::optional<decltype(JournalEntry::what)>;

What run_started(const Members& in) {
  RunStarted out;
  out.run_id = in.text("run");
  out.group = in.text("group");
  out.command = in.text("command");
  out.output = in.text("output");
  out.chosen = in.number<std::size_t>("chosen");
  out.done_before = in.number<std::size_t>("done_before");
  out.jobs = in.number<std::size_t>("jobs");
  if (in.has("stale")) out.stale = in.number<std::size_t>("stale");
  out.tasks = in.number<std::size_t>("tasks");
  out.attached = in.truth("attached");
  return Event(std::move(out));
}

What started(const Members& in) {
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

What ended(const Members& in) {
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

What held_elsewhere(const Members& in) {
  return Event(ExperimentHeldElsewhere{in.text("name"), in.text("host"),
                                       in.number<int>("pid")});
}

What ended_elsewhere(const Members& in) {
  const auto status = parse_status(in.text("status"));
  if (!status) return {};
  return Event(ExperimentEndedElsewhere{in.text("name"), in.text("leaf"),
                                        *status, in.text("message")});
}

What unwritable(const Members& in) {
  return Event(ExperimentUnwritable{in.text("name"), in.text("leaf"),
                                    in.text("message")});
}

What cluster(const Members& in) {
  ClusterState out;
  out.pending = in.number<std::size_t>("pending");
  out.running = in.number<std::size_t>("running");
  out.ended = in.number<std::size_t>("ended");
  out.reasons = in.counts("reasons");
  out.nodes = in.counts("nodes");
  out.start = in.text("start");
  return Event(std::move(out));
}

What notice(const Members& in) {
  return Event(Notice{level_of(in.text("level")), in.text("text")});
}

What stopping(const Members& in) {
  return Event(Stopping{in.text("why"), in.number<std::size_t>("running"),
                        in.number<std::size_t>("not_started"),
                        in.truth("killing")});
}

What run_ended(const Members& in) {
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

What run_broken(const Members& in) {
  return Event(RunBroken{in.text("message")});
}

What run_left(const Members& in) {
  return Event(RunLeft{in.text("message")});
}

What log(const Members& in) {
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

What task_started(const Members& in) {
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

What task_ended(const Members& in) {
  return TaskEnded{in.text("why"), in.text("message"), in.truth("requeued"),
                   in.number<int>("exit_code")};
}

constexpr std::pair<std::string_view, What (*)(const Members&)> readers[] = {
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
  json::monotonic_resource memory;
  json::error_code error;
  const auto value = json::parse(line, error, &memory);
  const auto* object = error ? nullptr : value.if_object();
  if (!object) return {};
  const Members in(*object);
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
