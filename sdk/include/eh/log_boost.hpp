// Lets records of Boost.Log be records of the experiment: include this in one
// file of a plugin or program that logs with BOOST_LOG_TRIVIAL or with loggers
// of its own, and link that to Boost.Log as before.
//
// What is fatal is critical, what is traced is debug. A record without a
// severity of Boost.Log's trivial levels is info. "File" and "Line", where
// records have such attributes, are kept. The sink is added to those that are
// there when the file's static objects are made; the default one, which writes
// to the terminal, is then no longer used.
#ifndef EH_LOG_BOOST_HPP
#define EH_LOG_BOOST_HPP

#include <boost/log/attributes/value_extraction.hpp>
#include <boost/log/core.hpp>
#include <boost/log/sinks/basic_sink_backend.hpp>
#include <boost/log/sinks/unlocked_frontend.hpp>
#include <boost/log/trivial.hpp>
#include <boost/make_shared.hpp>
#include <eh/log.hpp>
#include <exception>
#include <filesystem>
#include <string>

namespace eh EH_HIDDEN {
namespace detail {

/// The boundary may be used by all threads at once.
class BoostLogBackend : public boost::log::sinks::basic_sink_backend<
                            boost::log::sinks::concurrent_feeding> {
 public:
  void consume(const boost::log::record_view& record) {
    // What carries no text is for other sinks.
    if (record.attribute_values().count("Message") == 0) return;
    const auto file = boost::log::extract<std::string>("File", record);
    const auto line = boost::log::extract<int>("Line", record);
    process_log().log(level(record),
                      Location(file ? file->c_str() : nullptr,
                               line ? static_cast<unsigned>(*line) : 0),
                      text_of(record));
  }

 private:
  static std::string text_of(const boost::log::record_view& record) {
    if (const auto text = boost::log::extract<std::string>("Message", record))
      return *text;
    try {
      if (const auto wide =
              boost::log::extract<std::wstring>("Message", record))
        return utf8({wide->begin(), wide->end()});
    } catch (const std::exception&) {
    }
    return "(a text that cannot be shown)";
  }

  static std::string utf8(const std::u32string& text) {
    return std::filesystem::path(text).string();
  }

  static eh_level level(const boost::log::record_view& record) {
    using namespace boost::log::trivial;
    const auto severity =
        boost::log::extract<severity_level>("Severity", record);
    if (!severity) return EH_INFO;
    switch (*severity) {
      case trace:
      case debug:
        return EH_DEBUG;
      case info:
        return EH_INFO;
      case warning:
        return EH_WARNING;
      case error:
        return EH_ERROR;
      case fatal:
        return EH_CRITICAL;
    }
    return EH_INFO;
  }
};

/// Nothing may be thrown while a plugin is loaded.
inline bool add_boost_log_sink() noexcept {
  try {
    boost::log::core::get()->add_sink(
        boost::make_shared<
            boost::log::sinks::unlocked_sink<BoostLogBackend>>());
    return true;
  } catch (const std::exception& error) {
    process_log().log(EH_ERROR, Location::current(), error.what());
    return false;
  }
}

inline const bool has_boost_log_sink = add_boost_log_sink();

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_LOG_BOOST_HPP
