#include "json/write.h"

#include <charconv>
#include <cmath>

#include "base/hex.h"
#include "base/utf8.h"

namespace eh::host {

namespace {

template <class Integer>
void append_integer(std::string& out, Integer value) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const char c = text[0];
    std::size_t length = 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += "\\u00";
      append_hex_byte(out, static_cast<unsigned char>(c));
    } else if ((length = utf8_length(text)) == 0) {
      out += "\\ufffd";
      length = 1;
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  out += '"';
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

std::string& JsonObject::key(std::string_view key) {
  if (!members_.empty()) members_ += ',';
  append_json_string(members_, key);
  members_ += ':';
  return members_;
}

JsonObject& JsonObject::text(std::string_view k, std::string_view value) {
  append_json_string(key(k), value);
  return *this;
}

JsonObject& JsonObject::number(std::string_view k, double value) {
  append_json_number(key(k), value);
  return *this;
}

JsonObject& JsonObject::integer(std::string_view k, std::int64_t value) {
  append_integer(key(k), value);
  return *this;
}

JsonObject& JsonObject::natural(std::string_view k, std::uint64_t value) {
  append_integer(key(k), value);
  return *this;
}

JsonObject& JsonObject::boolean(std::string_view k, bool value) {
  key(k) += value ? "true" : "false";
  return *this;
}

JsonObject& JsonObject::raw(std::string_view k, std::string_view json) {
  key(k) += json;
  return *this;
}

JsonObject& JsonObject::members(std::string_view members) {
  if (members.empty()) return *this;
  if (!members_.empty()) members_ += ',';
  members_ += members;
  return *this;
}

}  // namespace eh::host
