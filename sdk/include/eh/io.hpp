// Values in files: run.write(), run.read(), and the same without a Run.
//
//   eh::write("waits.csv.gz", waits);
//   const auto waits = eh::read<std::vector<Wait>>("waits.csv.gz");
//
// The ending of the name tells the format:
//
//   .json   anything                    .txt   numbers or texts, one a line
//   .jsonl  the same, a line for each   .npy   arrays, tables
//           element of a list           .npz   several arrays by name
//   .csv    tables, lists of structs,   .bin   numbers as they lie in memory
//   .tsv    columns by name
//
// and a further .gz, .zst, .xz or .bz2 that it is compressed. A std::string is
// written and read as it is, whatever the ending. For the types see
// detail/data_type.hpp. A file is written whole or not at all. A relative path
// is below the experiment's folder or, where none runs, the working directory.
// sftp://host/path is on another machine, https:// can be read, and
// file:///path is a path.
//
// Real numbers that are not finite are "nan", "inf" and "-inf" where the format
// has no form of its own for them; a real that is nothing is read as nan.
#ifndef EH_IO_HPP
#define EH_IO_HPP

#include <eh/abi.h>

#include <algorithm>
#include <cstring>
#include <eh/detail/config.hpp>
#include <eh/detail/data_read.hpp>
#include <eh/detail/data_write.hpp>
#include <eh/detail/text.hpp>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace eh EH_HIDDEN {
namespace detail {

/// Who writes and reads: an experiment's host, or this process's.
struct DataHost {
  int (*write)(void* host, eh_text path, const eh_item* items,
               std::size_t count, eh_take_text error, void* context) = nullptr;
  int (*read)(void* host, eh_text path, std::uint32_t how, eh_take_items take,
              eh_take_text error, void* context) = nullptr;
  void* host = nullptr;
  const char* lacking = "";  ///< why there are none
};

EH_CODE DataHost process_data();

EH_CODE bool is_https(std::string_view path);

/// A path as errors tell it: what follows the '?' of a URL may be a secret, and
/// errors are kept and sent around.
EH_CODE std::string shown_path(std::string_view path);

/// For a context that is a std::string.
EH_CODE void assign_text(void* to, eh_text text) noexcept;

template <class T>
void write_data(const DataHost& to, const std::string& path, const T& value) {
  static_assert(is_data<T>(),
                "eh::write() and run.write() take a text, an eh::Table, an "
                "eh::Array, numbers, bools, enums, plain structs, and vectors, "
                "maps and optionals of these");
  if constexpr (is_data<T>()) {
    std::string reason = to.lacking;
    bool is_written = false;
    try {
      const DataWriter writer(value);
      is_written = to.write &&
                   to.write(to.host, to_text(path), writer.items().data(),
                            writer.items().size(), &assign_text, &reason) == 0;
    } catch (const std::logic_error& error) {
      reason = error.what();
    }
    if (!is_written)
      throw std::runtime_error("cannot write '" + shown_path(path) +
                               "': " + reason);
  }
}

/// The ending that tells the format: ".bin" of "a/field.BIN.zst".
EH_CODE std::string format_ending(std::string_view path);

/// Lists and arrays of numbers or bools, which can be plain memory.
template <class T>
inline constexpr bool is_memory = is_whole_array<T>;
template <DataList T>
inline constexpr bool is_memory<T> =
    Number<Element<T>> || std::is_same_v<Element<T>, bool>;

template <class T>
void read_memory(const DataReader& reader, std::string_view bytes, T& value) {
  using E = decltype([] {
    if constexpr (is_whole_array<T>)
      return typename decltype(T::values)::value_type{};
    else
      return Element<T>{};
  }());
  if (bytes.size() % sizeof(E) != 0)
    throw DataMismatch(eh_item{}, "its " + std::to_string(bytes.size()) +
                                      " bytes are not a multiple of " +
                                      a_type<E>());
  eh_item array[2] = {};
  array[0].kind = EH_ITEM_ARRAY;
  array[0].element = memory_element<E>();
  array[0].count = 1;
  array[0].as.data = bytes.data();
  array[1].kind = EH_ITEM_NATURAL;
  array[1].as.natural = bytes.size() / sizeof(E);
  reader.read(array, value);
}

/// The value in a file's items: some formats put it into a list of one, or
/// under the name that NumPy gives to what has none.
template <class T>
const eh_item* value_in(const eh_item* items, std::string_view ending) {
  constexpr bool is_several =
      DataList<T> || is_whole_array<T> || std::is_same_v<T, Table>;
  if (items->kind == EH_ITEM_LIST && items->count == 1)
    if (!is_several && (ending == ".jsonl" || ending == ".txt"))
      return items + 1;
  if (items->kind == EH_ITEM_MAP && items->count == 1 && ending == ".npz")
    if (item_text(items[1]) == "arr_0")
      if (!is_tabular<T> || items[2].kind == EH_ITEM_TABLE) return items + 2;
  return items;
}

EH_CODE void read_json_cell(const void* from, std::string_view text,
                            eh_take_items take, void* context);

template <class T>
T read_data(const DataHost& from, const std::string& path) {
  static_assert(is_data<T>() && !is_array_view<T> && !StridedMatrix<T> &&
                    !DataNothing<T> && std::is_default_constructible_v<T> &&
                    (!DataText<T> || std::is_same_v<T, std::string>),
                "eh::read<T>() and run.read<T>() give a std::string, an "
                "eh::Table, an eh::Array, numbers, bools, enums, plain "
                "structs, and vectors, maps and optionals of these");
  struct Received {
    const DataHost& from;
    std::string ending;
    bool plain = std::is_same_v<T, std::string>;
    T value{};
    std::string reason = from.lacking;
    bool is_wrong = false;
  } received{from, format_ending(path)};
  if (received.ending == ".bin") {
    received.plain = true;
    if (!is_memory<T> && !std::is_same_v<T, std::string>)
      throw std::runtime_error("cannot read '" + path +
                               "': plain memory gives an array or a list of "
                               "numbers alone");
  }
  const auto take = [](void* to, const eh_item* items, std::size_t) noexcept {
    auto& [host, ending, plain, value, reason, is_wrong] =
        *static_cast<Received*>(to);
    try {
      const DataReader reader(&read_json_cell, &host);
      if constexpr (is_memory<T>)
        if (plain) return read_memory(reader, item_text(*items), value);
      reader.read(value_in<T>(items, ending), value);
    } catch (const DataMismatch& mismatch) {
      is_wrong = true;
      reason = mismatch.text();
    } catch (const std::exception& error) {
      is_wrong = true;
      reason = error.what();
    }
  };
  const auto fail = [](void* to, eh_text text) noexcept {
    assign_text(&static_cast<Received*>(to)->reason, text);
  };
  const int status =
      from.read ? from.read(from.host, to_text(path),
                            received.plain ? EH_READ_PLAIN : EH_READ_FORMAT,
                            take, fail, &received)
                : 2;
  if (status == 1) received.reason = "there is no such file";
  if (status != 0 || received.is_wrong)
    throw std::runtime_error("cannot read '" + shown_path(path) +
                             "': " + received.reason);
  return std::move(received.value);
}

}  // namespace detail

/// Writes a value whole or not at all, in the format of the name's ending.
/// Throws std::runtime_error.
template <class T>
void write(const std::filesystem::path& path, const T& value) {
  detail::write_data(detail::process_data(), path.native(), value);
}

/// Reads what write() wrote, or another program. Throws std::runtime_error,
/// which tells the place of what is wrong.
template <class T = std::string>
T read(const std::filesystem::path& path) {
  return detail::read_data<T>(detail::process_data(), path.native());
}

}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/io.hpp>
#endif

#endif  // EH_IO_HPP
