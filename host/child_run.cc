// The process ends with _exit() once the verdict is written: what destructors
// of static objects do would come too late for it, and costs time. What stdio
// holds is written before, since it belongs to the experiment's output.

#include "child_run.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <set>
#include <string_view>

#include "child_contract.h"
#include "child_crash.h"
#include "child_data.h"
#include "child_files.h"
#include "child_log.h"
#include "child_metrics.h"
#include "child_output.h"
#include "child_self.h"
#include "child_text.h"
#include "child_told.h"
#include "child_verdict.h"
#include "data_file.h"
#include "plugin.h"
#include "result_lines.h"

namespace eh::host::child {
namespace {

eh_text text(std::string_view view) {
  return {view.data(), view.size()};
}

// Behind eh_run.host. Lives as long as the process.
struct Session {
  Session(int directory, const std::string& path, Told&& told_by_host)
      : told(std::move(told_by_host)),
        leaf(directory),
        leaf_path(path),
        log(path),
        metrics(path),
        results(path, contract::results_file) {}
  const Told told;
  const int leaf;
  const std::string leaf_path;
  const pid_t pid = ::getpid();
  Log log;
  Metrics metrics;
  LineFile results;
  std::mutex mutex;  // of what follows
  std::set<std::string> removed_when_done;
  bool failed = false;
  std::atomic<bool> disk_full{false};  // for a file of the experiment
  Outcome failure;
};

Session* session_of(void* host) {
  return static_cast<Session*>(host);
}
Session* the_session = nullptr;  // for handlers, which take no argument

std::atomic<bool> has_forked = false;

volatile sig_atomic_t stop_signals = 0;

// No exception may reach the plugin; one can only mean that memory ran out.
// Then a log record is lost rather than the experiment.
template <class Call>
void guarded(const Call& call) {
  try {
    call();
  } catch (const std::exception&) {
  }
}

void on_log(void* host, const eh_record* record) {
  guarded([&] { session_of(host)->log.write(*record); });
}

void on_metric(void* host, eh_text name, double step, double value) {
  // An experiment may call exit().
  [[maybe_unused]] static const int registered =
      std::atexit([] { the_session->metrics.flush(); });
  guarded([&] { session_of(host)->metrics.add(view(name), step, value); });
}

int on_stop_requested(void*) {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action {};
    action.sa_handler = [](int) { stop_signals = 1; };
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGTERM, &action, nullptr);
  });
  return stop_signals;
}

int on_result(void* host, eh_text name, eh_text json) {
  if (name.size == 0 || !is_json_scalar(view(json))) return 1;
  guarded([&] {
    session_of(host)->results.append(result_line(view(name), view(json)));
  });
  return 0;
}

void on_remove_when_done(void* host, eh_text path, int remove) {
  auto& session = *session_of(host);
  const std::lock_guard lock(session.mutex);
  guarded([&] {
    if (remove)
      session.removed_when_done.emplace(view(path));
    else
      session.removed_when_done.erase(std::string(view(path)));
  });
}

// Tells of a disk that is full, whatever the experiment makes of it.
int answer(Session& session, const Written& written) {
  if (written.disk_full) session.disk_full = true;
  return written.code;
}

int on_write_file(void* host, eh_text path, eh_text content, eh_take_text error,
                  void* context) {
  auto& session = *session_of(host);
  return answer(session, write_file(session.leaf, view(path), view(content),
                                    error, context));
}

int on_read_file(void* host, eh_text path, eh_take_text take,
                 eh_take_text error, void* context) {
  return read_file(session_of(host)->leaf, view(path), take, error, context);
}

int on_write_value(void* host, eh_text path, const eh_item* items, size_t count,
                   eh_take_text error, void* context) {
  auto& session = *session_of(host);
  return answer(session, write_value(session.leaf, view(path), items, count,
                                     error, context));
}

int on_read_value(void* host, eh_text path, uint32_t how, eh_take_items take,
                  eh_take_text error, void* context) {
  return read_value(session_of(host)->leaf, view(path), how, take, error,
                    context);
}

