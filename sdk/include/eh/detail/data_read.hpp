// A value out of the items that were read. What the file calls a table may be
// wanted as a list of structs, what it calls a list as an array: the type that
// is wanted decides, and what does not fit is thrown as a DataMismatch.
#ifndef EH_DETAIL_DATA_READ_HPP
#define EH_DETAIL_DATA_READ_HPP

#include <eh/abi.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <eh/detail/config.hpp>
#include <eh/detail/data_number.hpp>
#include <eh/detail/data_type.hpp>
#include <eh/detail/text.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

/// Reads the items of a JSON text; throws what is wrong with it.
using ReadJson = void (*)(const void* host, std::string_view text,
                          eh_take_items take, void* context);

class DataReader {
 public:
  DataReader(ReadJson read_json, const void* host)
      : read_json_(read_json), host_(host) {}

  template <class T>
  void read(const eh_item* item, T& value) const {
    if constexpr (std::is_same_v<T, std::string>) {
      const eh_item& text = only_cell(item);
      if (text.kind != EH_ITEM_TEXT && text.kind != EH_ITEM_WORD)
        refuse_item(text, "a text");
      value = item_text(text);
    } else if constexpr (is_path<T>) {
      std::string text;
      read(item, text);
      value = std::move(text);
    } else if constexpr (std::is_same_v<T, bool> || Number<T>) {
      decode_number(only_cell(item), value);
    } else if constexpr (std::is_enum_v<T>) {
      decode_enum(only_cell(item), value);
    } else if constexpr (is_optional<T>) {
      if (is_missing<typename T::value_type>(only_cell(item)))
        value.reset();
      else
        read(item, value.emplace());
    } else if constexpr (std::is_same_v<T, std::monostate>) {
      if (!is_nothing(*item)) refuse_item(*item, "nothing");
    } else if (!read_cell(item, value)) {
      if constexpr (std::is_same_v<T, Table>)
        read_table(item, value);
      else if constexpr (is_whole_array<T>)
        read_array(item, value);
      else if constexpr (DataMap<T>)
        read_map(item, value);
      else if constexpr (DataList<T>)
        read_list(item, value);
      else
        read_struct(item, value);
    }
  }

 private:
  // Reads with where it is, for errors.
  template <class Read>
  static void within(const Read& read, const std::string& step) {
    try {
      read();
    } catch (DataMismatch& mismatch) {
      const bool joined = mismatch.trail.empty() || mismatch.trail[0] == '[';
      mismatch.trail.insert(0, joined ? step : step + ".");
      throw;
    }
  }
  template <class T>
  void read_at(const eh_item* item, T& value, std::size_t index) const {
    try {
      read(item, value);
    } catch (DataMismatch&) {
      within([] { throw; }, "[" + std::to_string(index) + "]");
    }
  }
  template <class T>
  void read_key(const eh_item* item, T& value, std::string_view key) const {
    try {
      read(item, value);
    } catch (DataMismatch&) {
      within([] { throw; }, std::string(key));
    }
  }

  // What is in a table of one cell, such as a number's CSV.
  static const eh_item& only_cell(const eh_item* item) {
    if (item->kind == EH_ITEM_TABLE && item->count == 1 &&
        item->as.natural == 2)
      return item[2];
    return *item;
  }

  // Also nan where there can be none: NumPy and pandas have reals in place of
  // integers, some of which are missing. And "" where no text is wanted: pandas
  // can put all cells into quotes.
  template <class T>
  static bool is_missing(const eh_item& item) {
    const bool is_real =
        item.kind == EH_ITEM_REAL || item.kind == EH_ITEM_SINGLE;
    constexpr bool is_text = std::is_same_v<T, std::string> || is_path<T>;
    return is_nothing(item) ||
           (!Real<T> && is_real && std::isnan(item.as.real)) ||
           (!is_text && is_quoted(item) && item.count == 0);
  }

