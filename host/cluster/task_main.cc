#include "cluster/task_main.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "cluster/journal_reader.h"
#include "cluster/task.h"
#include "os/host_name.h"
#include "os/program.h"

namespace eh::host {
namespace {

// The output directory and the id of the run with this folder.
struct RunPlace {
  std::string output, run_id;
};

RunPlace place_of_run(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  const auto slash = folder.find_last_of('/');
  RunPlace out;
  if (slash != folder.npos) out.run_id = folder.substr(slash + 1);
  const auto below = '/' + run_folder(out.run_id);
  if (out.run_id.empty() || !folder.ends_with(below))
    throw Error(exit_usage,
                "cannot run a task of '" + folder + "': that is not a run");
  out.output = folder.substr(0, folder.size() - below.size());
  return out;
}

std::size_t number_of(const std::string& text) {
  const auto out = parse_number<std::size_t>(text);
  if (!out)
    throw Error(exit_usage, "cannot run a task: '" + text +
                                "' is not the number of a task");
  return *out;
}

Fd open_tree(const std::string& output) {
  Fd out(::open(output.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!out)
    throw Error(exit_write, "cannot open the output directory '" + output +
                                "': " + errno_text(errno) +
                                " (is its file system mounted on this node?)");
  return out;
}

class Task {
 public:
  Task(const RunPlace& place, std::size_t first, const TaskScheduler& scheduler)
      : tree_(open_tree(place.output)),
        spec_(read_spec(tree_.get(), place.run_id)),
        scheduler_(scheduler),
        job_(scheduler.job),
        task_attempt_{
            first + (job_.array_task.empty() ? 0 : number_of(job_.array_task)),
            job_.job.empty() ? "0" : job_.job, job_.restart},
        journal_(tree_.get(), spec_.run_id, task_attempt_.task,
                 task_attempt_.name()) {
    set_this_program({spec_.program, spec_.program});
  }

  int run() {
    const auto config = framework_config();
    const auto settings = scheduler_.settings(config);
    const auto place = place_of(spec_.plan, settings, job_, real_environment());
    CircuitBreaker breaker(tree_.get(), spec_.run_id, task_attempt_.name(),
                           settings.max_same_failure);
    tell_start(place);
    if (auto why = breaker.reason_to_stop(); !why.empty()) {
      journal_.write(TaskEnded{"stopped", std::move(why), false, exit_done});
      return exit_done;
    }
    try {
      const auto connected = scheduler_.connect(config);
      ClusterTask task({spec_, job_, task_attempt_.task,
                        spec_.run_id + '.' + task_attempt_.name(), place,
                        journal_, breaker, *connected, scheduler_.settings});
      const auto ended = task.run();
      journal_.write(ended);
      return ended.exit_code;
    } catch (const Error& error) {
      breaker.failed("broken", error.what());
      tell_broken(error.code(), error.what());
      throw;
    } catch (const std::exception& error) {
      breaker.failed("broken", error.what());
      tell_broken(exit_write, error.what());
      throw Error(exit_write, error.what());
    }
  }

 private:
  // What is known of it before plugins are loaded.
  Config framework_config() const {
    return config_sources(sources_of(spec_, Secrets::unwanted))
        .resolve(framework_.of(""), spec_.group);
  }

  void tell_start(const TaskPlace& place) {
    TaskStarted started;
    started.task = task_attempt_.task;
    started.job = job_.job;
    started.array_job = job_.array_job;
    started.array_task = job_.array_task;
    started.restart = job_.restart;
    started.node = job_.node;
    started.host = host_name();
    started.pid = ::getpid();
    started.cpus = job_.cpus;
    started.gpus = place.gpus;
    started.slots = place.slots;
    journal_.write(started);
  }

  void tell_broken(int code, const std::string& why) {
    journal_.write(TaskEnded{"broken", why, false, code});
  }

  const Fd tree_;
  const RunSpec spec_;
  const ConfigSchemas framework_;
  const TaskScheduler& scheduler_;
  const JobIdentity& job_;
  const TaskAttempt task_attempt_;
  TaskJournal journal_;
};

}  // namespace

int task_command(const std::string& folder, const std::string& first,
                 const TaskScheduler& scheduler) {
  // It may come before anything runs that could be told.
  ::signal(SIGUSR2, SIG_IGN);
  return Task(place_of_run(folder), number_of(first), scheduler).run();
}

}  // namespace eh::host
