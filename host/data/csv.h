// Tables as CSV (RFC 4180) or separated by tabs: a line of names, then the
// rows (data/grid.h).
//
// A text is in quotes where it has to be, and where it would be taken for a
// number, a bool or nothing: what is read from quotes is a text. What is a list
// or a struct in a cell is written there as JSON. In a single column, in which
// many readers pass over an empty line, nothing is "", and so is an empty text.
#pragma once

#include <string>
#include <string_view>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

/// Appends a cell that is a text, in quotes as above.
void append_csv_text(std::string& out, std::string_view text, char separator);

/// Appends a number, a bool or a column's name, in quotes only if it has to be.
void append_csv_word(std::string& out, std::string_view word, char separator);

void write_csv(const eh_item* value, char separator, Out& out);

/// A table of texts and words, read from `text`, which has to live as long as
/// `items`. Empty lines are passed over. Throws DataError with the place; for
/// a last line without an end, too, unless it ends in a quote.
void read_csv(std::string_view text, char separator, Items& items);

}  // namespace eh::host
