// Files by their ending: what run.write() makes of a value, and what
// run.read() makes of a file. A further ".gz" is left to the host, which
// compresses and reads it; everything here is plain text or bytes.
//
//   std::string            any ending   the text as it is
//   eh::Table              .csv .json .jsonl
//   std::vector<number>    .csv .json .txt (a line each) .bin (plain memory)
//   std::vector<text>      .csv .json .txt
//   std::vector<struct>    .csv .json .jsonl
//   struct                 .json
//
// A struct here is what could also be an experiment's parameters.
#ifndef EH_IO_HPP
#define EH_IO_HPP

#include <charconv>
#include <cstring>
#include <eh/detail/config.hpp>
#include <eh/detail/csv.hpp>
#include <eh/detail/value.hpp>
#include <eh/table.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

/// The ending that decides on the format: ".csv" of "a/waits.csv.gz".
inline std::string_view format_ending(std::string_view path) {
  if (path.size() > 3 && path.substr(path.size() - 3) == ".gz")
    path.remove_suffix(3);
  path.remove_prefix(path.find_last_of('/') + 1);
  const std::size_t dot = path.find_last_of('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(dot);
}

[[noreturn]] inline void refuse_format(std::string_view verb,
                                       std::string_view path,
                                       std::string_view what,
                                       std::string_view endings) {
  const std::string_view ending = format_ending(path);
  throw std::runtime_error(
      "cannot " + std::string(verb) + " '" + std::string(path) +
      "': " + std::string(what) +
      (ending.empty() ? " needs an ending"
                      : " has no form as '" + std::string(ending) + "'") +
      " (use " + std::string(endings) + ", each also with .gz)");
}

template <class T>
inline constexpr bool is_text =
    std::is_convertible_v<const T&, std::string_view>;
template <class T>
inline constexpr bool is_record =
    std::is_class_v<T> && !is_text<T> && std::is_aggregate_v<T>;
template <class T>
inline constexpr bool is_array = false;
template <class T, class A>
inline constexpr bool is_array<std::vector<T, A>> = true;

template <class T>
void append_object(std::string& out, const T& record) {
  char separator = '{';
  for_each_field(record, [&](std::string_view name, const auto& value) {
    out += separator;
    separator = ',';
    append_json_text(out, name);
    out += ':';
    append_json(out, value);
  });
  out += separator == '{' ? "{}" : "}";
}

template <class T>
Table records_table(const std::vector<T>& records) {
  Table table(
      std::vector<std::string>(field_names<T>.begin(), field_names<T>.end()));
  for (const T& record : records) {
    std::vector<Cell> row;
    for_each_field(record, [&](std::string_view, const auto& value) {
      row.push_back(to_cell(value));
    });
    table.add_cells(std::move(row));
  }
  return table;
}

inline std::string encode_table(std::string_view path, const Table& table) {
  const std::string_view ending = format_ending(path);
  if (ending == ".csv") return table_csv(table);
  if (ending == ".json") return table_json(table, false);
  if (ending == ".jsonl") return table_json(table, true);
  refuse_format("write", path, "a table", ".csv, .json or .jsonl");
}

template <class T>
std::string encode_records(std::string_view path,
                           const std::vector<T>& records) {
  const std::string_view ending = format_ending(path);
  if (ending == ".csv") return table_csv(records_table(records));
  const bool lines = ending == ".jsonl";
  if (!lines && ending != ".json")
    refuse_format("write", path, "a list of structs", ".csv, .json or .jsonl");
  std::string out = lines ? "" : "[\n";
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!lines && i > 0) out += ",\n";
    append_object(out, records[i]);
    if (lines) out += '\n';
  }
  return lines ? out : out + "\n]\n";
}

template <class T>
std::string encode_values(std::string_view path, const std::vector<T>& values) {
  const std::string_view ending = format_ending(path);
  std::string out;
  if (ending == ".csv") return table_csv(Table().add_column("value", values));
  if (ending == ".json") {
    append_json(out, values);
    return out + '\n';
  }
  if (ending == ".txt") {
    for (const T& value : values) {
      if constexpr (std::is_same_v<T, std::string>)
        out += value;
      else
        append_cell_csv(out, to_cell(value));
      out += '\n';
    }
    return out;
  }
  if constexpr (Number<T>) {
    if (ending == ".bin")
      return std::string(reinterpret_cast<const char*>(values.data()),
                         values.size() * sizeof(T));
    refuse_format("write", path, "a list of numbers",
                  ".csv, .json, .txt or .bin");
  }
  refuse_format("write", path, "a list", ".csv, .json or .txt");
}

/// A file's content for a value. Throws std::runtime_error.
template <class T>
std::string encode(std::string_view path, const T& value) {
  if constexpr (is_text<T>) {
    return std::string(std::string_view(value));
  } else if constexpr (std::is_same_v<T, Table>) {
    return encode_table(path, value);
  } else if constexpr (is_list<T>) {
    return encode_values(path, value);
  } else if constexpr (is_array<T>) {
    if constexpr (check_parameters<typename T::value_type>())
      return encode_records(path, value);
  } else {
    static_assert(is_record<T>,
                  "run.write() takes a text, an eh::Table, a std::vector of "
                  "numbers, texts or structs, or a plain struct");
    if constexpr (is_record<T> && check_parameters<T>()) {
      if (format_ending(path) != ".json")
        refuse_format("write", path, "a struct", ".json");
      std::string out;
      append_object(out, value);
      return out + '\n';
    }
  }
  return {};
}

template <class T>
T parse_number(std::string_view path, std::string_view text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end)
    throw std::runtime_error("cannot read '" + std::string(path) + "': '" +
                             std::string(text) + "' is no " + type_text<T>());
  return value;
}

/// A list of numbers: from the memory, from lines, or from a CSV column.
template <class T>
std::vector<T> decode_numbers(std::string_view path, std::string_view content) {
  const std::string_view ending = format_ending(path);
  std::vector<T> values;
  if (ending == ".bin") {
    if (content.size() % sizeof(T) != 0)
      throw std::runtime_error("cannot read '" + std::string(path) +
                               "': its size is no multiple of a " +
                               type_text<T>());
    values.resize(content.size() / sizeof(T));
    if (!values.empty())
      std::memcpy(values.data(), content.data(), content.size());
    return values;
  }
  if (ending != ".csv" && ending != ".txt")
    refuse_format("read", path, "a list of numbers", ".csv, .txt or .bin");
  const CsvRows rows = parse_csv(path, content);
  for (std::size_t i = ending == ".csv" ? 1 : 0; i < rows.size(); ++i)
    values.push_back(parse_number<T>(path, rows[i].at(0)));
  return values;
}

/// A value from a file's content. Throws std::runtime_error.
template <class T>
T decode(std::string_view path, std::string_view content) {
  if constexpr (std::is_same_v<T, std::string>) {
    return std::string(content);
  } else if constexpr (std::is_same_v<T, Table>) {
    if (format_ending(path) != ".csv")
      refuse_format("read", path, "a table", ".csv");
    return csv_table(path, content);
  } else {
    static_assert(is_list<T> && Number<typename T::value_type>,
                  "run.read<T>() gives a std::string, an eh::Table or a "
                  "std::vector of numbers");
    return decode_numbers<typename T::value_type>(path, content);
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_IO_HPP
