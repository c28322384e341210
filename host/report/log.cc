#include "report/log.h"

#include <algorithm>
#include <boost/log/attributes/attribute_name.hpp>
#include <boost/log/attributes/attribute_value_impl.hpp>
#include <boost/log/attributes/attribute_value_set.hpp>
#include <boost/log/attributes/value_extraction.hpp>
#include <boost/log/core.hpp>
#include <boost/log/sinks/async_frontend.hpp>
#include <boost/log/sinks/basic_sink_backend.hpp>
#include <boost/smart_ptr/enable_shared_from_this.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "os/signals_blocked.h"
#include "report/sink_queue.h"

namespace eh::host {
namespace {

namespace logging = boost::log;

constexpr int above_all = 1000;
// What Boost.Log and the queue need for an entry.
constexpr std::size_t overhead = 400;

// The one attribute of a record.
struct Written {
  const Log* log;
  LogEntry entry;
};

const logging::attribute_name& attribute() {
  static const logging::attribute_name name("eh");
  return name;
}

const Written* written(const logging::attribute_value_set& values) {
  const auto it = values.find(attribute());
  if (it == values.end()) return nullptr;
  return it->second.extract<Written>().get_ptr();
}

std::size_t size_of(const LogEntry& entry) {
  const auto* record = std::get_if<LogRecord>(&entry);
  return sizeof(Written) + overhead +
         (record ? record->time.size() + record->experiment.size() +
                       record->file.size() + record->text.size()
                 : std::get<PrintedLine>(entry).text.size());
}

using Queue = SinkQueue<logging::record_view>;

}  // namespace

// Hands entries on; what goes wrong is counted, and concerns nobody else.
class LogSink::Backend : public logging::sinks::basic_sink_backend<
                             logging::sinks::synchronized_feeding> {
 public:
  explicit Backend(std::shared_ptr<LogBackend> backend)
      : backend_(std::move(backend)) {}

  void consume(const logging::record_view& record) {
    try {
      if (!record)
        queue->set_due(backend_->catch_up());
      else if (const auto* found = written(record.attribute_values()))
        backend_->take(found->entry);
    } catch (...) {
      queue->add_left_out();
    }
  }

  Queue* queue = nullptr;

 private:
  const std::shared_ptr<LogBackend> backend_;
};

// With a thread from the first entry on, and one that can be left to itself,
// which Boost.Log's own cannot: it is always waited for.
class LogSink::FrontEnd
    : public logging::sinks::asynchronous_sink<Backend, Queue>,
      public boost::enable_shared_from_this<FrontEnd> {
 public:
  explicit FrontEnd(const boost::shared_ptr<Backend>& backend)
      : asynchronous_sink(backend, false) {
    backend->queue = this;
  }

  void consume(const logging::record_view& record) override {
    last_ = record;
    asynchronous_sink::consume(record);
    feed();
  }
  bool try_consume(const logging::record_view& record) override {
    consume(record);
    return true;
  }
  void call_backend() {
    call();
    feed();
  }

  bool start() {
    if (thread_.joinable() || alone_) return !alone_;
    try {
      const SignalsBlocked in_the_thread;
      thread_ = std::thread([self = shared_from_this()] { self->run(); });
    } catch (const std::system_error&) {
      alone_ = true;  // the user may have no more threads
    }
    return !alone_;
  }
  bool has_thread() const { return thread_.joinable(); }

  void end() {
    stop();
    thread_.join();
  }
  void leave() { thread_.detach(); }

 private:
  void feed() {
    if (!start()) feed_records();
  }

  // So that Boost.Log's own reference is never the last, which frees the
  // record: its library is not compiled with the thread sanitizer, which then
  // takes that for a race with who has read it.
  logging::record_view last_;
  std::thread thread_;
  bool alone_ = false;
};

struct Log::State {
  logging::core_ptr core = logging::core::get();
  std::vector<const LogSinkOptions*> sinks;
};

Log::Log() : state_(std::make_unique<State>()) {}

Log::~Log() = default;

// Without a sink Boost.Log would print it.
void Log::write(LogEntry entry) {
  if (state_->sinks.empty()) return;
  logging::attribute_value_set values(1);
  values.insert(attribute(), logging::attributes::make_attribute_value(
                                 Written{this, std::move(entry)}));
  if (auto record = state_->core->open_record(std::move(values)))
    state_->core->push_record(std::move(record));
}

int Log::least() const {
  int out = above_all;
  for (const auto* sink : state_->sinks) out = std::min(out, sink->least);
  return out;
}

struct LogSink::State {
  Log& log;
  const LogSinkOptions options;
  boost::shared_ptr<FrontEnd> front_end;
  bool closed = false;
};

LogSink::LogSink(Log& log, LogSinkOptions options,
                 std::shared_ptr<LogBackend> backend)
    : state_(new State{log, std::move(options), {}}) {
  const auto& its = state_->options;
  auto& front_end = state_->front_end;
  front_end =
      boost::make_shared<FrontEnd>(boost::make_shared<Backend>(backend));
  backend->moved_ = [queue = front_end.get()] { queue->has_moved(); };
  front_end->limit(its.room, its.most, [](const logging::record_view& record) {
    const auto& entry = written(record.attribute_values())->entry;
    return Queue::Weight{size_of(entry),
                         std::holds_alternative<LogRecord>(entry)};
  });
  front_end->set_filter([&log, &its](const auto& values) {
    const auto* found = written(values);
    if (!found || found->log != &log) return false;
    const auto* record = std::get_if<LogRecord>(&found->entry);
    return record ? record->level >= its.least && its.wants(*record)
                  : its.lines;
  });
  log.state_->sinks.push_back(&its);
  log.state_->core->add_sink(front_end);
}

LogSink::~LogSink() {
  close();
}

bool LogSink::start() {
  return state_->front_end->start();
}

void LogSink::call() {
  state_->front_end->call_backend();
}

bool LogSink::has_room() const {
  return state_->front_end->has_room();
}

std::size_t LogSink::left_out() const {
  return state_->front_end->left_out();
}

std::size_t LogSink::waiting() const {
  return state_->front_end->waiting();
}

void LogSink::flush() const {
  if (state_->front_end->has_thread()) state_->front_end->wait_for_ever();
}

bool LogSink::close(std::optional<Clock::duration> at_most) {
  if (std::exchange(state_->closed, true)) return waiting() == 0;
  auto& front_end = *state_->front_end;
  state_->log.state_->core->remove_sink(state_->front_end);
  std::erase(state_->log.state_->sinks, &state_->options);
  front_end.reset_filter();
  if (!front_end.has_thread()) return true;
  if (!front_end.wait(at_most)) {
    front_end.leave();
    return false;
  }
  front_end.end();
  return true;
}

}  // namespace eh::host
