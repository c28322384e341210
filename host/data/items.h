// A value as it crosses the boundary: items (abi.h), one behind the other. Here
// is how to walk over those that a plugin wrote, and how to make those of a
// file that is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "eh/abi.h"
#include "os/file_error.h"

namespace eh::host {

/// Why a value cannot be written or read, for people.
class DataError : public FileError {
 public:
  using FileError::FileError;
};

/// "line 3, column 7: WHY".
[[noreturn]] void fail_at(std::uint64_t place, const std::string& why);

/// Why the last line of a text is not read that could be cut short.
constexpr char no_line_end[] =
    "the last line has no end: is the file whole? (add a newline if it is)";

constexpr std::uint64_t place_of(std::uint64_t line, std::uint64_t column) {
  constexpr std::uint64_t most = 0xFFFFFFFF;
  return (line < most ? line : most) << 32 | (column < most ? column : most);
}

inline std::string_view text_of(const eh_item& item) {
  return {static_cast<const char*>(item.as.data), item.count};
}

/// How many items follow one and are in it.
inline std::size_t items_in(const eh_item& item) {
  switch (item.kind) {
    case EH_ITEM_LIST:
    case EH_ITEM_MAP:
    case EH_ITEM_TABLE:
      return item.as.natural;
    case EH_ITEM_ARRAY:
      return item.count;
    default:
      return 0;
  }
}
inline const eh_item* behind(const eh_item* item) {
  return item + 1 + items_in(*item);
}

/// "a list", "a table".
std::string_view kind_name(const eh_item& item);

/// How many numbers an array has.
std::uint64_t array_size(const eh_item& array);

/// What was read. Items point into `content` and into each other's texts, so
/// it stays where it is.
class Items {
 public:
  Items() = default;
  Items(const Items&) = delete;
  Items& operator=(const Items&) = delete;

  std::string content;
  std::vector<eh_item> list;

  eh_item& add(std::uint32_t kind, std::uint64_t place = 0);
  /// `text` has to live as long as this.
  void add_text(std::uint32_t kind, std::string_view text,
                std::uint64_t place = 0);
  /// `data` has to live as long as this.
  void add_array(std::uint32_t element, const void* data,
                 const std::vector<std::uint64_t>& shape);
  /// Begins a list, a map or a table; what is added until close() is in it.
  std::size_t open(std::uint32_t kind, std::uint64_t place = 0);
  void close(std::size_t opened, std::uint64_t count);
  /// Keeps a text.
  std::string_view keep(std::string text);

 private:
  std::deque<std::string> texts_;
};

}  // namespace eh::host
