#include "data/address.h"

#include <algorithm>
#include <charconv>

#include "data/items.h"

namespace eh::host {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

}  // namespace

// RFC 3986, 3.1.
bool is_remote(std::string_view path) {
  const auto scheme = path.substr(0, path.find("://"));
  if (scheme.size() == path.size() || scheme.empty()) return false;
  return is_letter(scheme[0]) &&
         std::all_of(scheme.begin(), scheme.end(), [](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '+' ||
                  c == '-' || c == '.';
         });
}

bool has_scheme(std::string_view path, std::string_view scheme) {
  return is_remote(path) && path.find("://") == scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), path.begin(),
                    [](char a, char b) { return a == lower(b); });
}

Address parse_address(std::string_view text) {
  Address address;
  const auto begin = text.find("://");
  for (const char c : text.substr(0, begin)) address.scheme += lower(c);
  text.remove_prefix(begin + 3);
  const auto slash = std::min(text.find('/'), text.size());
  address.authority = text.substr(0, slash);
  // Only https:// has these; in a path they are of the file's name.
  for (const char c : text.substr(slash))
    if (address.scheme == "sftp" && (c == '#' || c == '?'))
      address.path += c == '#' ? "%23" : "%3F";
    else
      address.path += c;
  const auto at = address.authority.rfind('@');
  const auto host =
      address.authority.substr(at == std::string::npos ? 0 : at + 1);
  if (host.empty() || address.path.size() < 2)
    throw DataError("the address names no file (write " + address.scheme +
                    "://host/path)");
  if (at != std::string::npos && address.authority.find(':') < at)
    throw DataError(
        "a password in an address can be seen by others (use a key)");
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= ' ')
      throw DataError(
          "the address has a space or control character (write"
          " %20)");
  return address;
}

// RFC 8089. What an address may say behind '?' or '#' is none of a file.
std::string path_of_file_address(std::string_view text) {
  text.remove_prefix(text.find("://") + 3);
  const auto slash = std::min(text.find('/'), text.size());
  const auto host = text.substr(0, slash);
  if (!host.empty() && host != "localhost")
    throw DataError("the address names the host '" + std::string(host) +
                    "' (write file:///path with three slashes, or sftp://)");
  std::string path;
  for (auto i = slash; i < text.size(); ++i) {
    if (text[i] != '%') {
      path += text[i];
      continue;
    }
    unsigned char byte = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto end = digits.data() + digits.size();
    if (digits.size() < 2 ||
        std::from_chars(digits.data(), end, byte, 16).ptr != end)
      throw DataError(
          "in the address '%' stands before no two hexadecimal digits (write"
          " %25 for '%')");
    path += static_cast<char>(byte);
    i += 2;
  }
  return path;
}

}  // namespace eh::host
