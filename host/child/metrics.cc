#include "child/metrics.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <thread>

#include "base/utc_time.h"
#include "contract/child.h"
#include "json/write.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

constexpr std::size_t most_gathered = 64 * 1024;
constexpr int most_writes = 100;  // in a second; that is cheap
constexpr auto patience = std::chrono::milliseconds(500);
constexpr std::size_t stack_size = 256 * 1024;

// Whole numbers as such: 1000000 and not 1e+06. What JSON cannot say stands in
// quotes.
void append_real(std::string& out, double value) {
  constexpr double exact = 1e15;
  char digits[32];
  if (std::isnan(value)) {
    out += "\"nan\"";
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"inf\"" : "\"-inf\"";
  } else if (std::abs(value) < exact && value == std::trunc(value) &&
             !(value == 0 && std::signbit(value))) {
    const auto whole = static_cast<std::int64_t>(value);
    out.append(digits,
               std::to_chars(digits, digits + sizeof digits, whole).ptr);
  } else {
    out.append(digits,
               std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
}

// A few milliseconds are no matter here.
std::int64_t seconds_since_boot() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec;
}

}  // namespace

Metrics::Metrics(Leaf& leaf) : file_(leaf, contract::metrics_file) {}

void Metrics::append_time() {
  using namespace std::chrono;
  const auto now = system_clock::now();
  const auto since = duration_cast<milliseconds>(now.time_since_epoch());
  const auto second = floor<seconds>(since);
  if (second.count() != time_second_) {
    time_ = utc_text(now);
    time_second_ = second.count();
  }
  auto part = (since - second).count();
  for (std::size_t i = 22; i > 19; --i, part /= 10)
    time_[i] = static_cast<char>('0' + part % 10);
  lines_ += time_;
}

void Metrics::add(std::string_view name, double step, double value) {
  const std::lock_guard lock(mutex_);
  const bool first = lines_.empty();
  const auto whole = lines_.size();
  try {
    lines_ += "{\"name\":";
    append_json_string(lines_, name);
    lines_ += ",\"step\":";
    append_real(lines_, step);
    lines_ += ",\"value\":";
    append_real(lines_, value);
    lines_ += ",\"time\":\"";
    append_time();
    lines_ += "\"}\n";
  } catch (...) {  // out of memory
    lines_.resize(whole);
    throw;
  }
  if (const auto second = seconds_since_boot(); second != second_) {
    second_ = second;
    writes_ = 0;
  }
  if (writes_ < most_writes || lines_.size() >= most_gathered ||
      !has_writer()) {
    ++writes_;
    write_lines();
  } else if (first) {
    gathered_.notify_one();
  }
}

void Metrics::write_lines() {
  if (!lines_.empty()) file_.append(lines_);
  lines_.clear();
}

// Whether there is a thread that writes what is gathered.
bool Metrics::has_writer() {
  if (writer_ != none) return writer_ == runs;
  writer_ = impossible;
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return false;
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  ::pthread_attr_setstacksize(&attributes, stack_size);
  // Signals are for the threads of the experiment.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const auto main = [](void* self) -> void* {
    static_cast<Metrics*>(self)->write_later();
    return nullptr;
  };
  if (::pthread_create(&thread, &attributes, main, this) == 0) writer_ = runs;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_attr_destroy(&attributes);
  return writer_ == runs;
}

void Metrics::write_later() {
  for (std::unique_lock lock(mutex_);;) {
    gathered_.wait(lock, [this] { return !lines_.empty(); });
    lock.unlock();
    std::this_thread::sleep_for(patience);
    lock.lock();
    write_lines();
  }
}

void Metrics::flush() {
  const std::lock_guard lock(mutex_);
  write_lines();
}

void Metrics::flush_in_signal_handler() {
  if (!mutex_.try_lock()) return;
  if (!lines_.empty()) file_.append_in_signal_handler(lines_);
  lines_.clear();
  mutex_.unlock();
}

void Metrics::cut(std::int64_t size) {
  const std::lock_guard lock(mutex_);
  write_lines();
  file_.cut(size);
}

void Metrics::be_forked() {
  lines_.clear();
  writer_ = impossible;
  mutex_.unlock();
}

}  // namespace eh::host::child
