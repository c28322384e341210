#include "data/format.h"

#include <array>
#include <string>

#include "data/codec.h"
#include "data/csv.h"
#include "data/json.h"
#include "data/json_read.h"
#include "data/lines.h"
#include "data/npy_read.h"
#include "data/npy_write.h"
#include "data/npz.h"

namespace eh::host {
namespace {

struct Format {
  std::string_view ending;
  void (*write)(const eh_item* value, Out& out);
  void (*read)(std::string_view text, Items& items);
};

constexpr std::array formats = {
    Format{".json", write_json, read_json},
    Format{".jsonl", write_json_lines, read_json_lines},
    Format{".csv",
           [](const eh_item* value, Out& out) { write_csv(value, ',', out); },
           [](std::string_view text, Items& items) {
             read_csv(text, ',', items);
           }},
    Format{".tsv",
           [](const eh_item* value, Out& out) { write_csv(value, '\t', out); },
           [](std::string_view text, Items& items) {
             read_csv(text, '\t', items);
           }},
    Format{".txt", write_lines, read_lines},
    Format{".npy", write_npy, read_npy}, Format{".npz", write_npz, read_npz},
    // What reads it knows of what type the numbers are: EH_READ_PLAIN.
    Format{".bin", write_memory, nullptr}};

const Format& format_of(std::string_view ending, const std::string& what) {
  for (const auto& format : formats)
    if (format.ending == ending) return format;
  throw DataError(what +
                  (ending.empty()
                       ? " needs an ending"
                       : " has no form as '" + std::string(ending) + "'") +
                  " (use .json, .jsonl, .csv, .tsv, .txt, .npy, .npz or .bin,"
                  " each also with " +
                  codec_endings() + ')');
}

void read_plain(Items& items) {
  items.add_text(EH_ITEM_TEXT, items.content);
}

}  // namespace

void write_value(std::string_view path, const eh_item* value, Out& out) {
  const auto ending = ending_of(path);
  const auto* format =
      value->kind == EH_ITEM_TEXT && value->element == EH_ELEMENT_ANY
          ? nullptr
          : &format_of(ending.format, std::string(kind_name(*value)));
  const auto compressed =
      ending.codec.empty() ? nullptr : compressor(ending.codec, out);
  auto& to = compressed ? *compressed : out;
  if (format)
    format->write(value, to);
  else
    to.write(text_of(*value));
  to.finish();
}

void read_value(std::string_view path, std::uint32_t how, Items& items) {
  const auto ending = ending_of(path);
  const auto* format =
      how == EH_READ_PLAIN ? nullptr : &format_of(ending.format, "a value");
  if (!ending.codec.empty())
    items.content = decompressed(ending.codec, items.content);
  if (!format || !format->read) return read_plain(items);
  format->read(items.content, items);
}

}  // namespace eh::host
