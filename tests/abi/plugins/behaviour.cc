// A plugin whose experiments end in every way there is. The experiment is
// chosen by its name, so that the tests read well.
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "eh/abi.h"

extern char** environ;

namespace {

eh_text text(std::string_view view) {
  return {view.data(), view.size()};
}

void log(const eh_run& run, eh_level level, std::string_view message) {
  const eh_record record = {sizeof record, static_cast<uint32_t>(level), 42,
                            text(message), text("/src/dir/behaviour.cc")};
  run.log(run.host, &record);
}

void write(const eh_run& run, std::string_view path, std::string_view content) {
  const auto on_error = [](void* context, eh_text why) {
    const auto& r = *static_cast<const eh_run*>(context);
    log(r, EH_ERROR, {why.data, why.size});
  };
  run.write_file(run.host, text(path), text(content), on_error,
                 const_cast<eh_run*>(&run));
}

// Logs "PATH: content", "PATH: missing" or the error.
void read(const eh_run& run, std::string_view path) {
  const auto take = [](void* context, eh_text content) {
    const auto& r = *static_cast<const eh_run*>(context);
    log(r, EH_INFO, {content.data, content.size});
  };
  const int code = run.read_file(run.host, text(path), take, take,
                                 const_cast<eh_run*>(&run));
  log(run, EH_INFO, std::string(path) + " " + std::to_string(code));
}

// The compiler must not see through these.
volatile int zero = 0;
volatile int one = 1;
volatile int* volatile nowhere = nullptr;

[[gnu::noinline]] int overflow(volatile int* depth) {
  volatile int here[1000] = {*depth};
  here[1] = here[0] + 1;
  return one ? overflow(&here[1]) + here[2] : 0;
}

[[gnu::noinline]] void write_to_null() {
  *nowhere = 1;
}

// Crashes with the stack pointer and the frame pointer in the wild.
[[gnu::noinline]] void lose_stack() {
#if defined(__x86_64__)
  asm volatile("mov $16, %rsp; mov $16, %rbp; movl $1, 0");
#endif
  write_to_null();
}

void files(const eh_run& run) {
  write(run, "a/b/plain.txt", "plain");
  read(run, "a/b/plain.txt");
  write(run, "big.gz", std::string(1'000'000, 'x'));
  write(run, "text.csv.gz", "a,b\n");
  read(run, "text.csv.gz");
  read(run, "none.txt");
  write(run, "", "x");
  write(run, "a", "over a folder");
  if (FILE* file = std::fopen("damaged.gz", "w")) {
    std::fputs("\x1f\x8b nothing", file);
    std::fclose(file);
  }
  read(run, "damaged.gz");
}

void config(const eh_run& run) {
  log(run, EH_INFO, std::to_string(run.config.size));
  write(run, "config.json", {run.config.data, run.config.size});
}

void logs(const eh_run& run) {
  log(run, EH_DEBUG, "first");
  log(run, EH_INFO, "two\nlines\n");
  log(run, EH_WARNING, "careful");
  log(run, EH_ERROR, "bell\a escape\x1b[1m return\r tab\t");
  log(run, EH_CRITICAL, "last");
}

void metrics(const eh_run& run) {
  for (int i = 0; i < 5; ++i)
    run.metric(run.host, text("wait"), i, i == 3 ? NAN : 0.1 * i);
}

// More than is written at once, and not enough for a block.
void many_metrics(const eh_run& run, int first_step = 0) {
  for (int i = first_step; i < first_step + 500; ++i)
    run.metric(run.host, text("m"), i, i);
}

void wait_until_written(std::ptrdiff_t points) {
  for (;; ::usleep(10'000)) {
    std::ifstream file("metrics.jsonl");
    using Bytes = std::istreambuf_iterator<char>;
    if (std::count(Bytes(file), Bytes(), '\n') >= points) return;
  }
}

// Two processes report at the same time, and one of them has gathered points
// when it forks. The thread that writes these has started before: it could hold
// a lock of the address sanitizer, which the new process would wait for.
void forked_metrics(const eh_run& run) {
  many_metrics(run);
  wait_until_written(500);
  many_metrics(run, 500);
  const pid_t pid = ::fork();
  if (pid == 0) {
    many_metrics(run, 1000);
    std::exit(0);
  }
  ::waitpid(pid, nullptr, 0);
}

void result(const eh_run& run, std::string_view name, std::string_view json) {
  const int code = run.result(run.host, text(name), text(json));
  if (code != 0) log(run, EH_WARNING, "refused " + std::string(json));
}

void results(const eh_run& run) {
  result(run, "wait", "1");
  result(run, "formula", "\"Erlang C\"");
  result(run, "wait", "0.5");
  result(run, "", "1");
  result(run, "bad", "{\"a\":1}");
  const pid_t pid = ::fork();
  if (pid == 0) {
    result(run, "of a fork", "true");
    ::_exit(0);
  }
  ::waitpid(pid, nullptr, 0);
}

void remove_when_done(const eh_run& run, std::string_view path, int remove) {
  write(run, path, "x");
  run.remove_when_done(run.host, text(path), remove);
}

void removed_files(const eh_run& run) {
  remove_when_done(run, "gone", 1);
  remove_when_done(run, "stays", 1);
  run.remove_when_done(run.host, text("stays"), 0);
  run.remove_when_done(run.host, text("../outside"), 1);
  run.remove_when_done(run.host, text("none"), 1);
}

void threads(const eh_run& run) {
  std::vector<std::thread> all;
  for (int t = 0; t < 4; ++t)
    all.emplace_back([&run, t] {
      for (int i = 0; i < 500; ++i) {
        log(run, EH_INFO, "thread " + std::to_string(t) + std::string(99, '.'));
        run.metric(run.host, text("m"), i, t);
      }
    });
  for (auto& thread : all) thread.join();
}

void surroundings() {
  for (char** entry = environ; *entry; ++entry) std::puts(*entry);
  DIR* directory = ::opendir("/proc/self/fd");
  while (const dirent* item = ::readdir(directory)) {
    char target[256] = {};
    const auto path = std::string("/proc/self/fd/") + item->d_name;
    if (::readlink(path.c_str(), target, sizeof target - 1) > 0 &&
        std::atoi(item->d_name) != ::dirfd(directory))
      std::printf("fd %s %s\n", item->d_name, target);
  }
  ::closedir(directory);
  char name[32] = {};
  if (FILE* file = std::fopen("/proc/self/comm", "r")) {
    if (std::fgets(name, sizeof name, file)) std::printf("comm %s", name);
    std::fclose(file);
  }
}

// Ends when asked to; the file tells that asking works from now on.
int wait_for_stop(const eh_run& run) {
  run.stop_requested(run.host);
  write(run, "waiting", "");
  while (!run.stop_requested(run.host)) ::usleep(1000);
  return EH_RUN_STOPPED;
}

void wait_for_ever(const eh_run& run) {
  write(run, "waiting", "");
  for (;;) ::pause();
}

// A grandchild out of the process group, which the guard has to find.
void leave_behind(const eh_run& run) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    for (;;) ::pause();
  }
  write(run, "left_behind", std::to_string(pid));
}

