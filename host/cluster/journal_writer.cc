#include "cluster/journal_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "cluster/spec.h"
#include "events/log_text.h"
#include "json/write.h"
#include "os/below.h"

namespace eh::host {
namespace {

constexpr std::size_t enough = 256 * 1024;  // bytes, to be written at once

std::string now_text() {
  return utc_text(std::chrono::system_clock::now());
}

bool is_of_experiment(const Event& event) {
  return std::holds_alternative<ExperimentStarted>(event) ||
         std::holds_alternative<ExperimentEnded>(event) ||
         std::holds_alternative<ExperimentHeldElsewhere>(event) ||
         std::holds_alternative<ExperimentEndedElsewhere>(event) ||
         std::holds_alternative<ExperimentUnwritable>(event);
}

}  // namespace

TaskJournal::TaskJournal(int tree, const std::string& run_id, std::size_t task,
                         const std::string& name) {
  const auto folder =
      run_folder(run_id) + "/tasks/" + std::to_string(task / 1000);
  make_directories(tree, folder);
  const auto path = folder + '/' + name + ".jsonl";
  file_ = below::open(tree, path, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (!file_) throw_errno("cannot write '" + path + "'");
}

void TaskJournal::write(const TaskStarted& started) {
  line(JsonObject()
           .text("event", "task_started")
           .text("time", now_text())
           .natural("task", started.task)
           .text("job", started.job)
           .text("array_job", started.array_job)
           .text("array_task", started.array_task)
           .natural("restart", started.restart)
           .text("node", started.node)
           .text("host", started.host)
           .integer("pid", started.pid)
           .natural("cpus", started.cpus)
           .text("gpus", started.gpus)
           .natural("slots", started.slots)
           .str());
  flush();
}

void TaskJournal::write(const TaskEnded& ended) {
  line(JsonObject()
           .text("event", "task_ended")
           .text("time", now_text())
           .text("why", ended.why)
           .text("message", ended.message)
           .boolean("requeued", ended.requeued)
           .integer("exit_code", ended.exit_code)
           .str());
  flush();
}

void TaskJournal::write(const Event& event) {
  if (!is_of_experiment(event)) return;
  line(event_json(event, std::chrono::system_clock::now()));
  flush();
}

void TaskJournal::write(const LogRecord& record, const std::string& group) {
  line(JsonObject()
           .text("event", "log")
           .members(log_members(record, group))
           .str());
  if (pending_.size() > enough) flush();
}

void TaskJournal::line(const std::string& json) {
  pending_ += json;
  pending_ += '\n';
}

// A hint for who watches: a full disk shows in the leaves.
void TaskJournal::flush() {
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const auto n = ::write(file_.get(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  // What is torn must not be one with what follows.
  const bool torn = !rest.empty() && rest.size() < pending_.size();
  pending_ = torn ? "\n" : "";
}

}  // namespace eh::host
