#include "base/sha1.h"

#include "base/hex.h"

namespace eh::host {

std::string Sha1::text() {
  // Five words, or bytes from Boost 1.86 on.
  boost::uuids::detail::sha1::digest_type digest;
  sha1_.get_digest(digest);
  std::string out;
  for (const auto part : digest) append_hex(out, part, 2 * sizeof part);
  return out;
}

std::string sha1_text(std::string_view bytes) {
  Sha1 sha1;
  sha1.add(bytes);
  return sha1.text();
}

}  // namespace eh::host
