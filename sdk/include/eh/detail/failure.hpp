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

EH_CODE std::string demangle(const char* name);

/// The exception's own type: std::throw_with_nested wraps it into another.
EH_CODE std::string exception_type(const std::exception& error);

/// Tells the exception that is being handled. What it nests follows after a
/// colon. To be called in a catch block only.
EH_CODE Failure current_failure();

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/failure.hpp>
#endif

#endif  // EH_DETAIL_FAILURE_HPP