  // A list or struct that is a cell or a line: JSON.
  template <class T>
  bool read_cell(const eh_item* item, T& value) const {
    if (item->kind != EH_ITEM_TEXT && item->kind != EH_ITEM_WORD) return false;
    const std::string_view text = item_text(*item);
    if (text.empty() || (text[0] != '[' && text[0] != '{')) return false;
    struct Context {
      const DataReader& reader;
      T& value;
      DataMismatch wrong;
      bool is_wrong = false;
    } context{*this, value, DataMismatch(*item, ""), false};
    const auto take = [](void* to, const eh_item* items, std::size_t) noexcept {
      auto& [reader, result, wrong, is_wrong] = *static_cast<Context*>(to);
      try {
        reader.read(items, result);
      } catch (const std::exception& error) {
        wrong = DataMismatch(eh_item{}, error.what());
        if (const auto* mismatch = dynamic_cast<const DataMismatch*>(&error))
          wrong.trail = mismatch->trail;
        is_wrong = true;
      }
    };
    try {
      read_json_(host_, text, take, &context);
    } catch (const std::exception& error) {
      throw DataMismatch(*item, std::string("in this text: ") + error.what());
    }
    if (context.is_wrong) {
      context.wrong.place = item->place;
      throw context.wrong;
    }
    return true;
  }

  // ---- Lists.

  template <class T>
  static void begin_list(const eh_item& item, T& list, std::size_t size) {
    if constexpr (is_fixed_array<T>) {
      if (size != list.size())
        throw DataMismatch(item, "expected " + counted(list.size(), "element") +
                                     ", not " + std::to_string(size));
    } else {
      list.clear();
      if constexpr (requires { list.reserve(size); }) list.reserve(size);
    }
  }

  template <class T>
  void add_element(T& list, const eh_item* item, std::size_t index) const {
    if constexpr (std::is_same_v<T, std::vector<bool>>) {
      bool value = false;
      read_at(item, value, index);
      list.push_back(value);
    } else if constexpr (is_fixed_array<T>) {
      read_at(item, list[index], index);
    } else if constexpr (requires { list.emplace_back(); }) {
      read_at(item, list.emplace_back(), index);
    } else {
      typename T::value_type value{};
      read_at(item, value, index);
      list.insert(std::move(value));
    }
  }

  template <class T>
  void read_list(const eh_item* item, T& list) const {
    if (item->kind == EH_ITEM_LIST) {
      begin_list(*item, list, item->count);
      const eh_item* at = item + 1;
      for (std::size_t i = 0; i < item->count; ++i, at = next_item(at))
        add_element(list, at, i);
    } else if (item->kind == EH_ITEM_ARRAY && item->count > 0) {
      read_array_list(item, list);
    } else if (item->kind == EH_ITEM_TABLE) {
      read_rows(item, list);
    } else if (item->kind == EH_ITEM_WORD) {
      read_words(item, list);
    } else if (is_record<Element<T>> && item->kind == EH_ITEM_MAP) {
      read_rows(table_of(item).data(), list);
    } else {
      refuse_item(*item, "a list");
    }
  }

  template <class T>
  void read_array_list(const eh_item* item, T& list) const {
    const std::size_t length = item[1].as.natural;
    begin_list(*item, list, length);
    if constexpr (requires {
                    list.resize(length);
                    list.data();
                  }) {
      if constexpr (Number<Element<T>>)
        if (item->count == 1 && item->element == memory_element<Element<T>>()) {
          list.resize(length);
          if (length > 0)
            std::memcpy(list.data(), item->as.data,
                        length * sizeof(Element<T>));
          return;
        }
    }
    // Each element: an array of a dimension less, or a number.
    std::vector<eh_item> part(item + 1, item + 1 + item->count);
    part[0] = *item;
    part[0].count = item->count - 1;
    std::size_t size = memory_size(item->element);
    for (std::size_t i = 2; i <= item->count; ++i) size *= item[i].as.natural;
    auto data = static_cast<const char*>(item->as.data);
    for (std::size_t i = 0; i < length; ++i, data += size) {
      if (item->count == 1)
        part[0] = memory_item(item->element, data);
      else
        part[0].as.data = data;
      add_element(list, part.data(), i);
    }
  }

