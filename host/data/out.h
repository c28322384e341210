// Where the bytes of a file go as they are made: through a compressor, into a
// file, into memory. All of it throws DataError.
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

class Out {
 public:
  virtual ~Out() = default;
  virtual void write(std::string_view bytes) = 0;
  /// After the last write().
  virtual void finish() {}
};

class MemoryOut : public Out {
 public:
  void write(std::string_view more) override { bytes += more; }
  std::string bytes;
};

/// Text on its way, so that small pieces are not written one by one.
class TextOut {
 public:
  explicit TextOut(Out& out) : out_(out) {}
  /// Where to append to.
  std::string& text() { return text_; }
  /// To be called from time to time.
  void pass_on() {
    if (text_.size() >= size_to_write) flush();
  }
  void flush() {
    out_.write(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t size_to_write = 64 * 1024;
  Out& out_;
  std::string text_;
};

}  // namespace eh::host
