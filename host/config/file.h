// A configuration file, taken apart into layers:
//
//   {
//     "jobs": 4, "slurm": {"gpus": 1},             values for everything
//     "groups": {"main": {"number": 7}},           for the group main
//     "experiments": {"sweep/*": {"timeout": "2h"}},
//     "sections": {"cluster": {"extends": "base", ...}, "base": {...}}
//   }
//
// A section looks like the whole file. Chosen, it is laid over the sections
// that it extends, and these over the values outside of all sections.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/value.h"

namespace eh::host {

/// No file may have more bytes.
inline constexpr std::size_t most_of_config = 16 * 1024 * 1024;

/// The file that is loaded by itself from the working directory.
inline constexpr char config_file_name[] = "eh.config.json";

/// Values of a file that hold for the same experiments.
struct ConfigLayer {
  JsonValue values;     ///< an object; also holds words of the file
  std::string group;    ///< "": all
  std::string pattern;  ///< of experiments' names; "": all
  TextPlace place;      ///< of the group's or the pattern's name
  bool in_force = true;
};

class ConfigFile {
 public:
  /// Reads and takes apart `text`; `section` may be "". Throws Error (usage)
  /// if there is no such section. Other mistakes go to `mistakes`.
  ConfigFile(std::string path, std::string_view text,
             const std::string& section, std::vector<ConfigMistake>& mistakes);

  const std::string& path() const { return path_; }
  /// All layers, each after those that it wins over: first what holds for all
  /// groups, then for groups, then for patterns.
  const std::vector<ConfigLayer>& layers() const { return layers_; }

 private:
  std::string path_;
  std::vector<ConfigLayer> layers_;
};

/// A configuration file as it was found.
struct ConfigText {
  std::string path;     ///< as given
  std::string section;  ///< that was asked for, or ""
  std::string text;
  std::string directory;     ///< that it is in, absolute
  bool others_read = false;  ///< its mode lets others than its owner read it
};

/// The file that `option` (--config: "FILE", "FILE:SECTION" or ":SECTION")
/// names, else the one in the working directory, if it is there. Throws Error
/// (usage) if there is none where one is named, or it cannot be read.
std::optional<ConfigText> load_config(const std::optional<std::string>& option);

/// Whether others than its owner may read or write a file.
bool others_can_read(const std::string& path);

/// All of a file or pipe, called `what` in the Error (usage) if that cannot be
/// or it has more than `most` bytes.
std::string read_whole(const std::string& path, const std::string& what,
                       std::size_t most);

}  // namespace eh::host
