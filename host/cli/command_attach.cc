// Goes on watching a run on a cluster, or ends it.

#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/run_lookup.h"
#include "cli/watch.h"
#include "cluster/slurm/submit.h"
#include "cluster/stop_order.h"
#include "os/program.h"
#include "os/stdout.h"

namespace eh::host {
int attach_command(const Options& options) {
  const auto spec = find_cluster_run(options, options.run_id, "attach");
  const ClusterConfig source(spec, options.verbosity);
  const auto config = source.config();
  ListenersOptions shown;
  shown.json = options.json;
  shown.progress = options.progress;
  shown.cluster = true;
  // The host that submitted it may have been killed before it was done.
  go_on_submitting(spec, config);
  Listeners listeners(shown, config, spec.group);
  return watch_command({spec, config, listeners, true});
}

int cancel_command(const Options& options) {
  const auto spec = find_cluster_run(options, options.run_id, "cancel");
  const ClusterConfig config(spec);
  const auto tree = config.tree();
  if (was_seen_to_end(tree.fd(), spec.run_id)) {
    print("run " + spec.run_id + " has ended already\n");
    return exit_done;
  }
  std::string trouble;
  try {
    write_stop(tree.fd(), spec.run_id, {"cancelled", "the run was cancelled"});
  } catch (const std::system_error& error) {
    trouble = error.what();
  }
  const auto scheduler = config.scheduler();
  const auto cancelling = cancel_jobs(tree.fd(), spec, *scheduler);
  if (!cancelling.taken)
    throw Error(
        exit_internal,
        "cannot cancel the jobs of run '" + spec.run_id +
            "': " + scheduler->error() +
            (trouble.empty() ? " (its tasks start nothing new; try again later)"
                             : ", and " + trouble));
  if (const auto text = others_text(cancelling.others); !text.empty())
    warn(text);
  print("run " + spec.run_id + " of '" + spec.group +
        "' was cancelled: " + count_text(spec.plan.tasks, "task") +
        ", as far as they have not ended\n");
  return exit_done;
}

}  // namespace eh::host
