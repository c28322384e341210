// The only unit with liblzma. Its header is not needed to build the rest.

#include "data/codec.h"
#include "data/items.h"

#ifdef EH_HAS_LZMA
#include <lzma.h>

#include <cstdint>
#include <new>

#include "os/shared_library.h"

namespace eh::host {
namespace {

constexpr std::size_t chunk_size = 256 * 1024;

class Lzma {
  const SharedLibrary library_{{"liblzma.so.5"}, "liblzma5"};

 public:
  EH_FROM_LIBRARY(lzma_easy_encoder);
  EH_FROM_LIBRARY(lzma_stream_decoder);
  EH_FROM_LIBRARY(lzma_code);
  EH_FROM_LIBRARY(lzma_end);
};

const Lzma& lzma() {
  static const Lzma library;
  return library;
}

const std::uint8_t* bytes(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

struct Stream {
  ~Stream() { library.lzma_end(&stream); }
  // Gives what came out at once.
  std::string_view step(lzma_action action) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(chunk.get());
    stream.avail_out = chunk_size;
    state = library.lzma_code(&stream, action);
    return {chunk.get(), chunk_size - stream.avail_out};
  }

  const Lzma& library = lzma();
  lzma_stream stream = LZMA_STREAM_INIT;
  lzma_ret state = LZMA_OK;
  std::unique_ptr<char[]> chunk = std::make_unique<char[]>(chunk_size);
};

class Compressor : public Out {
 public:
  explicit Compressor(Out& out) : out_(out) {
    constexpr std::uint32_t level = 6;
    if (in_.library.lzma_easy_encoder(&in_.stream, level, LZMA_CHECK_CRC64) !=
        LZMA_OK)
      throw std::bad_alloc();
  }

  void write(std::string_view data) override {
    in_.stream.next_in = bytes(data);
    in_.stream.avail_in = data.size();
    while (in_.stream.avail_in > 0) pump(LZMA_RUN);
  }
  void finish() override {
    do pump(LZMA_FINISH);
    while (in_.state != LZMA_STREAM_END);
    out_.finish();
  }

 private:
  void pump(lzma_action action) {
    out_.write(in_.step(action));
    if (in_.state == LZMA_MEM_ERROR) throw std::bad_alloc();
    if (in_.state != LZMA_OK && in_.state != LZMA_STREAM_END)
      throw DataError("xz cannot compress it");
  }

  Out& out_;
  Stream in_;
};

}  // namespace

std::unique_ptr<Out> xz_compressor(Out& out) {
  return std::make_unique<Compressor>(out);
}

std::string xz_decompressed(std::string_view data) {
  Stream in;
  if (in.library.lzma_stream_decoder(&in.stream, UINT64_MAX,
                                     LZMA_CONCATENATED) != LZMA_OK)
    throw std::bad_alloc();
  in.stream.next_in = bytes(data);
  in.stream.avail_in = data.size();
  std::string plain;
  for (;;) {
    plain += in.step(LZMA_FINISH);
    if (in.state == LZMA_STREAM_END) return plain;
    if (in.state == LZMA_MEM_ERROR) throw std::bad_alloc();
    if (in.state == LZMA_BUF_ERROR) fail_cut_short("xz", data.size());
    if (in.state != LZMA_OK)
      fail_damaged("xz", data.size() - in.stream.avail_in);
  }
}

}  // namespace eh::host

#else

namespace eh::host {

static constexpr char lacking[] =
    "this eh was built without xz (on Debian: liblzma-dev)";

std::unique_ptr<Out> xz_compressor(Out&) {
  throw DataError(lacking);
}
std::string xz_decompressed(std::string_view) {
  throw DataError(lacking);
}

}  // namespace eh::host

#endif
