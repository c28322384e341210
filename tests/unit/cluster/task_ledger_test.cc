#include "cluster/task_ledger.h"

#include "cluster/job_file.h"
#include "scheduler_fake.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(cluster_task_ledger)

namespace {

// Four tasks: two arrays of two.
TaskPlan plan() {
  TaskPlan out;
  out.tasks = out.experiments = 4;
  out.arrays = {{0, 2, 0}, {2, 2, 0}};
  return out;
}

struct Book {
  QueuedTask listed(std::size_t task, const std::string& state,
                    const std::string& reason = "") const {
    auto out = task_in(state, reason);
    out.job = std::to_string(100 + task);
    out.array_job = task < 2 ? "100" : "102";
    out.array_task = static_cast<unsigned>(task % 2);
    out.name = array_name("run-1", task / 2);
    return out;
  }
  void answer(std::vector<QueuedTask> tasks, int after = 2) {
    now += seconds(after);
    book.answer(tasks, now);
  }
  TaskAttempt begin(std::size_t task, unsigned restart = 0) {
    const TaskAttempt who{task, std::to_string(100 + task), restart};
    book.on(who, TaskStarted{task, who.job});
    return who;
  }
  bool gone(std::size_t task) const { return book.gone(task, now); }

  Clock::time_point now{std::chrono::hours(1)};
  TaskLedger book{plan(), "run-1"};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(gone_needs_two_answers_and_a_still_heart, Book) {
  const auto who = begin(1);
  answer({listed(1, "RUNNING")});
  BOOST_CHECK(book.in_doubt(now, 9).empty());
  answer({});
  BOOST_CHECK_EQUAL(book.in_doubt(now, 9).size(), 1);
  BOOST_CHECK(book.in_doubt(now, 9).empty());  // not all the time
  book.heartbeat(who, false, now);
  BOOST_CHECK(!gone(1));
  answer({}, 1);
  BOOST_CHECK(!gone(1));  // too soon
  answer({}, 2);
  BOOST_CHECK(gone(1));
  book.heartbeat(who, true, now);
  BOOST_CHECK(!gone(1));
}

BOOST_FIXTURE_TEST_CASE(words_that_are_no_end, Book) {
  const auto who = begin(0);
  book.heartbeat(who, false, now);
  for (const auto* state :
       {"COMPLETING", "CONFIGURING", "SUSPENDED", "PENDING", "NEW_WORD"}) {
    answer({listed(0, "FAILED")});
    answer({listed(0, state)});
    answer({listed(0, state)}, 10);
    BOOST_CHECK_MESSAGE(!gone(0), state);
  }
  answer({listed(0, "NODE_FAIL")});
  answer({listed(0, "NODE_FAIL")}, 3);
  BOOST_CHECK(gone(0));
}

BOOST_FIXTURE_TEST_CASE(who_says_that_it_ended_is_gone, Book) {
  const auto who = begin(0);
  book.on(who, TaskEnded{"done"});
  BOOST_CHECK(gone(0));
  // It asked to be run again; or SLURM may do that.
  for (const TaskEnded& end :
       {TaskEnded{"handed_on", "", true}, TaskEnded{"stopped"}}) {
    book.on(who, end);
    BOOST_CHECK(!gone(0));
  }
  answer({listed(0, "PENDING", "BeginTime")});
  begin(0, 1);
  BOOST_CHECK_EQUAL(book.newest(0)->who.restart, 1);
  answer({});
  answer({}, 5);
  BOOST_CHECK(!gone(0));  // the new one lives
  book.on({0, "100", 1}, TaskEnded{"broken", "no plugin", false, 3});
  BOOST_CHECK(gone(0));
  // Whatever it said: SLURM has put it back.
  answer({listed(0, "PENDING")});
  BOOST_CHECK(!gone(0));
}

// A controller may forget, or lie.
BOOST_FIXTURE_TEST_CASE(who_was_never_seen_needs_more, Book) {
  for (int i = 0; i < 3; ++i) answer({}, 5);
  BOOST_CHECK(book.unseen(now).empty());
  answer({}, 5);
  BOOST_CHECK_EQUAL(book.unseen(now).size(), 4);
  BOOST_CHECK(!gone(3));
  book.confirm(3);
  BOOST_CHECK(gone(3));
  answer({listed(3, "PENDING")});
  BOOST_CHECK(!gone(3));
  answer({listed(2, "CANCELLED")});
  answer({listed(2, "CANCELLED")}, 3);
  BOOST_CHECK(gone(2));
}

BOOST_FIXTURE_TEST_CASE(who_waited_and_vanished_needs_more, Book) {
  answer({listed(0, "PENDING"), listed(1, "PENDING")});
  answer({listed(1, "CANCELLED")});
  answer({listed(1, "CANCELLED")}, 10);
  BOOST_CHECK(!gone(0));
  BOOST_CHECK(gone(1));
  answer({listed(0, "PENDING")});
  for (int i = 0; i < 4; ++i) answer({}, 9);
  BOOST_CHECK(!gone(0));
  answer({}, 9);
  BOOST_CHECK(gone(0));
}

BOOST_FIXTURE_TEST_CASE(hearts_decide_where_slurm_is_silent, Book) {
  const auto who = begin(0);
  answer({listed(0, "RUNNING")});
  book.no_answer(now);
  BOOST_CHECK_EQUAL(book.in_doubt(now, 9).size(), 1);
  book.heartbeat(who, false, now);
  now += seconds(200);
  book.no_answer(now);
  BOOST_CHECK(!gone(0));
  now += seconds(200);
  BOOST_CHECK(gone(0));
  BOOST_CHECK(!gone(1));  // it may begin any time
  answer({listed(0, "RUNNING")});
  BOOST_CHECK(!gone(0));
}

BOOST_FIXTURE_TEST_CASE(counts, Book) {
  BOOST_CHECK_EQUAL(book.state(now).pending, 4);
  begin(0);
  begin(3);
  book.on({3, "103", 0}, TaskEnded{"done"});
  auto waiting = listed(1, "PENDING", "Resources");
  waiting.start = "2026-01-31 14:05";
  answer({listed(0, "RUNNING"), waiting, listed(2, "PENDING", "Priority"),
          listed(3, "RUNNING")});
  const auto state = book.state(now);
  BOOST_CHECK_EQUAL(state.pending, 2);
  BOOST_CHECK_EQUAL(state.running, 1);
  BOOST_CHECK_EQUAL(state.ended, 1);
  BOOST_CHECK_EQUAL(tasks_text(state),
                    "2 pending (1 Priority, 1 Resources; next about"
                    " 2026-01-31 14:05), 1 running, 1 ended");
  BOOST_CHECK_EQUAL(book.pending().size(), 2);
}

BOOST_FIXTURE_TEST_CASE(put_back, Book) {
  answer({listed(0, "RUNNING"), listed(1, "RUNNING")});
  BOOST_CHECK(book.take_requeued().empty());
  answer({listed(0, "PENDING", "BeginTime"), listed(1, "COMPLETING")});
  const auto requeued = book.take_requeued();
  BOOST_REQUIRE_EQUAL(requeued.size(), 1);
  BOOST_CHECK_EQUAL(requeued.at("BeginTime"), 1);
  BOOST_CHECK(book.take_requeued().empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_not_of_this_run, Book) {
  auto other = listed(0, "RUNNING");
  other.name = "eh-run-10-0";
  auto no_index = listed(0, "RUNNING");
  no_index.array_task.reset();
  auto beyond = listed(0, "RUNNING");
  beyond.array_task = 2;
  auto no_array = listed(0, "RUNNING");
  no_array.name = array_name("run-1", 7);
  answer({other, no_index, beyond, no_array});
  for (std::size_t i = 0; i < 4; ++i) BOOST_CHECK(!book.queued(i));
  book.on(TaskAttempt{7, "1", 0}, TaskStarted{});
  book.on(TaskAttempt{7, "1", 0}, TaskEnded{});
}

BOOST_AUTO_TEST_SUITE_END()
