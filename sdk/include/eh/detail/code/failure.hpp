// The code of failure.hpp.
#ifndef EH_DETAIL_CODE_FAILURE_HPP
#define EH_DETAIL_CODE_FAILURE_HPP

#include <cstdlib>
#include <eh/detail/failure.hpp>
#include <memory>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE std::string demangle(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return text ? text.get() : name;
}

EH_CODE std::string exception_type(const std::exception& error) {
  const std::string type = demangle(typeid(error).name());
  constexpr std::string_view wrapper = "std::_Nested_exception<";
  if (type.compare(0, wrapper.size(), wrapper) != 0) return type;
  return type.substr(wrapper.size(), type.size() - wrapper.size() - 1);
}

EH_CODE Failure current_failure() {
  try {
    throw;
  } catch (const std::exception& error) {
    const char* what = error.what();
    Failure failure{exception_type(error), what ? what : "its what() is NULL"};
    try {
      std::rethrow_if_nested(error);
    } catch (...) {
      failure.message += ": " + current_failure().message;
    }
    return failure;
  } catch (const char* text) {
    return {"const char*", text ? text : "null"};
  } catch (const std::string& text) {
    return {"std::string", text};
  } catch (int number) {
    return {"int", std::to_string(number)};
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return {type ? demangle(type->name()) : "",
            "an exception that is not a std::exception"};
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_FAILURE_HPP
