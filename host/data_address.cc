#include "data_address.h"

#include <algorithm>

#include "data_item.h"

namespace eh::host {

bool is_remote(std::string_view path) {
  const auto end = path.find("://");
  if (end == 0 || end == path.npos) return false;
  for (const char c : path.substr(0, end))
    if (c < 'a' || c > 'z') return false;
  return true;
}

Address parse_address(std::string_view text) {
  Address address;
  const auto begin = text.find("://");
  address.scheme = text.substr(0, begin);
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

}  // namespace eh::host
