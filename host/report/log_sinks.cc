#include "report/log_sinks.h"

#include <algorithm>
#include <utility>

namespace eh::host {

void LogSinks::add(int least, TakeRecord take) {
  takers_.push_back({least, std::move(take)});
  least_ = std::min(least_, least);
}

void LogSinks::add_file(const LogFileSettings& settings,
                        const std::string& group) {
  files_.push_back(std::make_unique<LogWriter>(settings, group));
  least_ = std::min(least_, log_level::debug);
}

bool LogSinks::has_room() const {
  return std::all_of(files_.begin(), files_.end(),
                     [](const auto& file) { return file->has_room(); });
}

void LogSinks::write(const LogRecord& record) const {
  for (const auto& taker : takers_)
    if (record.level >= taker.least) taker.take(record);
  if (files_.empty() || record.source == LogRecord::experiment_output) return;
  const auto shared = std::make_shared<const LogRecord>(record);
  for (const auto& file : files_) file->add(shared);
}

std::vector<std::string> LogSinks::close() {
  std::vector<std::string> out;
  for (const auto& file : std::exchange(files_, {}))
    if (auto loss = file->close(); !loss.empty())
      out.push_back(std::move(loss));
  takers_.clear();
  least_ = above_all;
  return out;
}

}  // namespace eh::host
