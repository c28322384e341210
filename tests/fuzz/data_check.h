// What the fuzz tests of values share.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include "data/elements.h"
#include "data/items.h"
#include "fuzz.h"

namespace eh::fuzz {

/// That what is in a value is just what it says, and nothing follows.
inline const eh_item* check_item(const eh_item* item, const eh_item* end) {
  using host::text_of;
  require(item < end, "there is an item");
  const auto inside = host::behind(item);
  require(inside <= end, "what is in it is there");
  const eh_item* at = item + 1;
  switch (item->kind) {
    case EH_ITEM_TEXT:
    case EH_ITEM_NUMBER:
    case EH_ITEM_WORD:
      // The sanitizer sees what is not there.
      for (const char c : text_of(*item)) static_cast<void>(std::string(1, c));
      break;
    case EH_ITEM_LIST:
      for (std::uint64_t i = 0; i < item->count; ++i)
        at = check_item(at, inside);
      break;
    case EH_ITEM_MAP:
      for (std::uint64_t i = 0; i < item->count; ++i) {
        require(at->kind == EH_ITEM_TEXT, "a key is a text");
        at = check_item(check_item(at, inside), inside);
      }
      break;
    case EH_ITEM_TABLE:
      for (std::uint64_t i = 0; i < item->count; ++i)
        require(at++->kind == EH_ITEM_TEXT, "a name is a text");
      while (at < inside)
        for (std::uint64_t i = 0; i < item->count; ++i)
          at = check_item(at, inside);
      break;
    case EH_ITEM_ARRAY:
      at += item->count;
      break;
    default:
      break;
  }
  require(at == inside, "nothing else is in it");
  return at;
}

inline void check_items(const host::Items& items) {
  const auto begin = items.list.data(), end = begin + items.list.size();
  require(check_item(begin, end) == end, "it is one value");
}

/// What an item says, however it says it: formats have numbers that are texts,
/// and texts that are words.
inline std::string said(const eh_item& item) {
  switch (item.kind) {
    case EH_ITEM_NULL:
      return "";
    case EH_ITEM_BOOL:
      return item.as.natural != 0 ? "true" : "false";
    case EH_ITEM_INTEGER:
      return std::to_string(item.as.integer);
    case EH_ITEM_NATURAL:
      return std::to_string(item.as.natural);
    case EH_ITEM_REAL:
    case EH_ITEM_SINGLE: {
      char text[64];
      std::snprintf(text, sizeof text, "%a", item.as.real);
      return std::isnan(item.as.real) ? "nan" : text;
    }
    case EH_ITEM_NUMBER: {
      const auto text = host::text_of(item);
      return text == "NaN"         ? "nan"
             : text == "Infinity"  ? "inf"
             : text == "-Infinity" ? "-inf"
                                   : std::string(text);
    }
    default:
      return std::string(host::text_of(item));
  }
}

/// That two values are the same to who reads them; places aside.
inline void check_same(const host::Items& a, const host::Items& b) {
  // A list of nothing has no type, so it may come back as an array.
  for (const auto& item : a.list)
    if (item.kind == EH_ITEM_LIST && item.count == 0) return;
  require(a.list.size() == b.list.size(), "nothing is lost, nothing is new");
  const auto end = a.list.data() + a.list.size();
  auto theirs = b.list.data();
  for (auto ours = a.list.data(); ours < end; ++ours, ++theirs) {
    if (ours->kind < EH_ITEM_LIST || ours->kind > EH_ITEM_ARRAY) {
      require(said(*ours) == said(*theirs), "a value is the same");
      continue;
    }
    require(ours->kind == theirs->kind && ours->count == theirs->count,
            "it holds as much");
    if (ours->kind != EH_ITEM_ARRAY) continue;
    require(ours->element == theirs->element, "its numbers are the same");
    // Also nan: no format changes its bytes.
    const auto size =
        host::array_size(*ours) * host::element_size(ours->element);
    require(host::array_size(*theirs) == host::array_size(*ours) &&
                (size == 0 ||
                 std::memcmp(ours->as.data, theirs->as.data, size) == 0),
            "an array is the same");
  }
}

/// Reads a value, writes it, and reads that: it has to be the same, and to be
/// written in the same way again.
template <class Read, class Write>
void check_round_trip(std::string_view text, const Read& read,
                      const Write& write) {
  host::Items items;
  items.content = text;
  try {
    read(items.content, items);
  } catch (const host::DataError& error) {
    require(error.what()[0] != '\0', "an error says something");
    return;
  }
  check_items(items);
  std::string first;
  try {
    first = write(items.list.data());
  } catch (const host::DataError& error) {
    return;  // not all that can be read has a form
  }
  host::Items again;
  again.content = first;
  read(again.content, again);
  check_items(again);
  check_same(items, again);
  require(write(again.list.data()) == first, "it is written in the same way");
}

}  // namespace eh::fuzz
