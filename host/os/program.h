// What this process is for people: eh-host, or a program with experiments in it
// that eh-host runs in the place of (contract/program.h). Known to the whole
// process: messages start with its name.
#pragma once

#include <string>

namespace eh::host {

struct Program {
  std::string name = "eh-host";     ///< for people
  std::string command = "eh-host";  ///< as typed
  /// Where its file is, or was; "" if there are no experiments in it.
  std::string path = {};
  /// What to open or to start for that file, whatever is built in its place.
  std::string file = {};

  /// It is a plugin, too, and its own eh-child.
  bool has_experiments() const { return !path.empty(); }
};

const Program& this_program();

/// To be called before anything else.
void set_this_program(Program program);

/// "eh-host 0.1.0", "measure (eh 0.1.0)".
std::string program_and_version();

/// "eh-host: warning: TEXT", and the same on stderr.
std::string warning_text(const std::string& text);
void warn(const std::string& text);

/// The file with the content of what this process runs, also after another was
/// built in its place.
inline constexpr char running_file[] = "/proc/self/exe";

/// What to open for the file at `path`: that of this program stays as it was
/// when it was started.
std::string file_of(const std::string& path);

/// The path of eh-child, which lies beside eh-host. Throws Error (internal) if
/// there is none.
std::string child_program();

}  // namespace eh::host
