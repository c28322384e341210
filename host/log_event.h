// What log files and Slack say of events.
#pragma once

#include "event.h"
#include "log_record.h"

namespace eh::host {

LogRecord record_of(const Event& event, SystemTime time);

}  // namespace eh::host
