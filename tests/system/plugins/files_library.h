#pragma once

/// Of a shared library of its own, which knows no eh::Run: writes a file, and
/// returns how many rows it reads from it.
__attribute__((visibility("default"))) int rows_in_library(const char* file);
