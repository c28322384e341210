// A configuration file, whatever it says, is read or refused with an Error
// whose places lie in it; what is read is the same when it is read again from
// what experiments are given.
// An input is the file's text; its first line may be settings of the command
// line, as "#name=value;name=value".

#include <sstream>

#include "base/error.h"
#include "config/check.h"
#include "config/flatten.h"
#include "config/sources.h"
#include "config_catalog.h"
#include "fuzz.h"

using namespace eh::host;
using namespace eh::host::test;
using eh::fuzz::require;

namespace {

std::vector<ConfigSetting> settings_in(std::string_view& text) {
  std::vector<ConfigSetting> out;
  if (!text.starts_with('#')) return out;
  const auto end = std::min(text.find('\n'), text.size());
  std::istringstream line{std::string(text.substr(1, end - 1))};
  text.remove_prefix(end);
  for (std::string one; std::getline(line, one, ';');)
    if (const auto equals = one.find('='); equals != one.npos && equals > 0)
      out.push_back(
          {one.substr(0, equals), one.substr(equals + 1), "--set", true});
  return out;
}

// Reads the values of a group's class again, and wants the same.
void read_again(const ConfigSchema& schema, const Config& config) {
  const auto json = config.own_json();
  if (json.empty()) return;
  std::vector<ConfigMistake> mistakes;
  const auto values = flattened(schema, parse_json(json), mistakes);
  for (const auto& value : values) {
    const auto read =
        ValueReader("", mistakes)
            .read(schema.find(value.name)->type, value.value, value.name);
    require(json_text(read) == json_text(config.at(value.name).value),
            "a value is the same when it is read again");
  }
  require(mistakes.empty(), "what an experiment is given is right");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const Catalog catalog = config_catalog();
  static const ConfigSchemas schemas{catalog};
  auto text = eh::fuzz::text_of(data, size);
  auto settings = settings_in(text);
  try {
    const ConfigSources sources(
        ConfigText{"FILE", "", std::string(text), "/cfg", false}, {},
        std::move(settings));
    check_form(sources);
    for (const char* group : {"main", "other", "plain"}) {
      check_all(sources, schemas, group);
      for (const char* name : {"", "a", "sweep/2"}) {
        const auto& schema = schemas.of(group);
        read_again(schema, sources.resolve(schema, group, name));
      }
    }
  } catch (const Error& error) {
    require(error.code() == exit_usage, "a mistake is one of usage");
  }
  return 0;
}
