// The processes of this machine: started by posix_spawn, waited for through
// Boost.Process, whose own launchers leak descriptors and run exit handlers in
// the child, and cost time in proportion to the host's memory.

#include "run/processes.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/process/v2/process.hpp>
#include <map>
#include <set>
#include <system_error>

#include "os/descendants.h"
#include "os/file.h"
#include "os/launch_environment.h"
#include "os/spawn.h"
#include "os/stop_signals.h"

namespace eh::host {
namespace {

namespace asio = boost::asio;
using Handle =
    boost::process::v2::basic_process_handle<asio::io_context::executor_type>;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         1e-6 * static_cast<double>(time.tv_usec);
}

// CPU time of all children waited for so far.
double children_cpu() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// A moment for ends that are on their way.
constexpr int most_rounds = 20;
void wait_a_millisecond() {
  ::usleep(1000);
}

class MachineProcesses : public Processes {
 public:
  MachineProcesses(const std::string& child, const std::string& owner,
                   const std::vector<int>& more)
      : not_ours_(children()), signals_(context_), ends_(context_) {
    // Orphans of an experiment become children of this process, so that it
    // can find them.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (const int signal : stop_signals()) signals_.add(signal);
    for (const int signal : more) signals_.add(signal);
    raise_descriptor_limit();
    cpu_before_ = children_cpu();
    start_guard(child, owner);
    listen();
  }

  ~MachineProcesses() override {
    for (auto& [id, child] : running_) signal_group(id, SIGTERM);
    running_.clear();
    // Whoever is left was started by an experiment and hid from its end.
    end_orphans();
    guard_pipe_ = Fd();
    ::waitpid(guard_, nullptr, 0);
  }

  Id start(const Launch& launch) override {
    const bool captured = !launch.output.empty();
    const pid_t pid = spawn({.arguments = launch.arguments,
                             .environment = launch.environment,
                             .directory = launch.directory,
                             .input = captured ? "/dev/null" : "",
                             .output = launch.output,
                             .own_group = captured});
    if (raised_) ::prlimit(pid, RLIMIT_NOFILE, &descriptors_, nullptr);
    running_[pid].directory = launch.directory;
    wait_for_end(pid);
    return pid;
  }

  Wake wait(Clock::time_point deadline) override {
    context_.restart();
    context_.run_one_until(deadline);
    context_.poll();
    return std::exchange(wake_, {});
  }

  void signal_group(Id process, int number) override {
    if (!send_signal(-process, number)) send_signal(process, number);
    if (const auto child = running_.find(process); child != running_.end())
      child->second.group_was_asked = true;
  }

  Left sweep(Id process, int signal) override {
    auto& ended = ended_[process];
    Left left;
    for (int round = 0; round < most_rounds; ++round) {
      const auto others = left_by(process, ended);
      // Also those whose parents are alive in the group.
      const bool group =
          running_.count(process) == 0 && ::kill(-process, 0) == 0;
      ended.found.insert(others.begin(), others.end());
      left = {ended.found.size(), group || !others.empty()};
      if (!left.any) break;
      if (!tell(process, ended, others, group, signal) && round == 0) break;
      wait_a_millisecond();
    }
    if (!left.any || signal == SIGKILL) ended_.erase(process);
    return left;
  }

  Clock::time_point now() const override { return Clock::now(); }

 private:
  static constexpr int runs = 0x17f;  // "stopped": none that has ended

  struct Child {
    std::unique_ptr<Handle> handle;  // none: SIGCHLD tells of its end
    int status = runs;               // as waitpid() tells it
    std::string directory;
    bool group_was_asked = false;
  };
  // Something that it started may be left.
  struct Ended {
    std::string directory;
    bool group_was_asked = false;
    std::set<pid_t> asked, found;
  };

  // The guard waits for the end of a pipe that only this process holds open.
  void start_guard(const std::string& child, const std::string& owner) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
    const Fd read(ends[0]);
    guard_pipe_ = Fd(ends[1]);
    const Fd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (!nowhere) throw_errno("cannot open /dev/null");
    const auto environment = environment_for_children();
    guard_ = spawn({.arguments = {child, "guard", owner},
                    .environment = environment,
                    .directory = "/",
                    .input_fd = read.get(),
                    .output_fd = nowhere.get()});
  }

  // Tells of the end by a descriptor of the process or, where the kernel gives
  // none (a sandbox forbids it, or none is left), by SIGCHLD.
  void wait_for_end(pid_t pid) {
    auto& child = running_[pid];
    try {
      child.handle = std::make_unique<Handle>(context_.get_executor(), pid);
    } catch (const boost::system::system_error&) {
      return wait_for_signal(pid);
    }
    wait_by(*child.handle, child.status, [this, pid](auto error, int status) {
      if (!error) return ended(pid, status);
      running_[pid].handle.reset();
      wait_for_signal(pid);
    });
  }

  // Boost.Process 1.81 gives the status to what is called. Later ones put it
  // into a variable, which has to say before that the process runs.
  template <class ProcessHandle, class Tell>
  static void wait_by(ProcessHandle& handle, int& status, const Tell& tell) {
    const auto tell_later = [&status, tell](auto error) {
      tell(error, status);
    };
    if constexpr (requires { handle.async_wait(status, tell_later); })
      handle.async_wait(status, tell_later);
    else
      handle.async_wait(tell);
  }

