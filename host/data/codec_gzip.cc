// The only unit with zlib.

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "data/codec.h"
#include "data/items.h"

namespace eh::host {
namespace {

constexpr std::size_t chunk_size = 256 * 1024;
// What zlib counts with is smaller than what a text may have.
constexpr std::size_t most_at_once = std::size_t{1} << 30;
// A window of 2^15 bytes; +16 writes a gzip header, +32 recognises one.
constexpr int gzip_window = 15 + 16;
constexpr int any_window = 15 + 32;

Bytef* bytes(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

class GzipCompressor : public Out {
 public:
  explicit GzipCompressor(Out& out)
      : out_(out), chunk_(std::make_unique<char[]>(chunk_size)) {
    if (::deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window,
                       8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~GzipCompressor() override { ::deflateEnd(&stream_); }

  void write(std::string_view data) override {
    while (!data.empty()) {
      const auto part = data.substr(0, most_at_once);
      data.remove_prefix(part.size());
      stream_.next_in = bytes(part);
      stream_.avail_in = static_cast<uInt>(part.size());
      pump(Z_NO_FLUSH);
    }
  }
  void finish() override {
    stream_.avail_in = 0;
    pump(Z_FINISH);
    out_.finish();
  }

 private:
  void pump(int flush) {
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(chunk_.get());
      stream_.avail_out = chunk_size;
      ::deflate(&stream_, flush);
      out_.write({chunk_.get(), chunk_size - stream_.avail_out});
    } while (stream_.avail_out == 0);
  }

  Out& out_;
  std::unique_ptr<char[]> chunk_;
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<Out> gzip_compressor(Out& out) {
  return std::make_unique<GzipCompressor>(out);
}

// A gzip file may have several members, one after the other (RFC 1952, 2.2).
std::string gzip_decompressed(std::string_view data) {
  z_stream stream{};
  if (::inflateInit2(&stream, any_window) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, decltype(&::inflateEnd)> end(&stream,
                                                               ::inflateEnd);
  const auto chunk = std::make_unique<char[]>(chunk_size);
  std::string plain;
  auto rest = data;
  for (;;) {
    const auto part = rest.substr(0, most_at_once);
    stream.next_in = bytes(part);
    stream.avail_in = static_cast<uInt>(part.size());
    stream.next_out = reinterpret_cast<Bytef*>(chunk.get());
    stream.avail_out = chunk_size;
    const int state = ::inflate(&stream, Z_NO_FLUSH);
    plain.append(chunk.get(), chunk_size - stream.avail_out);
    rest.remove_prefix(part.size() - stream.avail_in);
    if (state == Z_STREAM_END) {
      rest = without_padding(rest);
      if (rest.empty()) return plain;
      ::inflateReset(&stream);
    } else if (state == Z_BUF_ERROR ||
               (state == Z_OK && rest.empty() && stream.avail_out > 0)) {
      fail_cut_short("gzip", data.size());
    } else if (state != Z_OK) {
      fail_damaged("gzip", data.size() - rest.size());
    }
  }
}

}  // namespace eh::host
