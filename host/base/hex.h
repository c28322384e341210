// Numbers and bytes in hexadecimal, in lower case.
#pragma once

#include <cstdint>
#include <string>

namespace eh::host {

inline constexpr char hex_digits[] = "0123456789abcdef";

/// Appends the last `digits` of a number.
inline void append_hex(std::string& out, std::uint64_t number, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += hex_digits[number >> shift & 15];
}

/// Appends a byte: "0a".
inline void append_hex_byte(std::string& out, unsigned char byte) {
  append_hex(out, byte, 2);
}

}  // namespace eh::host
