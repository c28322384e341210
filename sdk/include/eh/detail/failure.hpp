// An exception in words: what an experiment that threw is reported with.
#ifndef EH_DETAIL_FAILURE_HPP
#define EH_DETAIL_FAILURE_HPP

#include <cxxabi.h>

#include <cstdlib>
#include <eh/detail/config.hpp>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>

namespace eh EH_HIDDEN {
namespace detail {

struct Failure {
  std::string type;  // empty if it cannot be told
  std::string message;

  std::string text() const {
    return type.empty() ? message : type + ": " + message;
  }
};

inline std::string demangle(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return text ? text.get() : name;
}

/// The exception's own type: std::throw_with_nested wraps it into another.
inline std::string exception_type(const std::exception& error) {
  const std::string type = demangle(typeid(error).name());
  constexpr std::string_view wrapper = "std::_Nested_exception<";
  if (type.compare(0, wrapper.size(), wrapper) != 0) return type;
  return type.substr(wrapper.size(), type.size() - wrapper.size() - 1);
}

/// Tells the exception that is being handled. What it nests follows after a
/// colon. To be called in a catch block only.
inline Failure current_failure() {
  try {
    throw;
  } catch (const std::exception& error) {
    Failure failure{exception_type(error), error.what()};
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

#endif  // EH_DETAIL_FAILURE_HPP
