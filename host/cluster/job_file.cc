#include "cluster/job_file.h"

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <system_error>

#include "base/text.h"
#include "cluster/spec.h"
#include "json/document.h"
#include "json/write.h"
#include "os/below.h"
#include "os/file.h"

namespace eh::host {
namespace {

constexpr const char* state_names[] = {"submitting", "submitted", "refused"};

std::string jobs_file(const std::string& run_id) {
  return run_folder(run_id) + "/jobs.jsonl";
}

std::string text_in(const JsonValue& line, const char* key) {
  const auto* value = line.find(key);
  return value ? value->text : "";
}

std::optional<SubmittedArray> read_line(const std::string& text) {
  try {
    const auto line = parse_json(text);
    const auto* number = line.find("array");
    const auto* state = std::find(
        std::begin(state_names), std::end(state_names), text_in(line, "state"));
    if (!number || state == std::end(state_names)) return {};
    SubmittedArray out;
    std::from_chars(number->text.data(),
                    number->text.data() + number->text.size(), out.array);
    out.name = text_in(line, "name");
    out.state = static_cast<SubmittedArray::State>(state - state_names);
    out.job = text_in(line, "job");
    out.message = text_in(line, "message");
    return out;
  } catch (const JsonError&) {
    return {};
  }
}

}  // namespace

std::string array_name(const std::string& run_id, std::size_t array) {
  return "eh-" + run_id + '-' + std::to_string(array);
}

void note_array(int tree, const std::string& run_id,
                const SubmittedArray& array) {
  JsonObject line;
  line.natural("array", array.array)
      .text("name", array.name)
      .text("state", state_names[array.state]);
  if (!array.job.empty()) line.text("job", array.job);
  if (!array.message.empty()) line.text("message", array.message);
  const auto path = jobs_file(run_id);
  const auto file =
      below::open(tree, path, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (!file) throw_errno("cannot write '" + path + "'");
  write_all(file.get(), line.str() + '\n', path);
}

std::vector<SubmittedArray> submitted_arrays(int tree,
                                             const std::string& run_id,
                                             Scheduler* scheduler) {
  std::map<std::size_t, SubmittedArray> known;
  const auto text = read_file(tree, jobs_file(run_id)).value_or("");
  for (const auto& line : split(text, '\n'))
    // A line that was torn may have another one behind it.
    if (const auto begin = line.rfind(R"({"array")"); begin != line.npos)
      if (auto array = read_line(line.substr(begin)))
        known[array->array] = std::move(*array);
  std::vector<std::string> unknown;
  for (const auto& [index, array] : known)
    if (array.state == SubmittedArray::submitting)
      unknown.push_back(array.name);
  const auto tasks =
      scheduler && !unknown.empty() ? scheduler->queue(unknown) : std::nullopt;
  std::vector<SubmittedArray> out;
  for (auto& [index, array] : known) {
    if (tasks && array.state == SubmittedArray::submitting)
      for (const auto& task : *tasks)
        if (task.name == array.name) {
          array.state = SubmittedArray::submitted;
          array.job = task.array_job;
          try {
            note_array(tree, run_id, array);
          } catch (const std::system_error&) {
            // Who only looks may not be allowed to.
          }
          break;
        }
    out.push_back(std::move(array));
  }
  return out;
}

std::vector<std::string> job_ids(const std::vector<SubmittedArray>& arrays) {
  std::vector<std::string> out;
  for (const auto& array : arrays)
    if (array.state == SubmittedArray::submitted) out.push_back(array.job);
  return out;
}

}  // namespace eh::host
