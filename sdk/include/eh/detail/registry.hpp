// The list of what a plugin registers. Static initialisers only link nodes
// into it: nothing is allocated, nothing of the user's is called, and nothing
// can throw. Everything else happens when the plugin is asked.
#ifndef EH_DETAIL_REGISTRY_HPP
#define EH_DETAIL_REGISTRY_HPP

#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/definition.hpp>
#include <eh/detail/failure.hpp>
#include <eh/detail/group_class.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace eh EH_HIDDEN {

class Group;

namespace detail {

inline constexpr std::uint64_t all_ordinals = ~std::uint64_t{0};

struct Node;

/// All nodes, in the order of registration.
struct NodeList {
  Node* first = nullptr;
  Node* last = nullptr;
};
inline constinit NodeList node_list{};

enum class NodeKind { group, experiment, registrar };

struct Node {
  Node(NodeKind its_kind, std::string_view its_group, Location its_place)
      : kind(its_kind), group(its_group), place(its_place) {
    (node_list.last ? node_list.last->next : node_list.first) = this;
    node_list.last = this;
  }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  NodeKind kind;
  std::string_view group;  // the group's identifier
  Location place;
  Node* next = nullptr;
};

struct GroupNode : Node {
  GroupNode(std::string_view identifier, std::string_view its_name,
            std::string_view its_description, Location its_place,
            GroupClass its_config = {})
      : Node(NodeKind::group, identifier, its_place),
        name(its_name),
        description(its_description),
        config(its_config) {}

  std::string_view name;
  std::string_view description;
  GroupClass config;
};

struct RegistrarNode : Node {
  RegistrarNode(std::string_view its_group, Location its_place,
                void (*its_body)(Group&))
      : Node(NodeKind::registrar, its_group, its_place), body(its_body) {}

  void (*body)(Group&);
};

/// An EH_EXPERIMENT. Compilers run the deferred initialisers of a whole file
/// at the first look at one of them. One that throws is not run again, and
/// leaves those after it out.
struct ExperimentNode : Node {
  ExperimentNode(std::string_view its_group, std::string_view its_name,
                 Location its_place, void (*its_look)())
      : Node(NodeKind::experiment, its_group, its_place),
        name(its_name),
        look(its_look) {}

  /// Whether the definition is still to be made.
  bool begin() {
    return std::exchange(state, State::begun) == State::untouched;
  }
  void finish() { state = State::finished; }
  void fail(std::string text) noexcept { problem = std::move(text); }

  /// Makes the definition if it was not made yet.
  void read();

  enum class State { untouched, begun, finished };

  std::string_view name;
  void (*look)();
  State state = State::untouched;
  std::unique_ptr<Definition> definition;
  std::string problem;

 private:
  /// Notes an exception where it came from: at the one that has begun.
  static void blame(const std::string& text);
};

/// The value of the deferred initialiser of an EH_EXPERIMENT.
struct Registered {
  bool done;
  void look() const {
    static_cast<void>(*static_cast<const volatile bool*>(&done));
  }
};

/// Takes the result of the whole chain: when it is reached, nothing threw.
struct NodeFinisher {
  ExperimentNode* node;
};

template <class Experiment>
Registered operator<<(NodeFinisher finisher, const Experiment&) {
  finisher.node->finish();
  return {true};
}

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/registry.hpp>
#endif

#endif  // EH_DETAIL_REGISTRY_HPP
