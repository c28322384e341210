#include "report/console.h"

#include <fcntl.h>

#include "events/log_record.h"
#include "os/file.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(report_console)

namespace {

struct Told {
  explicit Told(bool status_line = false, bool colours = false)
      : terminal(log, out.get(), status_line, colours, shown_records(colours)) {
  }
  static ShownRecords shown_records(bool colours) {
    return {log_level::debug,
            [paint = Paint(colours)](const LogRecord& record) {
              return shown_text(record, paint);
            }};
  }

  // What was printed since the last call.
  std::string shown() {
    terminal.flush();
    const auto all = folder.read("out");
    return all.substr(std::exchange(read_, all.size()));
  }
  void start(std::size_t chosen = 3, std::size_t done_before = 0) {
    reporter.on(RunStarted{"run-1", "main", "eh-host main", "/results", chosen,
                           done_before, 2});
  }
  std::string leaf(const std::string& name) const { return folder / name; }
  void begun(const std::string& name, unsigned attempt = 1,
             bool resumes = false) {
    reporter.on(ExperimentStarted{name, leaf(name), attempt, 0, resumes});
  }
  ExperimentEnded ended(const std::string& name, Status status,
                        const std::string& message = "") const {
    return {name, leaf(name), 1, status, message, {}, 0.21, false, 0};
  }

  TemporaryDirectory folder;
  Fd out{::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600)};
  Log log;
  Terminal terminal;
  ReporterOptions options;
  Reporter reporter{terminal, options};
  std::size_t read_ = 0;
};

struct StatusLine : Told {
  StatusLine() : Told(true) {}
};

struct Coloured : Told {
  Coloured() : Told(false, true) {}
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_good_run, Told) {
  start(1200, 1198);
  BOOST_CHECK_EQUAL(shown(),
                    "1,200 experiments of 'main': 1,198 done before, 2 to run,"
                    " 2 at a time\n");
  begun("a");
  BOOST_CHECK_EQUAL(shown(), "");
  reporter.on(ended("a", Status::ok));
  const auto line = shown();
  BOOST_CHECK(has(line, "[1,199/1,200] ok "));
  BOOST_CHECK(has(line, " a  0.21s\n"));
  reporter.on(ended("b", Status::ok));
  shown();
  reporter.on(RunEnded{{1200, 1198, 2}, 125, 0});
  BOOST_CHECK_EQUAL(shown(),
                    "1,200 experiments: 2 ok, 1,198 done before  (2m 05s)\n"
                    "results in /results/main\n");
}

BOOST_FIXTURE_TEST_CASE(what_is_stale_is_told, Told) {
  RunStarted started{"run-1", "main", "", "/results", 12, 10, 2, 3};
  reporter.on(started);
  BOOST_CHECK(has(shown(),
                  "10 done before (3 of them stale: explain shows why,"
                  " --stale --force runs them again), 2 to run"));
  started.stale = 10;
  reporter.on(started);
  BOOST_CHECK(has(shown(), "10 done before (stale: explain"));
  for (const auto unsaid : {std::optional<std::size_t>(), {0}}) {
    started.stale = unsaid;
    reporter.on(started);
    BOOST_CHECK(has(shown(), "10 done before, 2 to run"));
  }
}

BOOST_FIXTURE_TEST_CASE(failures_are_repeated_at_the_end, Told) {
  start();
  folder.write("bad/log.txt",
               "2026-01-31T10:00:00.250Z info     one\n"
               "2026-01-31T10:00:00.250Z error    two\n");
  folder.write("bad/output.txt", "1\n2\n3\n4\n5\n6\n7\x1b[31m\n");
  begun("bad");
  auto event = ended("bad", Status::crashed, "killed by SIGSEGV\nmore of it");
  event.backtrace = {"simulate()+0x1 in q.so", "main+0x2 in eh-child"};
  reporter.on(event);
  auto line = shown();
  BOOST_CHECK(has(line, "crashed"));
  BOOST_CHECK(has(line, "killed by SIGSEGV\n"));
  BOOST_CHECK(!has(line, "more of it"));
  reporter.on(ended("good", Status::ok));
  shown();
  reporter.on(RunEnded{{3, 0, 1, 0, 1, 0, 0, 1}, 1, 100});
  const auto text = shown();
  for (const auto* part :
       {"crashed: bad\n", "  killed by SIGSEGV\n", "  more of it\n",
        "#0 simulate()+0x1 in q.so\n", "#1 main+0x2 in eh-child\n",
        "info     one\n", "error    two\n", "    3\n", "7\\x1b[31m\n",
        "3 experiments: 1 ok, 1 failed, 1 not started"})
    BOOST_CHECK_MESSAGE(has(text, part), part);
  BOOST_CHECK(has(text, "  " + leaf("bad") + "\n"));
  BOOST_CHECK(!has(text, "    2\n"));     // the last five lines
  BOOST_CHECK(!has(text, "2026-01-31"));  // without their times
  BOOST_CHECK(!has(text, "good"));
}

