#include "report/log.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stdexcept>

#include "os/file.h"
#include "report/log_files.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(report_log)

namespace {

LogRecord record(int level, const std::string& text) {
  LogRecord out;
  out.time = "2026-01-31T10:00:00.250Z";
  out.level = level;
  out.text = text;
  return out;
}

class Kept : public LogBackend {
 public:
  void take(const LogEntry& entry) override {
    const auto* one = std::get_if<LogRecord>(&entry);
    texts += one ? one->text : std::get<PrintedLine>(entry).text;
  }
  std::string texts;
};

// A sink whose thread takes nothing before it is told to.
class Gate : public LogBackend {
 public:
  void take(const LogEntry&) override {
    std::unique_lock lock(mutex_);
    ++taken_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_for_one() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return taken_ > 0; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int taken_ = 0;
  bool open_ = false;
};

LogSinkOptions from(int least) {
  LogSinkOptions out;
  out.least = least;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_gets_what_he_wants) {
  TemporaryDirectory folder;
  Log log;
  BOOST_CHECK_GT(log.least(), 50);
  log.write(record(50, "nobody is there"));
  const auto errors = std::make_shared<Kept>();
  const auto infos = std::make_shared<Kept>();
  LogSink error_sink(log, from(40), errors);
  BOOST_CHECK_EQUAL(log.least(), 40);
  auto wanted = from(20);
  wanted.lines = true;
  LogSink info_sink(log, wanted, infos);
  LogFiles files(log);
  files.add({folder / "a.log"}, "g");
  BOOST_CHECK_EQUAL(log.least(), 10);
  log.write(record(10, "d"));
  log.write(record(20, "i"));
  log.write(record(40, "e"));
  log.write(PrintedLine{"p"});
  auto printed = record(10, "printed");
  printed.source = LogRecord::experiment_output;
  log.write(printed);
  error_sink.flush();
  info_sink.flush();
  BOOST_CHECK_EQUAL(errors->texts, "e");
  BOOST_CHECK_EQUAL(infos->texts, "iep");
  BOOST_CHECK(files.close().empty());
  const auto text = folder.read("a.log");
  for (const char* part :
       {"debug    g d\n", "info     g i\n", "error    g e\n"})
    BOOST_CHECK_MESSAGE(has(text, part), part);
  BOOST_CHECK(!has(text, "printed"));
  BOOST_CHECK(error_sink.close());
  BOOST_CHECK(info_sink.close());
  BOOST_CHECK_GT(log.least(), 50);
  log.write(record(50, "nobody is there"));
  BOOST_CHECK_EQUAL(errors->texts, "e");
}

BOOST_AUTO_TEST_CASE(each_log_is_alone) {
  Log one, other;
  const auto of_one = std::make_shared<Kept>();
  const auto of_other = std::make_shared<Kept>();
  LogSink one_sink(one, {}, of_one), other_sink(other, {}, of_other);
  one.write(record(20, "1"));
  other.write(record(20, "2"));
  one_sink.flush();
  other_sink.flush();
  BOOST_CHECK_EQUAL(of_one->texts, "1");
  BOOST_CHECK_EQUAL(of_other->texts, "2");
}

BOOST_AUTO_TEST_CASE(all_arrive_in_order) {
  TemporaryDirectory folder;
  std::string expected;
  {
    Log log;
    LogFiles files(log);
    files.add({folder / "a.log"}, "g");
    for (int i = 0; i < 20'000; ++i) {
      log.write(record(20, std::to_string(i)));
      expected +=
          "2026-01-31T10:00:00.250Z info     g " + std::to_string(i) + '\n';
    }
  }
  BOOST_CHECK(folder.read("a.log") == expected);
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_told) {
  TemporaryDirectory folder;
  std::filesystem::create_symlink("/dev/full", folder / "a.log");
  Log log;
  LogFiles files(log);
  files.add({folder / "a.log"}, "g");
  for (int i = 0; i < 3; ++i) log.write(record(20, "x"));
  const auto told = files.close();
  BOOST_REQUIRE_EQUAL(told.size(), 1u);
  for (const auto& part :
       {std::string("3 records"), folder / "a.log", std::string("No space")})
    BOOST_CHECK_MESSAGE(has(told[0], part), told[0]);
}

BOOST_AUTO_TEST_CASE(a_file_that_nobody_reads_is_left) {
  TemporaryDirectory folder;
  BOOST_REQUIRE_EQUAL(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const Fd reader(
      ::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  Log log;
  LogFiles files(log);
  files.add({folder / "pipe"}, "g");
  const std::string text(1000, 'x');
  for (int i = 0; i < 1000; ++i) log.write(record(20, text));
  const auto told = files.close();
  BOOST_REQUIRE_EQUAL(told.size(), 1u);
  BOOST_CHECK_MESSAGE(has(told[0], "nothing could be written for a while"),
                      told[0]);
}

BOOST_AUTO_TEST_CASE(who_writes_does_not_wait) {
  Log log;
  const auto gate = std::make_shared<Gate>();
  LogSinkOptions options;
  options.room = 100'000;
  options.most = 200'000;
  options.lines = true;
  LogSink sink(log, options, gate);
  log.write(record(20, "x"));
  gate->wait_for_one();
  for (int i = 0; i < 1000; ++i) log.write(record(20, "x"));
  BOOST_CHECK(!sink.has_room());
  BOOST_CHECK_GT(sink.left_out(), 500u);
  BOOST_CHECK_LT(sink.left_out(), 1000u);
  BOOST_CHECK_EQUAL(sink.left_out() + sink.waiting(), 1001u);
  const auto left_out = sink.left_out();
  for (int i = 0; i < 1000; ++i) log.write(PrintedLine{"x"});
  BOOST_CHECK_EQUAL(sink.left_out(), left_out);
  BOOST_CHECK(!sink.close(Clock::duration()));
  gate->open();
}

BOOST_AUTO_TEST_CASE(a_sink_that_fails_is_counted) {
  class Failing : public LogBackend {
    void take(const LogEntry&) override { throw std::runtime_error("no"); }
  };
  Log log;
  LogSink sink(log, {}, std::make_shared<Failing>());
  log.write(record(20, "1"));
  log.write(record(20, "2"));
  sink.flush();
  BOOST_CHECK_EQUAL(sink.left_out(), 2u);
  BOOST_CHECK(sink.close());
}

BOOST_AUTO_TEST_CASE(a_sink_is_called_again) {
  class Later : public LogBackend {
   public:
    void take(const LogEntry&) override {}
    std::optional<Clock::time_point> catch_up() override {
      const std::lock_guard lock(mutex);
      ++calls;
      changed.notify_all();
      if (calls >= 3) return {};
      return Clock::now() + std::chrono::milliseconds(5);
    }
    void wait_for(int wanted) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return calls >= wanted; });
    }
    std::mutex mutex;
    std::condition_variable changed;
    int calls = 0;
  };
  Log log;
  const auto later = std::make_shared<Later>();
  LogSink sink(log, {}, later);
  log.write(record(20, "1"));
  later->wait_for(3);
  sink.flush();
  BOOST_CHECK_EQUAL(later->calls, 3);
  sink.call();
  later->wait_for(4);
}

BOOST_AUTO_TEST_SUITE_END()
