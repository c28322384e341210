#include "cluster/stop_order.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "base/text.h"
#include "cluster/job_file.h"
#include "events/parse.h"
#include "json/document.h"
#include "json/write.h"
#include "os/below.h"
#include "os/file.h"
#include "run/folder.h"

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
  if (below::exists(tree, path)) return;
  const auto text =
      JsonObject().text("why", order.why).text("message", order.message).str();
  replace_file(tree, path, path + '.' + std::to_string(::getpid()),
               text + '\n');
}

bool was_seen_to_end(int tree, const std::string& run_id) {
  auto text = read_tail(tree, events_file(run_id), 16 * 1024);
  while (text.ends_with('\n')) text.pop_back();
  const auto entry = parse_journal_line(text.substr(text.rfind('\n') + 1));
  const auto* event = entry ? std::get_if<Event>(&entry->what) : nullptr;
  return event && std::holds_alternative<RunEnded>(*event);
}

std::vector<std::string> array_names(const RunSpec& spec) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < spec.plan.arrays.size(); ++i)
    out.push_back(array_name(spec.run_id, i));
  return out;
}

Cancelling cancel_jobs(int tree, const RunSpec& spec, Scheduler& scheduler) {
  const auto arrays = submitted_arrays(tree, spec.run_id, &scheduler);
  const auto is_unknown = [](const SubmittedArray& array) {
    return array.state == SubmittedArray::submitting;
  };
  const bool all_known = std::none_of(arrays.begin(), arrays.end(), is_unknown);
  // One that it does not list was never accepted, if it has answered.
  const bool answered = all_known || scheduler.error().empty();
  // A controller that lost its state, or has counted far enough, gives ids
  // again: only the name tells whose a job is.
  const auto queued = scheduler.queue(array_names(spec));
  if (!queued) return {};
  Cancelling out;
  std::vector<std::string> own;
  for (const auto& array : arrays) {
    if (array.state != SubmittedArray::submitted) continue;
    const auto is_it = [&](const QueuedTask& task) {
      return task.array_job == array.job && task.name == array.name;
    };
    const auto known = std::any_of(queued->begin(), queued->end(), is_it)
                           ? Scheduler::Known::yes
                           : scheduler.knows(array.job, array.name);
    if (known == Scheduler::Known::yes)
      own.push_back(array.job);
    else if (known == Scheduler::Known::other)
      out.others.push_back(array.job);
  }
  out.taken = scheduler.cancel(own) && answered;
  return out;
}

std::string others_text(const std::vector<std::string>& others) {
  if (others.empty()) return {};
  std::string ids;
  for (const auto& job : others) ids += (ids.empty() ? "" : ", ") + job;
  const bool several = others.size() > 1;
  return std::string(several ? "jobs " : "job ") + ids +
         (several ? " are not cancelled: SLURM has given these ids to other"
                    " jobs, and this run's are gone"
                  : " is not cancelled: SLURM has given this id to another"
                    " job, and this run's is gone");
}

}  // namespace eh::host
