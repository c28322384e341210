#include "cli/watch.h"

#include "base/error.h"
#include "cluster/slurm/client.h"
#include "cluster/watch.h"
#include "os/program.h"
#include "plan/workspace.h"

namespace eh::host {

std::string task_log_dir(const RunSpec& spec, const Config& config) {
  const auto given = slurm_settings_of(config).log_dir;
  return given.empty() ? spec.output + '/' + run_folder(spec.run_id) + "/slurm"
                       : given;
}

int watch_command(const WatchCommand& command) {
  const auto& spec = command.spec;
  auto& listeners = command.listeners;
  const auto settings = settings_of(command.config);
  ResultTree tree(spec.output, leaf_rules(settings), false);
  if (tree.fd() < 0)
    throw Error(exit_usage, "cannot watch run '" + spec.run_id +
                                "': there is no directory '" + spec.output +
                                "' here");
  const auto io = make_watch_io([&] { return connect_slurm(command.config); },
                                [&] { listeners.pause(); });
  WatchListeners watching;
  watching.tell = [&](const Event& event) {
    command.also(event);
    listeners.on(event);
  };
  watching.recall = [&](const Event& event) {
    command.also(event);
    listeners.recall(event);
  };
  watching.record = [&](const LogRecord& record) { listeners.take(record); };
  watching.has_room = [&] { return listeners.has_room(); };
  watching.tick = [&] { listeners.tick(); };
  watching.tick_seconds = listeners.tick_seconds();
  WatchOptions watch;
  watch.attached = command.attached;
  watch.max_fail = settings.max_fail.value_or(0);
  watch.log_dir = task_log_dir(spec, command.config);
  watch.program = this_program().command;
  try {
    const int code = watch_run(tree, spec, watch, *io, watching);
    return code == exit_done && listeners.lost_events() ? exit_write : code;
  } catch (const std::exception& error) {
    watching.tell(RunBroken{error.what()});
    throw;
  }
}

}  // namespace eh::host
