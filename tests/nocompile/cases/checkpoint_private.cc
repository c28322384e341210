// A state of which nobody can tell what it consists of.
#include <eh/eh.hpp>

class Learner {
 public:
  void learn();

 private:
  std::vector<double> weights_;
};
static void keep(eh::Run& run, const Learner& learner) {
  run.checkpoint(learner);  // HERE: to list its members by EH_PARAMETERS
}
[[maybe_unused]] static auto use = &keep;
