#include "cli/starter.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "contract/program.h"
#include "os/program.h"

namespace eh::host {
namespace {

// A descriptor is named by a path for others to start, too.
std::string path_of_descriptor(const std::string& number) {
  const auto fd = parse_number<int>(number);
  if (!fd || ::fcntl(*fd, F_SETFD, FD_CLOEXEC) != 0)
    throw Error(exit_usage,
                std::string("cannot use ") + contract::program_word + ": '" +
                    number + "' is not a descriptor (only programs say this)");
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + number;
}

}  // namespace

void Starter::check() const {
  if (version.empty() || version == host::version) return;
  std::error_code error;
  const auto self = std::filesystem::read_symlink(running_file, error).string();
  throw Error(exit_usage, "cannot run: '" + self + "' is of eh " +
                              host::version + ", and this program of eh " +
                              version +
                              " (build it again, or name its eh-host"
                              " by the variable " +
                              contract::env_host + ")");
}

Starter take_starter(std::vector<std::string>& words) {
  constexpr std::ptrdiff_t count = 5;
  if (words.empty() || words[0] != contract::program_word) return {};
  if (words.size() < count)
    throw Error(exit_usage, std::string("cannot use ") +
                                contract::program_word +
                                ": only programs say this");
  Starter out{words[1]};
  Program program;
  program.command = words[4];
  program.name = program.command.substr(program.command.find_last_of('/') + 1);
  if (!words[2].empty()) {
    program.file = path_of_descriptor(words[2]);
    program.path = words[3];
  }
  ::prctl(PR_SET_NAME, program.name.c_str());
  set_this_program(std::move(program));
  words.erase(words.begin(), words.begin() + count);
  return out;
}

}  // namespace eh::host
