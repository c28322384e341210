// Where a program of a user's own becomes eh-host, or one of its children.

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "child/command.h"
#include "child/plugin.h"
#include "cli/host_main.h"
#include "eh/abi.h"
#include "eh/host.hpp"
#include "os/program.h"

// Null in a program without experiments, which then is just like eh-host.
extern "C" __attribute__((weak)) decltype(eh_plugin_v1) eh_plugin_v1;

namespace eh {
namespace {

using namespace host;

// Where the running program's file is or, if it was deleted, was.
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
  const auto otherwise = name + ' ' + child_word + " is started by " + name +
                         " (run " + name + " --help)\n";
  return child::child_command(argc, argv, otherwise.c_str());
}

// Becomes a child, if this process was started as one.
void start_program(int argc, char** argv) {
  if (argc > 1 && argv[1] == std::string_view(child_word)) {
    argv[1] = argv[0];
    std::exit(be_child(argc - 1, argv + 1));
  }
  Program self;
  self.path = own_path();
  self.command = argc > 0 ? argv[0] : self.path;
  self.name = file_name(self.command);
  self.has_experiments = eh_plugin_v1 != nullptr;
  set_this_program(std::move(self));
}

}  // namespace

int run_main(int argc, char** argv) {
  start_program(argc, argv);
  return host_main(argc, argv);
}

void init(int argc, char** argv) {
  start_program(argc, argv);
  if (argc == 4 && argv[1] == std::string_view(task_word))
    std::exit(host_main(argc, argv));
  prepare_process();
}

}  // namespace eh
