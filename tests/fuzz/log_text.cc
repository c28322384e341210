// Each line of a log becomes one line of a record, however the bytes come.

#include "events/log_text.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "fuzz.h"

using namespace eh::host;
using eh::fuzz::require;

namespace {

// A record's line with what stands before it.
using Line =
    std::tuple<std::string, int, int, std::string, unsigned, std::string>;

std::vector<Line> read(std::string_view text, std::size_t step, bool pauses) {
  std::vector<Line> out;
  const TakeRecord take = [&](const LogRecord& r) {
    for (const auto& line : split(r.text, '\n'))
      out.emplace_back(r.time, r.level, r.process, r.file, r.line, line);
  };
  LogReader reader("a", 0);
  for (std::size_t at = 0; at < text.size(); at += step)
    reader.read(text.substr(at, step), take);
  if (pauses) reader.pause(take);
  reader.end(take);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto text = eh::fuzz::text_of(data, size);
  const auto whole = read(text, std::max<std::size_t>(1, size), false);
  const auto newlines = std::count(text.begin(), text.end(), '\n');
  const bool cut = !text.empty() && text.back() != '\n';
  require(whole.size() == static_cast<std::size_t>(newlines) + (cut ? 1 : 0),
          "no line is lost or made");
  for (const std::size_t step : {1, 7})
    require(read(text, step, step == 7) == whole,
            "the pieces it comes in do not matter");
  return 0;
}
