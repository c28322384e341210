#include "report/log_writer.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "os/signals_blocked.h"
#include "report/backlog.h"

namespace eh::host {

struct LogWriter::State {
  State(const LogFileSettings& settings, const std::string& group)
      : file(settings, group) {}

  LogFile file;  // the thread's
  Backlog backlog{50'000};
  std::mutex mutex;  // of what follows
  std::condition_variable changed;
  std::vector<std::shared_ptr<const LogRecord>> records;
  bool ending = false;
  bool alone = false;
  std::thread thread;
};

LogWriter::LogWriter(const LogFileSettings& settings, const std::string& group)
    : state_(std::make_shared<State>(settings, group)) {
  try {
    const SignalsBlocked in_the_thread;
    state_->thread = std::thread([state = state_] { work(*state); });
  } catch (const std::system_error&) {
    state_->alone = true;  // the user may have no more threads
  }
}

LogWriter::~LogWriter() {
  close();
}

void LogWriter::work(State& state) {
  std::unique_lock lock(state.mutex);
  for (;;) {
    state.changed.wait(lock,
                       [&] { return state.ending || !state.records.empty(); });
    if (state.records.empty()) return;
    const auto records = std::exchange(state.records, {});
    lock.unlock();
    for (const auto& record : records) {
      state.file.write(*record);
      state.backlog.remove(1);
    }
    lock.lock();
  }
}

void LogWriter::add(const std::shared_ptr<const LogRecord>& record) {
  if (state_->alone) return state_->file.write(*record);
  if (!state_->backlog.add(1)) return;
  const std::lock_guard lock(state_->mutex);
  state_->records.push_back(record);
  state_->changed.notify_one();
}

bool LogWriter::has_room() const {
  return state_->backlog.has_room();
}

std::string LogWriter::close() {
  if (!state_->thread.joinable() && !std::exchange(state_->alone, false))
    return {};
  auto& backlog = state_->backlog;
  while (!backlog.empty() && !backlog.stuck())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  {
    const std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->changed.notify_one();
  auto lost = backlog.left_out() + backlog.waiting();
  std::string why = "nothing could be written for a while";
  if (!backlog.empty()) {
    state_->thread.detach();
  } else {
    if (state_->thread.joinable()) state_->thread.join();
    lost += state_->file.lost();
    if (state_->file.lost() > 0) why = state_->file.why();
  }
  if (lost == 0) return {};
  return count_text(lost, "record is", "records are") + " missing in '" +
         state_->file.path() + "': " + why +
         " (the log.txt of each leaf has its own)";
}

}  // namespace eh::host
