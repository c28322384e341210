#include "embed/own_program.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/version.h"
#include "child/command.h"
#include "child/plugin.h"
#include "contract/program.h"
#include "eh/abi.h"
#include "os/prepare_process.h"
#include "os/program.h"

// Null in a program without experiments, whose eh-host looks for plugins.
extern "C" __attribute__((weak)) decltype(eh_plugin_v1) eh_plugin_v1;

namespace eh::host {
namespace {

std::optional<OwnProgram>& stored() {
  static std::optional<OwnProgram> program;
  return program;
}

std::string own_path() {
  std::error_code error;
  auto path = std::filesystem::read_symlink(running_file, error).string();
  constexpr std::string_view deleted = " (deleted)";
  struct stat status;
  if (path.ends_with(deleted) && ::stat(path.c_str(), &status) != 0)
    path.resize(path.size() - deleted.size());
  return path;
}

std::string file_name(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

// The host starts a child by the very path that it gives as the plugin's.
int be_child(int argc, char** argv) {
  static auto self = own_path();
  if (argc > 2 && eh_plugin_v1 && std::string_view(argv[2]) == argv[0]) {
    argv[2] = self.data();
    child::have_built_in(self, eh_plugin_v1, [] {
      std::cout.flush();
      std::clog.flush();
    });
  }
  const auto name = file_name(argv[0]);
  const auto otherwise = name + ' ' + contract::child_word + " is started by " +
                         name + " (run " + name + " --help)\n";
  return child::child_command(argc, argv, otherwise.c_str());
}

// Started as eh-host, it would start itself for ever.
[[noreturn]] void refuse_to_be_host(const std::string& name) {
  std::cerr << name << ": cannot run a program: this is not eh-host ("
            << contract::env_host << " is to name that)\n";
  std::exit(2);
}

}  // namespace

void start_program(int argc, char** argv, const char* built_with) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word == contract::child_word) {
    argv[1] = argv[0];
    std::exit(be_child(argc - 1, argv + 1));
  }
  OwnProgram self;
  self.path = own_path();
  self.command = argc > 0 ? argv[0] : self.path;
  self.name = file_name(self.command);
  self.built_with = built_with;
  if (word == contract::program_word) refuse_to_be_host(self.name);
  stored() = std::move(self);
  prepare_process();
}

const OwnProgram* own_program() {
  return stored() ? &*stored() : nullptr;
}

Fd own_file() {
  if (!eh_plugin_v1) return {};
  Fd out(::open(running_file, O_RDONLY | O_CLOEXEC));
  if (!out) throw_errno("cannot read '" + own_program()->path + "'");
  return out;
}

void flush_output() {
  std::cout.flush();
  std::clog.flush();
  std::fflush(nullptr);
}

std::vector<std::string> host_words(int file) {
  const bool is_plugin = file >= 0;
  return {contract::program_word, version,
          is_plugin ? std::to_string(file) : "",
          is_plugin ? own_program()->path : "", own_program()->command};
}

}  // namespace eh::host
