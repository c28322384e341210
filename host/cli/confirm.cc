#include "cli/confirm.h"

#include <unistd.h>

#include <iostream>

#include "base/error.h"
#include "os/program.h"
#include "report/terminal.h"

namespace eh::host {

bool can_ask() {
  return Terminal::is_terminal(STDIN_FILENO) &&
         Terminal::is_terminal(STDERR_FILENO);
}

void confirm(const std::string& question, const std::string& what) {
  std::cerr << this_program().name << ": " << question << " [y/N] "
            << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return;
  throw Error(exit_usage, "nothing was done: " + what +
                              " was not confirmed (--yes answers beforehand)");
}

}  // namespace eh::host
