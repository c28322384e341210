#include "base/sha1.h"

namespace eh::host {

std::string Sha1::text() {
  static constexpr char hex[] = "0123456789abcdef";
  unsigned int digest[5];
  sha1_.get_digest(digest);
  std::string out;
  for (const unsigned word : digest)
    for (int shift = 28; shift >= 0; shift -= 4) out += hex[word >> shift & 15];
  return out;
}

std::string sha1_text(std::string_view bytes) {
  Sha1 sha1;
  sha1.add(bytes);
  return sha1.text();
}

}  // namespace eh::host
