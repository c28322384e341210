// Logging from an experiment: to its log.txt and, if wanted, the console, log
// files and Slack.
//
//   run.log().info("{} servers at {}", servers, load);
//   eh::log::info("{} servers at {}", servers, load);   // without a Run
//   EH_LOG(warning) << "only " << n << " samples";
//
// All do the same, from any thread, from other shared libraries and from
// processes that the experiment forks. Levels are debug, info, warning, error
// and critical. Where no experiment runs (in a unit test, say), eh::log writes
// to stderr. Code that logs with Boost.Log or spdlog includes
// eh/log_boost.hpp or eh/log_spdlog.hpp in one of its files.
//
// The formatting form comes from <format> where the library has it, else from
// fmt's headers where they are installed. Without either, the stream form and
// a single text still work. So they do where EH_NO_FORMAT is defined, for a
// file that calls something of its own `fmt`, as fmt's namespace is called.
// Logging never throws.
#ifndef EH_LOG_HPP
#define EH_LOG_HPP

#include <eh/abi.h>

#include <cstdio>
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

#if defined(EH_NO_FORMAT)
#elif defined(__cpp_lib_format)
#include <format>
#define EH_DETAIL_FORMAT ::std
#define EH_DETAIL_CONSTEVAL consteval
#elif __has_include(<fmt/format.h>)
// nvcc cannot evaluate fmt's checks, so they are made when logging; and in
// C++20 fmt's constexpr functions have to be so.
#if defined(__CUDACC__) && !defined(FMT_CONSTEVAL)
#define FMT_CONSTEVAL
#endif
#if defined(__CUDACC__) && !defined(FMT_USE_CONSTEXPR)
#define FMT_USE_CONSTEXPR 1
#endif
#if !EH_DETAIL_CODE_HERE
// Declarations are enough here. More of fmt that is included later is to need
// no library, either.
#if __has_include(<fmt/base.h>)
#include <fmt/base.h>
#else
#include <fmt/core.h>
#endif
#endif
#ifndef FMT_HEADER_ONLY
#define FMT_HEADER_ONLY
#endif
#if EH_DETAIL_CODE_HERE
#include <fmt/format.h>
#endif
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

EH_CODE std::string_view level_text(unsigned level);

/// Where there is no experiment, a record is for who watches.
EH_CODE void write_to_stderr(const eh_record& record);

EH_CODE void write_to_process(void*, const eh_record* record);

/// The log of the experiment that this process runs.
inline LogTarget process_log() {
  return {&write_to_process, nullptr};
}

#ifdef EH_DETAIL_FORMAT
/// A checked format string, and where it was written.
template <class... A>
struct Format {
  template <class S>
  requires std::is_convertible_v<const S&, std::string_view> EH_DETAIL_CONSTEVAL
  Format(const S& s, Location l = Location::current())
      : text(s), where(l) {
    static_cast<void>(EH_DETAIL_FORMAT::format_string<A...>(s));
  }

  std::string_view text;
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

#ifdef EH_DETAIL_FORMAT
namespace detail {

EH_CODE void log_format(LogTarget target, eh_level level, Location where,
                        std::string_view text,
                        EH_DETAIL_FORMAT::format_args values) noexcept;

template <class... A>
void log_formatted(LogTarget target, eh_level level, Location where,
                   std::string_view text, A&&... values) noexcept {
  log_format(target, level, where, text,
             EH_DETAIL_FORMAT::make_format_args(values...));
}

}  // namespace detail

#define EH_DETAIL_LOG_FORMATTED(name, level, before, after, target)            \
  template <class A, class... B>                                               \
  before void name(                                                            \
      detail::Format<std::type_identity_t<A>, std::type_identity_t<B>...>      \
          text,                                                                \
      A&& value, B&&... values) after {                                        \
    detail::log_formatted(target, level, text.where, text.text,                \
                          std::forward<A>(value), std::forward<B>(values)...); \
  }
#else
#define EH_DETAIL_LOG_FORMATTED(name, level, before, after, target)        \
  template <class A, class... B>                                           \
  requires(!std::is_same_v<std::remove_cvref_t<A>, Location>) before void  \
  name(std::string_view, const A&, const B&...) after {                    \
    static_assert(std::is_void_v<A>,                                       \
                  "no <format> and no fmt headers here, or EH_NO_FORMAT: " \
                  "install fmt, or write EH_LOG(info) << value");          \
  }
#endif

// The ways to log at one level, as functions of a class or of a namespace.
#define EH_DETAIL_LOG(name, level, before, after, target)                 \
  EH_DETAIL_LOG_FORMATTED(name, level, before, after, target)             \
  before void name(std::string_view text,                                 \
                   Location where = Location::current()) after noexcept { \
    target.log(level, where, text);                                       \
  }                                                                       \
  before LogStream name(Location where = Location::current()) after {     \
    return LogStream(target, level, where);                               \
  }

#define EH_DETAIL_LOG_LEVELS(before, after, target)         \
  EH_DETAIL_LOG(debug, EH_DEBUG, before, after, target)     \
  EH_DETAIL_LOG(info, EH_INFO, before, after, target)       \
  EH_DETAIL_LOG(warning, EH_WARNING, before, after, target) \
  EH_DETAIL_LOG(error, EH_ERROR, before, after, target)     \
  EH_DETAIL_LOG(critical, EH_CRITICAL, before, after, target)

/// An experiment's log. May be copied and used by any thread while the
/// experiment runs.
class Log {
 public:
  explicit Log(detail::LogTarget target) : target_(target) {}

  EH_DETAIL_LOG_LEVELS(, const, target_)

 private:
  detail::LogTarget target_;
};

/// The same where no Run is at hand.
namespace log {

EH_DETAIL_LOG_LEVELS(inline, , detail::process_log())

}  // namespace log

#undef EH_DETAIL_LOG_LEVELS
#undef EH_DETAIL_LOG
#undef EH_DETAIL_LOG_FORMATTED

}  // namespace EH_HIDDEN

/// EH_LOG(info) << "n is " << n; is one record.
#define EH_LOG(level) ::eh::log::level()

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/log.hpp>
#endif

#endif  // EH_LOG_HPP
