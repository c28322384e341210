// The code of data_number.hpp.
#ifndef EH_DETAIL_CODE_DATA_NUMBER_HPP
#define EH_DETAIL_CODE_DATA_NUMBER_HPP

#include <eh/detail/data_number.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE std::string DataMismatch::text() const {
  std::string all;
  if (place > 0)
    all = "line " + std::to_string(place >> 32) + ", column " +
          std::to_string(place & 0xFFFFFFFF) + ": ";
  if (!trail.empty()) all += trail + ": ";
  return all + what();
}

EH_CODE std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) +
         (count == 1 ? "" : "s");
}

EH_CODE std::string item_name(const eh_item& item) {
  const auto quoted = [&](const char* what) {
    constexpr std::size_t most = 40;
    std::string text(item_text(item).substr(0, most));
    for (char& c : text)
      if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    if (item.count > most) text += "...";
    return what + text + "'";
  };
  if (is_nothing(item)) return "nothing";
  switch (item.kind) {
    case EH_ITEM_BOOL:
      return item.as.natural != 0 ? "true" : "false";
    case EH_ITEM_INTEGER:
      return std::to_string(item.as.integer);
    case EH_ITEM_NATURAL:
      return std::to_string(item.as.natural);
    case EH_ITEM_REAL:
    case EH_ITEM_SINGLE: {
      std::string text;
      append_real(text, item.as.real);
      return text;
    }
    case EH_ITEM_NUMBER:
      return std::string(item_text(item));
    case EH_ITEM_TEXT:
      return quoted("the text '");
    case EH_ITEM_WORD:
      return quoted("'");
    case EH_ITEM_MAP:
      return "an object";
    case EH_ITEM_TABLE:
      return "a table";
    case EH_ITEM_ARRAY:
      return "an array of " + counted(item.count, "dimension");
    default:
      return "a list";
  }
}

[[noreturn]] EH_CODE void refuse_item(const eh_item& item,
                                      const std::string& wanted) {
  throw DataMismatch(item, "expected " + wanted + ", not " + item_name(item));
}

EH_CODE bool is_tiny(std::string_view text) {
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::string_view digits = text.substr(0, e);
  digits.remove_prefix(std::min(digits.find_first_of(".0123456789"), e));
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_of("123456789");
  std::string_view exponent = text.substr(std::min(e + 1, text.size()));
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::int64_t power = 0;
  if (!exponent.empty() && !parse_number(exponent, power))
    return exponent[0] == '-';
  return power <
         static_cast<std::int64_t>(first) - static_cast<std::int64_t>(point);
}

EH_CODE std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

EH_CODE bool decode_bool(const eh_item& item, bool& value) {
  if (item.kind == EH_ITEM_BOOL) {
    value = item.as.natural != 0;
    return true;
  }
  if (item.kind != EH_ITEM_WORD) return false;
  const std::string_view text = trimmed(item_text(item));
  value = text == "true" || text == "True" || text == "TRUE" || text == "1";
  return value || text == "false" || text == "False" || text == "FALSE" ||
         text == "0";
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_DATA_NUMBER_HPP