BOOST_FIXTURE_TEST_CASE(many_failures_are_counted, Told) {
  start(150);
  for (int i = 0; i < 150; ++i)
    reporter.on(ended("x" + std::to_string(i), Status::failed,
                      "why" + std::string(static_cast<std::size_t>(i), '?')));
  shown();
  reporter.on(RunEnded{{150, 0, 0, 0, 150}, 1, 100});
  const auto text = shown();
  BOOST_CHECK(has(text, "failed: x99\n"));
  BOOST_CHECK(!has(text, "failed: x100\n"));
  BOOST_CHECK(has(text, "and 50 more failed"));
}

BOOST_FIXTURE_TEST_CASE(failures_that_are_alike_are_told_once, Told) {
  start(150);
  for (int i = 0; i < 150; ++i)
    reporter.on(ended("x" + std::to_string(i), Status::failed,
                      i == 7 ? "rare" : "no file " + std::to_string(i)));
  shown();
  reporter.on(RunEnded{{150, 0, 0, 0, 150}, 1, 100});
  const auto text = shown();
  BOOST_CHECK(
      has(text, "failed: 149 alike: x{0..6}, x{8..149}\n  no file 0\n"));
  BOOST_CHECK(has(text, "failed: x7\n  rare\n"));
  BOOST_CHECK(!has(text, "no file 1"));
  BOOST_CHECK(!has(text, "more failed"));
}

BOOST_FIXTURE_TEST_CASE(retries_are_not_the_end, Told) {
  start(1);
  auto event = ended("a", Status::failed, "first");
  event.will_retry = true;
  reporter.on(event);
  BOOST_CHECK(has(shown(), "[0/1] retry"));
  reporter.on(ended("a", Status::ok));
  BOOST_CHECK(has(shown(), "[1/1] ok"));
  reporter.on(RunEnded{{1, 0, 1}, 1, 0});
  BOOST_CHECK(!has(shown(), "first"));
}

BOOST_FIXTURE_TEST_CASE(stopping, Told) {
  start();
  shown();
  reporter.on(Stopping{"interrupted", 2, 1000, false});
  auto line = shown();
  BOOST_CHECK(has(line, "interrupted: nothing new is started, 2 running"));
  BOOST_CHECK(has(line, "1,000 left"));
  BOOST_CHECK(has(line, "interrupt again"));
  reporter.on(Stopping{"interrupted again", 2, 0, true});
  BOOST_CHECK(has(shown(), "killing 2 experiments"));
  reporter.on(ended("a", Status::cancelled, "killed"));
  reporter.on(ended("b", Status::stopped));
  shown();
  reporter.on(RunEnded{{3, 0, 0, 0, 0, 2, 0, 1}, 1, 130});
  line = shown();
  BOOST_CHECK(has(line, "3 experiments: 2 cancelled, 1 not started"));
  BOOST_CHECK(!has(line, "killed"));  // nothing failed, so nothing to repeat
}

BOOST_FIXTURE_TEST_CASE(other_hosts, Told) {
  start();
  shown();
  reporter.on(ExperimentHeldElsewhere{"a", "node-7", 42});
  BOOST_CHECK(has(shown(), "another host (node-7, process 42)"));
  reporter.on(ExperimentHeldElsewhere{"b", "node-7", 42});
  BOOST_CHECK_EQUAL(shown(), "");  // once is enough
  reporter.on(ExperimentEndedElsewhere{"a", leaf("a"), Status::ok, ""});
  BOOST_CHECK(has(shown(), "[1/3] ok"));
  reporter.on(
      ExperimentEndedElsewhere{"b", leaf("b"), Status::failed, "their way"});
  shown();
  reporter.on(RunEnded{{3, 0, 0, 1, 1, 0, 0, 1}, 1, 100});
  const auto text = shown();
  BOOST_CHECK(has(text, "1 done by another host, 1 failed"));
  BOOST_CHECK(has(text, "their way"));
}

