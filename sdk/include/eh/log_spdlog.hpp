// Lets records of spdlog be records of the experiment: include this in one file
// of a plugin or program that logs with spdlog, and build that with spdlog as
// before.
//
// spdlog's default logger is replaced when the file's static objects are made;
// eh::spdlog_sink() is for loggers of one's own. What is traced is debug.
// Places in the source are kept where SPDLOG_INFO and the like gave them.
#ifndef EH_LOG_SPDLOG_HPP
#define EH_LOG_SPDLOG_HPP

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <eh/log.hpp>
#include <exception>
#include <memory>
#include <string_view>

namespace eh EH_HIDDEN {
namespace detail {

/// The boundary may be used by all threads at once.
class SpdlogSink
    : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  void sink_it_(const spdlog::details::log_msg& record) override {
    process_log().log(
        level(record.level),
        Location(record.source.filename,
                 static_cast<unsigned>(record.source.line)),
        std::string_view(record.payload.data(), record.payload.size()));
  }
  void flush_() override {}

  static eh_level level(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::trace:
      case spdlog::level::debug:
        return EH_DEBUG;
      case spdlog::level::warn:
        return EH_WARNING;
      case spdlog::level::err:
        return EH_ERROR;
      case spdlog::level::critical:
        return EH_CRITICAL;
      default:
        return EH_INFO;
    }
  }
};

}  // namespace detail

/// A sink for spdlog loggers. May be used by several and by any thread.
inline spdlog::sink_ptr spdlog_sink() {
  return std::make_shared<detail::SpdlogSink>();
}

namespace detail {

/// Nothing may be thrown while a plugin is loaded.
inline bool set_spdlog_default() noexcept {
  try {
    auto logger = std::make_shared<spdlog::logger>("", spdlog_sink());
    logger->set_level(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
    return true;
  } catch (const std::exception& error) {
    process_log().log(EH_ERROR, Location::current(), error.what());
    return false;
  }
}

inline const bool has_spdlog_default = set_spdlog_default();

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_LOG_SPDLOG_HPP
