// A struct that contains itself has no form that ends.
#include <eh/eh.hpp>

struct Node {
  std::vector<Node> children;
};
struct Bad {
  Node root;
};
EH_GROUP(main, "cases", Bad);  // HERE: cannot contain itself
