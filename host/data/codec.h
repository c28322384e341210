// Compressed files, by the last ending of their names.
// zlib is linked; of the others the library is loaded when one is met.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "data/out.h"

namespace eh::host {

/// What the name of a file says: "a/waits.CSV.gz" is ".csv" and ".gz".
struct Ending {
  std::string format;
  std::string codec;
};
Ending ending_of(std::string_view path);

/// The codecs, for people: ".gz, .zst, .xz or .bz2".
std::string codec_endings();

/// Compresses what it is given into `out`, which has to live longer.
std::unique_ptr<Out> compressor(std::string_view codec, Out& out);

/// All that was compressed, of several parts that follow each other, too.
/// Throws DataError for what is damaged or cut short.
std::string decompressed(std::string_view codec, std::string_view data);

// Of each; for compressor() and decompressed().
std::unique_ptr<Out> gzip_compressor(Out& out);
std::unique_ptr<Out> zstd_compressor(Out& out);
std::unique_ptr<Out> xz_compressor(Out& out);
std::unique_ptr<Out> bzip2_compressor(Out& out);
std::string gzip_decompressed(std::string_view data);
std::string zstd_decompressed(std::string_view data);
std::string xz_decompressed(std::string_view data);
std::string bzip2_decompressed(std::string_view data);

/// What follows the zero bytes that tapes and some tools put behind a part.
std::string_view without_padding(std::string_view rest);

/// The error for data that ends too early, or that is no such data, at a byte.
[[noreturn]] void fail_cut_short(std::string_view codec, std::size_t at);
[[noreturn]] void fail_damaged(std::string_view codec, std::size_t at);

}  // namespace eh::host
