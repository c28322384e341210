// Which of the selected experiments are done, and what would happen to the
// others: the leaves' part of a selection.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/library.h"
#include "config/experiment_config.h"
#include "leaf/leaf.h"
#include "plan/selection.h"

namespace eh::host {

/// How finished experiments differ from what would run now.
class Staleness {
 public:
  Staleness(const Catalog& catalog, ConfigOf config_of);
  /// "parameters", "seed", "config and plugin", "library libsim.so" ..., or "".
  /// `verdict` says ok.
  std::string changed(const Experiment& experiment,
                      const Verdict& verdict) const;
  /// Of all that changed() compares a verdict with: while it is the same, so is
  /// the answer. For any thread, as all of this.
  std::uint64_t fingerprint(const Experiment& experiment) const;
  /// Of the plugin that the experiment would be run from.
  const PluginBuild& build(const Experiment& experiment) const;

 private:
  struct Now;
  Now now(const Experiment& experiment) const;

  const Catalog& catalog_;
  ConfigOf config_of_;
  std::vector<PluginBuild> builds_;    // of the plugins
  std::unique_ptr<std::mutex> mutex_;  // of config_of_, which remembers
};

struct Todo {
  std::vector<Experiment> experiments;  ///< not done
  std::size_t done = 0;
  std::vector<std::string> untidy;  ///< leaves of these: see ResultTree::tidy()
  std::size_t stale = 0;            ///< of the done
};

/// Divides a selection, with the index's help.
Todo find_todo(const Catalog& catalog, const std::vector<Experiment>& selection,
               const ResultTree& tree, const Staleness& staleness);

/// What a leaf says, and how it differs from what would run now.
struct LeafReport {
  LeafState state;
  /// Of a done one: what changed, as Staleness says it.
  std::string stale;
};

class LeafReader {
 public:
  LeafReader(const Catalog& catalog, const ResultTree& tree,
             ConfigOf config_of);
  /// One that cannot be looked at is `unreadable`.
  LeafReport report(const Experiment& experiment) const;
  /// What --force replaces, in a leaf that is not done.
  std::optional<ResultTree::Replaced> replaced(
      const Experiment& experiment) const;
  const Staleness& staleness() const { return staleness_; }

 private:
  const Catalog& catalog_;
  const ResultTree& tree_;
  Leases leases_;
  Staleness staleness_;
};

struct StateFilter {
  bool failed = false;
  bool unfinished = false;
  bool stale = false;
  std::string reason =
      {};  ///< of `failed`: a part of the message, or the status
  bool active() const { return failed || unfinished || stale; }
};

/// Those of a selection whose leaf is in one of the states asked for, or was
/// when --force took it for an attempt that has come to nothing so far. Throws
/// Error (done) if none is.
std::vector<Experiment> filter_by_state(
    const std::vector<Experiment>& selection, const LeafReader& reader,
    const StateFilter& filter);

/// "new", "done", "failed: ..." and what a run would do about it; `force`: what
/// the leaf says does not count.
std::string state_text(const LeafReport& report, bool force);

}  // namespace eh::host
