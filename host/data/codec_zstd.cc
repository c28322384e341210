// The only unit with zstd. Its header is not needed to build the rest.

#include "data/codec.h"
#include "data/items.h"

#ifdef EH_HAS_ZSTD
#include <zstd.h>
#include <zstd_errors.h>

#include <new>

#include "os/shared_library.h"

namespace eh::host {
namespace {

class Zstd {
  const SharedLibrary library_{{"libzstd.so.1"}, "libzstd1"};

 public:
  EH_FROM_LIBRARY(ZSTD_isError);
  EH_FROM_LIBRARY(ZSTD_getErrorCode);
  EH_FROM_LIBRARY(ZSTD_CStreamOutSize);
  EH_FROM_LIBRARY(ZSTD_createCCtx);
  EH_FROM_LIBRARY(ZSTD_freeCCtx);
  EH_FROM_LIBRARY(ZSTD_CCtx_setParameter);
  EH_FROM_LIBRARY(ZSTD_compressStream2);
  EH_FROM_LIBRARY(ZSTD_DStreamOutSize);
  EH_FROM_LIBRARY(ZSTD_createDCtx);
  EH_FROM_LIBRARY(ZSTD_freeDCtx);
  EH_FROM_LIBRARY(ZSTD_decompressStream);
};

const Zstd& zstd() {
  static const Zstd library;
  return library;
}

class Compressor : public Out {
 public:
  explicit Compressor(Out& out) : out_(out), context_(zstd_.ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
    zstd_.ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
    chunk_.resize(zstd_.ZSTD_CStreamOutSize());
  }
  ~Compressor() override { zstd_.ZSTD_freeCCtx(context_); }

  void write(std::string_view data) override { pump(data, ZSTD_e_continue); }
  void finish() override {
    pump({}, ZSTD_e_end);
    out_.finish();
  }

 private:
  void pump(std::string_view data, ZSTD_EndDirective how) {
    ZSTD_inBuffer in{data.data(), data.size(), 0};
    for (;;) {
      ZSTD_outBuffer out{chunk_.data(), chunk_.size(), 0};
      const auto left = zstd_.ZSTD_compressStream2(context_, &out, &in, how);
      if (zstd_.ZSTD_isError(left)) throw DataError("zstd cannot compress it");
      out_.write({chunk_.data(), out.pos});
      if (how == ZSTD_e_end ? left == 0 : in.pos == in.size) return;
    }
  }

  const Zstd& zstd_ = zstd();
  Out& out_;
  ZSTD_CCtx* context_;
  std::string chunk_;
};

[[noreturn]] void fail_to_decompress(ZSTD_ErrorCode code, std::size_t at) {
  // It takes that much memory, however little the data is.
  if (code == ZSTD_error_frameParameter_windowTooLarge)
    throw DataError(
        "the zstd data needs a window of more than 128 MiB, which is not read"
        " (compress it with zstd --long=27 or less)");
  fail_damaged("zstd", at);
}

}  // namespace

std::unique_ptr<Out> zstd_compressor(Out& out) {
  return std::make_unique<Compressor>(out);
}

std::string zstd_decompressed(std::string_view data) {
  const auto& library = zstd();
  const std::unique_ptr<ZSTD_DCtx, decltype(library.ZSTD_freeDCtx)> context(
      library.ZSTD_createDCtx(), library.ZSTD_freeDCtx);
  if (!context) throw std::bad_alloc();
  std::string plain;
  std::string chunk(library.ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  for (std::size_t wanted = 1;;) {
    ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
    const auto before = in.pos;
    if (in.pos < in.size || wanted > 0)
      wanted = library.ZSTD_decompressStream(context.get(), &out, &in);
    if (library.ZSTD_isError(wanted))
      fail_to_decompress(library.ZSTD_getErrorCode(wanted), in.pos);
    plain.append(chunk.data(), out.pos);
    if (wanted == 0)
      in.pos = in.size - without_padding(data.substr(in.pos)).size();
    if (in.pos < in.size) continue;
    if (wanted == 0) return plain;
    // Nothing came of it although there was room.
    if (out.pos < out.size && in.pos == before)
      fail_cut_short("zstd", data.size());
  }
}

}  // namespace eh::host

#else

namespace eh::host {

static constexpr char lacking[] =
    "this eh was built without zstd (on Debian: libzstd-dev)";

std::unique_ptr<Out> zstd_compressor(Out&) {
  throw DataError(lacking);
}
std::string zstd_decompressed(std::string_view) {
  throw DataError(lacking);
}

}  // namespace eh::host

#endif
