// The keys that a configuration can have. Structs are taken apart: the member
// `gpus` of the member `slurm` is the key "slurm.gpus". A key is the
// framework's, or belongs to the class of a group.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/type.h"

namespace eh::host {

/// What a value can be set for.
enum class ConfigScope {
  host,        ///< all groups: it is needed before they are known
  group,       ///< a group, since a run has one of it
  experiment,  ///< experiments by pattern, too
};

struct ConfigKey {
  std::string name;  ///< "slurm.gpus"
  ConfigType type;
  JsonValue value;  ///< the default
  std::string description;
  ConfigScope scope = ConfigScope::experiment;
  bool own = false;         ///< of the group's class, not the framework's
  bool from_class = false;  ///< that class gives the default
};

/// The variable of the environment that sets a value: "EH_SLURM_GPUS".
std::string variable_of(const std::string& name);

class ConfigSchema {
 public:
  /// The framework's keys alone.
  ConfigSchema();
  /// With those of a group's class. Throws std::runtime_error, with all that
  /// is wrong, if a name is taken or an override is of no value.
  explicit ConfigSchema(const ConfigClass& its_class);

  const std::vector<ConfigKey>& keys() const { return keys_; }
  const std::string& class_name() const { return class_name_; }

  /// The key that is called so; also "slurm_gpus" is "slurm.gpus", as in the
  /// Python original. Null if there is none.
  const ConfigKey* find(std::string_view name) const;
  /// Whether keys begin with `name` and a dot.
  bool has_below(std::string_view name) const;
  /// What could be meant by a name that is unknown below `prefix` ("slurm." or
  /// ""): ", did you mean 'gpus'?", or "".
  std::string near(std::string_view prefix, std::string_view name) const;
  /// The names that others begin with: "slurm", "slack", "model" ..., each
  /// after those that it is a part of.
  std::vector<std::string> structs() const;

 private:
  void add_class(const ConfigClass& its_class);
  /// What is wrong with names that one variable would set; "" if nothing is.
  std::string shared_variables() const;

  std::vector<ConfigKey> keys_;
  std::string class_name_;
};

/// Names that have a meaning of their own in a configuration file.
bool is_file_word(std::string_view name);

}  // namespace eh::host
