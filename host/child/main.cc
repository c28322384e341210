// eh-child: the process in which a plugin's code runs, so that it cannot take
// the host with it. It is started by eh-host alone and has no options, no
// configuration and no help.

#include "child/command.h"

int main(int argc, char** argv) {
  return eh::host::child::child_command(
      argc, argv, "eh-child is started by eh-host (run eh-host --help)\n");
}
