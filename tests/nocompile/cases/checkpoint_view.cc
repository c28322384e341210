// A state that refers to something, deep within.
#include <eh/eh.hpp>

struct Layer {
  std::string_view name;
};
struct Learner {
  std::map<int, std::vector<Layer>> layers;
};
static void go_on(eh::Run& run) {
  run.resume<Learner>();  // HERE: a checkpoint cannot keep a pointer or a view
}
[[maybe_unused]] static auto use = &go_on;
