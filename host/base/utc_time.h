// Wall-clock times as they stand in verdicts, logs and journals.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace eh::host {

using SystemTime = std::chrono::system_clock::time_point;

/// ISO 8601 in UTC with milliseconds: "2026-01-31T10:00:00.250Z". Always 24
/// characters.
std::string utc_text(SystemTime time);

/// What utc_text() was given, in whole milliseconds; nothing for another text.
std::optional<SystemTime> parse_utc(const std::string& text);

}  // namespace eh::host
