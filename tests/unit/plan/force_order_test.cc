#include "plan/force_order.h"

#include <filesystem>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(plan_force_order)

namespace {

constexpr const char* first_run = "20260131T100000Z-1f2e3d";
constexpr const char* key = "the words";

struct Dependencies {
  Dependencies() {
    catalog = catalog_of({sweep("main", "s/{n}", {{"n", numbers(1, 4)}})});
    for (int i = 1; i <= 4; ++i) verdict(i, "ok", "20250101T100000Z-aaaaaa");
  }
  void verdict(int i, const std::string& status, const std::string& run,
               const std::string& more = "") const {
    folder.write("main/s/" + std::to_string(i) + "/eh.json",
                 R"({"status":")" + status + R"(","seconds":1,"run":")" + run +
                     '"' + more + '}');
  }
  ForcedTodo find(const std::string& its_key = key) const {
    return find_forced(catalog, all_of(catalog), tree,
                       Staleness(catalog, config_of()), its_key);
  }
  Texts left() const { return names_of(catalog, find().todo.experiments); }
  ForceOrder take(const std::string& run) const {
    return take_order(tree.fd(), key, find(), run);
  }
  ConfigOf config_of() const {
    return
        [this](const Experiment&) -> const ExperimentConfig& { return config; };
  }

  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  Catalog catalog;
  ExperimentConfig config;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_same_words_name_the_same_one) {
  const Query query{"main", {"a", "b"}, {}, "", {}};
  const auto name = force_key(query, {});
  BOOST_CHECK_EQUAL(force_key(query, {}), name);
  BOOST_CHECK_NE(force_key(query, {.stale = true}), name);
  BOOST_CHECK_NE(force_key({"main", {"a"}, {"b"}, "", {}}, {}), name);
  BOOST_CHECK_NE(force_key({"main", {"a", "b"}, {}, "x>1", {}}, {}), name);
  BOOST_CHECK_NE(force_key({"main", {"a", "b"}, {}, "", Shard{1, 2}}, {}),
                 name);
  BOOST_CHECK_NE(force_key({"other", {"a", "b"}, {}, "", {}}, {}), name);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_done_at_first, Dependencies) {
  BOOST_CHECK_EQUAL(left().size(), 4u);
  BOOST_CHECK_EQUAL(find().order, "");
  BOOST_CHECK_EQUAL(going_on_text(find()), "");
}

BOOST_FIXTURE_TEST_CASE(it_goes_on, Dependencies) {
  const auto order = take(first_run);
  BOOST_CHECK_EQUAL(order.id(), first_run);
  verdict(1, "ok", first_run);
  verdict(2, "stopped", first_run);
  verdict(3, "failed", first_run);
  BOOST_TEST(left() == (Texts{"s/2", "s/3", "s/4"}));
  BOOST_CHECK_EQUAL(find().todo.done, 1u);
  BOOST_CHECK_EQUAL(find().order, first_run);
  BOOST_CHECK(has(going_on_text(find()), " ago: 3 of 4 experiments are left"));
  BOOST_CHECK_EQUAL(find("other words").todo.experiments.size(), 4u);
  // The next run joins it.
  const auto next = take("run-2");
  BOOST_CHECK_EQUAL(next.id(), first_run);
  BOOST_CHECK(order.has("run-2") && order.has("run-2.17.1.0"));
  BOOST_CHECK(!order.has("run-3") && !order.has("") && !order.has("../x"));
  verdict(2, "ok", "run-2");
  BOOST_TEST(left() == (Texts{"s/3", "s/4"}));
}

BOOST_FIXTURE_TEST_CASE(it_is_over_when_all_had_their_turn, Dependencies) {
  take(first_run);
  for (int i = 1; i <= 3; ++i) verdict(i, "ok", first_run);
  verdict(4, "stopped", first_run);
  BOOST_CHECK_EQUAL(find().order, first_run);
  verdict(4, "failed", first_run);
  BOOST_CHECK_EQUAL(find().order, "");
  BOOST_CHECK_EQUAL(left().size(), 4u);
  BOOST_CHECK_EQUAL(take("run-2").id(), "run-2");
  BOOST_CHECK_EQUAL(find().order, "run-2");
}

BOOST_FIXTURE_TEST_CASE(it_is_ended_by_its_own_runs_only, Dependencies) {
  const auto order = take(first_run);
  end_order(tree.fd(), key, ForceOrder(tree.fd(), "other"));
  BOOST_CHECK_EQUAL(find().over, first_run);
  end_order(tree.fd(), key, order);
  BOOST_CHECK_EQUAL(find().over, "");
  // Who still works on it knows it all the same.
  order.add("run-2");
  BOOST_CHECK(order.has("run-2"));
}

BOOST_FIXTURE_TEST_CASE(two_hosts_that_begin_one_share_it, Dependencies) {
  const auto work = find();
  BOOST_CHECK_EQUAL(take_order(tree.fd(), key, work, "run-1").id(), "run-1");
  BOOST_CHECK_EQUAL(take_order(tree.fd(), key, work, "run-2").id(), "run-1");
}

BOOST_FIXTURE_TEST_CASE(another_build_begins_anew, Dependencies) {
  take(first_run);
  verdict(1, "ok", first_run);
  BOOST_CHECK_EQUAL(left().size(), 3u);
  verdict(1, "ok", first_run, R"(,"parameters":{"n":9})");
  BOOST_CHECK_EQUAL(left().size(), 4u);
  BOOST_CHECK_EQUAL(take("run-2").id(), "run-2");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_rest_for_ever, Dependencies) {
  take(first_run);
  verdict(1, "ok", first_run);
  const auto run =
      folder / (".eh/runs/" + std::string(first_run) + "/forced/" + first_run);
  set_changed(run, -6 * 24 * 3600);
  BOOST_CHECK_EQUAL(left().size(), 3u);
  set_changed(run, -8 * 24 * 3600);
  BOOST_CHECK_EQUAL(left().size(), 4u);
  BOOST_CHECK_EQUAL(take("run-2").id(), "run-2");
}

BOOST_FIXTURE_TEST_CASE(what_is_no_order, Dependencies) {
  folder.write(".eh/forced/x", "");
  const auto link = folder / (".eh/forced/" + std::string(40, '0'));
  for (const auto* target : {"../../..", "/etc", ".."}) {
    std::filesystem::remove(link);
    std::filesystem::create_symlink(target, link);
    BOOST_CHECK_EQUAL(left().size(), 4u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
