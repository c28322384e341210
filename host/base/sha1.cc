#include "base/sha1.h"

#include "base/hex.h"

namespace eh::host {

std::string Sha1::text() {
  unsigned int digest[5];
  sha1_.get_digest(digest);
  std::string out;
  for (const unsigned word : digest) append_hex(out, word, 8);
  return out;
}

std::string sha1_text(std::string_view bytes) {
  Sha1 sha1;
  sha1.add(bytes);
  return sha1.text();
}

}  // namespace eh::host
