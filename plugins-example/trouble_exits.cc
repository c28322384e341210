// Experiments that end the process behind the host's back. None of them is
// done, whatever the exit code says.
#include <unistd.h>

#include <cstdlib>
#include <eh/eh.hpp>

EH_EXPERIMENT(trouble, "exit-0", [] {
  std::exit(0);
}).describe("Calls exit with a 0");
EH_EXPERIMENT(trouble, "exit-3", [] {
  std::exit(3);
}).describe("Calls exit with a 3");
EH_EXPERIMENT(trouble, "exits-11", [] {
  _exit(11);
}).describe("Ends with a code that is also the number of a signal");
EH_EXPERIMENT(trouble, "quick-exit", [] {
  std::quick_exit(0);
}).describe("Calls quick_exit with a 0");
