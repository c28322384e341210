// Where a file goes that a person named: there whole or not at all, whatever
// happens on the way.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "data/out.h"
#include "os/file.h"

namespace eh::host {

/// A file, or stdout. It is compressed if its name says so: "all.csv.gz". A
/// link to a file stays, and so does who may read the file that was. Nothing is
/// to be seen of it until finish(), nor is anything left of it if the process
/// is killed, but for file systems where each file has a name: what is left
/// there is removed when the file is written again a day later.
class TextSink {
 public:
  /// "-" is stdout. Throws Error (write).
  explicit TextSink(const std::string& path);
  ~TextSink();
  TextSink(const TextSink&) = delete;
  TextSink& operator=(const TextSink&) = delete;
  void write(std::string_view text);
  /// Gives the file its name.
  void finish();
  /// Throws the Error (write) that says why it cannot be written.
  [[noreturn]] void fail(const std::string& why) const;

 private:
  class File;

  void open();
  void flush(bool last = false);
  void pass_on(std::string_view bytes);

  std::string path_;
  std::string target_;     // which it leads to
  std::string temporary_;  // its name; "" if it is written as it is
  bool is_named_ = false;  // has it already
  Fd fd_;
  std::unique_ptr<Out> file_, compressor_;
  std::string text_;
};

}  // namespace eh::host
