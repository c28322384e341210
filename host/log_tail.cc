#include "log_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "child_contract.h"

namespace eh::host {
namespace {

// Ended ones that are kept open until they can be read. There may be thousands
// of them, and descriptors are needed for those that run.
constexpr std::size_t most_open = 64;

}  // namespace

template <class Reader>
void LogTail::open(File<Reader>& file) {
  if (file.fd) return;
  file.fd = Fd(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.fd || file.id == 0) return;
  // That of another attempt has been told of by itself.
  struct stat info;
  if (::fstat(file.fd.get(), &info) != 0 || info.st_ino != file.id ||
      ::lseek(file.fd.get(), file.offset, SEEK_SET) < 0)
    file.fd = Fd();
}

template <class Reader>
void LogTail::close(File<Reader>& file) {
  struct stat info;
  if (!file.fd || ::fstat(file.fd.get(), &info) != 0) return;
  file.id = info.st_ino;
  file.offset = ::lseek(file.fd.get(), 0, SEEK_CUR);
  file.fd = Fd();
}

void LogTail::add(const std::string& name, const std::string& leaf) {
  finish(name);
  running_.emplace(
      name, Followed{{leaf + '/' + contract::log_file,
                      LogReader(name, options_.least)},
                     {leaf + '/' + contract::output_file, OutputReader(name)}});
}

void LogTail::poll() {
  while (!ended_.empty() && read_rest(ended_.front())) ended_.pop_front();
  for (auto& [name, followed] : running_) {
    read(followed.log);
    if (options_.output) read(followed.output);
  }
}

void LogTail::finish(const std::string& name) {
  auto node = running_.extract(name);
  if (node.empty()) return;
  auto& followed = node.mapped();
  // The next attempt moves the files away.
  open(followed.log);
  if (options_.output) open(followed.output);
  if (read_rest(followed)) return;
  if (ended_.size() >= most_open) {
    close(followed.log);
    close(followed.output);
  }
  ended_.push_back(std::move(followed));
}

bool LogTail::read_rest(Followed& followed) {
  const bool log = read_rest(followed.log);
  return (!options_.output || read_rest(followed.output)) && log;
}

template <class Reader>
bool LogTail::read_rest(File<Reader>& file) {
  if (file.whole) return true;
  file.whole = read(file);
  if (file.whole) file.reader.end(take_);
  return file.whole;
}

template <class Reader>
bool LogTail::read(File<Reader>& file) {
  open(file);
  if (!file.fd) return true;
  char buffer[16384];
  while (options_.has_room()) {
    const auto n = ::read(file.fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    file.reader.read({buffer, static_cast<std::size_t>(n)}, take_);
  }
  return false;
}

}  // namespace eh::host