BOOST_FIXTURE_TEST_CASE(what_was_not_saved, Told) {
  start();
  reporter.on(ExperimentUnwritable{"a", leaf("a"), "cannot write: disk full"});
  BOOST_CHECK(has(shown(), "NOT SAVED a  cannot write: disk full"));
  reporter.on(RunEnded{{3, 0, 0, 0, 0, 0, 1, 2}, 1, 110});
  const auto text = shown();
  BOOST_CHECK(has(text, "not saved: a"));
  BOOST_CHECK(has(text, "1 not saved, 2 not started"));
}

BOOST_FIXTURE_TEST_CASE(log_records, Told) {
  LogRecord record;
  record.experiment = "a";
  record.level = 30;
  record.text = "look \x1b[2J out";
  log.write(record);
  BOOST_CHECK_EQUAL(shown(), "a warning: look \\x1b[2J out\n");
  record.level = 20;
  record.text = "two\nlines";
  record.file = "q.cc";
  record.line = 3;
  log.write(record);
  BOOST_CHECK_EQUAL(shown(), "a info: two\na     lines\n");
  record.level = 40;
  record.text = "why";
  log.write(record);
  BOOST_CHECK_EQUAL(shown(), "a error: why  (q.cc:3)\n");
  record.source = LogRecord::experiment_output;
  record.text = "printed";
  log.write(record);
  BOOST_CHECK_EQUAL(shown(), "a | printed\n");
}

BOOST_FIXTURE_TEST_CASE(left_processes_and_checkpoints, Told) {
  start();
  shown();
  begun("a", 3, true);
  BOOST_CHECK(has(shown(), "a goes on from its checkpoint (attempt 3)"));
  auto event = ended("a", Status::ok);
  event.left_processes = 2;
  reporter.on(event);
  BOOST_CHECK(has(shown(), "2 processes behind"));
}

BOOST_FIXTURE_TEST_CASE(nothing_but_the_summary, Told) {
  options.lines = false;
  Reporter quiet(terminal, options);
  quiet.on(RunStarted{"r", "main", "", "/results", 1, 0, 1});
  shown();
  quiet.on(ExperimentStarted{"a", leaf("a"), 2, 0, true});
  quiet.on(ended("a", Status::failed, "why"));
  BOOST_CHECK_EQUAL(shown(), "");
  quiet.on(RunEnded{{1, 0, 0, 0, 1}, 1, 100});
  BOOST_CHECK(has(shown(), "1 experiment: 1 failed"));
}

BOOST_FIXTURE_TEST_CASE(nothing_at_all, Told) {
  options.lines = options.summary = false;
  Reporter silent(terminal, options);
  silent.on(RunStarted{"r", "main", "", "/results", 1, 0, 1});
  silent.on(ended("a", Status::failed, "why"));
  silent.on(Stopping{"interrupted", 0, 0, false});
  silent.on(RunEnded{{1, 0, 0, 0, 1}, 1, 100});
  BOOST_CHECK_EQUAL(shown(), "");
}

BOOST_FIXTURE_TEST_CASE(no_escapes_in_files, Told) {
  start();
  begun("a");
  reporter.on(ended("a", Status::failed, "why \x1b[31m"));
  reporter.tick();
  reporter.on(RunEnded{{1, 0, 0, 0, 1}, 1, 100});
  BOOST_CHECK(!has(shown(), "\x1b"));
}

BOOST_FIXTURE_TEST_CASE(colours, Coloured) {
  start();
  reporter.on(ended("a", Status::ok));
  BOOST_CHECK(has(shown(), "\x1b[32mok\x1b[0m"));
}

