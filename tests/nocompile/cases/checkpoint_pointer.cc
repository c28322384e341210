// A state that means nothing in another process.
#include <eh/eh.hpp>

static void keep(eh::Run& run, int* state) {
  run.checkpoint(state);  // HERE: a checkpoint cannot keep a pointer or a view
}
[[maybe_unused]] static auto use = &keep;
