#include "logging_library.h"

#include <eh/log.hpp>

void log_in_library() {
  eh::log::info("from a library");
}