BOOST_FIXTURE_TEST_CASE(the_status_line, StatusLine) {
  start();
  begun("first");
  shown();
  reporter.tick();
  auto line = shown();
  BOOST_CHECK(has(line, "0/3 done, 1 running, 2 left"));
  BOOST_CHECK(has(line, "first"));
  BOOST_CHECK(!has(line, "\n"));
  reporter.on(ended("first", Status::failed));
  reporter.tick();
  line = shown();
  BOOST_CHECK(has(line, "1/3 done, 1 failed, 0 running, 2 left"));
}

BOOST_FIXTURE_TEST_CASE(what_was_not_saved_runs_no_more, StatusLine) {
  start();
  begun("first");
  reporter.on(ExperimentUnwritable{"first", leaf("first"), "disk full"});
  shown();
  reporter.tick();
  BOOST_CHECK(has(shown(), "0 running"));
}

BOOST_FIXTURE_TEST_CASE(no_status_line_after_the_summary, StatusLine) {
  start();
  begun("first");
  reporter.tick();
  shown();
  reporter.on(RunEnded{{3, 0, 1, 0, 0, 0, 0, 2}, 1, 0});
  reporter.tick();
  BOOST_CHECK(shown().ends_with("results in /results/main\n"));
}

BOOST_FIXTURE_TEST_CASE(status_lines_fit, StatusLine) {
  const std::string text(500, 'x');
  terminal.status(text);
  BOOST_CHECK_LE(shown().size(), 79 + 4u);
  terminal.line("above");
  BOOST_CHECK(has(shown(), "above\n"));
  terminal.clear_status();
  BOOST_CHECK_EQUAL(shown(), "\r\x1b[K");
}

BOOST_FIXTURE_TEST_CASE(a_run_on_a_cluster, Told) {
  reporter.on(RunStarted{"run-1", "main", "eh", "/r", 9, 1, 4, {}, 8});
  BOOST_CHECK_EQUAL(shown(),
                    "9 experiments of 'main': 1 done before, 8 to run in 8"
                    " tasks on SLURM, 4 at a time\n");
  reporter.on(ClusterState{
      4, 4, 0, {{"Resources", 3}, {"Priority", 1}}, {{"n1", 4}}, "14:05"});
  BOOST_CHECK_EQUAL(shown(),
                    "tasks: 4 pending (1 Priority, 3 Resources; next about"
                    " 14:05), 4 running; experiments on n1 4\n");
  // Not a flood.
  reporter.on(ClusterState{3, 4, 1});
  reporter.on(ClusterState{2, 4, 2});
  reporter.tick();
  BOOST_CHECK_EQUAL(shown(), "");
  reporter.on(Notice{log_level::warning, "something"});
  BOOST_CHECK_EQUAL(shown(), "something\n");
  reporter.on(RunLeft{"attach to it"});
  BOOST_CHECK_EQUAL(shown(), "attach to it\n");
}

BOOST_FIXTURE_TEST_CASE(who_attaches_sees_what_is_new, Told) {
  reporter.on(RunStarted{"run-1", "main", "eh", "/r", 3, 0, 0, {}, 3, true});
  BOOST_CHECK_EQUAL(
      shown(),
      "run run-1: 3 experiments of 'main': 3 to run in 3 tasks on SLURM\n");
  reporter.recall(ExperimentStarted{"a", leaf("a"), 2, 0, true});
  reporter.recall(ended("a", Status::ok));
  reporter.recall(ended("b", Status::failed, "threw"));
  reporter.recall(Notice{log_level::error, "old"});
  reporter.recall(ClusterState{1});
  BOOST_CHECK_EQUAL(shown(), "");
  reporter.on(ended("c", Status::ok));
  BOOST_CHECK_EQUAL(shown(), "[3/3] ok        c  0.21s\n");
  reporter.on(RunEnded{{3, 0, 2, 0, 1}, 1, 100});
  BOOST_CHECK(has(shown(), "failed: b\n  threw\n"));
}

BOOST_FIXTURE_TEST_CASE(tasks_in_the_status_line, StatusLine) {
  reporter.on(RunStarted{"run-1", "main", "eh", "/r", 9, 1, 4, {}, 8});
  begun("a");
  shown();
  reporter.on(ClusterState{4, 1, 3, {{"Resources", 4}}, {{"n1", 1}}});
  reporter.tick();
  BOOST_CHECK(has(shown(), "1/9 done, 1 running (n1 1), 7 left; tasks: 4"));
}

BOOST_AUTO_TEST_SUITE_END()
