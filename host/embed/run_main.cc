// Where a program of a user's own becomes eh-host.

#include <fcntl.h>
#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "eh/host.hpp"
#include "embed/find_host.h"
#include "embed/own_program.h"
#include "os/file.h"
#include "os/refusal.h"

namespace eh {
namespace {

using namespace host;

[[noreturn]] void become_host(int argc, char** argv) {
  const auto& program = *own_program();
  const auto path = find_host(program);
  const auto file = own_file();
  auto words = host_words(file.get());
  words.insert(words.begin(), program.command);
  if (argc > 1) words.insert(words.end(), argv + 1, argv + argc);
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  flush_output();
  if (file) ::fcntl(file.get(), F_SETFD, 0);
  ::execv(path.c_str(), pointers.data());
  throw_errno("cannot start '" + path + "'");
}

}  // namespace

int run_main(int argc, char** argv, const char* eh_host) {
  start_program(argc, argv, eh_host);
  try {
    become_host(argc, argv);
  } catch (const std::exception&) {
    const auto refusal = current_refusal(exit_usage);
    std::cerr << own_program()->name << ": " << printable_lines(refusal.text)
              << '\n';
    return refusal.code;
  }
}

void init(int argc, char** argv, const char* eh_host) {
  start_program(argc, argv, eh_host);
}

}  // namespace eh
