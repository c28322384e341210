#include "leaf/attempts.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <system_error>

#include "leaf/lease.h"
#include "leaf/replaced.h"
#include "os/below.h"
#include "os/walk.h"

namespace eh::host {
namespace {

constexpr std::string_view keeping = "keeping-";

// 0 if `text` is not a number that can be an attempt's.
unsigned number_of(std::string_view text) {
  unsigned number = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ptr == end && number <= most_attempts ? number : 0;
}

}  // namespace

LeafAttempts::LeafAttempts(int tree, const LeafFiles& files, std::string leaf,
                           std::function<void()> alive)
    : tree_(tree),
      files_(files),
      leaf_(std::move(leaf)),
      attempts_(leaf_ + '/' + contract::attempts_folder),
      alive_(std::move(alive)) {}

unsigned LeafAttempts::kept() const {
  unsigned most = 0;
  for (const auto& name : list_directory(tree_, attempts_))
    most = std::max(most, number_of(name));
  return most;
}

unsigned LeafAttempts::number(const std::optional<Verdict>& verdict) const {
  const unsigned newest = kept();
  // Its folder may be there, to keep out its maker.
  if (verdict && verdict->attempt == newest &&
      list_directory(tree_, leaf_ + attempt_folder(newest)).empty())
    return newest;
  return std::max(newest + 1, verdict ? verdict->attempt : 0);
}

void LeafAttempts::keep(unsigned number, What what) {
  go_on(number, what);
}

void LeafAttempts::finish() {
  for (const auto& name : list_directory(tree_, leaf_ + "/.eh")) {
    if (!name.starts_with(keeping)) continue;
    const auto text = std::string_view(name).substr(keeping.size());
    const auto number = number_of(text.substr(0, text.find('-')));
    go_on(number, name.ends_with("-all")        ? all
                  : name.ends_with("-replaced") ? replaced
                                                : records);
  }
}

void LeafAttempts::go_on(unsigned number, What what) {
  const auto folder = leaf_ + "/.eh/" + std::string(keeping) +
                      std::to_string(number) +
                      (what == all        ? "-all"
                       : what == replaced ? "-replaced"
                                          : "-records");
  auto entries = list_directory(tree_, leaf_);
  std::erase_if(entries, [&](const auto& entry) {
    return what == records ? !files_.is_record(entry)
                           : !is_left_by_attempt(entry);
  });
  make_directories(tree_, attempts_);
  make_directories(tree_, folder);
  // The verdict goes first: what is half moved is not to look done.
  for (const bool first : {true, false})
    for (const auto& entry : entries)
      if ((entry == files_.rules().verdict_file ||
           entry == files_.rules().original_metadata) == first)
        move_tree(tree_, leaf_ + '/' + entry, folder + '/' + entry, alive_);
  if (what == replaced) mark_replaced(tree_, folder);
  keep_folder(folder, number);
}

unsigned LeafAttempts::keep_folder(const std::string& folder, unsigned number) {
  const auto kept_as = leaf_ + attempt_folder(number);
  // An empty folder there is no attempt.
  if (below::rename(tree_, folder, kept_as) == 0) return number;
  if (errno == ENOTEMPTY || errno == EEXIST)
    return keep_folder(folder, std::max(kept(), number) + 1);
  move_tree(tree_, folder, kept_as, alive_);
  return number;
}

}  // namespace eh::host
