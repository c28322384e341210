// A file of any format is read as a value of any type, or refused with an error
// that names it. The first two bytes of an input choose format and type.

#include <array>
#include <eh/io.hpp>
#include <map>
#include <optional>

#include "data/format.h"
#include "data/items.h"
#include "fuzz.h"

namespace {

enum class Color { red, green };
struct Point {
  int x = 0;
  double y = 0;
  std::string name;
  std::optional<int> maybe;
  std::vector<Color> colors;
};
struct Columns {
  std::vector<int> x;
  std::vector<std::string> name;
};
EH_CHOICES(Color, red, green)
EH_PARAMETERS(Point, x, y, name, maybe, colors)
EH_PARAMETERS(Columns, x, name)

// Where the content of the file is.
int read(void* content, eh_text path, std::uint32_t how, eh_take_items take,
         eh_take_text error, void* context) {
  using namespace eh::host;
  try {
    Items items;
    std::string_view name(path.data, path.size);
    if (how == EH_READ_JSON) {  // of a cell, which stands in place of the name
      items.content = name;
      name = "cell.json";
      how = EH_READ_FORMAT;
    } else {
      items.content = *static_cast<std::string_view*>(content);
    }
    read_value(name, how, items);
    take(context, items.list.data(), items.list.size());
    return 0;
  } catch (const DataError& refused) {
    const std::string_view why = refused.what();
    error(context, {why.data(), why.size()});
    return 2;
  }
}

template <class T>
void read_as(const eh::detail::DataHost& host, const std::string& name) {
  try {
    eh::detail::read_data<T>(host, name);
  } catch (const std::runtime_error& error) {
    eh::fuzz::require(
        std::string_view(error.what()).starts_with("cannot read '" + name),
        "an error names the file");
  }
}

using Read = void (*)(const eh::detail::DataHost&, const std::string&);
constexpr std::array<Read, 16> types = {
    read_as<Point>,
    read_as<Columns>,
    read_as<std::vector<Point>>,
    read_as<std::map<std::string, std::vector<int>>>,
    read_as<std::map<int, Point>>,
    read_as<std::vector<std::map<std::string, float>>>,
    read_as<eh::Table>,
    read_as<eh::Array<double>>,
    read_as<eh::Array<std::int8_t>>,
    read_as<std::vector<std::vector<double>>>,
    read_as<std::vector<std::optional<int>>>,
    read_as<std::array<float, 2>>,
    read_as<std::vector<bool>>,
    read_as<std::vector<std::string>>,
    read_as<std::optional<double>>,
    read_as<Color>};
constexpr std::array<const char*, 8> endings = {
    ".json", ".jsonl", ".csv", ".tsv", ".txt", ".npy", ".npz", ".bin"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2) return 0;
  auto text = eh::fuzz::text_of(data + 2, size - 2);
  const eh::detail::DataHost host{nullptr, &read, &text, ""};
  const std::string name = std::string("a") + endings[data[0] % endings.size()];
  types[data[1] % types.size()](host, name);
  return 0;
}
