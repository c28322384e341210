// A struct that is within itself may be written, but not with a pointer.
#include <eh/eh.hpp>

struct Node {
  std::vector<Node> children;
  int* parent = nullptr;
};
static void save(eh::Run& run, const Node& root) {
  run.write("a.json", root);  // HERE: run.write\(\) take a text, an eh::Table
}
[[maybe_unused]] static auto use = &save;
