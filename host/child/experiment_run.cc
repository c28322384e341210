#include "child/experiment_run.h"

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
#include "data/address.h"
#include "data/items.h"

namespace eh::host::child {
namespace {

eh_text text(std::string_view view) {
  return {view.data(), view.size()};
}

ExperimentRun* experiment_of(void* host) {
  return static_cast<ExperimentRun*>(host);
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
  guarded([&] { experiment_of(host)->log.write(*record); });
}

void on_metric(void* host, eh_text name, double step, double value) {
  // An experiment may call exit().
  [[maybe_unused]] static const int registered =
      std::atexit([] { the_experiment->metrics.flush(); });
  guarded([&] { experiment_of(host)->metrics.add(view(name), step, value); });
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
    experiment_of(host)->results.append(result_line(view(name), view(json)));
  });
  return 0;
}

void on_remove_when_done(void* host, eh_text path, int remove) {
  auto& experiment = *experiment_of(host);
  const std::lock_guard lock(experiment.mutex);
  guarded([&] {
    if (remove)
      experiment.removed_when_done.emplace(view(path));
    else
      experiment.removed_when_done.erase(std::string(view(path)));
  });
}

// Tells of a disk that is full, whatever the experiment makes of it.
int answer(ExperimentRun& experiment, const Written& written) {
  if (written.disk_full) experiment.disk_full = true;
  return written.code;
}

// A wrong address is refused by who writes to it.
std::string local_path(std::string_view path) {
  try {
    if (has_scheme(path, "file")) return path_of_file_address(path);
  } catch (const DataError&) {
  }
  return std::string(path);
}

// Of whose files in the leaf none may be replaced by one of the experiment's.
bool is_own_file(const ExperimentRun& experiment, std::string_view written_as) {
  const auto local = local_path(written_as);
  std::string_view path = local;
  const auto& leaf = experiment.leaf_path;
  if (path.starts_with(leaf) && path.substr(leaf.size()).starts_with('/'))
    path.remove_prefix(leaf.size() + 1);
  while (path.starts_with("./")) path.remove_prefix(2);
  const auto name = path.substr(0, path.find('/'));
  for (const std::string_view own :
       {contract::log_file, contract::output_file, contract::metrics_file,
        contract::verdict_file})
    if (name == own) return true;
  return name == experiment.parameters.verdict_file || name == ".eh" ||
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
  auto& experiment = *experiment_of(host);
  if (is_own_file(experiment, view(path)))
    return refuse_own_file(error, context);
  if (view(path) != contract::checkpoint_file)
    return answer(experiment, write_file(experiment.leaf.get(), view(path),
                                         view(content), error, context));
  const std::lock_guard lock(experiment.checkpoint_mutex);
  const auto written = write_file(experiment.leaf.get(), view(path),
                                  view(content), error, context, [&] {
                                    experiment.kept.note(view(content));
                                    experiment.has_checkpoint = true;
                                  });
  if (written.code == 0) experiment.kept.named();
  return answer(experiment, written);
}

int on_read_file(void* host, eh_text path, eh_take_text take,
                 eh_take_text error, void* context) {
  auto& experiment = *experiment_of(host);
  if (view(path) != contract::checkpoint_file)
    return read_file(experiment.leaf.get(), view(path), take, error, context);
  const std::lock_guard lock(experiment.checkpoint_mutex);
  return read_file(
      experiment.leaf.get(), view(path), take, error, context,
      [&](std::string_view content) { experiment.kept.go_back(content); });
}

int on_write_value(void* host, eh_text path, const eh_item* items, size_t count,
                   eh_take_text error, void* context) {
  auto& experiment = *experiment_of(host);
  if (is_own_file(experiment, view(path)))
    return refuse_own_file(error, context);
  return answer(experiment, write_value(experiment.leaf.get(), view(path),
                                        items, count, error, context));
}

int on_read_value(void* host, eh_text path, uint32_t how, eh_take_items take,
                  eh_take_text error, void* context) {
  return read_value(experiment_of(host)->leaf.get(), view(path), how, take,
                    error, context);
}

// The first of several reasons is the cause of the others.
void on_failed(void* host, eh_text type, eh_text message) {
  auto& experiment = *experiment_of(host);
  const std::lock_guard lock(experiment.mutex);
  if (experiment.failed) return;
  experiment.failed = true;
  experiment.failure.status =
      view(type) == "std::bad_alloc" ? Status::out_of_memory : Status::failed;
  guarded([&] {
    experiment.failure.exception = view(type);
    experiment.failure.message = view(message);
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

ExperimentRun* the_experiment = nullptr;

// An error of a forked process is one of the experiment: the page for it is
// shared with them, and made when there is one.
void follow_forks() {
  ::pthread_atfork(
      [] {
        auto& experiment = *the_experiment;
        if (!experiment.has_forked) {
          void* page =
              ::mmap(nullptr, 3 * sizeof(std::atomic<int>),
                     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
          if (page != MAP_FAILED) {
            auto* errors = static_cast<std::atomic<int>*>(page);
            for (auto* file : {&experiment.log.file(),
                               &experiment.metrics.file(), &experiment.results})
              file->tell(errors++);
          }
          experiment.has_forked = true;
        }
        experiment.metrics.before_fork();
      },
      [] { the_experiment->metrics.after_fork(); },
      [] {
        the_experiment->log.be_forked();
        the_experiment->metrics.be_forked();
      });
}

eh_run run_table(ExperimentRun& experiment, const RunRequest& request) {
  eh_run run{};
  run.size = sizeof run;
  run.host = &experiment;
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
  run.config = text(experiment.parameters.config);
  run.result = on_result;
  run.remove_when_done = on_remove_when_done;
  run.write_value = on_write_value;
  run.read_value = on_read_value;
  return run;
}

}  // namespace eh::host::child

using namespace eh::host::child;

extern "C" int eh_log_v1(const eh_record* record) {
  if (!the_experiment) return 0;
  on_log(the_experiment, record);
  return 1;
}

extern "C" int eh_write_v1(eh_text path, const eh_item* items, size_t count,
                           eh_take_text error, void* context) {
  if (the_experiment)
    return on_write_value(the_experiment, path, items, count, error, context);
  return write_value(AT_FDCWD, view(path), items, count, error, context).code;
}

extern "C" int eh_read_v1(eh_text path, uint32_t how, eh_take_items take,
                          eh_take_text error, void* context) {
  return read_value(the_experiment ? the_experiment->leaf.get() : AT_FDCWD,
                    view(path), how, take, error, context);
}
