// The only unit with libbz2. Its header is not needed to build the rest.

#include "data/codec.h"
#include "data/items.h"

#ifdef EH_HAS_BZIP2
#include <bzlib.h>

#include <new>

#include "os/shared_library.h"

namespace eh::host {
namespace {

constexpr std::size_t chunk_size = 256 * 1024;
// What it counts with is smaller than what a text may have.
constexpr std::size_t most_at_once = std::size_t{1} << 30;

class Bzip2 {
  const SharedLibrary library_{{"libbz2.so.1.0", "libbz2.so.1"}, "libbz2-1.0"};

 public:
  EH_FROM_LIBRARY(BZ2_bzCompressInit);
  EH_FROM_LIBRARY(BZ2_bzCompress);
  EH_FROM_LIBRARY(BZ2_bzCompressEnd);
  EH_FROM_LIBRARY(BZ2_bzDecompressInit);
  EH_FROM_LIBRARY(BZ2_bzDecompress);
  EH_FROM_LIBRARY(BZ2_bzDecompressEnd);
};

const Bzip2& bzip2() {
  static const Bzip2 library;
  return library;
}

class Compressor : public Out {
 public:
  explicit Compressor(Out& out)
      : out_(out), chunk_(std::make_unique<char[]>(chunk_size)) {
    constexpr int level = 9;
    if (library_.BZ2_bzCompressInit(&stream_, level, 0, 0) != BZ_OK)
      throw std::bad_alloc();
  }
  ~Compressor() override { library_.BZ2_bzCompressEnd(&stream_); }

  void write(std::string_view data) override {
    while (!data.empty()) {
      const auto part = data.substr(0, most_at_once);
      data.remove_prefix(part.size());
      stream_.next_in = const_cast<char*>(part.data());
      stream_.avail_in = static_cast<unsigned>(part.size());
      while (stream_.avail_in > 0) pump(BZ_RUN);
    }
  }
  void finish() override {
    while (pump(BZ_FINISH) != BZ_STREAM_END) continue;
    out_.finish();
  }

 private:
  int pump(int action) {
    stream_.next_out = chunk_.get();
    stream_.avail_out = chunk_size;
    const int state = library_.BZ2_bzCompress(&stream_, action);
    if (state < 0) throw DataError("bzip2 cannot compress it");
    out_.write({chunk_.get(), chunk_size - stream_.avail_out});
    return state;
  }

  const Bzip2& library_ = bzip2();
  Out& out_;
  std::unique_ptr<char[]> chunk_;
  bz_stream stream_{};
};

// One stream from the front of `data`.
void decompress_stream(std::string_view all, std::string_view& data,
                       char* chunk, std::string& plain) {
  const auto& library = bzip2();
  bz_stream stream{};
  if (library.BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
    throw std::bad_alloc();
  const std::unique_ptr<bz_stream, decltype(library.BZ2_bzDecompressEnd)> end(
      &stream, library.BZ2_bzDecompressEnd);
  for (;;) {
    const auto part = data.substr(0, most_at_once);
    stream.next_in = const_cast<char*>(part.data());
    stream.avail_in = static_cast<unsigned>(part.size());
    stream.next_out = chunk;
    stream.avail_out = chunk_size;
    const int state = library.BZ2_bzDecompress(&stream);
    if (state == BZ_MEM_ERROR) throw std::bad_alloc();
    plain.append(chunk, chunk_size - stream.avail_out);
    data.remove_prefix(part.size() - stream.avail_in);
    if (state == BZ_STREAM_END) return;
    if (state != BZ_OK) fail_damaged("bzip2", all.size() - data.size());
    if (data.empty() && stream.avail_out > 0)
      fail_cut_short("bzip2", all.size());
  }
}

}  // namespace

std::unique_ptr<Out> bzip2_compressor(Out& out) {
  return std::make_unique<Compressor>(out);
}

std::string bzip2_decompressed(std::string_view data) {
  const auto chunk = std::make_unique<char[]>(chunk_size);
  std::string plain;
  auto rest = data;
  do {
    decompress_stream(data, rest, chunk.get(), plain);
    rest = without_padding(rest);
  } while (!rest.empty());
  return plain;
}

}  // namespace eh::host

#else

namespace eh::host {

static constexpr char lacking[] =
    "this eh was built without bzip2 (on Debian: libbz2-dev)";

std::unique_ptr<Out> bzip2_compressor(Out&) {
  throw DataError(lacking);
}
std::string bzip2_decompressed(std::string_view) {
  throw DataError(lacking);
}

}  // namespace eh::host

#endif