void fail(const eh_run& run, std::string_view type, std::string_view message) {
  run.failed(run.host, text(type), text(message));
}

void child_crashes() {
  const pid_t pid = ::fork();
  if (pid == 0) write_to_null();
  ::waitpid(pid, nullptr, 0);
}

void crash(std::string_view name) {
  if (name == "crash/null") write_to_null();
  if (name == "crash/stack") overflow(&zero);
  if (name == "crash/wild") reinterpret_cast<void (*)()>(0)();
  if (name == "crash/abort") std::abort();
  if (name == "crash/terminate")
    std::thread([] { throw std::out_of_range("beyond\nthe end"); }).join();
  if (name == "crash/thread") std::thread(write_to_null).join();
  if (name == "crash/divide") one = one / zero;
  if (name == "crash/child") child_crashes();
  if (name == "crash/threads") {
    std::vector<std::thread> all;
    for (int i = 0; i < 8; ++i) all.emplace_back(write_to_null);
    for (auto& thread : all) thread.join();
  }
  if (name == "crash/lost-stack") lose_stack();
  if (name == "crash/handled") {
    ::signal(SIGSEGV, [](int) { ::_exit(7); });
    write_to_null();
  }
}

// Leaves text in stdio that cannot be written, or that nobody wants.
void output_to(std::string_view where) {
  std::fputs(where == "lines" ? "a line\n" : "no newline", stdout);
  if (where == "closed") ::close(STDOUT_FILENO);
  if (where == "ended") std::fclose(stdout);
  if (where == "read-only")
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDOUT_FILENO);
  if (where == "pipe") {
    ::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    if (::pipe(ends) != 0) return;
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
  }
}

