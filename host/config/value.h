// Reads configuration values: checks them against their types and brings them
// into one form, so that equal values are equal texts. Mistakes are collected,
// not thrown, since all are to be told at once.
#pragma once

#include <string>
#include <vector>

#include "config/type.h"

namespace eh::host {

struct ConfigMistake {
  TextPlace place;  ///< in a file
  std::string message;
};

class ValueReader {
 public:
  /// Relative paths are below `directory`, and "~" and "${NAME}" are expanded
  /// in them; with "" all paths stay as they are.
  ValueReader(std::string directory, std::vector<ConfigMistake>& mistakes)
      : directory_(std::move(directory)), mistakes_(mistakes) {}

  /// The value in its one form: numbers in their shortest, durations as
  /// "90s", maps sorted, objects with all members. Null after a mistake.
  JsonValue read(const ConfigType& type, const JsonValue& given,
                 const std::string& name);

  /// The same of a text from the environment or the command line: texts
  /// without quotes, lists as "a,b" or as JSON, maps and structs as JSON, a
  /// duration without a unit in seconds.
  JsonValue read_text(const ConfigType& type, const std::string& text,
                      const std::string& name);

  /// Notes that the name of a value is not UTF-8.
  void refuse_name(const std::string& name);

  /// Notes that a struct has no member `part`.
  void refuse_part(const ConfigType& type, const std::string& name,
                   const std::string& part);

 private:
  JsonValue refuse(const ConfigType& type, const JsonValue& given,
                   const std::string& name);
  JsonValue refuse_range(const std::string& what, const std::string& least,
                         const std::string& most, const JsonValue& given,
                         const std::string& name);
  void allow_null(const ConfigType& type, const std::string& name,
                  std::size_t before);
  void note(TextPlace place, const std::string& name, const std::string& why);
  JsonValue read_integer(const ConfigType& type, const JsonValue& given,
                         const std::string& name);
  template <class Real>
  JsonValue read_real_of(const ConfigType& type, const JsonValue& given,
                         const std::string& name);
  JsonValue read_real(const ConfigType& type, const JsonValue& given,
                      const std::string& name);
  JsonValue read_duration(const ConfigType& type, const JsonValue& given,
                          const std::string& name);
  JsonValue read_ticks(const ConfigType& type, const JsonValue& given,
                       const std::string& name);
  JsonValue read_choice(const ConfigType& type, const JsonValue& given,
                        const std::string& name);
  JsonValue read_path(const JsonValue& given, const std::string& name);
  JsonValue read_list(const ConfigType& type, const JsonValue& given,
                      const std::string& name);
  JsonValue read_map(const ConfigType& type, const JsonValue& given,
                     const std::string& name);
  JsonValue read_object(const ConfigType& type, const JsonValue& given,
                        const std::string& name);
  JsonValue parsed(const ConfigType& type, const std::string& text,
                   const std::string& name);

  std::string directory_;
  std::vector<ConfigMistake>& mistakes_;
};

/// The default of a member of a struct: its own, or made of its members'.
JsonValue default_of(const ConfigMember& member);

}  // namespace eh::host
