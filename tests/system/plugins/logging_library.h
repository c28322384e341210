#pragma once

/// Of a shared library of its own, as researchers have them.
__attribute__((visibility("default"))) void log_in_library();
