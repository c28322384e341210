// Experiments whose code logs with libraries of its own.
#include <boost/log/attributes/constant.hpp>
#include <boost/log/core.hpp>
#include <boost/log/sources/logger.hpp>
#include <boost/log/sources/severity_logger.hpp>
#include <boost/log/trivial.hpp>
#include <eh/eh.hpp>
#include <eh/log_boost.hpp>
#include <eh/log_spdlog.hpp>

namespace {

void with_boost() {
  BOOST_LOG_TRIVIAL(trace) << "traced";
  BOOST_LOG_TRIVIAL(debug) << "debugged";
  BOOST_LOG_TRIVIAL(info) << "informed " << 3;
  BOOST_LOG_TRIVIAL(warning) << "warned";
  BOOST_LOG_TRIVIAL(error) << "failed";
  BOOST_LOG_TRIVIAL(fatal) << "ended";
  boost::log::sources::severity_logger<boost::log::trivial::severity_level>
      mine;
  mine.add_attribute(
      "File", boost::log::attributes::constant<std::string>("/src/model.cc"));
  mine.add_attribute("Line", boost::log::attributes::constant<int>(7));
  BOOST_LOG_SEV(mine, boost::log::trivial::warning) << "placed";
  boost::log::sources::wlogger wide;
  BOOST_LOG(wide) << L"wide \u03c1";
  // Without a message: not for people.
  const auto core = boost::log::core::get();
  if (auto record = core->open_record(boost::log::attribute_set()))
    core->push_record(std::move(record));
}

void with_spdlog() {
  spdlog::trace("traced");
  spdlog::debug("debugged");
  spdlog::info("informed {}", 3);
  spdlog::warn("warned");
  spdlog::error("failed");
  spdlog::critical("ended");
  SPDLOG_WARN("placed");
  spdlog::logger("mine", eh::spdlog_sink()).info("mine");
}

}  // namespace

EH_GROUP(adapted, "what logs in its own way");
EH_EXPERIMENT(adapted, "boost", with_boost);
EH_EXPERIMENT(adapted, "spdlog", with_spdlog);
