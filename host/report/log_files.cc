#include "report/log_files.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace eh::host {

class LogFiles::Backend : public LogBackend {
 public:
  Backend(const LogFileSettings& settings, const std::string& group)
      : file(settings, group) {}

  void take(const LogEntry& entry) override {
    file.write(std::get<LogRecord>(entry));
  }

  LogFile file;
};

void LogFiles::add(const LogFileSettings& settings, const std::string& group) {
  auto backend = std::make_shared<Backend>(settings, group);
  LogSinkOptions options;
  options.least = log_level::debug;
  options.wants = [](const LogRecord& record) {
    return record.source != LogRecord::experiment_output;
  };
  auto sink = std::make_unique<LogSink>(log_, std::move(options), backend);
  files_.push_back({std::move(backend), std::move(sink)});
}

bool LogFiles::has_room() const {
  return std::all_of(files_.begin(), files_.end(),
                     [](const auto& file) { return file.sink->has_room(); });
}

std::string LogFiles::close(File& file) {
  const auto& [backend, sink] = file;
  std::string why = "nothing could be written for a while";
  const bool all = sink->close();
  auto lost = sink->left_out() + sink->waiting();
  // While it hangs, what it has is the thread's.
  if (all && backend->file.lost() > 0) {
    lost += backend->file.lost();
    why = backend->file.why();
  }
  if (lost == 0) return {};
  return count_text(lost, "record is", "records are") + " missing in '" +
         backend->file.path() + "': " + why +
         " (the log.txt of each leaf has its own)";
}

std::vector<std::string> LogFiles::close() {
  std::vector<std::string> out;
  for (auto& file : std::exchange(files_, {}))
    if (auto loss = close(file); !loss.empty()) out.push_back(std::move(loss));
  return out;
}

}  // namespace eh::host
