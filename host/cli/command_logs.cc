// Shows what experiments have logged and printed, and follows those that run.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/run_lookup.h"
#include "contract/child.h"
#include "events/log_tail.h"
#include "leaf/files.h"
#include "os/program.h"
#include "os/stdout.h"
#include "plan/workspace.h"
#include "report/terminal.h"

namespace eh::host {
namespace {

// Followed ones that all rest for so long have ended.
constexpr std::chrono::seconds patience{2};

struct Chosen {
  std::string group;
  std::vector<Experiment> experiments;
};

// "logs main sweep/1", "logs main/sweep/1", and "logs sweep/1" of any group.
std::vector<Chosen> choose(const Workspace& workspace, const Options& options) {
  const auto& catalog = workspace.catalog();
  auto query = in_group(options.query, catalog);
  if (!query.group.empty() && catalog.find_group(query.group))
    return {{query.group, workspace.select(query, options.states)}};
  std::vector<Chosen> out;
  std::optional<Error> in_no_state;
  if (!query.group.empty())
    query.patterns.insert(query.patterns.begin(), query.group);
  for (const auto& group : catalog.group_names()) {
    query.group = group;
    try {
      out.push_back({group, workspace.select(query, options.states)});
    } catch (const Error& error) {
      if (!error.is_no_match()) throw;
      if (error.code() == exit_done) in_no_state = error;
    }
  }
  if (out.empty() && in_no_state) throw *in_no_state;
  if (out.empty())
    throw Error(exit_no_match, "cannot show logs: nothing matches '" +
                                   query.patterns[0] + "' in any group");
  return out;
}

// Which files an attempt has, to tell it from the next one.
class AttemptFiles {
 public:
  /// Looks into the leaf. Returns whether these are of another attempt than
  /// the last time, or the first at all.
  bool take(const std::string& folder) {
    bool is_new = false;
    const bool none = !any();
    const char* names[] = {contract::log_file, contract::output_file};
    for (std::size_t i = 0; i < files_.size(); ++i) {
      const auto now = id_of(folder + '/' + names[i]);
      if (now.empty() || now == files_[i]) continue;
      is_new = is_new || none || !files_[i].empty();
      files_[i] = now;
    }
    return is_new;
  }

  bool any() const {
    return std::any_of(files_.begin(), files_.end(),
                       [](const auto& id) { return !id.empty(); });
  }

 private:
  // A file made anew may get the number of the one before.
  static std::string id_of(const std::string& path) {
    struct statx info;
    if (::statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &info) != 0)
      return {};
    return std::to_string(info.stx_ino) + ' ' +
           std::to_string(info.stx_btime.tv_sec) + ' ' +
           std::to_string(info.stx_btime.tv_nsec);
  }

  std::array<std::string, 2> files_;  // "": not there yet
};

// Logs of one group's leaves.
class Logs {
 public:
  Logs(const Workspace& workspace, const Options& options, Chosen chosen)
      : workspace_(workspace),
        catalog_(workspace.catalog()),
        options_(options),
        chosen_(std::move(chosen)),
        files_(leaf_rules(workspace.settings(chosen_.group))),
        tail_({options.least_level, options.least_level <= log_level::debug,
               [] { return true; }},
              [this](const LogRecord& record) { show(record); }) {
    open();
  }

  /// Of all leaves that have some, but of those that run if these are
  /// followed. Returns the number of the leaves.
  std::size_t show_all() {
    std::size_t count = 0;
    for (const auto& experiment : chosen_.experiments) {
      const auto leaf = leaf_of(catalog_, experiment);
      if (options_.follow && leases_->holder(leaf).exists()) continue;
      const auto folder = folder_of(leaf);
      if (!folder) continue;
      ++count;
      show_ended(name_of(experiment), *folder);
    }
    return count;
  }

  bool has_shown() const { return shown_; }

  /// Shows what is new. Returns whether any of them runs, or has run since the
  /// last time.
  bool follow() {
    if (tree_->fd() < 0) open();
    bool active = false;
    for (const auto& experiment : chosen_.experiments) {
      const auto leaf = leaf_of(catalog_, experiment);
      const auto name = name_of(experiment);
      const auto folder = tree_->leaf_path(leaf);
      auto& seen = seen_[name];
      // The files come after the lease: what has some and no lease has ended.
      // The first ones of what is followed already are of that attempt.
      const bool had_files = seen.files.any();
      const bool is_new =
          seen.files.take(folder) && (had_files || !seen.followed);
      const bool runs = leases_->holder(leaf).exists();
      if (runs && (is_new || !seen.followed))
        tail_.add(name, folder);
      else if (!runs && is_new)
        show_ended(name, folder);
      else if (!runs && seen.followed)
        tail_.finish(name);
      active = active || runs || is_new || seen.followed;
      seen.followed = runs;
    }
    tail_.poll();
    return active;
  }

