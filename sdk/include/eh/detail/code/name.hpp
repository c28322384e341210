// The code of name.hpp.
#ifndef EH_DETAIL_CODE_NAME_HPP
#define EH_DETAIL_CODE_NAME_HPP

#include <eh/detail/name.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE std::string explain(const NameCheck& check, std::string_view name,
                            std::span<const std::string_view> parameters) {
  const std::string start = "cannot use the name '" + std::string(name) + "': ";
  const std::string where(check.where);
  switch (check.fault) {
    case NameFault::none:
      return {};
    case NameFault::braces:
      return start + "'" + where +
             "' is an unfinished placeholder (write {parameter}, or {{ and "
             "}} for braces)";
    case NameFault::unknown:
      return start + "{" + where + "} is not a parameter" +
             (parameters.empty() ? " (the function takes none)"
                                 : did_you_mean(where, parameters));
  }
  return {};
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_NAME_HPP
