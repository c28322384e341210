// The configuration class of a group, without its type: what a static
// initialiser can keep, since nothing of it is called before someone asks.
#ifndef EH_DETAIL_GROUP_CLASS_HPP
#define EH_DETAIL_GROUP_CLASS_HPP

#include <eh/detail/config.hpp>
#include <string>
#include <string_view>

namespace eh EH_HIDDEN {
namespace detail {

class ConfigCache;

struct GroupClass {
  std::string_view name;  // empty: the group has none
  const void* tag = nullptr;
  std::string (*describe)() = nullptr;
  /// The values in `json` as the class with this tag: the group's own, or one
  /// that it derives from. NULL if it is neither.
  const void* (*read)(ConfigCache& cache, std::string_view json,
                      const void* tag) = nullptr;
};

/// Its address tells classes apart.
template <class C>
EH_HIDDEN inline constexpr char class_tag = 0;

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_GROUP_CLASS_HPP
