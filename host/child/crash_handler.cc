// Runs in a signal handler, in a process whose memory may be in any state:
// nothing here allocates or locks. backtrace() of glibc may load a library, so
// the unwinder of libgcc, which is loaded anyway, is called directly. If it
// crashes too, the handler is entered once more and finishes without it.

#include "child/crash_handler.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string_view>

#include "base/hex.h"
#include "child/plugin.h"
#include "contract/child.h"

namespace eh::host::child {
namespace {

// Not SIGSYS: a filter of system calls would stop the report, too, and each
// handler costs every experiment a system call.
constexpr int handled[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
constexpr int most_frames = 100;
constexpr unsigned most_seconds = 5;

Leaf* the_leaf = nullptr;
void (*last_words_function)() = nullptr;
pid_t own_pid = 0;
std::terminate_handler terminate_before = nullptr;
char cause[1024];
std::atomic<pid_t> reporter{0};
std::atomic<bool> unwinding{false};
// Large enough for the unwinder, and for the registers that AVX-512 and AMX
// save on a signal.
alignas(16) char handler_stack[64 * 1024];

// Text in a buffer of its own, written when full and at the end.
class Report {
 public:
  void open() {
    fd_ = ::openat(the_leaf->get(), contract::crash_file,
                   O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  }
  void text(std::string_view text) {
    for (const char c : text) {
      if (size_ == sizeof buffer_) flush();
      buffer_[size_++] = c;
    }
  }
  void number(std::uint64_t value, unsigned base) {
    char digits[24];
    std::size_t at = sizeof digits;
    do {
      digits[--at] = hex_digits[value % base];
      value /= base;
    } while (value != 0);
    text({digits + at, sizeof digits - at});
  }
  void address(std::uint64_t value) {
    text("0x");
    number(value, 16);
    text("\n");
  }
  void flush() {
    const char* at = buffer_;
    while (size_ > 0) {
      const auto n = ::write(fd_, at, size_);
      if (n <= 0) break;
      at += n;
      size_ -= static_cast<std::size_t>(n);
    }
    size_ = 0;
  }
  void file(const char* path) {
    flush();
    const int in = ::open(path, O_RDONLY | O_CLOEXEC);
    if (in < 0) return;
    for (;;) {
      const auto n = ::read(in, buffer_, sizeof buffer_);
      if (n <= 0) break;
      size_ = static_cast<std::size_t>(n);
      flush();
    }
    ::close(in);
  }

 private:
  int fd_ = -1;
  std::size_t size_ = 0;
  char buffer_[4096];
};

Report report;

// What the largest of the processes had that this one waited for, in KiB.
std::uint64_t peak_memory_of_children() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss);
}

// VmHWM in KiB, or 0 (proc(5)); that of a child, if it is more.
std::uint64_t peak_memory() {
  static char status[4096];
  const int fd = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const auto n = ::read(fd, status, sizeof status - 1);
  ::close(fd);
  status[std::max<ssize_t>(n, 0)] = 0;
  const char* at = std::strstr(status, "VmHWM:");
  if (!at) return 0;
  std::uint64_t value = 0;
  for (at += 6; *at == ' ' || *at == '\t'; ++at) continue;
  for (; *at >= '0' && *at <= '9'; ++at)
    value = value * 10 + static_cast<unsigned>(*at - '0');
  return value == 0 ? 0 : std::max(value, peak_memory_of_children());
}

// Where the signal interrupted the program, and its stack pointer there.
struct Place {
  std::uint64_t pc = 0, sp = 0;
};

Place place_of([[maybe_unused]] const void* context) {
#if defined(__x86_64__)
  const auto& r = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
  return {static_cast<std::uint64_t>(r[REG_RIP]),
          static_cast<std::uint64_t>(r[REG_RSP])};
#elif defined(__aarch64__)
  const auto& m = static_cast<const ucontext_t*>(context)->uc_mcontext;
  return {m.pc, m.sp};
#else
  return {};
#endif
}

struct Walk {
  std::uint64_t from;  ///< frames before this address are the handler's
  bool recording;
  int count;
};

_Unwind_Reason_Code take_frame(_Unwind_Context* context, void* data) {
  auto& walk = *static_cast<Walk*>(data);
  const std::uint64_t pc = _Unwind_GetIP(context);
  if (walk.recording && pc != 0) {
    report.address(pc);
    if (++walk.count >= most_frames) return _URC_END_OF_STACK;
  } else if (pc == walk.from) {
    walk.recording = true;  // it stands in the report already
  }
  return _URC_NO_REASON;
}

// The stack below a call of a wild pointer: the unwinder knows nothing of
// where it led to, but the call left its return address. Only x86 keeps it in
// memory. Reading it may crash, which is provided for.
void walk_from_caller([[maybe_unused]] const Place& place) {
#if defined(__x86_64__)
  std::uint64_t caller = 0;
  std::memcpy(&caller, reinterpret_cast<const void*>(place.sp), sizeof caller);
  report.address(caller);
#endif
}

void finish_report() {
  report.text("\n");
  report.file("/proc/self/maps");
}

void write_report(int signal, const siginfo_t& info, const Place& place) {
  report.open();
  if (cause[0] != 0) {
    report.text("terminate ");
    report.text(cause);
    report.text("\n");
  }
  const bool has_address =
      info.si_code > 0 && (signal == SIGSEGV || signal == SIGBUS ||
                           signal == SIGFPE || signal == SIGILL);
  report.number(static_cast<unsigned>(signal), 10);
  report.text(" 0x");
  report.number(
      has_address ? reinterpret_cast<std::uintptr_t>(info.si_addr) : 0, 16);
  report.text(" ");
  report.number(peak_memory(), 10);
  report.text("\n");
  report.address(place.pc);
  report.flush();
  unwinding = true;
  Walk walk{place.pc, false, 0};
  _Unwind_Backtrace(take_frame, &walk);
  if (walk.count == 0) walk_from_caller(place);
  unwinding = false;
  finish_report();
}

void die_of(int signal) {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  ::sigaction(signal, &usual, nullptr);
  ::raise(signal);
}

// A report that hangs must not keep the process.
void limit_time() {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  ::sigaction(SIGALRM, &usual, nullptr);
  sigset_t alarms;
  ::sigemptyset(&alarms);
  ::sigaddset(&alarms, SIGALRM);
  ::pthread_sigmask(SIG_UNBLOCK, &alarms, nullptr);
  ::alarm(most_seconds);
}

void on_crash(int signal, siginfo_t* info, void* context) {
  if (::getpid() != own_pid) return die_of(signal);  // a fork of the experiment
  pid_t none = 0;
  const pid_t self = ::gettid();
  if (reporter.compare_exchange_strong(none, self)) {
    limit_time();
    write_report(signal, *info, place_of(context));
    if (last_words_function) last_words_function();
  } else if (none != self) {
    for (;;) ::pause();  // the process is about to end
  } else if (unwinding.exchange(false)) {
    finish_report();
  }
  die_of(signal);
}

[[noreturn]] void on_terminate() {
  const auto text = current_exception_text();
  const auto size = std::min(text.size(), sizeof cause - 1);
  for (std::size_t i = 0; i < size; ++i)
    cause[i] = text[i] == '\n' || text[i] == '\0' ? ' ' : text[i];
  if (terminate_before) terminate_before();  // tells stderr, then aborts
  std::abort();
}

}  // namespace

void explain_crashes(Leaf& leaf, int process, void (*last_words)()) {
  the_leaf = &leaf;
  last_words_function = last_words;
  own_pid = process;
  stack_t stack{}, stack_before{};
  stack.ss_sp = handler_stack;
  stack.ss_size = sizeof handler_stack;
  if (::sigaltstack(&stack, &stack_before) == 0 &&
      !(stack_before.ss_flags & SS_DISABLE))
    ::sigaltstack(&stack_before, nullptr);
  struct sigaction action {
  }, before{};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (const int signal : handled) {
    ::sigaction(signal, &action, &before);
    if ((before.sa_flags & SA_SIGINFO) || before.sa_handler != SIG_DFL)
      ::sigaction(signal, &before, nullptr);
  }
  terminate_before = std::set_terminate(on_terminate);
}

}  // namespace eh::host::child
