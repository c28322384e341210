#include "data/npy_read.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "data/elements.h"
#include "data/npy_header.h"
#include "data/numpy_type.h"

namespace eh::host {
namespace {

struct Type {
  char order = '|';
  char kind = 'f';  // as NumPy has them; h: a float of two bytes
  std::uint64_t size = 0;
  std::uint32_t element = EH_ELEMENT_ANY;  // of a number
  bool is_text() const { return kind == 'U' || kind == 'S'; }
};

Type type_of(const std::string& name) {
  Type type;
  std::string_view rest = name;
  if (!rest.empty() && std::string_view("<>|=").find(rest[0]) != rest.npos) {
    type.order = rest[0] == '=' ? native_order : rest[0];
    rest.remove_prefix(1);
  }
  const auto refuse = [&](const char* why) {
    throw DataError("it holds elements of the type '" + name + "', " + why);
  };
  if (rest.empty()) refuse("which is none");
  type.kind = rest[0];
  if (type.kind == 'O')
    refuse("Python's objects, which are not read (save numbers or texts)");
  const auto digits = rest.substr(1);
  const auto end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, type.size);
  constexpr std::uint64_t most = 1u << 30;
  if (result.ec != std::errc{} || result.ptr != end || type.size > most)
    refuse("which is not read (save another, such as float64)");
  if (type.kind == 'U') type.size *= 4;
  if (type.is_text() || type.kind == 'V') return type;
  for (std::uint32_t element = EH_INT8; element <= EH_BOOL8; ++element)
    if (const auto known = dtype_name(element);
        known[1] == type.kind && known.substr(2) == digits)
      type.element = element;
  if (type.kind == 'f' && type.size == 2) type.element = EH_FLOAT32;
  if (type.element == EH_ELEMENT_ANY)
    refuse("which is not read (save another, such as float64)");
  return type;
}

// IEEE 754, 3.6: binary16.
float half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F;
  const int fraction = bits & 0x3FF;
  float value =
      exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
      : exponent == 31
          ? (fraction != 0 ? std::nanf("") : HUGE_VALF)
          : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  return (bits & 0x8000) != 0 ? -value : value;
}

// An element's memory in this machine's order and as abi.h has it.
void append_native(std::string& out, const Type& type, const char* data) {
  char bytes[8];
  std::memcpy(bytes, data, type.size);
  if (type.size > 1 && type.order != native_order)
    std::reverse(bytes, bytes + type.size);
  if (type.kind == 'f' && type.size == 2) {
    std::uint16_t bits;
    std::memcpy(&bits, bytes, sizeof bits);
    const float value = half(bits);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  } else if (type.element == EH_BOOL8) {
    out += static_cast<char>(bytes[0] != 0);
  } else {
    out.append(bytes, type.size);
  }
}

bool is_native(const Type& type) {
  return (type.size == 1 || type.order == native_order) &&
         type.element != EH_BOOL8 && !(type.kind == 'f' && type.size == 2);
}

// Zeros at its end are none of it.
std::string text_at(const Type& type, const char* data) {
  std::string text;
  if (type.kind == 'S') {
    text.assign(data, type.size);
  } else {
    for (std::uint64_t i = 0; i < type.size; i += 4) {
      char bytes[4];
      std::memcpy(bytes, data + i, 4);
      if (type.order != native_order) std::reverse(bytes, bytes + 4);
      std::uint32_t code;
      std::memcpy(&code, bytes, sizeof code);
      if (!is_character(code))
        throw DataError("a text in it has a character that is none");
      append_utf8(text, code);
    }
  }
  while (text.ends_with('\0')) text.pop_back();
  return text;
}

void add_element(Items& items, const Type& type, const char* data) {
  if (type.is_text()) {
    items.add_text(EH_ITEM_TEXT, items.keep(text_at(type, data)));
  } else {
    std::string bytes;
    append_native(bytes, type, data);
    items.list.push_back(element_item(type.element, bytes.data()));
  }
}

