#include "cluster/watch_io.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>

#include "os/file.h"
#include "os/signals_blocked.h"
#include "os/stop_signals.h"

namespace eh::host {
namespace {

// Signals that are to stop this process, as a descriptor.
class StopSignals {
 public:
  StopSignals() {
    ::sigemptyset(&signals_);
    for (const int signal : stop_signals()) ::sigaddset(&signals_, signal);
    ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    fd_ = Fd(::signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_) throw_errno("cannot wait for signals");
  }
  ~StopSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  int fd() const { return fd_.get(); }
  std::vector<int> take() const {
    std::vector<int> out;
    signalfd_siginfo info;
    while (::read(fd_.get(), &info, sizeof info) == sizeof info)
      out.push_back(static_cast<int>(info.ssi_signo));
    return out;
  }

 private:
  sigset_t signals_{}, before_{};
  Fd fd_;
};

// Lets keys be read from stdin as they are typed, while it lives.
class SingleKeys {
 public:
  SingleKeys() {
    if (::tcgetattr(0, &before_) != 0) return;
    auto now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    changed_ = ::tcsetattr(0, TCSANOW, &now) == 0;
  }
  ~SingleKeys() {
    if (changed_) ::tcsetattr(0, TCSANOW, &before_);
  }
  SingleKeys(const SingleKeys&) = delete;
  SingleKeys& operator=(const SingleKeys&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

// What the thread that waits for the scheduler shares with this one. A thread
// that hangs is left to itself.
struct Question {
  explicit Question(std::unique_ptr<Scheduler> asked)
      : scheduler(std::move(asked)) {
    done = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  }
  const std::unique_ptr<Scheduler> scheduler;
  Fd done;
  std::mutex mutex;
  std::optional<QueueAnswer> answer;
};

class RealWatchIo : public WatchIo {
 public:
  RealWatchIo(const std::function<std::unique_ptr<Scheduler>()>& connect,
              std::function<void()> pause)
      : scheduler_(connect()),
        pause_(std::move(pause)),
        question_(std::make_shared<Question>(connect())) {}

  Clock::time_point now() const override { return Clock::now(); }

  std::vector<int> wait(Clock::time_point deadline) override {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - Clock::now());
    pollfd polls[] = {{signals_.fd(), POLLIN, 0},
                      {question_->done.get(), POLLIN, 0}};
    ::poll(polls, 2,
           static_cast<int>(std::clamp<long>(left.count() + 1, 0, 60'000)));
    return signals_.take();
  }

  void ask_queue(const std::vector<std::string>& names) override {
    const auto ask = [question = question_, names] {
      const auto begin = Clock::now();
      QueueAnswer answer;
      answer.tasks = question->scheduler->queue(names);
      answer.error = question->scheduler->error();
      answer.seconds =
          std::chrono::duration<double>(Clock::now() - begin).count();
      const std::lock_guard lock(question->mutex);
      question->answer = std::move(answer);
      ::eventfd_write(question->done.get(), 1);
    };
    try {
      const SignalsBlocked blocked;
      std::thread(ask).detach();
    } catch (const std::system_error&) {
      ask();  // the user may have no more threads
    }
  }

  std::optional<QueueAnswer> take_answer() override {
    const std::lock_guard lock(question_->mutex);
    eventfd_t count = 0;
    ::eventfd_read(question_->done.get(), &count);
    auto out = std::move(question_->answer);
    question_->answer.reset();
    return out;
  }

  std::optional<Choice> ask_person() override {
    if (::isatty(0) != 1 || (::isatty(1) != 1 && ::isatty(2) != 1)) return {};
    pause_();
    const SingleKeys keys;
    say("interrupted: cancel its jobs [c], leave them running [l], or go on"
        " watching [g]? ");
    for (;;) {
      switch (read_key()) {
        case 'c':
        case 'C':
          say("cancel\n");
          return Choice::cancel;
        case 'l':
        case 'L':
          say("leave\n");
          return Choice::leave;
        case 'g':
        case 'G':
          say("go on\n");
          return Choice::go_on;
        default:
          break;
      }
    }
  }

  Scheduler& scheduler() override { return *scheduler_; }

 private:
  static void say(std::string_view text) {
    [[maybe_unused]] const auto n =
        ::write(::isatty(2) == 1 ? 2 : 1, text.data(), text.size());
  }

  // A key; a further interruption cancels, and who hangs up, or ends the
  // process, leaves.
  char read_key() {
    for (;;) {
      pollfd polls[] = {{signals_.fd(), POLLIN, 0}, {0, POLLIN, 0}};
      ::poll(polls, 2, -1);
      for (const int signal : signals_.take())
        return signal == SIGINT ? 'c' : 'l';
      if (polls[1].revents == 0) continue;
      char key = 0;
      const auto n = ::read(0, &key, 1);
      if (n < 0 && errno == EINTR) continue;
      return n == 1 ? key : 'l';  // nobody is there any more
    }
  }

  const std::unique_ptr<Scheduler> scheduler_;
  std::function<void()> pause_;
  StopSignals signals_;
  std::shared_ptr<Question> question_;
};

}  // namespace

std::unique_ptr<WatchIo> make_watch_io(
    const std::function<std::unique_ptr<Scheduler>()>& connect,
    std::function<void()> pause) {
  return std::make_unique<RealWatchIo>(connect, std::move(pause));
}

}  // namespace eh::host
