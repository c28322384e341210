#include <cstdint>
#include <vector>

#include "codec.h"

// The arithmetic follows the LZMA specification: probabilities of 11 bits
// that move by 1/32 towards what was seen, a range of 32 bits.
namespace {

constexpr int probability_bits = 11, move_bits = 5;
constexpr std::uint32_t least_range = 1u << 24;

/// The probabilities of a byte's bits, after each of the possible beginnings.
class Model {
 public:
  explicit Model(int order)
      : mask_((std::size_t{1} << (8 * order)) - 1),
        zero_((mask_ + 1) << 8, 1u << (probability_bits - 1)) {}

  /// Of the next bit being 0, when the bits so far are `beginning`, a binary
  /// number with a 1 in front.
  std::uint16_t& zero(std::size_t beginning) {
    return zero_[(context_ << 8) | beginning];
  }
  void add(std::size_t byte) { context_ = ((context_ << 8) | byte) & mask_; }

 private:
  std::size_t mask_, context_ = 0;
  std::vector<std::uint16_t> zero_;
};

void learn(std::uint16_t& zero, bool bit) {
  if (bit)
    zero -= zero >> move_bits;
  else
    zero += ((1u << probability_bits) - zero) >> move_bits;
}

class Encoder {
 public:
  void encode(std::uint16_t& zero, bool bit) {
    const std::uint32_t bound = (range_ >> probability_bits) * zero;
    if (bit) {
      low_ += bound;
      range_ -= bound;
    } else {
      range_ = bound;
    }
    learn(zero, bit);
    for (; range_ < least_range; range_ <<= 8) shift();
  }
  std::string finish() {
    for (int i = 0; i < 5; ++i) shift();
    return std::move(out_);
  }

 private:
  /// Moves the top byte out. One that a carry may still change waits, and so
  /// do all bytes of 255 behind it.
  void shift() {
    if (low_ < 0xff000000u || low_ > 0xffffffffu) {
      const auto carry = static_cast<unsigned char>(low_ >> 32);
      for (; waiting_ > 0; --waiting_, top_ = 0xff)
        out_ += static_cast<char>(top_ + carry);
      top_ = static_cast<unsigned char>(low_ >> 24);
    }
    ++waiting_;
    low_ = (low_ & 0x00ffffffu) << 8;
  }

  std::uint64_t low_ = 0;
  std::uint32_t range_ = 0xffffffff;
  unsigned char top_ = 0;
  std::size_t waiting_ = 1;
  std::string out_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view packed) : in_(packed) {
    for (int i = 0; i < 5; ++i) shift();
  }
  bool decode(std::uint16_t& zero) {
    const std::uint32_t bound = (range_ >> probability_bits) * zero;
    const bool bit = code_ >= bound;
    if (bit) {
      code_ -= bound;
      range_ -= bound;
    } else {
      range_ = bound;
    }
    learn(zero, bit);
    for (; range_ < least_range; range_ <<= 8) shift();
    return bit;
  }

 private:
  void shift() {
    code_ <<= 8;
    if (next_ < in_.size()) code_ |= static_cast<unsigned char>(in_[next_++]);
  }

  std::string_view in_;
  std::size_t next_ = 0;
  std::uint32_t range_ = 0xffffffff, code_ = 0;
};

}  // namespace

std::string range_compress(int level, std::string_view plain) {
  Model model(level - 1);
  Encoder encoder;
  for (const char c : plain) {
    const std::size_t byte = static_cast<unsigned char>(c);
    std::size_t beginning = 1;
    for (int i = 7; i >= 0; --i) {
      const bool bit = (byte >> i) & 1;
      encoder.encode(model.zero(beginning), bit);
      beginning = beginning << 1 | (bit ? 1 : 0);
    }
    model.add(byte);
  }
  return encoder.finish();
}

std::string range_decompress(int level, std::string_view packed,
                             std::size_t size) {
  Model model(level - 1);
  Decoder decoder(packed);
  std::string plain;
  plain.reserve(size);
  while (plain.size() < size) {
    std::size_t beginning = 1;
    while (beginning < 256)
      beginning =
          beginning << 1 | (decoder.decode(model.zero(beginning)) ? 1 : 0);
    plain += static_cast<char>(beginning & 255);
    model.add(beginning & 255);
  }
  return plain;
}
