// A text is read as JSON, JSON lines, CSV, TSV or lines, or refused; what was
// read is written so that it reads back as the same. The first byte of an input
// chooses the format.

#include <array>

#include "data/csv.h"
#include "data/json.h"
#include "data/json_read.h"
#include "data/lines.h"
#include "data_check.h"

using namespace eh::host;

namespace {

struct Format {
  void (*read)(std::string_view text, Items& items);
  void (*write)(const eh_item* value, Out& out);
};

constexpr std::array formats = {
    Format{read_json, write_json}, Format{read_json_lines, write_json_lines},
    Format{
        [](std::string_view text, Items& items) { read_csv(text, ',', items); },
        [](const eh_item* value, Out& out) { write_csv(value, ',', out); }},
    Format{[](std::string_view text, Items& items) {
             read_csv(text, '\t', items);
           },
           [](const eh_item* value, Out& out) { write_csv(value, '\t', out); }},
    Format{read_lines, [](const eh_item* value, Out& out) {
             write_json(value, out);  // lines of any content
           }}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const auto& format = formats[data[0] % formats.size()];
  const auto text = eh::fuzz::text_of(data + 1, size - 1);
  if (format.read == read_lines) {
    Items items;
    try {
      read_lines(text, items);
      eh::fuzz::check_items(items);
    } catch (const DataError&) {
    }
    return 0;
  }
  eh::fuzz::check_round_trip(text, format.read, [&](const eh_item* value) {
    MemoryOut out;
    format.write(value, out);
    return out.bytes;
  });
  return 0;
}
