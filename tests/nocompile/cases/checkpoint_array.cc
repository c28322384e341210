// An array of C in a state that is not plain memory.
#include <eh/eh.hpp>

struct Learner {
  std::string name;
  double weights[3] = {};
};
static void keep(eh::Run& run, const Learner& learner) {
  run.checkpoint(learner);  // HERE: use std::array
}
[[maybe_unused]] static auto use = &keep;
