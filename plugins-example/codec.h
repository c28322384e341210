// Compression methods with one face: bytes in, bytes out. They know nothing of
// eh. decompress() trusts its input, which came from compress().
#pragma once

#include <string>
#include <string_view>

enum class Method { deflate, run_length, lz77, range_coder };

/// Levels of a method, from 1: more is slower and smaller.
int highest_level(Method method);

std::string compress(Method method, int level, std::string_view plain);
/// `size` is that of the plain bytes. Throws std::runtime_error.
std::string decompress(Method method, int level, std::string_view packed,
                       std::size_t size);

// One unit each:

/// zlib's.
std::string deflate_compress(int level, std::string_view plain);
std::string deflate_decompress(std::string_view packed, std::size_t size);

/// PackBits: a count, then that many bytes or one byte to repeat. Apple,
/// Technical Note TN1023, "Understanding PackBits".
std::string run_length_compress(std::string_view plain);
std::string run_length_decompress(std::string_view packed);

/// Greedy LZ77 with a window of 64 KiB; the level is the number of earlier
/// places that are tried. Ziv and Lempel, "A Universal Algorithm for
/// Sequential Data Compression", 1977.
std::string lz77_compress(int level, std::string_view plain);
std::string lz77_decompress(std::string_view packed);

/// An adaptive binary range coder as in LZMA, which predicts each bit of a
/// byte from the `level` - 1 bytes before it. G. N. N. Martin, "Range
/// encoding", 1979; I. Pavlov, LZMA specification.
std::string range_compress(int level, std::string_view plain);
std::string range_decompress(int level, std::string_view packed,
                             std::size_t size);
