#include "leaf/done_index.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <functional>
#include <random>
#include <system_error>
#include <unordered_set>
#include <vector>

#include "base/hex.h"
#include "json/write.h"

namespace eh::host {
namespace {

// A line has these pieces, with 16 hexadecimal digits between them; behind
// `stale` stands a digit and at the end a name. The sum is of all others: two
// machines that append at once may mix their lines on a network file system.
constexpr std::string_view piece_session = "{\"v\":2,\"in\":\"";
constexpr std::string_view piece_mark = "\",\"verdict\":\"";
constexpr std::string_view piece_with = "\",\"like\":\"";
constexpr std::string_view piece_sum = "\",\"sum\":\"";
constexpr std::string_view piece_stale = "\",\"stale\":";
constexpr std::string_view piece_name = ",\"done\":\"";
constexpr std::string_view piece_end = "\"}";
constexpr std::size_t digits = 16;
constexpr std::size_t most_name = 4096;

// The first line of a file that was tidied up: how long it was then.
constexpr std::string_view tidied_begin = "{\"v\":2,\"tidied\":";

std::uint64_t hash_of(std::string_view bytes) {
  return std::hash<std::string_view>()(bytes);
}

template <std::size_t n>
std::uint64_t hash_of(const std::array<std::uint64_t, n>& numbers) {
  return hash_of({reinterpret_cast<const char*>(numbers.data()),
                  sizeof(std::uint64_t) * n});
}

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  std::uint64_t out = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out, 16);
  if (error != std::errc{} || stop != end) return {};
  return out;
}

struct Line {
  std::string_view session;
  std::uint64_t mark = 0;
  Compared compared;
  std::string_view name;

  std::uint64_t sum() const {
    return hash_of(std::array<std::uint64_t, 5>{
        hash_of(session), mark, compared.with, compared.stale, hash_of(name)});
  }

  std::string text() const {
    std::string out(piece_session);
    out += session;
    out += piece_mark;
    append_hex(out, mark, 16);
    out += piece_with;
    append_hex(out, compared.with, 16);
    out += piece_sum;
    append_hex(out, sum(), 16);
    out += piece_stale;
    out += compared.stale ? '1' : '0';
    out += piece_name;
    out += name;
    out += piece_end;
    out += '\n';
    return out;
  }
};

// Takes `piece` off the beginning of `text`.
bool skip(std::string_view& text, std::string_view piece) {
  if (!text.starts_with(piece)) return false;
  text.remove_prefix(piece.size());
  return true;
}

bool take_hex(std::string_view& text, std::uint64_t& out) {
  const auto number = parse_hex(text.substr(0, digits));
  if (!number || text.size() < digits) return false;
  text.remove_prefix(digits);
  out = *number;
  return true;
}

std::optional<Line> parse_line(std::string_view text) {
  Line line;
  std::uint64_t sum = 0;
  if (!skip(text, piece_session) || text.size() < digits) return {};
  line.session = text.substr(0, digits);
  text.remove_prefix(digits);
  if (!skip(text, piece_mark) || !take_hex(text, line.mark) ||
      !skip(text, piece_with) || !take_hex(text, line.compared.with) ||
      !skip(text, piece_sum) || !take_hex(text, sum) ||
      !skip(text, piece_stale) || text.empty())
    return {};
  line.compared.stale = text[0] != '0';
  text.remove_prefix(1);
  if (!skip(text, piece_name) || !text.ends_with(piece_end)) return {};
  text.remove_suffix(piece_end.size());
  line.name = text;
  if (line.sum() != sum) return {};
  return line;
}

