// Removes results, of what is named by its state, age or pattern.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "base/error.h"
#include "base/fold.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "json/write.h"
#include "leaf/clean.h"
#include "os/program.h"
#include "os/stdout.h"
#include "plan/workspace.h"
#include "run/passing_leases.h"

namespace eh::host {
namespace {

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  auto size = static_cast<double>(bytes);
  const char* unit = "";
  for (const char* next : {"kB", "MB", "GB", "TB", "PB"}) {
    if (size < 999.95) break;
    size /= 1000;
    unit = next;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", size, unit);
  return text;
}

void refuse_vague(const Options& options) {
  const auto& its = options.cleaning;
  const auto& states = options.states;
  if (states.stale && !its.done)
    throw Error(exit_usage,
                "cannot remove stale results: they are of finished experiments "
                "(add --done)");
  if (!states.active() && !its.done && !its.attempts && !its.older_than &&
      options.query.patterns.empty() && options.query.where.empty())
    throw Error(
        exit_usage,
        "cannot clean: nothing says what is to go (--failed, "
        "--unfinished, --done, --attempts, --older-than 30d, --where or "
        "a pattern; -d shows what would)");
}

CleanWanted wanted_by(const Options& options) {
  const auto& its = options.cleaning;
  const auto& states = options.states;
  CleanWanted wanted{its.done, states.failed, states.unfinished, its.attempts,
                     std::nullopt};
  // Without a state it is about all that did not come to a good end.
  if (!wanted.done && !wanted.failed && !wanted.unfinished)
    wanted.failed = wanted.unfinished = true;
  if (its.older_than) {
    const std::chrono::duration<double> now =
        std::chrono::system_clock::now().time_since_epoch();
    wanted.before = now.count() - *its.older_than;
  }
  return wanted;
}

struct Cleaned {
  std::size_t experiments = 0;
  DiskUse use;
  std::size_t running = 0, done = 0;  // of those that stay
  JsonArray names;
  bool failed = false;
};

class Command {
 public:
  explicit Command(const Options& options)
      : options_(options),
        workspace_(sources_of(options), options.query),
        query_(in_group(options.query, workspace_.catalog())),
        wanted_(wanted_by(options)) {}

  int run() {
    auto groups = workspace_.catalog().group_names();
    if (!query_.group.empty()) groups = {query_.group};
    confirm_done(groups);
    std::optional<Error> nothing;
    bool found = false;
    for (const auto& group : groups) {
      try {
        clean(group);
        found = true;
      } catch (const Error& error) {
        if (groups.size() == 1 || !error.is_no_match()) throw;
        nothing = error;
      }
    }
    if (!found && nothing) throw *nothing;
    show();
    return out_.failed ? exit_write : exit_done;
  }

 private:
  // What is done and goes, on a terminal.
  void confirm_done(const std::vector<std::string>& groups) const {
    if (!wanted_.done || wanted_.attempts || options_.dry_run || options_.yes ||
        !can_ask())
      return;
    std::size_t done = 0;
    for (const auto& group : groups) {
      try {
        done += done_ones(group);
      } catch (const std::exception&) {  // it is told of below
      }
    }
    if (done <= few_results) return;
    confirm("this removes the results of " +
                count_text(done, "finished experiment") + " for good. Go on?",
            "--done");
  }

  std::size_t done_ones(const std::string& group) const {
    auto query = query_;
    query.group = group;
    const auto chosen = workspace_.select(query, {});
    auto tree = workspace_.results(group);
    if (tree.fd() < 0) return 0;
    const auto reader = workspace_.reader(tree);
    const Cleaner cleaner(tree, wanted_);
    const Leases looking(tree.fd(), Owner::self(""));
    return static_cast<std::size_t>(std::count_if(
        chosen.begin(), chosen.end(), [&](const auto& experiment) {
          if (options_.states.stale && is_current(reader, experiment))
            return false;
          const auto leaf = leaf_of(workspace_.catalog(), experiment);
          const auto [kind, use] = cleaner.find(leaf, looking);
          return use && kind == LeafState::done;
        }));
  }

  void clean(const std::string& group) {
    auto query = query_;
    query.group = group;
    const auto chosen = workspace_.select(query, {});
    auto tree = workspace_.results(group);
    if (tree.fd() < 0) return;
    const auto reader = workspace_.reader(tree);
    Cleaner cleaner(tree, wanted_);
    std::optional<PassingLeases> holder;
    const Leases looking(tree.fd(), Owner::self(""));
    Folder folder([&](const std::string& name, std::size_t, std::size_t) {
      if (options_.dry_run && !options_.json)
        print("  " + group + '/' + name + '\n');
    });
    for (const auto& experiment : chosen) {
      const auto leaf = leaf_of(workspace_.catalog(), experiment);
      try {
        if (options_.states.stale && is_current(reader, experiment)) continue;
        auto [kind, use] = cleaner.find(leaf, looking);
        if (!use && kind == LeafState::running) ++out_.running;
        if (!use && kind == LeafState::done && !wanted_.done) ++out_.done;
        if (use && !options_.dry_run) {
          if (!holder) holder.emplace(tree);
          holder->leases().heartbeat();
          use = cleaner.remove(leaf, holder->leases());
        }
        if (!use) continue;
        ++out_.experiments;
        out_.use += *use;
        if (options_.json) append_json_string(out_.names.next(), leaf);
        folder.add(leaf.substr(group.size() + 1));
      } catch (const std::system_error& error) {
        warn(std::string("left where it is: ") + error.what());
        out_.failed = true;
      }
    }
    folder.finish();
  }

  // A finished one that is not stale.
  static bool is_current(const LeafReader& reader,
                         const Experiment& experiment) {
    const auto report = reader.report(experiment);
    return report.state.kind == LeafState::done && report.stale.empty();
  }

  void show() const {
    if (options_.json) {
      print(JsonObject()
                .boolean("removed", !options_.dry_run)
                .natural("experiments", out_.experiments)
                .natural("files", out_.use.files)
                .natural("bytes", out_.use.bytes)
                .raw("names", out_.names.str())
                .str() +
            '\n');
      return;
    }
    print((options_.dry_run ? "would remove " : "removed ") +
          std::string(wanted_.attempts ? "earlier attempts of " : "") +
          count_text(out_.experiments, "experiment") + ": " +
          count_text(out_.use.files, "file") + ", " +
          bytes_text(out_.use.bytes) +
          (options_.dry_run ? "; nothing was done\n" : "\n") + what_stays());
  }

  // For who wonders why nothing goes.
  std::string what_stays() const {
    std::string out;
    if (out_.experiments > 0 || wanted_.attempts) return out;
    if (out_.running > 0)
      out += "  left: " + std::to_string(out_.running) + " running\n";
    if (out_.done > 0)
      out += "  left: " + std::to_string(out_.done) +
             " done (--done removes what is done)\n";
    return out;
  }

  const Options& options_;
  const Workspace workspace_;
  const Query query_;
  const CleanWanted wanted_;
  Cleaned out_;
};

}  // namespace

int clean_command(const Options& options) {
  refuse_vague(options);
  return Command(options).run();
}

}  // namespace eh::host
