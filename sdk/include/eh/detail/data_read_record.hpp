// The part of data_read.hpp for structs and maps.
#ifndef EH_DETAIL_DATA_READ_RECORD_HPP
#define EH_DETAIL_DATA_READ_RECORD_HPP

#include <eh/detail/data_read.hpp>

namespace eh EH_HIDDEN {
namespace detail {

template <class T>
void DataReader::read_struct(const eh_item* item, T& value) const {
  if (item->kind == EH_ITEM_TABLE) {
    constexpr bool of_columns = [] {
      return []<class... U>(std::tuple<U&...>*) {
        return sizeof...(U) > 0 && ((DataList<std::remove_const_t<U>>)&&...);
      }(static_cast<decltype(fields_of(std::declval<T&>()))*>(nullptr));
    }();
    const std::vector<eh_item> object = object_of(item, of_columns);
    return read_struct(object.data(), value);
  }
  if (item->kind != EH_ITEM_MAP) refuse_item(*item, "an object");
  const eh_item* next = item + 1;  // files mostly have the same order
  std::size_t found_count = 0;
  for_each_field(value, [&]<class U>(std::string_view name, U& field) {
    if (const eh_item* found = find_key(item, next, name)) {
      read_key(found + 1, field, name);
      next = next_item(found + 1);
      ++found_count;
    } else if constexpr (is_optional<U>) {
      field.reset();
    } else {
      refuse_missing(*item, name, keys_of(item));
    }
  });
  if (found_count == item->count) return;
  for (const std::string_view name : field_names<T>) {  // not of the others
    const eh_item* found = find_key(item, item + 1, name);
    if (found)
      found = find_key_between(next_item(found + 1), next_item(item), name);
    if (found) refuse_twice(*found, name);
  }
}

template <class T>
void DataReader::read_map(const eh_item* item, T& map) const {
  if (item->kind == EH_ITEM_TABLE) {
    constexpr bool of_columns = [] {
      using M = typename T::mapped_type;
      return DataList<M>;
    }();
    const std::vector<eh_item> object = object_of(item, of_columns);
    return read_map(object.data(), map);
  }
  if (item->kind != EH_ITEM_MAP) refuse_item(*item, "an object");
  map.clear();
  for (const eh_item* at = item + 1; at < next_item(item);
       at = next_item(at + 1)) {
    typename T::key_type key{};
    if constexpr (Integer<typename T::key_type>) {
      if (!parse_number(item_text(*at), key))
        refuse_item(*at, "a key that is " + a_type<typename T::key_type>());
    } else {
      key = item_text(*at);
    }
    typename T::mapped_type value{};
    read_key(at + 1, value, item_text(*at));
    if (!map.try_emplace(std::move(key), std::move(value)).second)
      refuse_twice(*at, item_text(*at));
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/data_read_record.hpp>
#endif

#endif  // EH_DETAIL_DATA_READ_RECORD_HPP
