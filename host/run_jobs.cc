#include "run_jobs.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <system_error>

#include "file.h"
#include "json_document.h"
#include "json_text.h"
#include "task_book.h"
#include "text.h"

namespace eh::host {
namespace {

std::string stop_file(const std::string& run_id) {
  return run_folder(run_id) + "/stop";
}

std::string text_of(const JsonValue& object, std::string_view key) {
  const auto* value = object.find(key);
  return value && value->kind == JsonValue::string ? value->text : "";
}

}  // namespace

std::optional<StopOrder> read_stop(int tree, const std::string& run_id) {
  try {
    const auto text = read_file(tree, stop_file(run_id));
    if (!text) return {};
    try {
      const auto order = parse_json(*text);
      return StopOrder{text_of(order, "why"), text_of(order, "message")};
    } catch (const JsonError&) {
      return StopOrder{"cancelled", ""};  // made by hand
    }
  } catch (const std::system_error&) {
    return {};  // not to be reached for now
  }
}

void write_stop(int tree, const std::string& run_id, const StopOrder& order) {
  const auto path = stop_file(run_id);
  if (::faccessat(tree, path.c_str(), F_OK, 0) == 0) return;
  const auto text =
      JsonObject().text("why", order.why).text("message", order.message).str();
  replace_file(tree, path, path + '.' + std::to_string(::getpid()),
               text + '\n');
}

std::vector<std::string> array_names(const RunSpec& spec) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < spec.plan.arrays.size(); ++i)
    out.push_back(array_name(spec.run_id, i));
  return out;
}

std::vector<std::string> array_jobs(int tree, const std::string& run_id) {
  std::map<std::string, std::string> jobs;
  try {
    const auto text =
        read_file(tree, run_folder(run_id) + "/jobs.jsonl").value_or("");
    for (const auto& line : split(text, '\n')) {
      if (line.empty()) continue;
      try {
        const auto one = parse_json(line);
        if (const auto job = text_of(one, "job"); !job.empty())
          jobs[text_of(one, "name")] = job;
      } catch (const JsonError&) {  // torn
      }
    }
  } catch (const std::system_error&) {
  }
  std::vector<std::string> out;
  for (const auto& [name, job] : jobs) out.push_back(job);
  return out;
}

bool cancel_jobs(int tree, const RunSpec& spec, SlurmClient& client) {
  auto jobs = array_jobs(tree, spec.run_id);
  if (jobs.size() < spec.plan.arrays.size()) {
    const auto queued = client.queue(array_names(spec));
    if (!queued) return false;
    std::vector<QueuedTask> active;
    for (const auto& task : *queued)
      if (phase_of(task.state) != TaskPhase::ended) active.push_back(task);
    jobs = job_words(active);
  }
  return client.cancel(jobs);
}

}  // namespace eh::host
