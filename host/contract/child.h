// What eh-host tells eh-child, and what it gets back. The two are built
// together and installed side by side; this is not an interface for others.
//
//   eh-child describe PLUGIN [BUILT_AT]
//       with env_plugin set to BUILT_AT, writes the plugin's description to
//       stdout as one JSON document (see catalog/parse.cc for its form) and
//       exits with 0, or writes
//       {"error":"..."} and exits with 1. Whatever the plugin prints while it
//       loads goes to stderr. The document is the last line: main() of a
//       program may have printed some before.
//   eh-child run PLUGIN ID POINT HOST_PID GROUP NAME
//       runs one experiment in the working directory, with the environment
//       below, and exits with an ExitCode.
//   eh-child guard OWNER
//       waits until its standard input closes, which happens when the host
//       ends in whatever way, then kills every process of that host that is
//       left and exits with 0.
//
// A program with experiments in it is its own eh-child, see
// contract/program.h.
#pragma once

#include <cstddef>
#include <string_view>

namespace eh::host::contract {

/// How a child that ran one experiment exits. An experiment that calls exit()
/// may produce any of them: the verdict in the leaf tells them apart.
enum ExitCode : int {
  exit_ok = 0,            ///< the verdict says ok
  exit_not_ok = 1,        ///< the verdict says why
  exit_unwritable = 110,  ///< the verdict or the log could not be written
  exit_unknown = 120,     ///< the plugin has no such experiment any more
  exit_plugin = 121,      ///< the plugin could not be loaded; stderr says why
};

// Files in a leaf.
inline constexpr char verdict_file[] = "eh.json";
inline constexpr char log_file[] = "log.txt";
inline constexpr char output_file[] = "output.txt";
inline constexpr char metrics_file[] = "metrics.jsonl";
/// The bytes of the results that a verdict has room for.
inline constexpr std::size_t most_of_results = 8 << 20;
/// The results so far (contract/results.h), which the verdict will have.
/// Removed once it says ok; a later attempt that goes on from a checkpoint adds
/// to it.
inline constexpr char results_file[] = ".eh-results";
/// What run.checkpoint() writes.
inline constexpr char checkpoint_file[] = "checkpoint";
/// How far metrics and results belong to that checkpoint (child/kept.h).
/// Removed as the results are.
inline constexpr char kept_metrics_file[] = ".eh-kept-metrics";
/// Left by the signal handler of a crashing child, read and removed by the
/// host: "signal address peak_memory_kib\n", then one hexadecimal return
/// address a line, an empty line, and the content of /proc/self/maps. If
/// std::terminate was the cause, a line "terminate TEXT" comes first.
inline constexpr char crash_file[] = ".eh-crash";
/// In the name of a file of the experiment's own while it is being written:
/// ".waits.csv.eh-tmp-1234-0".
inline constexpr char temporary_mark[] = ".eh-tmp-";
/// Whether an entry of a leaf is the framework's own, and says nothing of it.
inline bool is_reserved(std::string_view entry) {
  return entry.starts_with(".eh");
}
/// The verdict while it is being written.
inline constexpr char verdict_temporary[] = ".eh-verdict.tmp";

// What the host has there.
inline constexpr char lease_file[] = ".eh-lease";  ///< a link to the owner's id
inline constexpr char attempts_folder[] = ".eh/attempts";  ///< by number

// Environment of a child, for the experiment too.
inline constexpr char env_group[] = "EH_GROUP";
inline constexpr char env_experiment[] = "EH_EXPERIMENT";
inline constexpr char env_leaf[] = "EH_LEAF_DIR";
inline constexpr char env_attempt[] = "EH_ATTEMPT";
inline constexpr char env_workers[] = "EH_WORKERS";
inline constexpr char env_slot[] = "EH_SLOT";
inline constexpr char env_seed[] = "EH_SEED";
inline constexpr char env_run[] = "EH_RUN_ID";
/// The id of the host, as in leases: that of the run, or of one of its tasks
/// on a cluster, several of which may be on one machine.
inline constexpr char env_owner[] = "EH_OWNER";
inline constexpr char env_launch[] = "EH_LAUNCH_DIR";
/// The plugin's file where it was built, of which a copy may be loaded. It is
/// also there when a plugin describes itself.
inline constexpr char env_plugin[] = "EH_PLUGIN";
/// Members of the verdict that the host knows (JSON text without braces); the
/// child takes it out of its environment before the experiment runs. The kernel
/// limits one variable to 128 KiB: what is longer goes on in one with "_1"
/// behind its name, "_2", and so on.
inline constexpr char env_verdict[] = "EH_VERDICT_MEMBERS";
/// The experiment's configuration, a JSON object; not set if there is none.
/// Taken out and cut as above. It is the verdict's "config", too: in
/// env_verdict, config_mark, which no JSON text contains, stands for it.
inline constexpr char env_config[] = "EH_CONFIG_JSON";
inline constexpr char config_mark[] = "\x01";
/// The name of the verdict's file, where it is not verdict_file. Taken out.
inline constexpr char env_verdict_file[] = "EH_VERDICT_FILE";

}  // namespace eh::host::contract
