// Logging from an experiment: to its log.txt and, if wanted, the console.
//
//   run.log().info("{} servers at {}", servers, load);
//   run.log().warning() << "only " << n << " samples";
//
// The formatting form comes from <format> where the library has it, else from
// fmt's headers where they are installed. Without either, the stream form and
// a single text still work. Logging never throws.
#ifndef EH_LOG_HPP
#define EH_LOG_HPP

#include <eh/abi.h>

#include <eh/detail/config.hpp>
#include <eh/detail/failure.hpp>
#include <eh/detail/text.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <version>

#if defined(EH_DETAIL_NO_FORMAT)  // for a test of what is left without
#elif defined(__cpp_lib_format)
#include <format>
#define EH_DETAIL_FORMAT ::std
#define EH_DETAIL_CONSTEVAL consteval
#elif __has_include(<fmt/format.h>)
#ifndef FMT_HEADER_ONLY
#define FMT_HEADER_ONLY
#endif
// nvcc cannot evaluate fmt's checks, so they are made when logging; and in
// C++20 fmt's constexpr functions have to be so.
#if defined(__CUDACC__) && !defined(FMT_CONSTEVAL)
#define FMT_CONSTEVAL
#endif
#if defined(__CUDACC__) && !defined(FMT_USE_CONSTEXPR)
#define FMT_USE_CONSTEXPR 1
#endif
#include <fmt/format.h>
#define EH_DETAIL_FORMAT ::fmt
#define EH_DETAIL_CONSTEVAL FMT_CONSTEVAL
#endif

namespace eh EH_HIDDEN {
namespace detail {

/// Where records go: a function of the boundary.
struct LogTarget {
  void (*write)(void* host, const eh_record* record) = nullptr;
  void* host = nullptr;

  void log(eh_level level, Location where, std::string_view text) const {
    if (!write) return;
    eh_record record{};
    record.size = sizeof record;
    record.level = level;
    record.line = where.line();
    record.text = to_text(text);
    if (where.file()) record.file = to_text(where.file());
    write(host, &record);
  }
};

#ifdef EH_DETAIL_FORMAT
/// A checked format string, and where it was written.
template <class... A>
struct Format {
  template <class S>
  requires std::is_convertible_v<const S&, std::string_view> EH_DETAIL_CONSTEVAL
  Format(const S& s, Location l = Location::current())
      : text(s), where(l) {}

  EH_DETAIL_FORMAT::format_string<A...> text;
  Location where;
};
#endif

}  // namespace detail

/// One record that is written with <<, and logged at the end of the statement.
class LogStream {
 public:
  LogStream(detail::LogTarget target, eh_level level, Location where)
      : target_(target), level_(level), where_(where) {}
  LogStream(const LogStream&) = delete;
  LogStream& operator=(const LogStream&) = delete;
  ~LogStream() {
    try {
      target_.log(level_, where_, text_.str());
    } catch (...) {
      target_.log(level_, where_, "(cannot log this: out of memory)");
    }
  }

  template <class T>
  LogStream& operator<<(const T& value) {
    try {
      text_ << value;
    } catch (...) {
      text_.setstate(std::ios::failbit);
    }
    return *this;
  }
  LogStream& operator<<(std::ostream& (*manipulator)(std::ostream&)) {
    return operator<< <std::ostream& (*)(std::ostream&)>(manipulator);
  }

 private:
  detail::LogTarget target_;
  eh_level level_;
  Location where_;
  std::ostringstream text_;
};

/// An experiment's log. May be copied and used by any thread while the
/// experiment runs.
class Log {
 public:
  explicit Log(detail::LogTarget target) : target_(target) {}

#ifdef EH_DETAIL_FORMAT
#define EH_DETAIL_LOG_FORMATTED(name, level)                              \
  template <class A, class... B>                                          \
  void name(                                                              \
      detail::Format<std::type_identity_t<A>, std::type_identity_t<B>...> \
          text,                                                           \
      A&& value, B&&... values) const {                                   \
    format(level, text.where, text.text, std::forward<A>(value),          \
           std::forward<B>(values)...);                                   \
  }
#else
#define EH_DETAIL_LOG_FORMATTED(name, level)                              \
  template <class A, class... B>                                          \
  requires(!std::is_same_v<std::remove_cvref_t<A>, Location>) void name(  \
      std::string_view, const A&, const B&...) const {                    \
    static_assert(std::is_void_v<A>,                                      \
                  "no <format> and no fmt headers here: install fmt, or " \
                  "write run.log().info() << value");                     \
  }
#endif

#define EH_DETAIL_LOG(name, level)                                       \
  EH_DETAIL_LOG_FORMATTED(name, level)                                   \
  void name(std::string_view text, Location where = Location::current()) \
      const noexcept {                                                   \
    target_.log(level, where, text);                                     \
  }                                                                      \
  LogStream name(Location where = Location::current()) const {           \
    return LogStream(target_, level, where);                             \
  }

  EH_DETAIL_LOG(debug, EH_DEBUG)
  EH_DETAIL_LOG(info, EH_INFO)
  EH_DETAIL_LOG(warning, EH_WARNING)
  EH_DETAIL_LOG(error, EH_ERROR)
  EH_DETAIL_LOG(critical, EH_CRITICAL)

#undef EH_DETAIL_LOG
#undef EH_DETAIL_LOG_FORMATTED

 private:
#ifdef EH_DETAIL_FORMAT
  template <class... A>
  void format(eh_level level, Location where,
              EH_DETAIL_FORMAT::format_string<A...> text,
              A&&... values) const noexcept {
    try {
      target_.log(level, where,
                  EH_DETAIL_FORMAT::format(text, std::forward<A>(values)...));
    } catch (...) {
      log_failure(level, where);
    }
  }

  void log_failure(eh_level level, Location where) const noexcept {
    try {
      target_.log(
          level, where,
          "(cannot format this: " + detail::current_failure().text() + ")");
    } catch (...) {
      target_.log(level, where, "(cannot format this)");
    }
  }
#endif

  detail::LogTarget target_;
};

}  // namespace EH_HIDDEN

#endif  // EH_LOG_HPP
