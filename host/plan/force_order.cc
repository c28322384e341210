#include "plan/force_order.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <system_error>

#include "base/sha1.h"
#include "base/text.h"
#include "base/utc_time.h"
#include "json/write.h"
#include "leaf/lease.h"
#include "os/below.h"
#include "os/file.h"
#include "plan/done_look.h"

namespace eh::host {
namespace {

constexpr char orders_folder[] = ".eh/forced";
constexpr std::time_t longest_pause = 7 * 24 * 3600;  // seconds

std::string link_of(const std::string& key) {
  return std::string(orders_folder) + '/' + sha1_text(key);
}

std::string runs_of(const std::string& id) {
  return ".eh/runs/" + id + "/forced";
}

bool is_id(const std::string& text) {
  return !text.empty() && text.find('/') == text.npos && text[0] != '.';
}

// The order that a link names, or "".
std::string named_by(int tree, const std::string& link) {
  auto id = below::link_target(tree, link);
  return is_id(id) ? id : "";
}

bool is_recent(int tree, const std::string& file) {
  struct stat info;
  return below::status(tree, file, info) == 0 &&
         std::time(nullptr) - info.st_mtim.tv_sec < longest_pause;
}

// Whether one of its runs began, or was alive, within the time that an order
// may rest.
bool has_recent_run(int tree, const std::string& id) {
  const auto folder = runs_of(id);
  const auto runs = list_directory(tree, folder);
  return std::any_of(runs.begin(), runs.end(), [&](const std::string& run) {
    return is_recent(tree, folder + '/' + run) ||
           is_recent(tree, alive_file(run));
  });
}

std::string list_json(const std::vector<std::string>& texts) {
  JsonArray out;
  for (const auto& text : texts) append_json_string(out.next(), text);
  return out.str();
}

// "20260131T100000Z-1f2e3d" as the seconds since then.
std::optional<double> age_of(const std::string& run_id) {
  if (run_id.size() < 16) return {};
  const auto& r = run_id;
  const auto then =
      parse_utc(r.substr(0, 4) + '-' + r.substr(4, 2) + '-' + r.substr(6, 5) +
                ':' + r.substr(11, 2) + ':' + r.substr(13, 2) + ".000Z");
  if (!then) return {};
  const std::chrono::duration<double> age =
      std::chrono::system_clock::now() - *then;
  return std::max(0.0, age.count());
}

}  // namespace

bool ForceOrder::has(const std::string& owner) const {
  const auto run = owner.substr(0, owner.find('.'));
  return is_id(run) &&
         (run == id_ || below::exists(tree_, runs_of(id_) + '/' + run));
}

void ForceOrder::add(const std::string& run_id) const {
  const auto folder = runs_of(id_), file = folder + '/' + run_id;
  make_directories(tree_, folder);
  if (!below::open(tree_, file, O_WRONLY | O_CREAT, 0666))
    throw_errno("cannot write '" + file + "'");
}

std::string force_key(const Query& query, const StateFilter& states) {
  JsonObject out;
  out.text("group", query.group)
      .raw("patterns", list_json(query.patterns))
      .raw("exclude", list_json(query.exclude))
      .text("where", query.where)
      .boolean("failed", states.failed)
      .boolean("unfinished", states.unfinished)
      .boolean("stale", states.stale);
  if (!states.reason.empty()) out.text("reason", states.reason);
  if (query.shard)
    out.natural("shard", query.shard->index)
        .natural("shards", query.shard->count);
  return out.str();
}

ForcedTodo find_forced(const Catalog& catalog,
                       const std::vector<Experiment>& selection,
                       const ResultTree& tree, const Staleness& staleness,
                       const std::string& key) {
  ForcedTodo out;
  out.todo.experiments = selection;
  if (tree.fd() < 0) return out;
  out.over = named_by(tree.fd(), link_of(key));
  if (out.over.empty() || !has_recent_run(tree.fd(), out.over)) return out;
  const ForceOrder order(tree.fd(), out.over);
  Todo left;
  bool all_had_their_turn = true;
  for (const auto& experiment : selection) {
    const auto leaf = leaf_of(catalog, experiment);
    const auto verdict = tree.readable_verdict(leaf);
    const bool its_own = verdict && order.has(verdict->run_id);
    if (its_own && verdict->status == Status::ok) {
      // What was begun with something else is not what is meant now.
      if (!staleness.changed(experiment, *verdict).empty()) return out;
      ++left.done;
      if (is_untidy(tree, leaf)) left.untidy.push_back(leaf);
      continue;
    }
    all_had_their_turn =
        all_had_their_turn && its_own && !is_cut_off(verdict->status);
    left.experiments.push_back(experiment);
  }
  if (all_had_their_turn) return out;
  out.todo = std::move(left);
  out.order = out.over;
  return out;
}

ForcedTodo find_work(const Catalog& catalog,
                     const std::vector<Experiment>& selection,
                     const ResultTree& tree, const Staleness& staleness,
                     const std::string& key) {
  if (!key.empty())
    return find_forced(catalog, selection, tree, staleness, key);
  return {find_todo(catalog, selection, tree, staleness), "", ""};
}

ForceOrder take_order(int tree, const std::string& key, const ForcedTodo& work,
                      const std::string& run_id) {
  const auto link = link_of(key);
  const auto join = [&](const std::string& id) {
    ForceOrder order(tree, id);
    order.add(run_id);
    return order;
  };
  if (!work.order.empty()) return join(work.order);
  make_directories(tree, orders_folder);
  for (int round = 0; round < 100; ++round) {
    if (below::make_link(run_id, tree, link) == 0) return join(run_id);
    if (errno != EEXIST) break;
    const auto other = named_by(tree, link);
    if (!other.empty() && other != work.over) return join(other);
    below::remove_file(tree, link);
  }
  throw_errno("cannot make '" + link + "'");
}

void end_order(int tree, const std::string& key, const ForceOrder& order) {
  const auto link = link_of(key);
  if (named_by(tree, link) == order.id()) below::remove_file(tree, link);
}

std::string going_on_text(const ForcedTodo& work) {
  if (work.order.empty()) return {};
  const auto left = work.todo.experiments.size();
  const auto age = age_of(work.order);
  return "goes on with the --force of " +
         (age ? duration_text(*age) + " ago" : "run " + work.order) + ": " +
         grouped(left) + " of " +
         count_text(left + work.todo.done, "experiment") +
         (left == 1 ? " is left" : " are left");
}

}  // namespace eh::host