// Calls `visit` for each whole line.
template <class Visit>
void each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == text.npos) return;
    visit(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

// Tells mounts apart where the kernel does, so that what was unmounted without
// being written is not taken for what is there. Since Linux 6.8 no id comes
// twice.
std::uint64_t mount_id(int tree) {
  constexpr unsigned unique = 0x4000;  // STATX_MNT_ID_UNIQUE
  struct statx info {};
  if (::statx(tree, "", AT_EMPTY_PATH, STATX_MNT_ID | unique, &info) != 0)
    return 0;
  return info.stx_mask & (STATX_MNT_ID | unique) ? info.stx_mnt_id : 0;
}

bool is_ours(const struct stat& info) {
  return S_ISREG(info.st_mode) && info.st_uid == ::geteuid() &&
         (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

std::string boot_id() {
  try {
    return read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id").value_or("");
  } catch (const std::system_error&) {
    return {};
  }
}

DoneIndex::DoneIndex(const ResultTree& tree, const std::string& boot)
    : tree_(tree) {
  struct stat info;
  if (boot.empty() || ::fstat(tree.fd(), &info) != 0) return;
  device_ = info.st_dev;
  append_hex(session_,
             hash_of(std::array<std::uint64_t, 4>{
                 hash_of(boot), mount_id(tree.fd()), info.st_dev,
                 hash_of(tree.rules().verdict_file)}),
             16);
}

// What others can write is not believed: then there is one of our own.
Fd DoneIndex::open_own(int flags) {
  const Fd folder(::openat(tree_.fd(), ".eh",
                           O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return {};
  std::string name = std::string(index_path).substr(4);
  for (const bool by_user : {false, true}) {
    if (by_user) name.insert(name.find('.'), '-' + std::to_string(::geteuid()));
    Fd file(::openat(folder.get(), name.c_str(),
                     flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644));
    struct stat info;
    if (!file || ::fstat(file.get(), &info) != 0 || !is_ours(info)) continue;
    name_ = name;
    return file;
  }
  return {};
}

void DoneIndex::load(std::size_t leaves) {
  entries_.clear();
  if (session_.empty()) return;
  const Fd file = open_own(O_RDONLY);
  struct stat info;
  if (!file || ::fstat(file.get(), &info) != 0) return;
  // An entry costs a hundredth of reading a verdict, and has 150 bytes or so.
  constexpr std::size_t bytes_for_a_verdict = 16'384;
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size / bytes_for_a_verdict > leaves) return;
  text_.resize(size);
  std::size_t used = 0;
  while (used < size) {
    const auto n = ::read(file.get(), text_.data() + used, size - used);
    if (n <= 0) break;
    used += static_cast<std::size_t>(n);
  }
  text_.resize(used);
  read_entries();
  constexpr std::size_t always_fine = 1 << 20;
  if (text_.size() > 2 * tidied_ + always_fine) tidy_up();
}

void DoneIndex::read_entries() {
  entries_.reserve(text_.size() / 150);
  each_line(text_, [&](std::string_view text) {
    if (text.starts_with(tidied_begin)) {
      text.remove_prefix(tidied_begin.size());
      std::from_chars(text.data(), text.data() + text.size(), tidied_);
    } else if (const auto line = parse_line(text);
               line && line->session == session_) {
      entries_[line->name] = {line->mark, line->compared};
    }
  });
}

// Keeps the last entry of each leaf, of the machines that wrote last. Who adds
// to the file that was there has it read again, which is no problem.
void DoneIndex::tidy_up() {
  constexpr std::size_t most_sessions = 4;
  std::vector<std::string_view> lines, kept;
  each_line(text_, [&](std::string_view text) { lines.push_back(text); });
  std::unordered_set<std::string_view> sessions{session_};
  std::unordered_set<std::string> known;
  std::size_t bytes = 0;
  for (auto text = lines.rbegin(); text != lines.rend(); ++text) {
    const auto line = parse_line(*text);
    if (!line) continue;
    if (sessions.size() < most_sessions) sessions.insert(line->session);
    if (!sessions.count(line->session) ||
        !known.insert(std::string(line->session) += line->name).second)
      continue;
    kept.push_back(*text);
    bytes += text->size() + 1;
  }
  std::string tidy(tidied_begin);
  tidy += std::to_string(bytes) + "}\n";
  tidy.reserve(tidy.size() + bytes);
  for (auto text = kept.rbegin(); text != kept.rend(); ++text)
    tidy.append(*text) += '\n';
  const Fd folder(::openat(tree_.fd(), ".eh",
                           O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  std::random_device random;
  const auto temporary =
      '.' + name_ + contract::temporary_mark + std::to_string(random());
  const Fd file(::openat(folder.get(), temporary.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file) return;
  try {
    write_all(file.get(), tidy, temporary);
    if (::renameat(folder.get(), temporary.c_str(), folder.get(),
                   name_.c_str()) == 0)
      return;
  } catch (const std::system_error&) {
    // The file that was there will do.
  }
  ::unlinkat(folder.get(), temporary.c_str(), 0);
}

VerdictMark DoneIndex::mark(std::string_view leaf) const {
  struct stat info;
  auto look = [&](const std::string& file) {
    std::string path;
    path.reserve(leaf.size() + file.size() + 1);
    path.append(leaf) += '/';
    path += file;
    return ::fstatat(tree_.fd(), path.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
  };
  const auto& rules = tree_.rules();
  if (!look(rules.verdict_file) &&
      (errno != ENOENT || !look(rules.original_metadata)))
    return {errno == ENOENT ? VerdictMark::missing : VerdictMark::unknown};
  if (!S_ISREG(info.st_mode) || info.st_dev != device_ || session_.empty())
    return {};
  return {VerdictMark::known,
          hash_of(std::array<std::uint64_t, 4>{
              info.st_ino, static_cast<std::uint64_t>(info.st_size),
              static_cast<std::uint64_t>(info.st_ctim.tv_sec),
              static_cast<std::uint64_t>(info.st_ctim.tv_nsec)}),
          info.st_ctim};
}

std::optional<Compared> DoneIndex::find(std::string_view leaf,
                                        const VerdictMark& mark) const {
  const auto found = entries_.find(leaf);
  if (mark.kind != VerdictMark::known || found == entries_.end() ||
      found->second.first != mark.id)
    return {};
  return found->second.second;
}

// A later change has to show in the time: file systems count it in ticks, of
// some milliseconds mostly, and some in seconds.
std::string DoneIndex::entry(std::string_view leaf, const VerdictMark& mark,
                             const Compared& compared) const {
  constexpr std::int64_t ns = 1'000'000'000;
  const auto tick = mark.changed.tv_nsec == 0 ? 2 * ns : ns / 50;
  const auto age = (now_.tv_sec - mark.changed.tv_sec) * ns + now_.tv_nsec -
                   mark.changed.tv_nsec;
  if (!file_ || mark.kind != VerdictMark::known || age <= tick ||
      leaf.size() > most_name)
    return {};
  // A name that JSON writes otherwise is read each time.
  const auto quoted = json_string(leaf);
  if (std::string_view(quoted).substr(1, quoted.size() - 2) != leaf) return {};
  return Line{session_, mark.id, compared, leaf}.text();
}

bool DoneIndex::open() {
  if (session_.empty()) return false;
  struct stat info;
  // Another host may have tidied it up.
  if (file_ && (::fstat(file_.get(), &info) != 0 || info.st_nlink == 0))
    file_ = {};
  if (!file_) file_ = open_own(O_WRONLY | O_CREAT | O_APPEND);
  // The clock of this machine may be another one.
  if (!file_ || ::futimens(file_.get(), nullptr) != 0 ||
      ::fstat(file_.get(), &info) != 0)
    return false;
  now_ = info.st_mtim;
  return true;
}

void DoneIndex::append(std::string_view entries) {
  if (!file_ || entries.empty()) return;
  // One write: lines of several hosts do not mix. A torn one is not read, but
  // would take the next one with it.
  const auto n = ::write(file_.get(), entries.data(), entries.size());
  if (n > 0 && entries[static_cast<std::size_t>(n) - 1] != '\n')
      [[maybe_unused]]
    const auto end = ::write(file_.get(), "\n", 1);
}

}  // namespace eh::host
