#include "plan/todo.h"

#include <filesystem>

#include "leaf/done_index.h"
#include "plan/done_look.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(plan_todo)

namespace {

struct Results {
  explicit Results(int last) {
    auto family = sweep("main", "s/{n}", {{"n", numbers(1, last)}});
    catalog = catalog_of({family});
    folder.write(".eh/keep", "");
  }
  void verdict(const std::string& name, const std::string& status,
               const std::string& more = "") const {
    folder.write("main/" + name + "/eh.json",
                 R"({"status":")" + status + R"(","seconds":1)" + more + "}");
    set_changed(folder / "main/" + name, -1000);
  }
  Todo todo() const {
    return find_todo(catalog, all_of(catalog), tree, staleness());
  }
  Texts filtered(const StateFilter& filter) const {
    return names_of(catalog,
                    filter_by_state(all_of(catalog), reader(), filter));
  }
  std::string text(std::uint64_t point, bool force = false) const {
    return state_text(reader().report({0, point}), force);
  }

  LeafReader reader() const { return LeafReader(catalog, tree, config_of()); }
  Staleness staleness() const { return Staleness(catalog, config_of()); }
  ConfigOf config_of() const {
    return
        [this](const Experiment&) -> const ExperimentConfig& { return config; };
  }

  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  Catalog catalog;
  ExperimentConfig config;  // of all
};

struct Few : Results {
  Few() : Results(5) {}
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_done_is_left_out, Few) {
  verdict("s/2", "ok");
  verdict("s/3", "failed");
  verdict("s/4", "cancelled");
  folder.write("main/s/5/log.txt", "begun");
  const auto result = todo();
  BOOST_CHECK_EQUAL(result.done, 1u);
  BOOST_TEST(names_of(catalog, result.experiments) ==
             (Texts{"s/1", "s/3", "s/4", "s/5"}));
}

BOOST_FIXTURE_TEST_CASE(without_an_output_directory_nothing_is_done, Few) {
  const ResultTree none(folder / "none", {}, false);
  const auto result = find_todo(catalog, all_of(catalog), none, staleness());
  BOOST_CHECK_EQUAL(result.done, 0u);
  BOOST_CHECK_EQUAL(result.experiments.size(), 5u);
}

// What was read is not read again: a verdict that changes unseen, which needs
// the very same size and times, shows it.
BOOST_FIXTURE_TEST_CASE(verdicts_are_read_once, Few) {
  verdict("s/1", "ok");
  verdict("s/2", "failed");
  verdict("s/3", "ok");
  settle(folder);
  BOOST_CHECK_EQUAL(todo().done, 2u);
  DoneIndex index(tree);
  index.load(1'000);
  BOOST_CHECK_EQUAL(index.size(), 2u);
  const auto text = folder.read(index_path);
  BOOST_CHECK_EQUAL(todo().done, 2u);
  BOOST_CHECK_EQUAL(folder.read(index_path), text);  // nothing to add
  folder.write("main/s/1/eh.json", "");
  std::filesystem::remove(folder / "main/s/3/eh.json");
  BOOST_CHECK_EQUAL(todo().done, 0u);
  verdict("s/3", "ok");
  BOOST_CHECK_EQUAL(todo().done, 1u);
  std::filesystem::remove(folder / index_path);
  BOOST_CHECK_EQUAL(todo().done, 1u);
}

// By several threads.
BOOST_AUTO_TEST_CASE(many_are_looked_at) {
  const Results many(5'000);
  for (int n = 2; n <= 5'000; n += 2)
    many.folder.write("main/s/" + std::to_string(n) + "/eh.json",
                      R"({"status":"ok","seconds":1,"parameters":{"n":)" +
                          std::to_string(n % 1'000 ? n : 1) + "}}");
  settle(many.folder);
  for (int round = 0; round < 2; ++round) {
    const auto result = many.todo();
    BOOST_CHECK_EQUAL(result.done, 2'500u);
    BOOST_CHECK_EQUAL(result.stale, 5u);
    BOOST_REQUIRE_EQUAL(result.experiments.size(), 2'500u);
    BOOST_CHECK_EQUAL(result.experiments[1'000].point, 2'000u);
    DoneIndex index(many.tree);
    index.load(5'000);
    BOOST_CHECK_EQUAL(index.size(), 2'500u);
  }
}

// Stale or not, whatever the index says of another comparison.
BOOST_FIXTURE_TEST_CASE(known_ones_become_stale, Few) {
  for (const auto* name : {"s/1", "s/2"})
    verdict(name, "ok",
            R"(,"parameters":{"n":)" + std::string(name + 2) +
                R"(},"config_hash":"12")");
  settle(folder);
  BOOST_CHECK_EQUAL(todo().stale, 2u);
  BOOST_CHECK_EQUAL(todo().stale, 2u);
  config.hash = "12";
  BOOST_CHECK_EQUAL(todo().stale, 0u);
  BOOST_CHECK_EQUAL(todo().stale, 0u);
  catalog.families[0].axes[0].listed_json[1] = "7";
  BOOST_CHECK_EQUAL(todo().stale, 1u);
  BOOST_CHECK_EQUAL(todo().done, 2u);
}

// A run notes what it has done, unless that has changed meanwhile.
BOOST_FIXTURE_TEST_CASE(a_run_notes_what_is_done, Few) {
  const auto staleness = this->staleness();
  DoneNotes notes(catalog, tree, staleness);
  for (std::uint64_t point = 0; point < 4; ++point) notes.add({0, point});
  verdict("s/1", "ok");
  verdict("s/2", "failed");
  settle(folder);
  notes.write();
  DoneIndex index(tree);
  index.load(1'000);
  BOOST_CHECK_EQUAL(index.size(), 1u);
  BOOST_CHECK(index.find("main/s/1", index.mark("main/s/1")));
}

BOOST_FIXTURE_TEST_CASE(by_state, Few) {
  verdict("s/1", "ok", R"(,"parameters":{"n":1})");
  verdict("s/2", "crashed");
  verdict("s/3", "stopped");
  verdict("s/4", "ok", R"(,"parameters":{"n":7})");
  BOOST_TEST(filtered({true, false, false}) == Texts{"s/2"});
  BOOST_TEST(filtered({false, true, false}) == Texts{"s/3"});
  BOOST_TEST(filtered({false, false, true}) == Texts{"s/4"});
  BOOST_TEST(filtered({true, true, false}) == (Texts{"s/2", "s/3"}));
  BOOST_CHECK_EQUAL(filtered({}).size(), 5u);
}

BOOST_FIXTURE_TEST_CASE(by_reason, Few) {
  verdict("s/1", "failed", R"(,"message":"no file 'a'")");
  verdict("s/2", "failed", R"(,"message":"out of range")");
  verdict("s/3", "timeout", R"(,"message":"took too long")");
  BOOST_TEST(filtered({true, false, false, "no file"}) == Texts{"s/1"});
  BOOST_TEST(filtered({true, false, false, "timeout"}) == Texts{"s/3"});
  BOOST_CHECK_EXCEPTION(
      filtered({true, false, false, "else"}), Error,
      error_with(exit_done, {"none of 5 experiments failed with 'else'"}));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_read_is_not_done, Few) {
  verdict("s/1", "ok");
  std::filesystem::create_directories(folder / "main/s/2");
  std::filesystem::create_symlink("eh.json", folder / "main/s/2/eh.json");
  const auto result = todo();
  BOOST_CHECK_EQUAL(result.done, 1u);
  BOOST_CHECK_EQUAL(result.experiments.size(), 4u);
}

BOOST_FIXTURE_TEST_CASE(stale_ones_are_counted, Few) {
  verdict("s/1", "ok", R"(,"parameters":{"n":1})");
  verdict("s/2", "ok", R"(,"parameters":{"n":7})");
  verdict("s/3", "ok", R"(,"parameters":{"n":3},"config_hash":"12")");
  verdict("s/4", "failed", R"(,"parameters":{"n":7})");
  const auto result = todo();
  BOOST_CHECK_EQUAL(result.done, 3u);
  BOOST_CHECK_EQUAL(result.stale, 2u);
}

BOOST_FIXTURE_TEST_CASE(no_state_matches, Few) {
  BOOST_CHECK_EXCEPTION(
      filtered({true, true, false}), Error,
      error_with(exit_done, {"5 experiments", "--failed or --unfinished"}));
}

BOOST_FIXTURE_TEST_CASE(staleness_is_by_value, Few) {
  // Written by another version, with other spaces and order.
  Family family = single("main", "x");
  family.parameters = {integer("a", "1"), real("b", "0.5")};
  catalog = catalog_of({family});
  verdict("x", "ok", R"(,"parameters":{ "b": 5e-1, "a": 1 })");
  BOOST_CHECK_EQUAL(text(0), "skip: done");
  verdict("x", "ok", R"(,"parameters":{"a":1})");
  BOOST_CHECK(has(text(0), "stale (parameters changed)"));
  verdict("x", "ok", R"(,"plugin":{"build_id":"00ff"})");
  BOOST_CHECK(has(text(0), "stale (plugin changed)"));
  verdict("x", "ok", R"(,"parameters":{},"plugin":{"build_id":"00ff"})");
  BOOST_CHECK(has(text(0), "parameters and plugin"));
  config.hash = "1234";
  verdict("x", "ok", R"(,"parameters":{"a":1,"b":0.5},"config_hash":"1234")");
  BOOST_CHECK_EQUAL(text(0), "skip: done");
  verdict("x", "ok", R"(,"parameters":{"a":1,"b":0.5},"config_hash":"99")");
  BOOST_CHECK(has(text(0), "stale (config changed)"));
  verdict("x", "ok", R"(,"parameters":{"a":1,"b":0.5})");  // there was none
  BOOST_CHECK(has(text(0), "stale (config changed)"));
  verdict("x", "ok",
          R"(,"parameters":{},"config_hash":"9","plugin":{"build_id":"00ff"})");
  BOOST_CHECK(has(text(0), "stale (parameters, config and plugin changed)"));
  verdict("x", "ok");  // says none of it
  BOOST_CHECK_EQUAL(text(0), "skip: done");
}

BOOST_FIXTURE_TEST_CASE(another_seed_is_stale, Few) {
  const auto plain = std::to_string(experiment_seed("", "main", "s/1"));
  verdict("s/1", "ok", R"(,"seed":)" + plain);
  BOOST_CHECK_EQUAL(text(0), "skip: done");
  config.salt = "x";
  BOOST_CHECK(has(text(0), "stale (seed changed)"));
  const auto salted = std::to_string(experiment_seed("x", "main", "s/1"));
  verdict("s/1", "ok", R"(,"salt":"x","seed":)" + salted);
  BOOST_CHECK_EQUAL(text(0), "skip: done");
  config.salt = "";
  BOOST_CHECK(has(text(0), "stale (seed changed)"));
}

BOOST_FIXTURE_TEST_CASE(another_library_is_stale, Few) {
  folder.write("lib/libsim.so", "one");
  folder.write("lib/libio.so", "two");
  catalog.plugins[0].libraries = {folder / "lib/libsim.so",
                                  folder / "lib/libio.so"};
  const auto plugin = [this] {
    return R"(,"plugin":{"libraries":)" +
           libraries_json(libraries_of(catalog.plugins[0])) + '}';
  };
  verdict("s/1", "ok", plugin());
  BOOST_CHECK_EQUAL(text(0), "skip: done");
  folder.write("lib/libsim.so", "another");
  BOOST_CHECK(has(text(0), "stale (library libsim.so changed)"));
  verdict("s/1", "ok", plugin());
  // One more is needed, and one no longer.
  catalog.plugins[0].libraries[1] = folder / "lib/libnew.so";
  BOOST_CHECK(
      has(text(0), "stale (library libio.so and library libnew.so changed)"));
  verdict("s/1", "ok", R"(,"plugin":{})");  // does not say
  BOOST_CHECK_EQUAL(text(0), "skip: done");
}

BOOST_FIXTURE_TEST_CASE(libraries_are_watched, Few) {
  folder.write("libsim.so", "one");
  PluginInfo plugin;
  plugin.libraries = {folder / "libsim.so"};
  const auto libraries = libraries_of(plugin);
  require_unchanged(libraries, "p.so");
  folder.write("libsim.so", "another");
  BOOST_CHECK_EXCEPTION(
      require_unchanged(libraries, "p.so"), Error,
      error_with(exit_bad_plugin, {"'p.so'", "libsim.so' changed during"}));
}

// The same command means again what --force has taken for nothing so far.
BOOST_FIXTURE_TEST_CASE(what_was_stale_or_failed_before_force, Few) {
  for (const auto& [name, before] :
       {std::pair{"s/1", "ok"}, {"s/2", "failed"}, {"s/3", "stopped"}}) {
    verdict(name, "cancelled", R"(,"attempt":2)");
    const auto kept = std::string("main/") + name + "/.eh/attempts/1/";
    folder.write(kept + "eh.json",
                 R"({"status":")" + std::string(before) + R"(","seconds":1})");
    folder.write(kept + ".eh-replaced", "");
  }
  verdict("s/4", "cancelled", R"(,"attempt":2)");
  folder.write("main/s/4/.eh/attempts/1/eh.json",
               R"({"status":"ok","seconds":1})");
  BOOST_TEST(filtered({.stale = true}) == Texts{"s/1"});
  BOOST_TEST(filtered({.failed = true}) == Texts{"s/2"});
  verdict("s/1", "ok", R"(,"attempt":3)");
  BOOST_CHECK_THROW(filtered({.stale = true}), Error);
}

BOOST_FIXTURE_TEST_CASE(what_would_happen, Few) {
  BOOST_CHECK_EQUAL(text(0), "run: new");
  verdict("s/2", "timeout", R"(,"attempt":2)");
  BOOST_CHECK_EQUAL(text(1), "run: timeout, starts clean (attempt 3)");
  BOOST_CHECK_EQUAL(text(1, true), "run: timeout, replaced by --force");
  verdict("s/3", "stopped");
  folder.write("main/s/3/checkpoint", "");
  BOOST_CHECK_EQUAL(text(2),
                    "run: stopped, goes on from its checkpoint (attempt 2)");
  folder.write("main/s/4/log.txt", "");
  BOOST_CHECK_EQUAL(text(3), "run: unfinished, starts clean (attempt 2)");
  verdict("s/5", "ok");
  BOOST_CHECK_EQUAL(text(4), "skip: done");
  BOOST_CHECK(has(text(4, true), "replaced by --force"));
}

BOOST_FIXTURE_TEST_CASE(running_ones, Few) {
  Leases others(tree.fd(), Owner::self("run-2"));
  tree.claim("main/s/1", others);
  BOOST_CHECK(has(text(0), "wait: running on "));
  BOOST_CHECK(has(text(0), ", process "));
  BOOST_CHECK(has(text(0, true), "wait: running on "));
}

BOOST_AUTO_TEST_SUITE_END()