// The first of several reasons is the cause of the others.
void on_failed(void* host, eh_text type, eh_text message) {
  auto& session = *session_of(host);
  const std::lock_guard lock(session.mutex);
  if (session.failed) return;
  session.failed = true;
  session.failure.status = view(type) == "std::bad_alloc"
                               ? Outcome::Status::out_of_memory
                               : Outcome::Status::failed;
  guarded([&] {
    session.failure.exception = view(type);
    session.failure.message = view(message);
  });
}

eh_text environment(const char* name) {
  const char* value = ::getenv(name);
  return value ? text(value) : eh_text{nullptr, 0};
}

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* value = ::getenv(name);
  return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

eh_run run_table(Session& session, const RunRequest& request) {
  eh_run run{};
  run.size = sizeof run;
  run.host = &session;
  run.group = text(request.group);
  run.name = text(request.name);
  run.leaf_directory = environment(contract::env_leaf);
  run.launch_directory = environment(contract::env_launch);
  run.run_id = environment(contract::env_run);
  run.workers = static_cast<std::uint32_t>(number(contract::env_workers, 1));
  run.slot = static_cast<std::uint32_t>(number(contract::env_slot, 0));
  run.attempt = static_cast<std::uint32_t>(number(contract::env_attempt, 1));
  run.seed = number(contract::env_seed, 0);
  run.log = on_log;
  run.stop_requested = on_stop_requested;
  run.metric = on_metric;
  run.write_file = on_write_file;
  run.read_file = on_read_file;
  run.failed = on_failed;
  run.config = text(session.told.config);
  run.result = on_result;
  run.remove_when_done = on_remove_when_done;
  run.write_value = on_write_value;
  run.read_value = on_read_value;
  return run;
}

[[noreturn]] void end_with_message(int code, const std::string& message) {
  std::fflush(nullptr);
  write_all(STDERR_FILENO, message + "\n");
  ::_exit(code);
}

Outcome outcome_of(Session& session, int code) {
  const std::lock_guard lock(session.mutex);
  using Status = Outcome::Status;
  if (session.failed) return session.failure;
  switch (code) {
    case EH_RUN_OK:
      return {Status::ok, {}, {}};
    case EH_RUN_STOPPED:
      return {Status::stopped, {}, {}};
    case EH_RUN_FAILED:
      return {Status::failed, "the experiment failed and did not say why", {}};
    default:
      return {Status::failed,
              "the plugin returned " + std::to_string(code) +
                  ", which has no meaning (rebuild the plugin or update eh)",
              {}};
  }
}

Outcome run_plugin(Session& session, const RunRequest& request,
                   const eh_plugin& plugin) {
  const auto run = run_table(session, request);
  try {
    const int code = plugin.run(&plugin, request.id, request.point, &run);
    if (code == EH_RUN_UNKNOWN)
      end_with_message(
          contract::exit_unknown,
          "plugin '" + request.plugin + "' has no experiment '" +
              request.group + "/" + request.name +
              "' any more (was it rebuilt, or does an EH_REGISTER loop"
              " register others this time?)");
    return outcome_of(session, code);
  } catch (...) {
    const auto what = current_exception_text();
    return {Outcome::Status::failed, "eh_plugin.run threw " + what, {}};
  }
}

// Writes what stdio and the metrics hold. Returns what could not be written,
// for which an experiment cannot be ok, or "".
std::string settle(Session& session) {
  session.metrics.flush();
  if (auto problem = session.log.problem(); !problem.empty()) return problem;
  if (auto problem = session.metrics.problem(); !problem.empty())
    return problem;
  if (auto problem = session.results.problem(); !problem.empty())
    return problem;
  return flush_output();
}

// Results may also be those of processes that the experiment forked, or of an
// attempt that it goes on from. Looking for a file that is not there would cost
// all others. That a text in the members may look the same does no harm.
bool may_have_results(const Session& session) {
  return session.results.descriptor() >= 0 || has_forked ||
         session.told.members.find("\"resumed\":true") != std::string::npos;
}