int run_named(const eh_run& run, std::string_view name) {
  if (name.starts_with("crash/")) crash(name);
  if (name == "files") files(run);
  if (name == "checkpoint") read(run, "checkpoint");
  if (name == "config") config(run);
  if (name == "logs") logs(run);
  if (name == "metrics" || name == "metrics-crash") metrics(run);
  if (name == "metrics-crash") write_to_null();
  if (name == "metrics-exit") {
    metrics(run);
    std::exit(0);
  }
  if (name == "metrics-many") many_metrics(run);
  if (name == "metrics-then-wait") {
    many_metrics(run);
    wait_for_ever(run);
  }
  if (name == "metrics-forked") forked_metrics(run);
  if (name.starts_with("results")) results(run);
  if (name == "results-crash") write_to_null();
  if (name.starts_with("removed")) removed_files(run);
  if (name == "removed-failure") return EH_RUN_FAILED;
  if (name == "threads") threads(run);
  if (name == "surroundings") surroundings();
  if (name == "output") std::printf("no newline");
  if (name.starts_with("output-")) output_to(name.substr(7));
  if (name == "trivial") log(run, EH_INFO, "here");
  if (name == "exit") std::exit(3);
  if (name == "quick-exit") ::_exit(0);
  if (name == "moves-away" && ::chdir("/") == 0) log(run, EH_INFO, "gone");
  if (name == "leave-behind") leave_behind(run);
  if (name == "wait-for-ever") wait_for_ever(run);
  if (name == "wait-for-stop") return wait_for_stop(run);
  if (name == "throws") throw std::runtime_error("over the boundary");
  if (name == "unknown") return EH_RUN_UNKNOWN;
  if (name == "odd-code") return 77;
  if (name == "silent-failure") return EH_RUN_FAILED;
  if (name == "no-memory") fail(run, "std::bad_alloc", "std::bad_alloc");
  if (name == "failure") {
    fail(run, "std::runtime_error", "it \"broke\"");
    fail(run, "std::logic_error", "a later one");
    return EH_RUN_FAILED;
  }
  return EH_RUN_OK;
}

void describe(const eh_plugin*, const eh_catalog* catalog) {
  if (std::getenv("SMALL_GROUP")) {
    eh_group group{};
    group.size = offsetof(eh_group, line);
    catalog->group(catalog->context, &group);
  }
  // As many as the command says, registered in a loop.
  const char* count = std::getenv("EXPERIMENTS");
  eh_experiment e{};
  e.size = sizeof e;
  e.group = text("main");
  e.file = text("/src/dir/behaviour.cc");
  e.retries = -1;
  for (int i = 0, n = count ? std::atoi(count) : 0; i < n; ++i) {
    const auto name = "loop/number-" + std::to_string(i);
    e.id = static_cast<uint64_t>(i);
    e.name = text(name);
    catalog->experiment(catalog->context, &e);
  }
}

int run(const eh_plugin*, uint64_t, uint64_t, const eh_run* run) {
  return run_named(*run, {run->name.data, run->name.size});
}

}  // namespace

const eh_plugin* eh_plugin_v1(uint32_t) {
  static const eh_plugin plugin = {
      sizeof plugin, EH_ABI_MAJOR, EH_ABI_MINOR, {}, {}, {}, {}, -1,
      describe,      run};
  return &plugin;
}
