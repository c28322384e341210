// The code of log.hpp.
#ifndef EH_DETAIL_CODE_LOG_HPP
#define EH_DETAIL_CODE_LOG_HPP

#include <cstdio>
#include <eh/log.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE std::string_view level_text(unsigned level) {
  if (level >= EH_CRITICAL) return "critical";
  if (level >= EH_ERROR) return "error";
  if (level >= EH_WARNING) return "warning";
  return level >= EH_INFO ? "info" : "debug";
}

EH_CODE void write_to_stderr(const eh_record& record) {
  const std::string_view level = level_text(record.level);
  std::fprintf(stderr, "%.*s: %.*s\n", static_cast<int>(level.size()),
               level.data(), static_cast<int>(record.text.size),
               record.text.data);
}

EH_CODE void write_to_process(void*, const eh_record* record) {
  if (!eh_log_v1 || eh_log_v1(record) == 0) write_to_stderr(*record);
}

#ifdef EH_DETAIL_FORMAT
inline void log_failure(LogTarget target, eh_level level,
                        Location where) noexcept {
  try {
    target.log(level, where,
               "(cannot format this: " + current_failure().text() + ")");
  } catch (...) {
    target.log(level, where, "(cannot format this)");
  }
}

EH_CODE void log_format(LogTarget target, eh_level level, Location where,
                        std::string_view text,
                        EH_DETAIL_FORMAT::format_args values) noexcept {
  try {
    target.log(level, where, EH_DETAIL_FORMAT::vformat(text, values));
  } catch (...) {
    log_failure(target, level, where);
  }
}
#endif

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_LOG_HPP
