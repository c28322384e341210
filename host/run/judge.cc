#include "run/judge.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/shortened.h"
#include "base/text.h"
#include "contract/child.h"
#include "contract/results.h"
#include "contract/verdict_text.h"
#include "os/below.h"
#include "os/signal_name.h"
#include "run/crash_report.h"

namespace eh::host {
namespace {

constexpr std::size_t most_of_crash = 4 << 20;  // bytes of its file

std::string signal_meaning(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "invalid memory access";
    case SIGBUS:
      return "bad memory access or a truncated mapped file";
    case SIGFPE:
      return "division by zero or integer overflow";
    case SIGILL:
      return "illegal instruction: built for another processor?";
    case SIGABRT:
      return "abort()";
    case SIGXCPU:
      return "limit of CPU time";
    case SIGXFSZ:
      return "limit of file size";
    case SIGSYS:
      return "forbidden system call";
    default:
      return {};
  }
}

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  if (end == text.npos) return {};
  const auto begin = text.find_last_of('\n', end);
  return text.substr(begin + 1, end - begin);
}

class Judge {
 public:
  Judge(ResultTree& tree, const std::string& leaf, const AttemptEnd& end)
      : tree_(tree), leaf_(leaf), end_(end), out_(blank()) {}

  ExperimentEnded judge(const std::function<std::string()>& members) {
    if (take_verdict()) {
      if (!blame_memory()) return out_;
    } else {
      read_crash();
      read_results();
      decide();
      blame_memory();
    }
    tidy();
    tree_.write_verdict(leaf_, verdict_text(verdict(members())));
    return out_;
  }

 private:
  ExperimentEnded blank() const {
    ExperimentEnded out;
    out.leaf = tree_.leaf_path(leaf_);
    out.attempt = end_.attempt;
    out.seconds = end_.seconds;
    return out;
  }

  // Whether the child's own verdict is there and stands.
  bool take_verdict() {
    const auto verdict = tree_.verdict(leaf_);
    if (!verdict || verdict->attempt != end_.attempt) return false;
    // A verdict of success and an end by itself, or killed by us after it.
    const bool ok = verdict->status == Status::ok;
    const bool credible = !end_.exit.signal || end_.asked_to_stop;
    if (ok ? !credible : end_.timed_out) return false;
    out_.status = verdict->status;
    out_.message = verdict->message;
    results_ = verdict->results;
    if (!verdict->exception.empty())
      out_.message = verdict->exception + ": " + out_.message;
    out_.message = shortened_message(out_.message, tree_.verdict_file());
    out_.seconds = verdict->seconds;
    out_.unwritten = end_.exit.code == contract::exit_unwritable;
    return true;
  }

  // Results of an attempt that lost a process on the way are not results.
  bool blame_memory() {
    if (!end_.oom_loss || end_.asked_to_stop) return false;
    if (out_.status == Status::ok)
      out_.message = ": its results cannot be trusted";
    else if (out_.status == Status::failed || out_.status == Status::crashed)
      out_.message = out_.message.empty() ? "" : ", and then: " + out_.message;
    else
      return false;
    out_.status = Status::out_of_memory;
    out_.message =
        "a process that it started was killed because memory ran out" +
        out_.message;
    return true;
  }

  std::string output() const {
    return read_tail(tree_.fd(), leaf_ + '/' + contract::output_file, 16'384);
  }

  // Those that the child could not put into a verdict.
  void read_results() {
    results_ = results_object(read_file(tree_.fd(),
                                        leaf_ + '/' + contract::results_file,
                                        contract::most_of_results)
                                  .value_or(""));
  }

  void read_crash() {
    const auto path = leaf_ + '/' + contract::crash_file;
    const auto text = read_file(tree_.fd(), path, most_of_crash);
    if (!text) return;
    crash_ = parse_crash(*text);
    below::remove_file(tree_.fd(), path);
  }

  void decide() {
    // A crash report that hung was ended by its own alarm.
    const int signal = crash_ && end_.exit.signal == SIGALRM ? crash_->signal
                                                             : end_.exit.signal;
    const bool killed_by_us =
        signal == SIGKILL || signal == SIGTERM || signal == SIGINT;
    if (end_.timed_out && (killed_by_us || signal == 0)) {
      out_.status = Status::timeout;
      out_.message = end_.why_stopped.empty()
                         ? "took longer than " + duration_text(end_.timeout)
                         : end_.why_stopped;
    } else if (end_.asked_to_stop && (killed_by_us || signal == 0)) {
      out_.status = Status::cancelled;
      out_.message = end_.why_stopped.empty()
                         ? "killed because the run was stopped"
                         : end_.why_stopped;
    } else if (signal == 0) {
      decide_exit(*end_.exit.code);
    } else if (signal == SIGKILL && end_.oom_kill) {
      out_.status = Status::out_of_memory;
      out_.message = "killed by the kernel because memory ran out";
    } else {
      decide_crash(signal);
    }
  }

  void decide_exit(int code) {
    out_.status = Status::failed;
    out_.unwritten = code == contract::exit_unwritable;
    if (out_.unwritten || code == contract::exit_plugin ||
        code == contract::exit_unknown)
      out_.message = last_line(output());
    if (out_.message.empty())
      out_.message =
          "called exit(" + std::to_string(code) + ") instead of returning";
  }

  void decide_crash(int signal) {
    out_.status = Status::crashed;
    out_.message = "killed by " + signal_name(signal);
    const auto meaning = signal_meaning(signal);
    if (!meaning.empty()) out_.message += " (" + meaning + ")";
    if (signal == SIGKILL) out_.message += " from outside";
    if (!crash_) return;
    if (!crash_->cause.empty()) out_.message += ": " + crash_->cause;
    if (signal == SIGSEGV || signal == SIGBUS) {
      char address[40];
      std::snprintf(address, sizeof address, " at address 0x%llx",
                    static_cast<unsigned long long>(crash_->address));
      out_.message += address;
    }
    out_.backtrace = crash_->backtrace;
  }

  // An empty output.txt says nothing; a child that returns removes it itself.
  void tidy() {
    const auto path = leaf_ + '/' + contract::output_file;
    struct stat info;
    if (below::status(tree_.fd(), path, info) == 0 && S_ISREG(info.st_mode) &&
        info.st_size == 0)
      below::remove_file(tree_.fd(), path);
    below::remove_file(tree_.fd(), leaf_ + '/' + contract::verdict_temporary);
  }

  VerdictText verdict(std::string members) const {
    VerdictText verdict;
    verdict.status = out_.status;
    verdict.message = out_.message;
    if (end_.exit.signal)
      verdict.signal = signal_name(end_.exit.signal);
    else
      verdict.exit_code = *end_.exit.code;
    verdict.backtrace = out_.backtrace;
    verdict.start = end_.start;
    verdict.end = utc_text(std::chrono::system_clock::now());
    verdict.seconds = end_.seconds;
    verdict.cpu_seconds = end_.exit.cpu_seconds;
    if (crash_) verdict.peak_memory = crash_->peak_memory;
    verdict.results = results_;
    verdict.members = std::move(members);
    return verdict;
  }

  ResultTree& tree_;
  const std::string& leaf_;
  const AttemptEnd& end_;
  std::optional<CrashReport> crash_;
  std::string results_;  // a JSON object, or ""
  ExperimentEnded out_;
};

}  // namespace

ExperimentEnded judge_attempt(ResultTree& tree, const std::string& leaf,
                              const AttemptEnd& end,
                              const std::function<std::string()>& members) {
  return Judge(tree, leaf, end).judge(members);
}

}  // namespace eh::host
