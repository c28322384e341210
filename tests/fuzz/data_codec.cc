// Bytes are decompressed or refused, and any bytes come back from being
// compressed. The first byte of an input chooses how.

#include <array>

#include "data/codec.h"
#include "data/items.h"
#include "fuzz.h"

using namespace eh::host;
using eh::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  constexpr std::array<std::string_view, 4> codecs = {".gz", ".zst", ".xz",
                                                      ".bz2"};
  if (size == 0) return 0;
  const auto codec = codecs[data[0] % codecs.size()];
  const auto bytes = eh::fuzz::text_of(data + 1, size - 1);
  try {
    decompressed(codec, bytes);
  } catch (const DataError& error) {
    require(error.what()[0] != '\0', "an error says something");
  }
  MemoryOut out;
  const auto to = compressor(codec, out);
  to->write(bytes.substr(0, bytes.size() / 2));
  to->write(bytes.substr(bytes.size() / 2));
  to->finish();
  require(decompressed(codec, out.bytes) == bytes, "all of it comes back");
  return 0;
}
