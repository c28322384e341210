// What --force orders: that experiments run again, each once, whatever earlier
// runs found. An order lasts until each of them had its turn: it outlives a run
// that was interrupted, and several runs may work on one at the same time. What
// its own runs found counts, what others did does not.
//
// .eh/forced/<hash of what was asked for> is a symbolic link to the order's id,
// which is that of its first run; its runs are the files of the folder
// .eh/runs/<id>/forced. Both can be deleted at any time: then it begins anew.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/todo.h"

namespace eh::host {

class ForceOrder {
 public:
  /// `tree` is the descriptor of the output directory, which stays open.
  ForceOrder(int tree, std::string id) : tree_(tree), id_(std::move(id)) {}

  const std::string& id() const { return id_; }
  /// Whether a run works on it, or did: by its id, or that of a task of it.
  bool has(const std::string& owner) const;
  void add(const std::string& run_id) const;  ///< throws std::system_error

 private:
  int tree_;
  std::string id_;
};

/// What an order is found again by: the same words name the same one. Not "".
std::string force_key(const Query& query, const StateFilter& states);

/// What is left to be run by force.
struct ForcedTodo {
  Todo todo;
  std::string order;  ///< that it goes on with; "": a new one
  std::string over;   ///< the order of this name before, if there was one
};

/// Of an order that an earlier run began within a week, those that are not done
/// by it; of a new one, all. It is a new one, too, where parameters,
/// configuration or plugin have changed since.
ForcedTodo find_forced(const Catalog& catalog,
                       const std::vector<Experiment>& selection,
                       const ResultTree& tree, const Staleness& staleness,
                       const std::string& key);

/// find_forced(), or find_todo() if `key` is "".
ForcedTodo find_work(const Catalog& catalog,
                     const std::vector<Experiment>& selection,
                     const ResultTree& tree, const Staleness& staleness,
                     const std::string& key);

/// The order that `run_id` works on from now on: that of `work`, one that
/// another host just began, or its own. Throws std::system_error.
ForceOrder take_order(int tree, const std::string& key, const ForcedTodo& work,
                      const std::string& run_id);
/// Nothing of it is left to be done.
void end_order(int tree, const std::string& key, const ForceOrder& order);

/// "goes on with the --force of 10m 00s ago: 175 of 181 are left", if it does.
std::string going_on_text(const ForcedTodo& work);

}  // namespace eh::host
