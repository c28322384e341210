#include "cluster/journal_reader.h"

#include <fcntl.h>

#include <filesystem>
#include <fstream>

#include "os/file.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(cluster_journal_reader)

namespace {

std::string line(const std::string& name) {
  return R"({"event":"started","name":")" + name + "\"}\n";
}
const std::string end = R"({"event":"task_ended","why":"done","exit_code":0})"
                        "\n";

struct Journals {
  Journals() { begin(); }

  // As a host that attaches.
  void begin() { journals.emplace(tree.get(), "run-1", now); }

  std::string path(const std::string& journal) const {
    return ".eh/runs/run-1/tasks/0/" + journal + ".jsonl";
  }
  void append(const std::string& journal, const std::string& text) const {
    const auto file = folder / path(journal);
    std::filesystem::create_directories(
        std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::app) << text;
  }
  auto take() {
    return [this](const TaskAttempt& from, JournalEntry&& entry, bool is_new) {
      shown += from.name() + (is_new ? ":" : "=");
      if (const auto* event = std::get_if<Event>(&entry.what))
        shown += std::get<ExperimentStarted>(*event).name;
      if (std::holds_alternative<TaskEnded>(entry.what)) shown += "end";
      shown += ' ';
    };
  }
  std::string poll(Clock::duration after = seconds(3)) {
    now += after;
    journals->poll(now, take());
    return std::exchange(shown, "");
  }

  TemporaryDirectory folder;
  Fd tree{::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)};
  Clock::time_point now{std::chrono::hours(1)};
  std::string shown;
  std::optional<TaskJournals> journals;
};

}  // namespace

BOOST_AUTO_TEST_CASE(names) {
  const auto one = TaskAttempt::parse("12.4711.2");
  BOOST_REQUIRE(one);
  BOOST_CHECK_EQUAL(one->task, 12);
  BOOST_CHECK_EQUAL(one->job, "4711");
  BOOST_CHECK_EQUAL(one->restart, 2);
  BOOST_CHECK_EQUAL(one->name(), "12.4711.2");
  for (const auto* none : {"", "12", "12.", "12.4", "12..1", "a.1.1", "1.1.1x"})
    BOOST_CHECK_MESSAGE(!TaskAttempt::parse(none), none);
}

BOOST_FIXTURE_TEST_CASE(whole_lines_as_they_come, Journals) {
  BOOST_CHECK_EQUAL(poll(), "");
  append("0.7.0", line("a") + "{\"event\":\"star");
  append("1.8.0", "garbage\n" + line("b"));
  BOOST_CHECK_EQUAL(poll(), "0.7.0:a 1.8.0:b ");
  BOOST_CHECK_EQUAL(poll(), "");
  append("0.7.0", "ted\",\"name\":\"c\"}\n" + line("d") + end + line("later"));
  append("0.9.1", line("again"));
  BOOST_CHECK_EQUAL(poll(),
                    "0.7.0:c 0.7.0:d 0.7.0:end 0.7.0:later 0.9.1:again ");
  append("0.7.0", line("much later"));
  BOOST_CHECK_EQUAL(poll(), "");
}

BOOST_FIXTURE_TEST_CASE(long_lines, Journals) {
  const std::string name(300'000, 'x');
  append("0.7.0", line(name) + line("b"));
  std::string all;
  for (int i = 0; i < 8; ++i) all += poll();
  BOOST_CHECK_EQUAL(all, "0.7.0:" + name + " 0.7.0:b ");
}

BOOST_FIXTURE_TEST_CASE(files_that_vanish, Journals) {
  append("0.7.0", line("a"));
  BOOST_CHECK_EQUAL(poll(), "0.7.0:a ");
  std::filesystem::rename(folder / ".eh/runs/run-1/tasks", folder / "away");
  BOOST_CHECK_EQUAL(poll(), "");
  std::filesystem::rename(folder / "away", folder / ".eh/runs/run-1/tasks");
  append("0.7.0", line("b"));
  BOOST_CHECK_EQUAL(poll(), "0.7.0:b ");
}

BOOST_FIXTURE_TEST_CASE(who_attaches_knows_what_was_seen, Journals) {
  append("0.7.0", line("a") + line("b"));
  append("1.8.0", line("c"));
  BOOST_CHECK_EQUAL(poll(), "0.7.0:a 0.7.0:b 1.8.0:c ");
  journals->save_seen(now);
  append("0.7.0", line("d"));
  append("2.9.0", line("e"));
  begin();
  BOOST_CHECK_EQUAL(poll(), "0.7.0=a 0.7.0=b 0.7.0:d 1.8.0=c 2.9.0:e ");
  // What is damaged counts as not there.
  folder.write(".eh/runs/run-1/seen.json", "{\"seen\":{\"0.7.0\":true, oh");
  begin();
  BOOST_CHECK_EQUAL(poll(), "0.7.0:a 0.7.0:b 0.7.0:d 1.8.0:c 2.9.0:e ");
}

// Two that watch: what one has passed on, the next one need not.
BOOST_FIXTURE_TEST_CASE(what_others_have_seen_stays_seen, Journals) {
  append("0.7.0", line("a"));
  poll();
  append("0.7.0", line("b"));
  TaskJournals other(tree.get(), "run-1", now);
  other.poll(now, take());
  other.save_seen(now, true);
  journals->save_seen(now, true);
  begin();
  shown.clear();
  BOOST_CHECK_EQUAL(poll(), "0.7.0=a 0.7.0=b ");
}

BOOST_FIXTURE_TEST_CASE(all_at_once, Journals) {
  for (int i = 0; i < 300; ++i)
    append(std::to_string(i) + ".7.0", line("a") + line("b"));
  journals->read_all(now, take());
  BOOST_CHECK_EQUAL(std::count(shown.begin(), shown.end(), ' '), 600);
}

// However many there are, a poll looks at some of them, and at each in time.
BOOST_FIXTURE_TEST_CASE(a_poll_has_a_limit, Journals) {
  for (int i = 0; i < 1000; ++i) append(std::to_string(i) + ".7.0", line("a"));
  auto count = [](const std::string& text) {
    return std::count(text.begin(), text.end(), ' ');
  };
  BOOST_CHECK_EQUAL(count(poll()), 200);
  std::ptrdiff_t sum = 200;
  for (int i = 0; i < 4; ++i) sum += count(poll(milliseconds(100)));
  BOOST_CHECK_EQUAL(sum, 1000);
  // And then each of them less than once a second.
  BOOST_CHECK(journals->due() >= now + milliseconds(500));
}

BOOST_FIXTURE_TEST_CASE(quiet_ones_are_looked_at_less_often, Journals) {
  append("0.7.0", line("a"));
  poll();
  BOOST_CHECK(journals->due() <= now + milliseconds(100));
  for (int i = 0; i < 20; ++i) {
    now = journals->due();
    poll({});
  }
  BOOST_CHECK(journals->due() > now + seconds(1));
  BOOST_CHECK(journals->due() <= now + seconds(2));
  append("0.7.0", line("b"));
  BOOST_CHECK_EQUAL(poll(), "0.7.0:b ");
  BOOST_CHECK(journals->due() <= now + milliseconds(100));
}

BOOST_FIXTURE_TEST_CASE(who_has_no_room_gets_it_later, Journals) {
  bool room = false;
  journals->has_room = [&] { return room; };
  append("0.7.0", line("a"));
  BOOST_CHECK_EQUAL(poll(), "");
  room = true;
  BOOST_CHECK_EQUAL(poll(), "0.7.0:a ");
}

BOOST_AUTO_TEST_SUITE_END()
