#include "cluster/journal_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/text.h"
#include "cluster/spec.h"
#include "json/document.h"
#include "json/write.h"
#include "os/below.h"
#include "os/file.h"

namespace eh::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Of one poll.
constexpr std::size_t most_files = 200;
constexpr std::size_t most_folders = 50;
constexpr std::size_t most_bytes = 8 << 20;
// Files that are read in a second, about.
constexpr std::size_t files_per_second = 500;
constexpr std::size_t longest_line = 64 << 20;
constexpr auto longest_pause = seconds(2);
// How long a folder that seems unchanged is not listed again.
constexpr auto folder_trust = seconds(20);

template <class Number>
bool take_number(std::string_view& text, Number& out) {
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return true;
}

Clock::duration longer(Clock::duration pause, Clock::duration least,
                       Clock::duration most) {
  return std::clamp(pause * 3 / 2, least, std::max(least, most));
}

}  // namespace

std::string TaskAttempt::name() const {
  return std::to_string(task) + '.' + job + '.' + std::to_string(restart);
}

std::optional<TaskAttempt> TaskAttempt::parse(std::string_view name) {
  TaskAttempt out;
  if (!take_number(name, out.task) || !name.starts_with('.')) return {};
  name.remove_prefix(1);
  const auto dot = name.find('.');
  if (dot == name.npos || dot == 0) return {};
  out.job = name.substr(0, dot);
  name.remove_prefix(dot + 1);
  if (!take_number(name, out.restart) || !name.empty()) return {};
  return out;
}

TaskJournals::TaskJournals(int tree, const std::string& run_id,
                           Clock::time_point now)
    : tree_(tree),
      folder_(run_folder(run_id) + "/tasks"),
      seen_file_(run_folder(run_id) + "/seen.json"),
      begin_(now),
      seen_(load_seen()) {}

std::map<std::string, off_t> TaskJournals::load_seen() const {
  std::map<std::string, off_t> out;
  try {
    const auto text = read_file(tree_, seen_file_);
    if (!text) return out;
    const auto root = parse_json(*text);
    const auto* seen = root.find("seen");
    if (!seen) return out;
    for (const auto& member : seen->members) {
      std::string_view number = member.value.text;
      off_t at = 0;
      if (take_number(number, at)) out[member.key] = at;
    }
  } catch (const std::exception&) {
    // Something may be told twice then.
  }
  return out;
}

// Fast at first; and as often as so many files allow.
Clock::duration TaskJournals::least_pause(Clock::time_point now) const {
  const auto age = now - begin_;
  const auto pause = age < seconds(60)     ? milliseconds(100)
                     : age < seconds(600)  ? milliseconds(250)
                     : age < seconds(3600) ? milliseconds(500)
                                           : milliseconds(1000);
  return std::max<Clock::duration>(
      pause, milliseconds(1000 * open_ / files_per_second));
}

Clock::time_point TaskJournals::due() const {
  auto out = look_at_;
  for (const auto& [task_attempt, journal] : journals_)
    if (!journal.closed) out = std::min(out, journal.due);
  return out;
}

bool TaskJournals::poll(Clock::time_point now, const Take& take) {
  bool any = false;
  if (now >= look_at_) {
    any = look(now);
    look_pause_ = any ? Clock::duration{} : look_pause_;
    look_pause_ = longer(look_pause_, 2 * least_pause(now), longest_pause);
    look_at_ = now + look_pause_;
  }
  return read_due(now, take) || any;
}

void TaskJournals::read_all(Clock::time_point now, const Take& take) {
  folders_.clear();
  for (std::size_t looked = 0;;) {
    look(now);
    looked += most_folders;
    if (looked >= folders_.size()) break;
  }
  for (auto& [task_attempt, journal] : journals_)
    while (!journal.closed && read(task_attempt, journal, take) > 0) {
    }
}

// Finds new journals, in some of the folders.
bool TaskJournals::look(Clock::time_point now) {
  try {
    for (auto& name : list_directory(tree_, folder_)) folders_[name];
  } catch (const std::system_error&) {
    return false;
  }
  bool any = false;
  auto at = folders_.lower_bound(next_folder_);
  const auto count = std::min(folders_.size(), most_folders);
  for (std::size_t i = 0; i < count; ++i, ++at) {
    if (at == folders_.end()) at = folders_.begin();
    any = look_into(at->first, at->second, now) || any;
  }
  next_folder_ = at == folders_.end() ? "" : at->first;
  return any;
}