// What is not needed any more once the verdict says ok.
void remove_what_is_done_with(Session& session, int leaf, bool had_results) {
  if (had_results) ::unlinkat(leaf, contract::results_file, 0);
  const std::lock_guard lock(session.mutex);
  for (const auto& path : session.removed_when_done)
    if (stays_below(path)) ::unlinkat(leaf, path.c_str(), 0);
}

[[noreturn]] void conclude(Session& session, Outcome outcome,
                           const Stopwatch& watch) {
  // A copy of this process that the experiment forked and that returned from
  // it, too, has no say in how the experiment ended.
  if (::getpid() != session.pid) {
    std::fflush(nullptr);
    ::_exit(outcome.status == Outcome::Status::ok ? 0 : 1);
  }
  auto unwritten = settle(session);
  // The experiment may have closed our descriptor.
  const int leaf =
      ::open(session.leaf_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (is_fenced_off(leaf, session.told))
    end_with_message(contract::exit_unwritable,
                     "another host took this over, as ours seemed dead");
  std::string lines;
  try {
    if (may_have_results(session))
      read_data_file(leaf, contract::results_file, lines);
  } catch (const DataError& error) {
    if (unwritten.empty())
      unwritten = std::string("cannot read the results: ") + error.what();
  }
  if (!unwritten.empty()) {
    if (outcome.status == Outcome::Status::ok ||
        outcome.status == Outcome::Status::stopped)
      outcome = {Outcome::Status::failed, unwritten, {}};
    else
      outcome.message += " (also: " + unwritten + ")";
  }
  const auto results = results_object(lines);
  const auto verdict =
      verdict_text(outcome, watch, results, session.told.members);
  if (const int error = write_verdict(leaf, session.told.verdict_file, verdict))
    end_with_message(contract::exit_unwritable,
                     "cannot write the verdict: " + reason_text(error));
  if (outcome.status == Outcome::Status::ok)
    remove_what_is_done_with(session, leaf, !lines.empty());
  remove_empty_output(leaf);
  if (!unwritten.empty() || session.disk_full)
    ::_exit(contract::exit_unwritable);
  ::_exit(outcome.status == Outcome::Status::ok ? contract::exit_ok
                                                : contract::exit_not_ok);
}

}  // namespace

int log_of_process(const eh_record* record) {
  if (!the_session) return 0;
  on_log(the_session, record);
  return 1;
}

void run_experiment(const RunRequest& request) {
  const Stopwatch watch;
  follow_host(request.host_pid);
  auto told = take_told();
  name_process(request.name);
  const int leaf = ::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (leaf < 0)
    end_with_message(contract::exit_unwritable,
                     "cannot open the leaf: " + reason_text(errno));
  // Never freed: threads of the experiment may outlive this function.
  const char* path = ::getenv(contract::env_leaf);
  the_session = new Session(leaf, path ? path : ".", std::move(told));
  ::pthread_atfork(
      nullptr, [] { has_forked = true; }, nullptr);
  explain_crashes(leaf, the_session->pid,
                  [] { the_session->metrics.flush_in_signal_handler(); });
  const auto& plugin = load_plugin(
      request.plugin, Caution::load_at_once, [](const PluginError& error) {
        end_with_message(contract::exit_plugin, error.what());
      });
  auto outcome = run_plugin(*the_session, request, plugin);
  conclude(*the_session, std::move(outcome), watch);
}

}  // namespace eh::host::child

using namespace eh::host::child;

extern "C" int eh_log_v1(const eh_record* record) {
  return log_of_process(record);
}

extern "C" int eh_write_v1(eh_text path, const eh_item* items, size_t count,
                           eh_take_text error, void* context) {
  if (the_session)
    return on_write_value(the_session, path, items, count, error, context);
  return write_value(AT_FDCWD, view(path), items, count, error, context).code;
}

extern "C" int eh_read_v1(eh_text path, uint32_t how, eh_take_items take,
                          eh_take_text error, void* context) {
  return read_value(the_session ? the_session->leaf : AT_FDCWD, view(path), how,
                    take, error, context);
}
