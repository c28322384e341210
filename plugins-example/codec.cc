#include "codec.h"

#include <stdexcept>

int highest_level(Method method) {
  switch (method) {
    case Method::deflate:
      return 9;
    case Method::run_length:
      return 1;
    case Method::lz77:
      return 8;
    case Method::range_coder:
      return 3;
  }
  return 0;
}

std::string compress(Method method, int level, std::string_view plain) {
  if (level < 1 || level > highest_level(method))
    throw std::invalid_argument("cannot compress at level " +
                                std::to_string(level) + " (use 1 to " +
                                std::to_string(highest_level(method)) + ")");
  switch (method) {
    case Method::deflate:
      return deflate_compress(level, plain);
    case Method::run_length:
      return run_length_compress(plain);
    case Method::lz77:
      return lz77_compress(level, plain);
    case Method::range_coder:
      return range_compress(level, plain);
  }
  return {};
}

std::string decompress(Method method, int level, std::string_view packed,
                       std::size_t size) {
  switch (method) {
    case Method::deflate:
      return deflate_decompress(packed, size);
    case Method::run_length:
      return run_length_decompress(packed);
    case Method::lz77:
      return lz77_decompress(packed);
    case Method::range_coder:
      return range_decompress(level, packed, size);
  }
  return {};
}
