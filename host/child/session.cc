#include "child/session.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string_view>

#include "child/data.h"
#include "child/text.h"
#include "contract/results.h"

namespace eh::host::child {
namespace {

eh_text text(std::string_view view) {
  return {view.data(), view.size()};
}

Session* session_of(void* host) {
  return static_cast<Session*>(host);
}
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

// Of whose files in the leaf none may be replaced by one of the experiment's.
bool is_own_file(const Session& session, std::string_view path) {
  const auto& leaf = session.leaf_path;
  if (path.starts_with(leaf) && path.substr(leaf.size()).starts_with('/'))
    path.remove_prefix(leaf.size() + 1);
  while (path.starts_with("./")) path.remove_prefix(2);
  const auto name = path.substr(0, path.find('/'));
  for (const std::string_view own :
       {contract::log_file, contract::output_file, contract::metrics_file,
        contract::verdict_file})
    if (name == own) return true;
  return name == session.told.verdict_file || name == ".eh" ||
         name.starts_with(".eh-");
}

int refuse_own_file(eh_take_text error, void* context) {
  if (error)
    error(context, text("eh itself has a file of this name there (use another"
                        " name)"));
  return 1;
}

int on_write_file(void* host, eh_text path, eh_text content, eh_take_text error,
                  void* context) {
  auto& session = *session_of(host);
  if (is_own_file(session, view(path))) return refuse_own_file(error, context);
  if (view(path) != contract::checkpoint_file)
    return answer(session, write_file(session.leaf.get(), view(path),
                                      view(content), error, context));
  const std::lock_guard lock(session.checkpoint_mutex);
  const auto written = write_file(session.leaf.get(), view(path), view(content),
                                  error, context, [&] {
                                    session.kept.note(view(content));
                                    session.has_checkpoint = true;
                                  });
  if (written.code == 0) session.kept.named();
  return answer(session, written);
}

int on_read_file(void* host, eh_text path, eh_take_text take,
                 eh_take_text error, void* context) {
  auto& session = *session_of(host);
  if (view(path) != contract::checkpoint_file)
    return read_file(session.leaf.get(), view(path), take, error, context);
  const std::lock_guard lock(session.checkpoint_mutex);
  return read_file(
      session.leaf.get(), view(path), take, error, context,
      [&](std::string_view content) { session.kept.go_back(content); });
}

int on_write_value(void* host, eh_text path, const eh_item* items, size_t count,
                   eh_take_text error, void* context) {
  auto& session = *session_of(host);
  if (is_own_file(session, view(path))) return refuse_own_file(error, context);
  return answer(session, write_value(session.leaf.get(), view(path), items,
                                     count, error, context));
}

int on_read_value(void* host, eh_text path, uint32_t how, eh_take_items take,
                  eh_take_text error, void* context) {
  return read_value(session_of(host)->leaf.get(), view(path), how, take, error,
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

}  // namespace

Session* the_session = nullptr;

// An error of a forked process is one of the experiment: the page for it is
// shared with them, and made when there is one.
void follow_forks() {
  ::pthread_atfork(
      [] {
        auto& session = *the_session;
        if (!session.has_forked) {
          void* page =
              ::mmap(nullptr, 3 * sizeof(std::atomic<int>),
                     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
          if (page != MAP_FAILED) {
            auto* errors = static_cast<std::atomic<int>*>(page);
            for (auto* file : {&session.log.file(), &session.metrics.file(),
                               &session.results})
              file->tell(errors++);
          }
          session.has_forked = true;
        }
        session.metrics.before_fork();
      },
      [] { the_session->metrics.after_fork(); },
      [] {
        the_session->log.be_forked();
        the_session->metrics.be_forked();
      });
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

}  // namespace eh::host::child

using namespace eh::host::child;

extern "C" int eh_log_v1(const eh_record* record) {
  if (!the_session) return 0;
  on_log(the_session, record);
  return 1;
}

extern "C" int eh_write_v1(eh_text path, const eh_item* items, size_t count,
                           eh_take_text error, void* context) {
  if (the_session)
    return on_write_value(the_session, path, items, count, error, context);
  return write_value(AT_FDCWD, view(path), items, count, error, context).code;
}

extern "C" int eh_read_v1(eh_text path, uint32_t how, eh_take_items take,
                          eh_take_text error, void* context) {
  return read_value(the_session ? the_session->leaf.get() : AT_FDCWD,
                    view(path), how, take, error, context);
}
