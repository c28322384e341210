#include "cluster/experiment_ledger.h"

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_experiment_ledger)

namespace {

ExperimentStarted started(const std::string& name, unsigned attempt = 1) {
  ExperimentStarted out;
  out.name = name;
  out.attempt = attempt;
  out.node = "n" + std::to_string(attempt);
  return out;
}

ExperimentEnded ended(const std::string& name, Status status,
                      unsigned attempt = 1, bool will_retry = false) {
  ExperimentEnded out;
  out.name = name;
  out.attempt = attempt;
  out.status = status;
  out.will_retry = will_retry;
  return out;
}

struct Book {
  // What is told: "a>1 a:ok".
  std::string take(const Event& event) {
    std::string out;
    for (const auto& told : experiments.take(event)) {
      if (!out.empty()) out += ' ';
      if (const auto* e = std::get_if<ExperimentStarted>(&told))
        out += e->name + '>' + std::to_string(e->attempt);
      else if (const auto* ended = std::get_if<ExperimentEnded>(&told))
        out += ended->name + ':' + status_name(ended->status) +
               (ended->will_retry ? "*" : "");
      else
        out += "other";
    }
    return out;
  }
  ExperimentLedger experiments{{"a", "b", "c"}, 5};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(everything_counts_once, Book) {
  BOOST_CHECK_EQUAL(take(started("a")), "a>1");
  BOOST_CHECK_EQUAL(take(started("a")), "");
  BOOST_CHECK_EQUAL(experiments.running(), 1);
  BOOST_CHECK_EQUAL(experiments.nodes().at("n1"), 1);
  BOOST_CHECK_EQUAL(take(ended("a", Status::ok)), "a:ok");
  BOOST_CHECK_EQUAL(take(ended("a", Status::ok)), "");
  BOOST_CHECK_EQUAL(take(ended("b", Status::failed)), "b:failed");
  BOOST_CHECK_EQUAL(take(started("b")), "");
  BOOST_CHECK_EQUAL(take(started("nobody")), "");
  BOOST_CHECK(!experiments.is_complete());
  BOOST_CHECK_EQUAL(take(ended("c", Status::timeout)), "c:timeout");
  BOOST_CHECK(experiments.is_complete());
  BOOST_CHECK_EQUAL(counts_text(experiments.counts()),
                    "1 ok, 2 done before, 2 failed");
}

BOOST_FIXTURE_TEST_CASE(what_is_tried_again, Book) {
  take(started("a"));
  BOOST_CHECK_EQUAL(take(ended("a", Status::failed, 1, true)), "a:failed*");
  BOOST_CHECK(!experiments.is_over(0));
  BOOST_CHECK_EQUAL(take(started("a", 2)), "a>2");
  BOOST_CHECK_EQUAL(take(ended("a", Status::ok, 2)), "a:ok");
  BOOST_CHECK(experiments.was_ok(0));
  auto handed = ended("b", Status::stopped);
  handed.requeued = true;
  BOOST_CHECK_EQUAL(take(handed), "b:stopped*");
}

// A task that was stopped may be run again by SLURM.
BOOST_FIXTURE_TEST_CASE(stopped_is_not_the_last_word, Book) {
  take(started("a"));
  BOOST_CHECK_EQUAL(take(ended("a", Status::cancelled)), "");
  BOOST_CHECK(!experiments.is_over(0));
  BOOST_CHECK(experiments.held(0));
  BOOST_CHECK_EQUAL(take(started("a", 2)), "a:cancelled* a>2");
  BOOST_CHECK_EQUAL(take(ended("a", Status::stopped, 2)), "");
  experiments.settle(0, *experiments.held(0));
  BOOST_CHECK(experiments.is_over(0));
  BOOST_CHECK_EQUAL(experiments.counts().cancelled, 1);
}

// Two tasks had it: one was cut off and fenced.
BOOST_FIXTURE_TEST_CASE(two_that_had_the_same, Book) {
  take(started("a"));
  BOOST_CHECK_EQUAL(take(started("a", 2)), "a>2");
  BOOST_CHECK_EQUAL(take(ExperimentUnwritable{"a", "", "taken over"}), "");
  BOOST_CHECK_EQUAL(take(ended("a", Status::failed, 1)), "");
  BOOST_CHECK_EQUAL(take(ended("a", Status::ok, 2)), "a:ok");
  BOOST_CHECK_EQUAL(take(ExperimentEndedElsewhere{"a", "", Status::ok, ""}),
                    "");
  BOOST_CHECK_EQUAL(take(ExperimentUnwritable{"a", "", "taken over"}), "");
  // Another block of the same pilots.
  BOOST_CHECK_EQUAL(take(ExperimentEndedElsewhere{"b", "", Status::ok, ""}),
                    "");
  BOOST_CHECK_EQUAL(take(ended("b", Status::ok)), "b:ok");
  BOOST_CHECK_EQUAL(experiments.counts().ok, 2);
  BOOST_CHECK_EQUAL(experiments.counts().unwritable, 0);
}

BOOST_FIXTURE_TEST_CASE(who_watched_before_has_told_it, Book) {
  experiments.recall(started("a"));
  experiments.recall(ended("a", Status::cancelled));
  BOOST_CHECK(experiments.is_over(0));
  BOOST_CHECK_EQUAL(take(ended("a", Status::cancelled)), "");
  experiments.recall(ended("b", Status::ok));
  BOOST_CHECK_EQUAL(take(started("b")), "");
  BOOST_CHECK_EQUAL(take(ended("b", Status::ok)), "");
}

BOOST_FIXTURE_TEST_CASE(outcomes_from_elsewhere, Book) {
  experiments.settle(0, ExperimentEndedElsewhere{"a", "", Status::ok, ""});
  experiments.settle(1, ExperimentUnwritable{"b", "", ""});
  BOOST_CHECK_EQUAL(counts_text(experiments.counts()),
                    "2 done before, 1 done by another host, 1 not saved,"
                    " 1 not started");
  experiments.settle(2, ended("c", Status::ok));
  experiments.doubt(2);
  BOOST_CHECK(!experiments.is_over(2));
  BOOST_CHECK_EQUAL(experiments.counts().ok, 0);
}

BOOST_FIXTURE_TEST_CASE(who_holds_one_that_is_open_is_told, Book) {
  BOOST_CHECK_EQUAL(take(ExperimentHeldElsewhere{"a", "n1", 7}), "other");
  BOOST_CHECK_EQUAL(take(ExperimentHeldElsewhere{"x", "n1", 7}), "");
  take(started("b"));
  take(ended("b", Status::ok));
  BOOST_CHECK_EQUAL(take(ExperimentHeldElsewhere{"b", "n1", 7}), "");
}

BOOST_AUTO_TEST_SUITE_END()