// Where the elements of an array lie, the last index running fastest.
template <class Each>
void in_rows(const NpyHeader& header, std::uint64_t size, const char* data,
             const Each& each) {
  const auto& shape = header.shape;
  if (!header.fortran_order || shape.size() < 2) {
    for (auto n = header.count; n > 0; --n, data += size) each(data);
    return;
  }
  std::vector<std::uint64_t> index(shape.size(), 0);
  for (auto n = header.count; n > 0; --n) {
    std::uint64_t at = 0;
    for (auto i = shape.size(); i-- > 0;) at = at * shape[i] + index[i];
    each(data + at * size);
    for (auto i = shape.size(); i-- > 0;) {
      if (++index[i] < shape[i]) break;
      index[i] = 0;
    }
  }
}

void add_numbers(Items& items, const NpyHeader& header, const Type& type,
                 const char* data) {
  if (header.shape.empty()) return add_element(items, type, data);
  const bool in_place =
      is_native(type) && !(header.fortran_order && header.shape.size() > 1);
  if (!in_place) {
    std::string bytes;
    bytes.reserve(header.count * type.size);
    in_rows(header, type.size, data,
            [&](const char* element) { append_native(bytes, type, element); });
    data = items.keep(std::move(bytes)).data();
  }
  items.add_array(type.element, data, header.shape);
}

void add_texts(Items& items, const NpyHeader& header, const Type& type,
               const char* data) {
  std::vector<const char*> all;
  in_rows(header, type.size, data, [&](const char* at) { all.push_back(at); });
  auto next = all.begin();
  const auto add = [&](const auto& self, std::size_t dimension) -> void {
    if (dimension == header.shape.size())
      return add_element(items, type, *next++);
    const auto list = items.open(EH_ITEM_LIST);
    const auto length = header.shape[dimension];
    for (std::uint64_t i = 0; i < length; ++i) self(self, dimension + 1);
    items.close(list, length);
  };
  add(add, 0);
}

void add_records(Items& items, const NpyHeader& header,
                 const std::vector<Type>& types, const char* data) {
  if (header.shape.size() > 1)
    throw DataError("it holds records in " +
                    std::to_string(header.shape.size()) +
                    " dimensions, which are not read (save them in one)");
  const auto table = items.open(EH_ITEM_TABLE);
  std::uint64_t columns = 0;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].kind == 'V') continue;
    ++columns;
    items.add_text(EH_ITEM_TEXT, items.keep(header.fields[i].name));
    items.list.back().element =
        types[i].is_text() ? std::uint32_t{EH_STRING} : types[i].element;
  }
  for (auto row = columns > 0 ? header.count : 0; row > 0; --row)
    for (const auto& type : types) {
      if (type.kind != 'V') add_element(items, type, data);
      data += type.size;
    }
  items.close(table, columns);
}

}  // namespace

void read_npy(std::string_view bytes, Items& items) {
  const auto header = read_npy_header(bytes);
  std::vector<Type> types;
  std::uint64_t size = 0;
  for (const auto& field : header.fields) {
    types.push_back(type_of(field.dtype));
    size += types.back().size;
  }
  const auto rest = bytes.substr(header.size);
  const bool fits = size > 0 && header.count > 0
                        ? header.count <= rest.size() / size
                        : has_few_lists(header.shape);
  if (!fits)
    throw DataError("it has " + std::to_string(rest.size()) +
                    " bytes of elements, too few for the shape " +
                    shape_text(header.shape) + " (is the file whole?)");
  if (rest.size() > header.count * size)
    throw DataError("it has " + std::to_string(rest.size()) +
                    " bytes of elements, too many for the shape " +
                    shape_text(header.shape));
  if (header.is_record)
    add_records(items, header, types, rest.data());
  else if (types[0].is_text())
    add_texts(items, header, types[0], rest.data());
  else if (types[0].kind == 'V')
    throw DataError("it holds plain memory, which is not read");
  else
    add_numbers(items, header, types[0], rest.data());
}

}  // namespace eh::host
