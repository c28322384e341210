#include "data/codec.h"

#include <algorithm>
#include <array>
#include <utility>

#include "data/address.h"
#include "data/items.h"

namespace eh::host {
namespace {

struct Codec {
  std::string_view ending;
  std::unique_ptr<Out> (*compressor)(Out&);
  std::string (*decompressed)(std::string_view);
};

constexpr std::array codecs = {
    Codec{".gz", gzip_compressor, gzip_decompressed},
    Codec{".zst", zstd_compressor, zstd_decompressed},
    Codec{".xz", xz_compressor, xz_decompressed},
    Codec{".bz2", bzip2_compressor, bzip2_decompressed}};

const Codec* find(std::string_view ending) {
  for (const auto& codec : codecs)
    if (codec.ending == ending) return &codec;
  return nullptr;
}

// ".gz" of "a.csv.GZ"; "" where there is none.
std::string take_ending(std::string_view& path) {
  const auto dot = path.rfind('.');
  const auto slash = path.rfind('/');
  if (dot == path.npos || (slash != path.npos && slash > dot)) return {};
  std::string ending(path.substr(dot));
  path.remove_suffix(ending.size());
  for (char& c : ending)
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return ending;
}

}  // namespace

Ending ending_of(std::string_view path) {
  // What an address asks for is not part of the name.
  if (has_scheme(path, "https"))
    path = path.substr(0, path.find_first_of("?#"));
  auto last = take_ending(path);
  if (!find(last)) return {std::move(last), ""};
  return {take_ending(path), std::move(last)};
}

std::string codec_endings() {
  std::string out;
  for (const auto& codec : codecs) {
    if (!out.empty()) out += &codec == &codecs.back() ? " or " : ", ";
    out += codec.ending;
  }
  return out;
}

std::unique_ptr<Out> compressor(std::string_view codec, Out& out) {
  return find(codec)->compressor(out);
}

std::string decompressed(std::string_view codec, std::string_view data) {
  return find(codec)->decompressed(data);
}

std::string_view without_padding(std::string_view rest) {
  return rest.substr(std::min(rest.find_first_not_of('\0'), rest.size()));
}

void fail_cut_short(std::string_view codec, std::size_t at) {
  throw DataError("the compressed data (" + std::string(codec) +
                  ") is truncated: it ends at byte " + std::to_string(at));
}

void fail_damaged(std::string_view codec, std::size_t at) {
  throw DataError("the compressed data (" + std::string(codec) +
                  ") is damaged, or is something else, at byte " +
                  std::to_string(at));
}

}  // namespace eh::host
