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
  auto& audience = command.audience;
  const auto settings = settings_of(command.config);
  ResultTree tree(spec.output, leaf_rules(settings), false);
  if (tree.fd() < 0)
    throw Error(exit_usage, "cannot watch run '" + spec.run_id +
                                "': there is no directory '" + spec.output +
                                "' here");
  const auto world = make_watch_world(
      [&] { return connect_slurm(command.config); }, [&] { audience.pause(); });
  WatchAudience listeners;
  listeners.tell = [&](const Event& event) {
    command.also(event);
    audience.on(event);
  };
  listeners.recall = [&](const Event& event) {
    command.also(event);
    audience.recall(event);
  };
  listeners.record = [&](const LogRecord& record) { audience.take(record); };
  listeners.has_room = [&] { return audience.has_room(); };
  listeners.tick = [&] { audience.tick(); };
  listeners.tick_seconds = audience.tick_seconds();
  WatchOptions watch;
  watch.attached = command.attached;
  watch.max_fail = settings.max_fail.value_or(0);
  watch.log_dir = task_log_dir(spec, command.config);
  watch.program = this_program().command;
  try {
    const int code = watch_run(tree, spec, watch, *world, listeners);
    return code == exit_done && audience.lost_events() ? exit_write : code;
  } catch (const std::exception& error) {
    listeners.tell(RunBroken{error.what()});
    throw;
  }
}

}  // namespace eh::host
