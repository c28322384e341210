// Reads what events/event.h and events/log_text.h write as JSON: the journals
// of tasks, and the events of a run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "events/event.h"
#include "events/log_record.h"
#include "events/task.h"

namespace eh::host {

struct JournalEntry {
  std::string time;  ///< as of utc_text()
  std::variant<Event, LogRecord, TaskStarted, TaskEnded> what;
};

/// Nothing for a line that is none of them: a later version may write others.
std::optional<JournalEntry> parse_journal_line(std::string_view line);

}  // namespace eh::host
