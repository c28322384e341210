// The program that runs: eh-host, or one of a user's own that has experiments
// in it and calls eh::run_main(). Known to the whole process, as its name is:
// messages start with it, and its children are started from its file.
#pragma once

#include <string>
#include <vector>

namespace eh::host {

struct Program {
  std::string name = "eh-host";     ///< for people
  std::string command = "eh-host";  ///< as typed
  /// Its file, absolute, if it plays eh-child itself; "" for eh-host.
  std::string path;
  bool has_experiments = false;  ///< it is a plugin, too
};

const Program& this_program();

/// To be called before anything else, by main() or what it calls.
void set_this_program(Program program);

/// "eh-host 0.1.0", "measure (eh 0.1.0)".
std::string program_and_version();

/// "eh-host: warning: TEXT", and the same on stderr.
std::string warning_text(const std::string& text);
void warn(const std::string& text);

/// What a program with experiments takes for eh-child's name: `program
/// --eh-child run ...` is what `eh-child run ...` is elsewhere.
inline constexpr char child_word[] = "--eh-child";

/// `program --eh-task FOLDER FIRST` is a task of a run on a cluster.
inline constexpr char task_word[] = "--eh-task";

/// The file with the content of the program that runs, also after another was
/// built in its place.
inline constexpr char running_file[] = "/proc/self/exe";

/// The first words of a child's command (contract/child.h): eh-child, which
/// lies beside eh-host, or this program itself. Throws Error (internal) if
/// there is no eh-child.
std::vector<std::string> child_command();

}  // namespace eh::host
