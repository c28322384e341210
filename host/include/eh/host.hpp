// Experiments in a program of your own: register them as in a plugin, link
// eh::program, and run them through the program's own command line.
//
//   #include <eh/eh.hpp>
//   #include <eh/host.hpp>
//
//   static void measure(eh::Run& run) { ... }
//   EH_GROUP(main, "What I measure");
//   EH_EXPERIMENT(main, "first", measure);
//
//   int main(int argc, char** argv) { return eh::run_main(argc, argv); }
//
// The program then is what eh-host and a plugin are together, with the same
// options, results and exit codes: `./program main first`, `./program --help`.
// It does not look for plugins by EH_PLUGIN_PATH or in ./plugins; --plugin and
// --plugin-dir add them.
//
// It is eh-host that runs them, of the version that the program was built with:
// one beside the program, the one that the variable EH_HOST names, the one that
// was installed where the program was built, or one in PATH.
//
// A program that is more than that starts runs itself and gets their outcomes:
//
//   int main(int argc, char** argv) {
//     eh::init(argc, argv);
//     MyConfig config;
//     config.number = 7;
//     const eh::RunResult result = eh::run_group(
//         {.group = "main", .patterns = {"sweep"},
//          .config = eh::values_json(config), .set = {{"jobs", "4"}}});
//     for (const eh::Outcome& outcome : result.outcomes)
//       if (!outcome.ok()) std::cerr << outcome.name << outcome.message;
//   }
#ifndef EH_HOST_HPP
#define EH_HOST_HPP

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Where eh-host was when the program was built, as CMake's eh::program says.
#ifndef EH_HOST_PATH
#define EH_HOST_PATH ""
#endif

namespace eh {

/// Runs experiments as the command line says: this process goes on as eh-host,
/// whose exit codes eh-host --help lists. The function returns only where there
/// is no eh-host to be found: what main() has to return. Throws nothing.
///
/// Each experiment runs in a process of its own: this program, started again.
/// Call it first thing in main(), from the main thread: what stands before
/// happens once more for each experiment, in its leaf, with its stdout in
/// output.txt, and in one more process, with its stdout dropped, which says
/// what experiments there are. What stands behind does not happen.
///
/// What runs is a copy of the program below <output>/.eh/plugins, so building
/// it again during a run changes nothing.
int run_main(int argc, char** argv, const char* eh_host = EH_HOST_PATH);

/// Prepares run_group(). Call it first thing in main(), as run_main(): in the
/// processes of experiments it does not return. From now on writing to a
/// closed pipe is an error code (SIGPIPE is ignored).
void init(int argc, char** argv, const char* eh_host = EH_HOST_PATH);

/// What is to be run, and with which values.
struct RunRequest {
  std::string group;
  std::vector<std::string> patterns;  ///< none: all of the group
  /// Values as a JSON object, such as eh::values_json(config). They win over
  /// the configuration file and the environment; relative paths in them stay
  /// as they are.
  std::string config;
  /// Single values as texts, as --set NAME=VALUE takes them. They win over
  /// `config`.
  std::vector<std::pair<std::string, std::string>> set;
  /// FILE, FILE:SECTION or :SECTION; "": eh.config.json, where there is one.
  std::string config_file;
  bool force = false;  ///< run them again, finished or not
  /// Progress, records and a summary on stdout. Log files and Slack are as the
  /// configuration says, whether this is set or not.
  bool show = false;
};

/// What the leaf of an experiment says when the run has ended.
struct Outcome {
  std::string name;  ///< without the group
  /// "ok", "failed", "crashed", "timeout", "out_of_memory", "cancelled",
  /// "stopped"; "not_run" if there is no verdict, "unreadable" if there is one
  /// that cannot be read, which `message` says why.
  std::string status;
  std::string message;  ///< why it is not ok
  std::filesystem::path leaf;
  double seconds = 0;    ///< of the newest attempt
  unsigned attempt = 0;  ///< its number; 0 if it did not run
  bool ran = false;      ///< in this run, not before
  /// Skipped, as it was done before, but with other parameters, values of the
  /// group's class or build of the program or plugin than now.
  bool stale = false;
  bool ok() const { return status == "ok"; }
};

struct RunResult {
  int exit_code = 0;              ///< what eh-host would have returned
  std::vector<Outcome> outcomes;  ///< of all chosen, in their order
  bool ok() const { return exit_code == 0; }
};

/// Whatever keeps a run from starting or from being told of: an unknown group,
/// a mistake in the configuration, results that cannot be written. What goes
/// wrong with single experiments is in their outcomes.
class RunError : public std::runtime_error {
 public:
  RunError(int code, const std::string& message)
      : std::runtime_error(message), exit_code_(code) {}
  /// What eh-host would have returned.
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

/// Runs those of the chosen experiments that are not done, each in a process of
/// its own, and waits for them; call it from the main thread. A process of
/// eh-host runs them, which ends with this one. Ctrl-C stops the run, not the
/// program. Secrets, such as EH_SLACK_TOKEN, are taken out of the
/// environment and kept for later runs; setting the variable again replaces
/// one, and an empty text clears it. Throws RunError, and std::logic_error if
/// init() was not called.
RunResult run_group(const RunRequest& request);

}  // namespace eh

#endif  // EH_HOST_HPP
