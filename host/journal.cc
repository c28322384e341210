#include "journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <system_error>

#include "json_text.h"

namespace eh::host {
namespace {

// Each line: {"v":1,"changed":NANOSECONDS,"done":"group/name"}
constexpr std::string_view line_begin = "{\"v\":1,\"changed\":";
constexpr std::string_view line_middle = ",\"done\":\"";
constexpr std::string_view line_end = "\"}";

std::optional<std::int64_t> changed(int tree, const char* leaf) {
  struct stat info;
  if (::fstatat(tree, leaf, &info, AT_SYMLINK_NOFOLLOW) != 0) return {};
  return info.st_ctim.tv_sec * 1'000'000'000 + info.st_ctim.tv_nsec;
}

}  // namespace

void Journal::done(const std::string& leaf) {
  if (!file_) {
    file_ = Fd(::openat(tree_, journal_path,
                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (!file_) return;
  }
  const auto time = changed(tree_, leaf.c_str());
  if (!time) return;
  std::string line(line_begin);
  line += std::to_string(*time);
  line += line_middle;
  std::string name;
  append_json_string(name, leaf);
  line.append(name, 1, name.size() - 2);
  line += line_end;
  line += '\n';
  // One write: lines of several hosts do not mix. A torn one is not read.
  [[maybe_unused]] const auto written =
      ::write(file_.get(), line.data(), line.size());
}

DoneIndex::DoneIndex(int tree) : tree_(tree) {
  try {
    text_ = read_file(tree, journal_path).value_or("");
  } catch (const std::system_error&) {
    return;
  }
  std::string_view rest = text_;
  entries_.reserve(rest.size() / 100);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == rest.npos) break;
    auto line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.substr(0, line_begin.size()) != line_begin ||
        line.size() < line_end.size() ||
        line.substr(line.size() - line_end.size()) != line_end)
      continue;
    line.remove_prefix(line_begin.size());
    std::int64_t time = 0;
    const auto number =
        std::from_chars(line.data(), line.data() + line.size(), time);
    line.remove_prefix(static_cast<std::size_t>(number.ptr - line.data()));
    if (number.ec != std::errc{} ||
        line.substr(0, line_middle.size()) != line_middle)
      continue;
    line.remove_prefix(line_middle.size());
    line.remove_suffix(line_end.size());
    // A name with an escape is left out, and so looked at.
    if (line.find('\\') == line.npos) entries_[line] = time;
  }
}

bool DoneIndex::contains(std::string_view leaf) const {
  const auto entry = entries_.find(leaf);
  if (entry == entries_.end()) return false;
  // The text after the name is a quote: make a terminated copy.
  char path[4096];
  if (leaf.size() >= sizeof path) return false;
  std::memcpy(path, leaf.data(), leaf.size());
  path[leaf.size()] = '\0';
  return changed(tree_, path) == entry->second;
}

}  // namespace eh::host
