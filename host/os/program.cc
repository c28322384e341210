#include "os/program.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "os/file.h"

namespace eh::host {
namespace {

Program& stored() {
  static Program program;
  return program;
}

}  // namespace

const Program& this_program() {
  return stored();
}

void set_this_program(Program program) {
  stored() = std::move(program);
}

std::string program_and_version() {
  const std::string number = version;
  const auto& name = this_program().name;
  return name == Program().name ? name + ' ' + number
                                : name + " (eh " + number + ')';
}

std::string warning_text(const std::string& text) {
  return this_program().name + ": warning: " + text;
}

void warn(const std::string& text) {
  std::cerr << printable_lines(warning_text(text)) << '\n';
}

std::string file_of(const std::string& path) {
  const auto& program = this_program();
  return path == program.path ? program.file : path;
}

std::string child_program() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink(running_file, error);
  if (error)
    throw std::system_error(
        error, std::string("cannot find eh-child by '") + running_file + "'");
  auto child = (self.parent_path() / "eh-child").string();
  if (::access(child.c_str(), X_OK) == 0) return child;
  if (errno == EIO || errno == ENOMEM)
    throw_errno("cannot look at '" + child + "'");
  throw Error(exit_internal, "cannot find eh-child: it is not at '" + child +
                                 "' (install it beside eh-host)");
}

}  // namespace eh::host
