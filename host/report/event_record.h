// What log files and Slack say of events.
#pragma once

#include "events/event.h"
#include "events/log_record.h"

namespace eh::host {

LogRecord record_of(const Event& event, SystemTime time);

}  // namespace eh::host
