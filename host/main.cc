// eh-host: runs the experiments of plugins.

#include "cli/host_main.h"

int main(int argc, char** argv) {
  return eh::host::host_main(argc, argv);
}
