// The shared libraries that a plugin loads beside the system's: another build
// of one can change results as another build of the plugin can.
//
// Which there are is known from the plugin's description. What an experiment
// opens itself while it runs (dlopen()) is not seen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace eh::host {

/// Which builds of which libraries, by their file names.
using LibraryBuilds = std::map<std::string, std::string>;

struct Library {
  std::string path;
  /// "build_id", or "sha1" of one that has none, or "file": the size and time
  /// of one that has none and is too large to be read each time.
  std::string kind;
  std::string build;     ///< the value of that
  std::string identity;  ///< changes when the file is written or replaced
};

/// Looks at the libraries of a plugin. One that is gone has no build.
std::vector<Library> libraries_of(const PluginInfo& plugin);

LibraryBuilds builds_of(const std::vector<Library>& libraries);

/// A JSON array for the verdict, which parse_library_builds() reads there.
std::string libraries_json(const std::vector<Library>& libraries);

/// What identifies a plugin's code as it would run now.
struct PluginBuild {
  std::string build_id;
  LibraryBuilds libraries;
};

PluginBuild build_of(const PluginInfo& plugin);

/// Throws Error (bad_plugin) if one of them changed since it was looked at.
void require_unchanged(const std::vector<Library>& libraries,
                       const std::string& plugin);

}  // namespace eh::host
