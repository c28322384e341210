// The types that configuration values have, and how they are described: by a
// plugin for a group's class (eh_group.config in abi.h), by
// config/framework_keys.cc for the framework's own values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/ticks.h"
#include "json/document.h"

namespace eh::host {

struct ConfigMember;

struct ConfigType {
  enum Kind {
    boolean,
    integer,
    real,
    text,
    path,
    choice,
    duration,
    list,
    map,  ///< from texts to elements
    optional,
    object,
    secret,  ///< a text that is never shown and never leaves the host
  };
  Kind kind = text;
  std::string name;  ///< for people: "std::vector<double>"
  /// Bounds of a number as texts, both within; "" where there is none. Those
  /// of a duration are in ticks, or in seconds if it has none.
  std::string least, most;
  bool single = false;     ///< a real of single precision
  ConfigTick tick;         ///< that a duration is a whole number of
  std::size_t length = 0;  ///< of a list of fixed length, or 0
  std::vector<std::string> choices;
  std::vector<ConfigType> element;  ///< one, of a list, map or optional
  std::vector<ConfigMember> members;
};

/// A member of an object, with its default.
struct ConfigMember {
  std::string name;
  ConfigType type;
  JsonValue value;
  std::string description;
};

/// A group's configuration class.
struct ConfigClass {
  std::string name;
  std::vector<ConfigMember> members;
  /// The framework's values whose defaults it changes: an object.
  JsonValue overrides;
};

/// Reads the text in eh_group.config. Throws std::runtime_error.
ConfigClass parse_config_class(std::string_view json);

/// "a whole number from 1 to 100", "true or false", "a list of texts" ...
std::string expected_text(const ConfigType& type);

JsonValue json_string_value(std::string text);
JsonValue json_number_value(std::string text);

}  // namespace eh::host