 private:
  // The first run makes the output directory.
  void open() {
    tree_.emplace(workspace_.results(chosen_.group));
    leases_.emplace(tree_->fd(), Owner{});
  }

  std::string name_of(const Experiment& experiment) const {
    return catalog_.families[experiment.family].name(experiment.point);
  }

  void show_ended(const std::string& name, const std::string& folder) {
    tail_.add(name, folder);
    tail_.finish(name);
    while (!tail_.settled()) tail_.poll();
    seen_[name].files.take(folder);
    if (!options_.json) show_failure(name, folder);
  }

  // What a crash prints of itself is not why it ended.
  void show_failure(const std::string& name, const std::string& folder) {
    const auto verdict = files_.readable_verdict(
        tree_->fd(), folder.substr(tree_->path().size() + 1));
    if (!verdict || !is_failure(verdict->status)) return;
    shown_ = true;
    const auto before = chosen_.group + '/' + name + ' ';
    auto text = before + status_name(verdict->status) + " after " +
                duration_text(verdict->seconds);
    const char* separator = ": ";
    for (const auto& line : split(verdict->message, '\n')) {
      text += separator + printable(line);
      separator = "\n  ";
    }
    print(paint_(Colour::red, text) + '\n');
  }

  // Where the attempt that is asked for lies, if there was one.
  std::optional<std::string> folder_of(const std::string& leaf) const {
    LeafState state;
    try {
      state = tree_->look(leaf, *leases_);
    } catch (const std::system_error& error) {
      warn(error.what());
      return {};
    }
    if (state.kind == LeafState::fresh && state.attempts == 0) return {};
    const auto folder = tree_->leaf_path(leaf);
    if (!options_.attempt || *options_.attempt == state.attempts) return folder;
    auto earlier =
        folder + "/.eh/attempts/" + std::to_string(*options_.attempt);
    if (::access(earlier.c_str(), F_OK) == 0) return earlier;
    if (chosen_.experiments.size() == 1)
      throw Error(exit_no_match, "cannot show attempt " +
                                     std::to_string(*options_.attempt) +
                                     " of '" + leaf + "': it has had " +
                                     count_text(state.attempts, "attempt"));
    return {};
  }

  void show(const LogRecord& record) {
    shown_ = true;
    if (options_.json)
      return print('{' + log_members(record, chosen_.group) + "}\n");
    const auto colour = record.level >= log_level::error     ? Colour::red
                        : record.level >= log_level::warning ? Colour::yellow
                                                             : Colour::none;
    if (record.source == LogRecord::experiment_output)
      print(chosen_.group + '/' + record.experiment + " | " +
            printable(record.text) + '\n');
    else
      print(paint_(colour, log_line(record, chosen_.group)));
  }

  const Workspace& workspace_;
  const Catalog& catalog_;
  const Options& options_;
  const Chosen chosen_;
  const LeafFiles files_;
  std::optional<ResultTree> tree_;
  std::optional<Leases> leases_;
  const Paint paint_{Terminal::wants_colours(1)};
  LogTail tail_;
  bool shown_ = false;
  struct Seen {
    AttemptFiles files;
    bool followed = false;  // it was running
  };
  std::map<std::string, Seen> seen_;
};

// Until all rest for a while; `waits`: not before one has run.
void follow(std::vector<std::unique_ptr<Logs>>& all, bool waits) {
  auto rests_since = Clock::now();
  for (bool told = false;; told = true) {
    bool active = false;
    for (const auto& logs : all) active = logs->follow() || active;
    // Nobody reads active more: "logs -f | head".
    if (!flush_printed()) return;
    waits = waits && !active;
    if (waits && !told)
      std::cerr << this_program().name << ": waiting for one of these to run\n";
    if (active)
      rests_since = Clock::now();
    else if (!waits && Clock::now() - rests_since > patience)
      return;
    std::this_thread::sleep_for(std::chrono::milliseconds(active ? 50 : 200));
  }
}

}  // namespace

int logs_command(const Options& options) {
  const auto looked_at = workspace_to_look_at(options);
  const auto& workspace = *looked_at;
  std::vector<std::unique_ptr<Logs>> all;
  for (auto& chosen : choose(workspace, options))
    all.push_back(
        std::make_unique<Logs>(workspace, options, std::move(chosen)));
  std::size_t count = 0;
  for (const auto& logs : all) count += logs->show_all();
  if (options.follow)
    follow(all, count == 0);
  else if (count == 0)
    std::cerr << this_program().name << ": none of these has run yet\n";
  else if (std::none_of(all.begin(), all.end(),
                        [](const auto& logs) { return logs->has_shown(); }))
    std::cerr << this_program().name << ": nothing was logged or printed\n";
  return exit_done;
}

}  // namespace eh::host
