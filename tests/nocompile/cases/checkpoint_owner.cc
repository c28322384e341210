// A state that owns something elsewhere.
#include <eh/eh.hpp>
#include <memory>

struct Learner {
  std::unique_ptr<int> steps;
};
static void keep(eh::Run& run, const Learner& learner) {
  run.checkpoint(learner);  // HERE: a const member or a pointer that owns
}
[[maybe_unused]] static auto use = &keep;
