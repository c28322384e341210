// Where configuration values come from, besides the defaults: a file, the
// environment and the command line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/glob.h"
#include "config/config.h"
#include "config/file.h"
#include "config/value.h"

namespace eh::host {

/// A value of the command line, the environment or a program's code.
struct ConfigSetting {
  std::string name;
  std::string text;
  std::string option;        ///< that gave it: "--set", "--jobs", "EH_JOBS"
  bool keeps_paths = false;  ///< relative paths stay as they are
  std::optional<JsonValue> value = {};  ///< what was JSON, instead of a text

  /// Whether an option of its own gave it, like "--jobs", and not "--set".
  bool has_option() const;
  /// For messages: "--set number", "--jobs '0'", "the environment's EH_NUMBER".
  std::string where() const;
};

using Variables = std::map<std::string, std::string>;

class ConfigSources {
 public:
  /// Relative paths of the settings start from `launch_directory`; "": the
  /// working directory. Throws Error (usage) if the file has no such section.
  ConfigSources(const std::optional<ConfigText>& file, Variables variables,
                std::vector<ConfigSetting> settings,
                std::string launch_directory = {});

  /// The values for a group, or for an experiment of it. What is a mistake
  /// counts as not said: check() comes first. `schema` has to outlive the
  /// result.
  Config resolve(const ConfigSchema& schema, const std::string& group,
                 const std::string& experiment = {}) const;

  /// The patterns of experiments that the file has values for, as far as they
  /// concern a group, in the order of its layers.
  std::vector<std::string> patterns(const std::string& group) const;

  /// The file that was loaded; "" if none was.
  std::string file_path() const { return file_ ? file_->path() : ""; }
  const Variables& variables() const { return variables_; }
  const std::vector<ConfigSetting>& settings() const { return settings_; }
  const std::string& launch_directory() const { return launch_directory_; }
  /// The file, taken apart; null if none was.
  const ConfigFile* file() const { return file_ ? &*file_ : nullptr; }

 private:
  void apply_file(Config& config, const std::string& group,
                  const std::string& experiment) const;
  std::string directory_of(const ConfigSetting& setting) const {
    return setting.keeps_paths ? "" : launch_directory_;
  }
  void apply_settings(Config& config,
                      const std::vector<ConfigSetting>& settings,
                      Config::Layer layer) const;
  std::vector<ConfigSetting> variable_settings(
      const ConfigSchema& schema) const;

  friend class ConfigCheck;

  std::optional<ConfigFile> file_;
  bool others_read_file_ = false;
  std::string file_directory_;    // absolute
  std::string launch_directory_;  // absolute
  std::vector<ConfigMistake> form_mistakes_;
  Variables variables_;
  std::vector<ConfigSetting> settings_;
};

/// A pattern of a configuration file. It means an experiment if it matches the
/// name, or a folder that the experiment is in.
class ConfigPattern {
 public:
  explicit ConfigPattern(const std::string& pattern);
  bool matches(const std::string& name) const;
  /// It matches what one of these does.
  const std::vector<Glob>& globs() const { return globs_; }

 private:
  std::vector<Glob> globs_;
};

/// The value that a setting gives to `key`, which may be a part of it, such as
/// an entry of a map ("weights.a"): then `current` with it.
JsonValue setting_value(const ConfigKey& key, const ConfigSetting& setting,
                        const JsonValue& current, ValueReader& reader);

/// The key that a setting is for: its own, or one that its name goes below.
const ConfigKey* setting_key(const ConfigSchema& schema,
                             const std::string& name);

/// A setting of a whole struct (`model={"layers": 3}`) as those of its
/// members; any other as it is.
std::vector<ConfigSetting> setting_parts(const ConfigSchema& schema,
                                         const ConfigSetting& setting);

/// The environment's variables that begin with "EH_". Those of secrets, and of
/// structs that have some, are removed from it, so that no other process sees
/// them. This process keeps them for who asks again, until the variable is set
/// anew: to another value, or to none by an empty text.
Variables take_environment_variables();

/// Those of secrets, as take_environment_variables() finds them, or the others
/// alone.
Variables secrets_of(const Variables& variables);
Variables without_secrets(Variables variables);

/// Variables that eh uses for something else than configuration.
bool is_reserved_variable(const std::string& name);

/// The text of a secret: of the value, or of the private file that is named
/// instead. Throws Error (usage) if others can read that file, or it holds
/// none.
std::string secret(const Config& config, const std::string& name);

}  // namespace eh::host
