// eh-host in a program of your own: register experiments as in a plugin, link
// eh::host, and run them through the program's own command line.
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
#ifndef EH_HOST_HPP
#define EH_HOST_HPP

namespace eh {

/// Runs experiments as the command line says and returns what main() has to
/// return; throws nothing. eh-host --help lists the exit codes.
///
/// Each experiment runs in a process of its own: this program, started again.
/// Call it first thing in main(), from the main thread: what stands before
/// happens once more for each experiment, in its leaf, with its stdout in
/// output.txt. In these processes the function does not return.
///
/// What runs is a copy of the program below <output>/.eh/plugins, so building
/// it again during a run changes nothing.
int run_main(int argc, char** argv);

}  // namespace eh

#endif  // EH_HOST_HPP
