// The processes of this machine: started by posix_spawn, waited for through
// Boost.Process, whose own launchers leak descriptors and run exit handlers in
// the child, and cost time in proportion to the host's memory.

#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/process/v2/process.hpp>
#include <map>
#include <set>
#include <system_error>

#include "file.h"
#include "spawn_process.h"
#include "stop_signals.h"
#include "text.h"

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

class MachineProcesses : public Processes {
 public:
  MachineProcesses(const std::vector<std::string>& child,
                   const std::string& owner, const std::vector<int>& more)
      : signals_(context_) {
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
    for (auto& [id, child] : running_) signal_group(id, SIGKILL);
    running_.clear();
    // Whoever is left was started by an experiment and hid from its end.
    for (const pid_t pid : orphans()) ::kill(pid, SIGKILL);
    reap_orphans([](pid_t) { return true; });
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
    auto& child = running_[pid];
    try {
      child.handle = std::make_unique<Handle>(context_.get_executor(), pid);
    } catch (const boost::system::system_error& error) {
      running_.erase(pid);
      ::kill(-pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
      throw std::system_error(error.code(), "cannot wait for a new process");
    }
    child.directory = launch.directory;
    child.handle->async_wait([this, pid](auto error, int status) {
      ended(pid, error ? 0 : status);
    });
    return pid;
  }

  Wake wait(Clock::time_point deadline) override {
    context_.restart();
    context_.run_one_until(deadline);
    context_.poll();
    return std::exchange(wake_, {});
  }

  void signal(Id process, int number) override { ::kill(process, number); }

  void signal_group(Id process, int number) override {
    if (::kill(-process, number) != 0) ::kill(process, number);
  }

  std::size_t sweep(Id process) override {
    const auto wanted = "EH_LEAF_DIR=" + directories_[process];
    directories_.erase(process);
    std::set<pid_t> killed;
    for (const pid_t pid : orphans()) {
      if (::waitpid(pid, nullptr, WNOHANG) == pid) continue;  // had ended
      if (::getpgid(pid) != process && !has_environment(pid, wanted)) continue;
      if (::kill(pid, SIGKILL) == 0) killed.insert(pid);
    }
    // Also those whose parents are alive in the group.
    const bool others = ::kill(-process, SIGKILL) == 0;
    if (others || !killed.empty())
      reap_orphans([&](pid_t pid) {
        return killed.count(pid) > 0 || ::getpgid(pid) == process;
      });
    return killed.size();
  }

  Clock::time_point now() const override { return Clock::now(); }

 private:
  struct Child {
    std::unique_ptr<Handle> handle;
    std::string directory;
  };

  // The guard waits for the end of a pipe that only this process holds open.
  // What main() of a program prints before it is the guard is dropped.
  void start_guard(std::vector<std::string> command, const std::string& owner) {
    command.insert(command.end(), {"guard", owner});
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
    const Fd read(ends[0]);
    guard_pipe_ = Fd(ends[1]);
    const Fd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (!nowhere) throw_errno("cannot open /dev/null");
    const auto environment = current_environment();
    guard_ = spawn({.arguments = std::move(command),
                    .environment = environment,
                    .directory = "/",
                    .input_fd = read.get(),
                    .output_fd = nowhere.get()});
  }

  // Children that this object did not start: they were started by those, and
  // came here when their parents ended.
  std::vector<pid_t> orphans() const {
    const auto list =
        read_file(AT_FDCWD, "/proc/self/task/" + std::to_string(::getpid()) +
                                "/children");
    std::vector<pid_t> out;
    for (const auto& word : split(list.value_or(""), ' ')) {
      const int pid = std::atoi(word.c_str());
      if (pid > 0 && !running_.count(pid) && pid != guard_) out.push_back(pid);
    }
    return out;
  }

  // A process that ends meanwhile, or that may not be looked at, has not.
  static bool has_environment(pid_t pid, const std::string& wanted) {
    try {
      const auto environment =
          read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/environ");
      const auto entries = split(environment.value_or(""), '\0');
      return std::find(entries.begin(), entries.end(), wanted) != entries.end();
    } catch (const std::system_error&) {
      return false;
    }
  }

  // Waits a moment for those that were killed, of which `killed(pid)` is true.
  // One that the kernel holds up is left for later: nothing waits for it.
  template <class Killed>
  void reap_orphans(const Killed& killed) {
    for (int round = 0; round < 20; ++round) {
      bool left = false;
      for (const pid_t pid : orphans())
        left = (killed(pid) && ::waitpid(pid, nullptr, WNOHANG) == 0) || left;
      if (!left) return;
      ::usleep(1000);
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
    directories_[pid] = child->second.directory;
    running_.erase(child);
    wake_.ended.emplace_back(pid, exit);
  }

  asio::io_context context_{1};
  asio::signal_set signals_;
  std::map<pid_t, Child> running_;
  std::map<pid_t, std::string> directories_;  // of the ended, until swept
  rlimit descriptors_{};
  bool raised_ = false;
  Fd guard_pipe_;
  pid_t guard_ = -1;
  double cpu_before_ = 0;
  Wake wake_;
};

}  // namespace

std::unique_ptr<Processes> make_processes(const std::vector<std::string>& child,
                                          const std::string& owner,
                                          const std::vector<int>& more) {
  return std::make_unique<MachineProcesses>(child, owner, more);
}

}  // namespace eh::host
