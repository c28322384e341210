#include "os/capture.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "os/descendants.h"
#include "os/file.h"
#include "os/launch_environment.h"
#include "os/spawn.h"

namespace eh::host {
namespace {

using Clock = std::chrono::steady_clock;
// Of what a message tells.
constexpr std::size_t most_told = 16 * 1024;
constexpr std::size_t most_kept = std::size_t{1} << 30;
// No pipe holds more, unless root made it larger: all that a process wrote
// before it ended. One that writes on and on does not outrun its time.
constexpr std::size_t most_at_once = 1 << 20;
// At a process of which the kernel gives no descriptor: a sandbox may forbid
// it.
constexpr auto between_looks = std::chrono::milliseconds(5);

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
    read = Fd(ends[0]);
    write = Fd(ends[1]);
  }
  Fd read, write;
};

// Keeps the last line of an output that grows, if it is an answer (JSON), and
// the end of all else.
class LastLine {
 public:
  void keep(std::string& text) {
    if (text.empty()) return;
    const auto last = text.size() - 1;  // a line break there is the line's own
    const auto newline =
        std::string_view(text).substr(searched_, last - searched_).rfind('\n');
    if (newline != text.npos) begin_ = searched_ + newline + 1;
    if (newline != text.npos || searched_ == 0)
      is_answer_ = text[begin_] == '{';
    searched_ = last;
    const auto answer = is_answer_ ? begin_ : text.size();
    if (answer <= most_told) return;
    const auto cut = answer - most_told;
    text.erase(0, cut);
    begin_ = std::max(begin_, cut) - cut;
    searched_ -= cut;
  }

 private:
  std::size_t begin_ = 0, searched_ = 0;
  bool is_answer_ = false;
};

struct CapturedProcess {
  std::size_t index = 0;
  pid_t pid = -1;
  Fd ended;  // a pidfd: readable when the process has ended; or there is none
  Fd output, errors;
  LastLine last_line;
  Clock::time_point deadline;
};

class Capturer {
 public:
  // What is asked, with a mark in its environment, answers in its last line.
  Capturer(const std::vector<std::vector<std::string>>& commands,
           double seconds, const std::string& mark)
      : commands_(commands),
        asks_(!mark.empty()),
        seconds_(seconds),
        results_(commands.size()) {
    if (asks_) environment_.push_back(mark);
  }

  ~Capturer() {
    for (const auto& process : running_) ::kill(-process.pid, SIGKILL);
  }

  std::vector<Captured> run(std::size_t at_once) {
    std::size_t next = 0;
    while (next < commands_.size() || !running_.empty()) {
      while (next < commands_.size() && running_.size() < at_once &&
             try_start(next))
        ++next;
      step();
    }
    return std::move(results_);
  }

 private:
  // False if there is room only when one of those that run has ended.
  bool try_start(std::size_t index) {
    try {
      start(index);
    } catch (const std::system_error& error) {
      if (running_.empty() || !is_shortage(error.code())) throw;
      return false;
    }
    return true;
  }

  void start(std::size_t index) {
    Pipe output, errors;
    CapturedProcess process;
    process.index = index;
    process.pid = spawn({.arguments = commands_[index],
                         .environment = environment_,
                         .input = "/dev/null",
                         .output_fd = output.write.get(),
                         .error_fd = errors.write.get()});
    process.output = std::move(output.read);
    process.errors = std::move(errors.read);
    process.ended =
        Fd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
    for (const auto* pipe : {&process.output, &process.errors})
      ::fcntl(pipe->get(), F_SETFL, O_NONBLOCK);
    process.deadline =
        Clock::now() + std::chrono::milliseconds(
                           static_cast<long>(std::min(seconds_, 1e6) * 1e3));
    running_.push_back(std::move(process));
  }

  void step() {
    std::vector<pollfd> polls;
    auto deadline = Clock::time_point::max();
    for (const auto& process : running_) {
      polls.push_back({process.output ? process.output.get() : -1, POLLIN, 0});
      polls.push_back({process.errors ? process.errors.get() : -1, POLLIN, 0});
      polls.push_back({process.ended.get(), POLLIN, 0});
      deadline = std::min(deadline, process.deadline);
      if (!process.ended)
        deadline = std::min(deadline, Clock::now() + between_looks);
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::min(deadline, Clock::now() + std::chrono::minutes(1)) -
        Clock::now());
    ::poll(polls.data(), polls.size(),
           static_cast<int>(std::clamp<long>(left.count() + 1, 0, 60'000)));
    for (std::size_t i = 0; i < running_.size(); ++i) {
      auto& process = running_[i];
      auto& result = results_[process.index];
      // What it wrote before it ended is in the pipes: look at the end first.
      const bool ended = process.ended ? polls[3 * i + 2].revents != 0
                                       : has_ended(process.pid);
      drain(process.output, result.output);
      drain(process.errors, result.errors);
      if (asks_) process.last_line.keep(result.output);
      if (result.errors.size() > most_told)
        result.errors.erase(0, result.errors.size() - most_told);
      if (result.output.size() > most_kept) end_talk(process, result);
      if (ended) {
        reap(process, result);
      } else if (Clock::now() >= process.deadline) {
        result.timed_out = true;
        ::kill(-process.pid, SIGKILL);
        process.deadline = Clock::time_point::max();
      }
    }
    running_.erase(
        std::remove_if(running_.begin(), running_.end(),
                       [](const CapturedProcess& r) { return r.pid < 0; }),
        running_.end());
  }

  static bool has_ended(pid_t pid) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &info,
                    WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid == pid;
  }

  static void drain(Fd& fd, std::string& out) {
    char buffer[65536];
    for (std::size_t taken = 0; fd && taken < most_at_once;) {
      const auto n = ::read(fd.get(), buffer, sizeof buffer);
      if (n > 0) {
        out.append(buffer, static_cast<std::size_t>(n));
        taken += static_cast<std::size_t>(n);
      } else if (n < 0 && errno == EAGAIN) {
        return;
      } else if (n == 0 || errno != EINTR) {
        fd = Fd();
      }
    }
  }

  static void end_talk(CapturedProcess& process, Captured& result) {
    ::kill(-process.pid, SIGKILL);
    process.output = Fd();
    result.output = {};
    result.errors += "\n(it was ended: it printed more than 1 GiB)\n";
  }

  void reap(CapturedProcess& process, Captured& result) {
    int status = 0;
    ::kill(-process.pid,
           SIGKILL);  // what it left behind; its id is still its own
    ::waitpid(process.pid, &status, 0);
    if (WIFSIGNALED(status))
      result.signal = WTERMSIG(status);
    else
      result.code = WEXITSTATUS(status);
    process.pid = -1;
  }

  const std::vector<std::vector<std::string>>& commands_;
  bool asks_;
  std::vector<std::string> environment_ = environment_for_children();
  double seconds_;
  std::vector<Captured> results_;
  std::vector<CapturedProcess> running_;
};

}  // namespace

std::vector<Captured> capture(
    const std::vector<std::vector<std::string>>& commands, std::size_t at_once,
    double seconds) {
  return Capturer(commands, seconds, "").run(at_once);
}

std::vector<Captured> capture_strangers(
    const std::vector<std::vector<std::string>>& commands, std::size_t at_once,
    double seconds, const std::string& mark) {
  const OrphansEnd at_the_end(mark);
  return Capturer(commands, seconds, mark).run(at_once);
}

}  // namespace eh::host
