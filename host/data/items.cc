#include "data/items.h"

namespace eh::host {

void fail_at(std::uint64_t place, const std::string& why) {
  if (place == 0) throw DataError(why);
  throw DataError("line " + std::to_string(place >> 32) + ", column " +
                  std::to_string(place & 0xFFFFFFFF) + ": " + why);
}

std::string_view kind_name(const eh_item& item) {
  switch (item.kind) {
    case EH_ITEM_NULL:
      return "nothing";
    case EH_ITEM_BOOL:
      return "a bool";
    case EH_ITEM_TEXT:
    case EH_ITEM_WORD:
      return "a text";
    case EH_ITEM_LIST:
      return "a list";
    case EH_ITEM_MAP:
      return "a struct or map";
    case EH_ITEM_TABLE:
      return "a table";
    case EH_ITEM_ARRAY:
      return "an array";
    default:
      return "a number";
  }
}

std::uint64_t array_size(const eh_item& array) {
  std::uint64_t size = 1;
  for (std::uint64_t i = 1; i <= array.count; ++i)
    size *= (&array)[i].as.natural;
  return size;
}

eh_item& Items::add(std::uint32_t kind, std::uint64_t place) {
  eh_item item{};
  item.kind = kind;
  item.place = place;
  return list.emplace_back(item);
}

void Items::add_text(std::uint32_t kind, std::string_view text,
                     std::uint64_t place) {
  auto& item = add(kind, place);
  item.as.data = text.data();
  item.count = text.size();
}

void Items::add_array(std::uint32_t element, const void* data,
                      const std::vector<std::uint64_t>& shape) {
  auto& array = add(EH_ITEM_ARRAY);
  array.element = element;
  array.as.data = data;
  array.count = shape.size();
  for (const auto length : shape) add(EH_ITEM_NATURAL).as.natural = length;
}

std::size_t Items::open(std::uint32_t kind, std::uint64_t place) {
  add(kind, place);
  return list.size() - 1;
}

void Items::close(std::size_t opened, std::uint64_t count) {
  list[opened].count = count;
  list[opened].as.natural = list.size() - opened - 1;
}

std::string_view Items::keep(std::string text) {
  return texts_.emplace_back(std::move(text));
}

}  // namespace eh::host