bool TaskJournals::look_into(const std::string& name, Folder& folder,
                             Clock::time_point now) {
  const auto path = folder_ + '/' + name;
  struct stat info;
  if (below::status(tree_, path, info) != 0) return false;
  const auto& changed = info.st_mtim;
  if (changed.tv_sec != folder.changed.tv_sec ||
      changed.tv_nsec != folder.changed.tv_nsec) {
    folder.changed = changed;
    folder.since = now;
  } else if (folder.listed_at - folder.since > longest_pause &&
             now - folder.listed_at < folder_trust) {
    return false;
  }
  std::vector<std::string> entries;
  try {
    entries = list_directory(tree_, path);
  } catch (const std::system_error&) {
    return false;
  }
  folder.listed_at = now;
  bool any = false;
  for (const auto& entry : entries) {
    constexpr std::string_view ending = ".jsonl";
    if (!entry.ends_with(ending)) continue;
    const auto task_attempt = TaskAttempt::parse(
        std::string_view(entry).substr(0, entry.size() - ending.size()));
    if (!task_attempt || journals_.count(*task_attempt)) continue;
    auto& journal = journals_[*task_attempt];
    journal.path = path + '/' + entry;
    journal.due = now;
    const auto seen = seen_.find(task_attempt->name());
    if (seen != seen_.end()) journal.seen = seen->second;
    ++open_;
    any = true;
  }
  return any;
}

bool TaskJournals::read_due(Clock::time_point now, const Take& take) {
  std::vector<std::pair<Clock::time_point, const TaskAttempt*>> due;
  for (const auto& [task_attempt, journal] : journals_)
    if (!journal.closed && journal.due <= now)
      due.emplace_back(journal.due, &task_attempt);
  // Who has waited longest comes first.
  std::sort(due.begin(), due.end(), [](const auto& a, const auto& b) {
    return a.first < b.first || (a.first == b.first && *a.second < *b.second);
  });
  if (due.size() > most_files) due.resize(most_files);
  const auto least = least_pause(now);
  std::size_t bytes = 0;
  for (const auto& [at, task_attempt] : due) {
    if (bytes > most_bytes || !has_room()) break;
    auto& journal = journals_.at(*task_attempt);
    const auto n = read(*task_attempt, journal, take);
    bytes += n;
    journal.pause = n > 0 ? least
                    : journal.resting
                        ? Clock::duration(seconds(60))
                        : longer(journal.pause, least, longest_pause);
    journal.due = now + journal.pause;
  }
  return bytes > 0;
}

// Opened each time: that is when a network file system asks its server.
std::size_t TaskJournals::read(const TaskAttempt& task_attempt,
                               Journal& journal, const Take& take) {
  const auto fd = below::open(tree_, journal.path, O_RDONLY);
  if (!fd) return 0;  // gone, or not to be reached for now
  std::string text(journal.chunk, '\0');
  const auto n = ::pread(fd.get(), text.data(), text.size(), journal.at);
  if (n <= 0) return 0;
  std::string_view rest(text.data(), static_cast<std::size_t>(n));
  const auto whole = rest.rfind('\n') + 1;  // 0: none
  if (whole == 0) {
    // A part of a line: more next time, unless it is none of ours.
    if (rest.size() == journal.chunk) {
      journal.chunk *= 2;
      if (journal.chunk > longest_line) journal.closed = true, --open_;
      return rest.size();
    }
    return 0;
  }
  rest = rest.substr(0, whole);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    auto entry = parse_journal_line(rest.substr(0, end));
    const bool is_new = journal.at >= journal.seen;
    journal.at += static_cast<off_t>(end + 1);
    rest.remove_prefix(end + 1);
    if (!entry) continue;
    if (std::holds_alternative<TaskEnded>(entry->what) && !journal.closed)
      journal.closed = true, --open_;
    take(task_attempt, *std::move(entry), is_new);
  }
  if (journal.at > journal.seen) {
    journal.seen = journal.at;
    seen_[task_attempt.name()] = journal.at;
    unsaved_ = true;
  }
  return whole;
}

void TaskJournals::rest(const TaskAttempt& task_attempt) {
  const auto found = journals_.find(task_attempt);
  if (found != journals_.end()) found->second.resting = true;
}

void TaskJournals::save_seen(Clock::time_point now, bool now_or_never) {
  // A large file is written less often.
  const auto pause = milliseconds(200 + seen_.size());
  if (!unsaved_ || (!now_or_never && now - saved_at_ < pause)) return;
  saved_at_ = now;
  unsaved_ = false;
  for (const auto& [name, at] : load_seen())
    seen_[name] = std::max(seen_[name], at);
  JsonObject seen;
  for (const auto& [name, at] : seen_) seen.integer(name, at);
  try {
    replace_file(
        tree_, seen_file_, seen_file_ + '.' + std::to_string(::getpid()),
        JsonObject().integer("format", 1).raw("seen", seen.str()).str() + '\n');
  } catch (const std::system_error&) {
    // Who attaches later may tell something again.
  }
}

}  // namespace eh::host
