#include "cluster/journal_writer.h"

#include <sys/stat.h>

#include "base/text.h"
#include "events/parse.h"
#include "leaf/leaf.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_journal_writer)

namespace {

struct Task {
  std::vector<std::string> lines() {
    auto text = folder.read(".eh/runs/run/tasks/1/1012.4711.2.jsonl");
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text.empty() ? std::vector<std::string>{} : split(text, '\n');
  }
  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  TaskJournal journal{tree.fd(), "run", 1012, "1012.4711.2"};
};

LogRecord record(const std::string& text) {
  LogRecord out;
  out.time = "2026-01-31T10:00:00.250Z";
  out.experiment = "s/1";
  out.text = text;
  return out;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_written_can_be_read, Task) {
  TaskStarted started;
  started.task = 1012;
  started.job = "4711";
  started.array_job = "4700";
  started.array_task = "11";
  started.restart = 2;
  started.node = "n1";
  started.host = "login1";
  started.pid = 99;
  started.cpus = 4;
  started.gpus = "0,1";
  started.slots = 2;
  journal.write(started);
  journal.write(TaskEnded{"handed_on", "no time", true, 100});
  BOOST_REQUIRE_EQUAL(lines().size(), 2u);
  const auto first = parse_journal_line(lines()[0]);
  BOOST_REQUIRE(first);
  const auto& read = std::get<TaskStarted>(first->what);
  BOOST_CHECK_EQUAL(read.task, 1012u);
  BOOST_CHECK_EQUAL(read.job, "4711");
  BOOST_CHECK_EQUAL(read.array_job, "4700");
  BOOST_CHECK_EQUAL(read.array_task, "11");
  BOOST_CHECK_EQUAL(read.restart, 2u);
  BOOST_CHECK_EQUAL(read.node, "n1");
  BOOST_CHECK_EQUAL(read.host, "login1");
  BOOST_CHECK_EQUAL(read.pid, 99);
  BOOST_CHECK_EQUAL(read.cpus, 4u);
  BOOST_CHECK_EQUAL(read.gpus, "0,1");
  BOOST_CHECK_EQUAL(read.slots, 2u);
  const auto last = parse_journal_line(lines()[1]);
  BOOST_REQUIRE(last);
  const auto& ended = std::get<TaskEnded>(last->what);
  BOOST_CHECK_EQUAL(ended.why, "handed_on");
  BOOST_CHECK_EQUAL(ended.message, "no time");
  BOOST_CHECK(ended.requeued);
  BOOST_CHECK_EQUAL(ended.exit_code, 100);
}

BOOST_FIXTURE_TEST_CASE(records_come_before_what_follows, Task) {
  journal.write(record("begun\nwell"), "main");
  BOOST_CHECK(lines().empty());  // in batches
  ExperimentEnded ended;
  ended.name = "s/1";
  journal.write(Event(ended));
  BOOST_REQUIRE_EQUAL(lines().size(), 2u);
  const auto logged = parse_journal_line(lines()[0]);
  BOOST_REQUIRE(logged);
  BOOST_CHECK_EQUAL(std::get<LogRecord>(logged->what).text, "begun\nwell");
  const auto over = parse_journal_line(lines()[1]);
  BOOST_REQUIRE(over);
  BOOST_CHECK(
      std::holds_alternative<ExperimentEnded>(std::get<Event>(over->what)));
  journal.write(record("more"), "main");
  journal.flush();
  BOOST_CHECK_EQUAL(lines().size(), 3u);
}

BOOST_FIXTURE_TEST_CASE(many_records, Task) {
  for (int i = 0; i < 100; ++i)
    journal.write(record(std::string(10'000, 'x')), "main");
  BOOST_CHECK_GT(lines().size(), 50u);
}

BOOST_FIXTURE_TEST_CASE(a_pipe_in_its_place, Task,
                        *boost::unit_test::timeout(60)) {
  const auto pipe = folder / ".eh/runs/run/tasks/1/1012.4711.3.jsonl";
  BOOST_REQUIRE_EQUAL(::mkfifo(pipe.c_str(), 0600), 0);
  BOOST_CHECK_THROW(TaskJournal(tree.fd(), "run", 1012, "1012.4711.3"),
                    std::system_error);
}

// What concerns a task as a whole is told by itself.
BOOST_FIXTURE_TEST_CASE(events_of_runs, Task) {
  journal.write(Event(Stopping{"interrupted", 1, 0, false}));
  journal.write(Event(RunEnded{}));
  journal.flush();
  BOOST_CHECK(lines().empty());
}

BOOST_AUTO_TEST_SUITE_END()
