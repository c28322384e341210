#include <zlib.h>

#include <stdexcept>

#include "codec.h"

namespace {

[[noreturn]] void refuse(const char* what, int status) {
  throw std::runtime_error(std::string("cannot ") + what + ": zlib says " +
                           zError(status));
}

}  // namespace

std::string deflate_compress(int level, std::string_view plain) {
  uLongf size = compressBound(plain.size());
  std::string packed(size, '\0');
  const int status = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                               reinterpret_cast<const Bytef*>(plain.data()),
                               plain.size(), level);
  if (status != Z_OK) refuse("compress", status);
  packed.resize(size);
  return packed;
}

std::string deflate_decompress(std::string_view packed, std::size_t size) {
  std::string plain(size, '\0');
  uLongf written = size;
  const int status =
      uncompress(reinterpret_cast<Bytef*>(plain.data()), &written,
                 reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (status != Z_OK) refuse("decompress", status);
  plain.resize(written);
  return plain;
}
