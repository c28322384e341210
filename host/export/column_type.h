// What is known of a column of a table before any of its cells is.
#pragma once

namespace eh::host {

/// What all cells are that are there, for formats that have types.
enum class ColumnType { any, text, real };

}  // namespace eh::host
