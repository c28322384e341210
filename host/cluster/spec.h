// What the tasks of a run on a cluster need to know, kept in the run's folder:
// spec.json says what is to run and how, experiments.txt names the experiments.
// Written once, before anything is submitted; rebuilding a plugin or changing
// the configuration meanwhile changes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/selection.h"
#include "plan/workspace.h"

namespace eh::host {

/// How experiments are spread over the tasks of array jobs.
struct TaskPlan {
  /// Tasks are pilots: each takes block after block until all are taken.
  /// Otherwise task i runs experiment i.
  bool pack = false;
  std::size_t experiments = 0;
  std::size_t tasks = 0;
  /// Experiments at the same time in one pilot, as asked for; 0: what fits.
  std::size_t slots = 0;
  /// Of pilots: how many experiments each block has, in their order.
  std::vector<std::size_t> blocks;

  struct Array {
    std::size_t first = 0;    ///< its first task; others follow
    std::size_t count = 0;    ///< its indices are 0 .. count-1
    std::size_t at_once = 0;  ///< tasks at the same time; 0: any number
    /// It begins when that array, by its index in `arrays`, has ended.
    std::optional<std::size_t> after = {};
  };
  std::vector<Array> arrays;
};

/// Its configuration is that of its submission, without secrets.
struct RunSpec : WorkspaceSources {
  std::string run_id;
  std::string group;
  std::string command;  ///< as typed
  std::string output;   ///< absolute
  std::string started;  ///< as in verdicts
  std::string user;     ///< who submitted it
  std::string eh;       ///< version
  std::size_t chosen = 0, done_before = 0;
  std::optional<std::size_t> stale = {};
  /// The order of --force that it works on: see ForceOrder; "": none.
  std::string force = {};

  std::vector<PluginCopy> plugins;
  std::string host;     ///< what tasks are started from: a copy of eh-host
  std::string program;  ///< what it is for people

  TaskPlan plan;
};

/// An experiment as experiments.txt names it.
struct SpecExperiment {
  Experiment at;  ///< in the catalog of who submitted
  std::string name;
};

/// Whether who works on a run needs secrets, of which it keeps none: they are
/// those of this process, and of the configuration file that the run had, as it
/// is now.
enum class Secrets { unwanted, wanted };
WorkspaceSources sources_of(const RunSpec& spec, Secrets secrets);

/// ".eh/runs/<run id>": below the output directory.
std::string run_folder(const std::string& run_id);

/// Writes both files into the folder of spec.run_id below `tree`, which has to
/// exist; spec.json for nobody else to read. Throws std::system_error.
void write_spec(int tree, const RunSpec& spec,
                const std::vector<SpecExperiment>& experiments);

/// Throws Error (usage) if there is no such run, it was not on a cluster, or
/// its files cannot be read.
RunSpec read_spec(int tree, const std::string& run_id);
std::vector<SpecExperiment> read_experiments(int tree,
                                             const std::string& run_id);

/// Their names alone.
std::vector<std::string> read_names(int tree, const std::string& run_id);

/// The ids of all runs, newest first. Throws std::system_error.
std::vector<std::string> run_ids(int tree);
bool was_on_cluster(int tree, const std::string& run_id);

/// The run that `name` means: its id, the beginning of one or its last part,
/// or "" for the newest one on a cluster. Throws Error (usage).
std::string find_run(int tree, const std::string& name);

}  // namespace eh::host
