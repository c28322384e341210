#include "run/folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "base/hex.h"
#include "base/version.h"
#include "json/write.h"
#include "os/below.h"

namespace eh::host {

std::string new_run_id() {
  auto text = utc_text(std::chrono::system_clock::now());  // to milliseconds
  std::string id;
  for (const char c : text.substr(0, 19))
    if (c != '-' && c != ':') id += c;
  std::random_device random;
  id += "Z-";
  for (int i = 0; i < 6; ++i) id += hex_digits[random() & 15];
  return id;
}

std::string events_file(const std::string& run_id) {
  return ".eh/runs/" + run_id + "/events.jsonl";
}

RunFolder::RunFolder(int tree, const RunStarted& run) {
  const auto& run_id = run.run_id;
  const auto folder = ".eh/runs/" + run_id;
  make_directories(tree, folder);
  JsonObject spec;
  spec.integer("format", 1)
      .text("run", run_id)
      .text("command", run.command)
      .text("group", run.group)
      .text("launch_directory", std::filesystem::current_path().string())
      .natural("chosen", run.chosen)
      .text("eh", version);
  replace_file(tree, folder + "/run.json", folder + "/run.json.tmp",
               spec.str() + '\n');
  const auto link = ".eh/runs/.latest-" + run_id;
  if (below::make_link(run_id, tree, link) != 0 ||
      below::rename(tree, link, ".eh/runs/latest") != 0)
    throw_errno("cannot write '.eh/runs/latest'");
  open(tree, run_id);
  if (!events_) throw_errno("cannot write '" + events_file(run_id) + "'");
}

RunFolder::RunFolder(int tree, const std::string& run_id) {
  open(tree, run_id);
}

void RunFolder::open(int tree, const std::string& run_id) {
  events_ = below::open(tree, events_file(run_id),
                        O_WRONLY | O_CREAT | O_APPEND, 0666);
}

void RunFolder::write(const Event& event) {
  collect(event);
  flush();
}

void RunFolder::collect(const Event& event) {
  collected_ += event_json(event, std::chrono::system_clock::now()) + '\n';
}

void RunFolder::flush() {
  if (collected_.empty()) return;
  // A hint for people and tools; the leaves hold the truth. A full disk shows
  // there.
  [[maybe_unused]] const auto written =
      ::write(events_.get(), collected_.data(), collected_.size());
  collected_.clear();
}

}  // namespace eh::host
