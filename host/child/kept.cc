#include "child/kept.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <functional>
#include <string>

#include "contract/child.h"
#include "data/file.h"
#include "data/items.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

// Those that did not get their names, as a disk is full, say, may be there all
// the same: a file server's answer was lost.
constexpr std::size_t most_entries = 8;

constexpr char temporary[] = ".eh-kept-metrics.tmp";

// Returns 0 or errno.
int sync(int leaf, const char* name) {
  const OwnFd file(::openat(leaf, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.ok()) return errno == ENOENT ? 0 : errno;
  return ::fdatasync(file.get()) == 0 || errno == EINVAL ? 0 : errno;
}

// Before there were entries, the note was how many bytes of metrics belong to
// the checkpoint: so many digits.
constexpr std::size_t digits_before = 20;

bool is_of_before(const std::string& note) {
  return note.size() == digits_before &&
         note.find_first_not_of("0123456789") == note.npos;
}

}  // namespace

Kept::Entry Kept::entry_of(std::string_view checkpoint) {
  Entry entry;
  entry.size = checkpoint.size();
  entry.sum = std::hash<std::string_view>()(checkpoint);
  return entry;
}

void Kept::note(std::string_view checkpoint) {
  metrics_.flush();
  for (const auto* file : {&metrics_.file(), &results_})
    if (const int error = file->error())
      throw DataError(file->problem() + ", which it would hide", error);
  if (!is_read_) entries_ = read().value_or(std::vector<Entry>());
  is_read_ = true;
  auto entry = entry_of(checkpoint);
  entry.metrics = metrics_.file().size();
  entry.results = results_.size();
  entries_.insert(entries_.begin(), entry);
  // The last is the one that is there.
  if (entries_.size() > most_entries) entries_.erase(entries_.end() - 2);
  std::string text;
  for (const auto& one : entries_) {
    char line[100];
    std::snprintf(line, sizeof line,
                  "eh1 %" PRIu64 " %016" PRIx64 " %" PRId64 " %" PRId64 "\n",
                  one.size, one.sum, one.metrics, one.results);
    text += line;
  }
  const int leaf = leaf_.get();
  // The checkpoint lasts, and so does what it relies on.
  int error = 0;
  for (const char* name : {contract::metrics_file, contract::results_file})
    if (error == 0) error = sync(leaf, name);
  if (error == 0)
    error = replace_file(leaf, contract::kept_metrics_file, temporary, text,
                         [&] { return sync(leaf, temporary); });
  if (error != 0) throw DataError(reason_text(error), error);
}

void Kept::named() {
  entries_.resize(1);
  is_own_ = true;
}

// Nothing if there is no note; what is not an entry in it is left out.
std::optional<std::vector<Kept::Entry>> Kept::read() const {
  std::string note;
  const auto* name = contract::kept_metrics_file;
  if (const int error = read_own_file(leaf_.get(), name, note)) {
    if (error == ENOENT) return {};
    throw DataError(std::string(name) + ": " + reason_text(error), error);
  }
  std::vector<Entry> entries;
  if (is_of_before(note)) {
    entries.emplace_back();
    entries.back().is_any = true;
    entries.back().metrics = std::strtoll(note.c_str(), nullptr, 10);
    entries.back().results = -1;
  }
  for (std::size_t at = 0, end; (end = note.find('\n', at)) != note.npos;
       at = end + 1) {
    Entry entry;
    if (std::sscanf(note.substr(at, end - at).c_str(),
                    "eh1 %" SCNu64 " %" SCNx64 " %" SCNd64 " %" SCNd64,
                    &entry.size, &entry.sum, &entry.metrics,
                    &entry.results) == 4)
      entries.push_back(entry);
  }
  return entries;
}

void Kept::go_back(std::string_view checkpoint) {
  if (is_own_) return;
  const auto entries = read();
  is_read_ = true;
  if (!entries) return;
  auto wanted = entry_of(checkpoint);
  const auto found =
      std::find_if(entries->begin(), entries->end(), [&](const Entry& one) {
        return one.is_any || (one.size == wanted.size && one.sum == wanted.sum);
      });
  if (found == entries->end()) {
    if (metrics_.file().size() == 0 && results_.size() == 0) return;
    throw DataError(
        "which metrics and results belong to it is not known: it is not the "
        "one that was kept with them (put that back, or start again with "
        "--force)");
  }
  wanted.metrics = found->metrics;
  metrics_.cut(found->metrics);
  if (found->results >= 0) results_.cut(found->results);
  wanted.results = results_.size();
  entries_ = {wanted};
}

}  // namespace eh::host::child
