#include "events/log_tail.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "contract/child.h"

namespace eh::host {
namespace {

constexpr std::size_t most_at_once = 1 << 20;  // bytes of one file
// Of more attempts no file stays open: descriptors may be few.
constexpr std::size_t most_open = 100;

// A FIFO in its place would make it wait for a writer.
template <class File>
void open(File& file) {
  if (!file.fd)
    file.fd = Fd(::open(file.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

}  // namespace

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
    release(followed);
  }
}

void LogTail::finish(const std::string& name, bool moves) {
  auto node = running_.extract(name);
  if (node.empty()) return;
  auto& followed = node.mapped();
  open(followed.log);
  if (options_.output) open(followed.output);
  if (read_rest(followed)) return;
  if (!moves) release(followed);
  ended_.push_back(std::move(followed));
}

void LogTail::release(Followed& followed) const {
  if (running_.size() + ended_.size() < most_open) return;
  followed.log.fd = Fd();
  followed.output.fd = Fd();
}

bool LogTail::read_rest(Followed& followed) {
  const bool log = read_rest(followed.log);
  return (!options_.output || read_rest(followed.output)) && log;
}

template <class Reader>
bool LogTail::read_rest(File<Reader>& file) {
  if (file.whole) return true;
  file.whole = read(file);
  if (file.whole) {
    // Who logged nothing has no file.
    if (!file.fd && errno != ENOENT) ++unread_;
    file.reader.end(take_);
  }
  return file.whole;
}

template <class Reader>
bool LogTail::read(File<Reader>& file) {
  open(file);
  if (!file.fd) return true;
  char buffer[16384];
  for (std::size_t taken = 0; taken < most_at_once && options_.has_room();) {
    const auto n = ::pread(file.fd.get(), buffer, sizeof buffer, file.at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      file.reader.pause(take_);
      return true;
    }
    const auto size = static_cast<std::size_t>(n);
    file.reader.read({buffer, size}, take_);
    taken += size;
    file.at += n;
  }
  return false;
}

}  // namespace eh::host