  void wait_for_signal(pid_t pid) {
    if (!listens_for_ends_) {
      listens_for_ends_ = true;
      ends_.add(SIGCHLD);
      listen_for_ends();
    }
    // It may have ended already.
    asio::post(context_, [this, pid] { look_at(pid); });
  }

  void listen_for_ends() {
    ends_.async_wait([this](auto error, int) {
      if (error) return;
      std::vector<pid_t> unwatched;
      for (const auto& [pid, child] : running_)
        if (!child.handle) unwatched.push_back(pid);
      for (const auto pid : unwatched) look_at(pid);
      listen_for_ends();
    });
  }

  void look_at(pid_t pid) {
    const auto child = running_.find(pid);
    if (child == running_.end() || child->second.handle) return;
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid) ended(pid, status);
  }

  // Children that this object did not start: they were started by those, and
  // came here when their parents ended.
  std::vector<pid_t> orphans() const {
    std::vector<pid_t> out;
    for (const pid_t pid : children())
      if (pid != guard_ && !running_.count(pid) && !not_ours_.count(pid))
        out.push_back(pid);
    return out;
  }

  // The living ones among the orphans.
  std::vector<pid_t> left_by(Id process, const Ended& ended) const {
    const auto wanted = "EH_LEAF_DIR=" + ended.directory;
    std::vector<pid_t> out;
    for (int round = 0; round < most_rounds; ++round) {
      bool all_known = true;
      out.clear();
      for (const pid_t pid : orphans()) {
        if (::waitpid(pid, nullptr, WNOHANG) == pid)
          all_known = false;  // its children come to us now
        else if (::getpgid(pid) == process || has_environment(pid, wanted))
          out.push_back(pid);
        else
          all_known = all_known && !is_ending(pid);
      }
      if (all_known) break;
    }
    return out;
  }

  // Whether there was anybody to send `signal` to. SIGTERM comes once: some
  // that clean up at the first one break off at the second.
  bool tell(Id process, Ended& ended, const std::vector<pid_t>& others,
            bool group, int signal) {
    const bool kills = signal == SIGKILL;
    bool told = false;
    if (group && (kills || !ended.group_was_asked)) {
      told = send_signal(-process, signal);
      ended.group_was_asked = true;
    }
    for (const pid_t pid : others) {
      if (::getpgid(pid) == process) continue;
      if (!kills && !ended.asked.insert(pid).second) continue;
      told = send_signal(pid, signal) || told;
    }
    return told;
  }

  // One that the kernel holds up is left: nothing waits for it.
  void end_orphans() {
    std::set<pid_t> asked;
    constexpr int most_asking = 1000;
    for (int round = 0; round < most_asking + most_rounds; ++round) {
      bool left = false;
      for (const pid_t pid : orphans()) {
        if (::waitpid(pid, nullptr, WNOHANG) != 0) continue;
        left = true;
        if (round >= most_asking)
          ::kill(pid, SIGKILL);
        else if (asked.insert(pid).second)
          send_signal(pid, SIGTERM);
      }
      if (!left) return;
      wait_a_millisecond();
    }
  }

  // Each running child takes a descriptor here.
  // What is raised is lowered again for the children.
  void raise_descriptor_limit() {
    ::getrlimit(RLIMIT_NOFILE, &descriptors_);
    rlimit raised = descriptors_;
    raised.rlim_cur = raised.rlim_max;
    raised_ = raised.rlim_cur > descriptors_.rlim_cur &&
              ::setrlimit(RLIMIT_NOFILE, &raised) == 0;
  }

  void listen() {
    signals_.async_wait([this](auto error, int number) {
      if (error) return;
      wake_.signals.push_back(number);
      listen();
    });
  }

  void ended(pid_t pid, int status) {
    Exit exit;
    const double cpu = children_cpu();
    exit.cpu_seconds = cpu - cpu_before_;
    cpu_before_ = cpu;
    if (WIFSIGNALED(status))
      exit.signal = WTERMSIG(status);
    else
      exit.code = WEXITSTATUS(status);
    const auto child = running_.find(pid);
    ended_[pid] = {
        child->second.directory, child->second.group_was_asked, {}, {}};
    running_.erase(child);
    wake_.ended.emplace_back(pid, exit);
  }

  const std::set<pid_t> not_ours_;  // of whoever became this process
  asio::io_context context_{1};
  asio::signal_set signals_;
  asio::signal_set ends_;
  bool listens_for_ends_ = false;
  std::map<pid_t, Child> running_;
  std::map<pid_t, Ended> ended_;  // until nothing of them is left
  rlimit descriptors_{};
  bool raised_ = false;
  Fd guard_pipe_;
  pid_t guard_ = -1;
  double cpu_before_ = 0;
  Wake wake_;
};

}  // namespace

std::unique_ptr<Processes> make_processes(const std::string& child,
                                          const std::string& owner,
                                          const std::vector<int>& more) {
  try {
    return std::make_unique<MachineProcesses>(child, owner, more);
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), "cannot wait for processes");
  }
}

std::size_t most_processes() {
  constexpr rlim_t of_the_host = 40, logs_of_each = 2, most_logs = 200;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
      limit.rlim_max == RLIM_INFINITY)
    return SIZE_MAX;
  if (limit.rlim_max <= of_the_host) return 1;
  const auto free = limit.rlim_max - of_the_host;
  const auto many = free > most_logs ? free - most_logs : 0;
  return std::max({rlim_t{1}, many, free / (1 + logs_of_each)});
}

}  // namespace eh::host
