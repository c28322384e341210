// Boost.Log's core distributes the records, and its asynchronous sinks give
// each file a thread. A record travels as one attribute; others that use the
// same core, in a program of a user's own, have no such attribute.
//
// An asynchronous sink is removed, stopped and then flushed, in this order:
// flush() of one that runs may wait for ever, and its destructor drains
// nothing.

#include "log_sinks.h"

#include <algorithm>
#include <boost/log/attributes/attribute_name.hpp>
#include <boost/log/attributes/attribute_set.hpp>
#include <boost/log/attributes/constant.hpp>
#include <boost/log/attributes/value_extraction.hpp>
#include <boost/log/core.hpp>
#include <boost/log/sinks/async_frontend.hpp>
#include <boost/log/sinks/basic_sink_backend.hpp>
#include <boost/log/sinks/sync_frontend.hpp>
#include <boost/log/utility/exception_handler.hpp>
#include <boost/make_shared.hpp>
#include <thread>

#include "backlog.h"
#include "signals_blocked.h"
#include "text.h"

namespace eh::host {
namespace {

namespace logging = boost::log;
namespace sinks = boost::log::sinks;

using Shared = std::shared_ptr<const LogRecord>;

const logging::attribute_name& record_name() {
  static const logging::attribute_name name("eh record");
  return name;
}

// The record that an event of the core carries, or null.
template <class Values>
const LogRecord* record_in(const Values& values) {
  const auto found = logging::extract<Shared>(record_name(), values);
  return found ? found->get() : nullptr;
}

class CallBackend
    : public sinks::basic_sink_backend<sinks::synchronized_feeding> {
 public:
  explicit CallBackend(TakeRecord take) : take_(std::move(take)) {}
  void consume(const logging::record_view& view) {
    if (const auto* record = record_in(view.attribute_values())) take_(*record);
  }

 private:
  TakeRecord take_;
};

}  // namespace

struct LogSinks::Sink {
  boost::shared_ptr<sinks::sink> sink;
};

struct LogSinks::File {
  class Backend
      : public sinks::basic_sink_backend<sinks::synchronized_feeding> {
   public:
    explicit Backend(File& file) : file_(file) {}
    void consume(const logging::record_view& view) {
      if (const auto* record = record_in(view.attribute_values()))
        file_.file.write(*record);
      file_.backlog.remove(1);
    }

   private:
    File& file_;
  };
  using Frontend = sinks::asynchronous_sink<Backend>;

  File(const LogFileSettings& settings, const std::string& group)
      : file(settings, group) {}

  LogFile file;
  Backlog backlog{50'000};
  boost::shared_ptr<Frontend> sink;
};

LogSinks::LogSinks() = default;

LogSinks::~LogSinks() {
  close();
}

void LogSinks::add(int least, TakeRecord take) {
  const auto sink = boost::make_shared<sinks::synchronous_sink<CallBackend>>(
      boost::make_shared<CallBackend>(std::move(take)));
  sink->set_filter([least](const logging::attribute_value_set& values) {
    const auto* record = record_in(values);
    return record && record->level >= least;
  });
  logging::core::get()->add_sink(sink);
  sinks_.push_back(std::make_shared<Sink>(Sink{sink}));
  least_ = std::min(least_, least);
}

void LogSinks::add_file(const LogFileSettings& settings,
                        const std::string& group) {
  const auto file = std::make_shared<File>(settings, group);
  const SignalsBlocked in_its_thread;
  file->sink = boost::make_shared<File::Frontend>(
      boost::make_shared<File::Backend>(*file));
  file->sink->set_exception_handler(logging::make_exception_suppressor());
  file->sink->set_filter(
      [its = file.get()](const logging::attribute_value_set& values) {
        const auto* record = record_in(values);
        return record && record->source != LogRecord::experiment_output &&
               its->backlog.add(1);
      });
  logging::core::get()->add_sink(file->sink);
  files_.push_back(file);
  least_ = std::min(least_, 10);
}

bool LogSinks::has_room() const {
  return std::all_of(files_.begin(), files_.end(),
                     [](const auto& file) { return file->backlog.has_room(); });
}

void LogSinks::write(const LogRecord& record) {
  if (record.level < least_) return;
  logging::attribute_set attributes;
  attributes.insert(record_name(),
                    logging::attributes::constant<Shared>(
                        std::make_shared<const LogRecord>(record)));
  const auto core = logging::core::get();
  if (auto opened = core->open_record(attributes))
    core->push_record(std::move(opened));
}

std::vector<std::string> LogSinks::close() {
  std::vector<std::string> out;
  const auto core = logging::core::get();
  for (const auto& sink : std::exchange(sinks_, {}))
    core->remove_sink(sink->sink);
  for (const auto& file : std::exchange(files_, {})) {
    while (!file->backlog.empty() && !file->backlog.stuck())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    core->remove_sink(file->sink);
    auto lost = file->backlog.left_out();
    auto why = std::string("nothing could be written for a while");
    if (file->backlog.empty()) {
      file->sink->stop();
      file->sink->flush();
      lost += file->file.lost();
      if (file->file.lost() > 0) why = file->file.why();
    } else {
      // Its thread hangs in a write; to wait for it would be to hang as well.
      lost += file->backlog.waiting();
      new std::shared_ptr<File>(file);
    }
    if (lost > 0)
      out.push_back(count_text(lost, "record") + " are missing in '" +
                    file->file.path() + "': " + why +
                    " (the log.txt of each leaf has its own)");
  }
  least_ = 1000;
  return out;
}

}  // namespace eh::host
