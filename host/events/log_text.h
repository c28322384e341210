// Log records as texts: a leaf's log.txt, which is read here while it grows
// (child/log.h tells its form), and the lines of log files, which are written.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "events/log_record.h"

namespace eh::host {

using TakeRecord = std::function<void(const LogRecord&)>;

/// A record's text is shown up to so many bytes; the file has it all.
inline constexpr std::size_t longest_record = 256 * 1024;

/// Takes what an experiment logged apart. A text that is too long is cut, and
/// says how much is missing.
class LogReader {
 public:
  /// Records of `experiment`; those below the level `least` are passed over.
  LogReader(std::string experiment, int least);

  /// The next bytes of the file.
  void read(std::string_view bytes, const TakeRecord& take);
  /// These were all, for now: a record was written at once, so what ends with
  /// a newline is whole.
  void pause(const TakeRecord& take);
  /// The file ends here, maybe in the middle of a line.
  void end(const TakeRecord& take);

 private:
  void line(std::string_view text, const TakeRecord& take);
  void add(std::string_view text);
  void close(const TakeRecord& take);

  int least_;
  std::string partial_;      // of a line
  bool in_long_ = false;     // what comes next belongs to the line before
  LogRecord record_;         // that lines go to
  bool open_ = false;        // it was not taken yet
  std::size_t missing_ = 0;  // bytes that it has no room for
};

/// Takes what an experiment printed apart: a record for each line.
class OutputReader {
 public:
  explicit OutputReader(std::string experiment);
  void read(std::string_view bytes, const TakeRecord& take);
  void pause(const TakeRecord&) {}
  void end(const TakeRecord& take);

 private:
  void line(std::string_view text, const TakeRecord& take);
  std::string partial_;
  LogRecord record_;
};

/// "TIME level    group/name [4711 file.cc:12] text\n", with further lines of
/// the text indented.
std::string log_line(const LogRecord& record, const std::string& group);

/// "time":...,"level":...,"group":...,"experiment":...,"process":...,"file":
/// ...,"line":...,"text":..., without what is unknown: members of a JSON
/// object.
std::string log_members(const LogRecord& record, const std::string& group);

}  // namespace eh::host