  // The rows of a table: structs, maps, lists; or what is in its only column.
  template <class T>
  void read_rows(const eh_item* table, T& list) const {
    using E = Element<T>;
    const std::vector<const eh_item*> cells = cells_of(table);
    const std::size_t width = table->count;
    const std::size_t rows = width == 0 ? 0 : cells.size() / width;
    constexpr bool is_line = DataList<E>;
    if constexpr (!is_record<E> && !is_line)
      if (width != 1)
        throw DataMismatch(*table,
                           "expected one column, not " + std::to_string(width));
    if constexpr (!is_record<E>) refuse_numbers_as_names(table);
    begin_list(*table, list, rows);
    std::vector<std::size_t> order;
    if constexpr (DataStruct<E>) order = columns_of<E>(table);
    std::vector<eh_item> row;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto first = cells.begin() + static_cast<std::ptrdiff_t>(i * width);
      if constexpr (is_record<E> || is_line) {
        row.resize(1);
        row[0] = eh_item{};
        row[0].kind = is_record<E> ? EH_ITEM_MAP : EH_ITEM_LIST;
        row[0].count = DataStruct<E> ? order.size() : width;
        row[0].place = width > 0 ? (*first)->place : 0;
        for (std::size_t j = 0; j < row[0].count; ++j) {
          const std::size_t from = DataStruct<E> ? order[j] : j;
          if (is_record<E>) row.push_back(table[1 + from]);
          row.insert(row.end(), first[static_cast<std::ptrdiff_t>(from)],
                     next_item(first[static_cast<std::ptrdiff_t>(from)]));
        }
        row[0].as.natural = row.size() - 1;
        add_element(list, row.data(), i);
      } else {
        add_element(list, *first, i);
      }
    }
  }

  static std::vector<const eh_item*> cells_of(const eh_item* table);

  // Where names do not matter, a first line of numbers would be lost: that of
  // a file without names. "0", "1" ... are what arrays have as names.
  static void refuse_numbers_as_names(const eh_item* table);

  // The columns that a struct has, in its order, so that each row finds them at
  // once. What is missing is so even if there are no rows.
  template <class E>
  static std::vector<std::size_t> columns_of(const eh_item* table) {
    std::vector<std::string_view> names;
    for (std::size_t i = 1; i <= table->count; ++i)
      names.push_back(item_text(table[i]));
    std::vector<std::size_t> order;
    std::size_t number = 0;
    const auto find = [&](bool is_needed) {
      const std::string_view name = field_names<E>[number++];
      const auto found = std::find(names.begin(), names.end(), name);
      if (found != names.end()) {
        const std::ptrdiff_t at = found - names.begin();
        if (std::find(found + 1, names.end(), name) != names.end())
          refuse_twice(table[1 + at], name);
        order.push_back(static_cast<std::size_t>(at));
      } else if (is_needed) {
        refuse_missing(*table, name, names);
      }
    };
    [&]<class... U>(std::tuple<U&...>*) {
      (find(!is_optional<std::remove_const_t<U>>), ...);
    }(static_cast<decltype(fields_of(std::declval<E&>()))*>(nullptr));
    return order;
  }

  // A line of numbers with spaces between them.
  template <class T>
  void read_words(const eh_item* item, T& list) const {
    std::vector<eh_item> words;
    std::string_view rest = item_text(*item);
    while (!(rest = trimmed(rest)).empty()) {
      eh_item word = *item;
      const std::size_t size = std::min(rest.find_first_of(" \t"), rest.size());
      word.as.data = rest.data();
      word.count = size;
      words.push_back(word);
      rest.remove_prefix(size);
    }
    begin_list(*item, list, words.size());
    for (std::size_t i = 0; i < words.size(); ++i)
      add_element(list, &words[i], i);
  }

  // ---- Structs and maps: data_read_record.hpp.

  [[noreturn]] static void refuse_missing(
      const eh_item& item, std::string_view name,
      const std::vector<std::string_view>& known);
  [[noreturn]] static void refuse_twice(const eh_item& item,
                                        std::string_view name);
  static std::vector<std::string_view> keys_of(const eh_item* map);

  static std::vector<eh_item> object_of(const eh_item* table, bool of_columns);
  static std::vector<eh_item> table_of(const eh_item* columns);
  static const eh_item* find_key_between(const eh_item* begin,
                                         const eh_item* end,
                                         std::string_view name);
  static const eh_item* find_key(const eh_item* map, const eh_item* from,
                                 std::string_view name);
  template <class T>
  void read_struct(const eh_item* item, T& value) const;
  template <class T>
  void read_map(const eh_item* item, T& map) const;

  // ---- Arrays and tables: data_read_array.hpp.

  template <class T>
  void read_array(const eh_item* item, Array<T>& array) const;
  template <class T>
  void read_memory(const eh_item& item, Array<T>& array) const;
  template <class T>
  void collect(const eh_item* item, Array<T>& array, std::size_t depth,
               bool is_first) const;
  void read_table(const eh_item* item, Table& table) const;
  void read_records(const eh_item* list, Table& table) const;

  ReadJson read_json_;
  const void* host_;
};

}  // namespace detail
}  // namespace EH_HIDDEN

#include <eh/detail/data_read_array.hpp>
#include <eh/detail/data_read_record.hpp>

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/data_read.hpp>
#endif

#endif  // EH_DETAIL_DATA_READ_HPP
