// Finds plugins and asks eh-child what is in them.
//
// Nothing is cached: what a plugin registers may depend on its environment, as
// where a loop registers an experiment for each file of a folder, and asking
// costs a few milliseconds.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace eh::host {

struct PluginSources {
  std::vector<std::string> files;        ///< named: a bad one is an error
  std::vector<std::string> directories;  ///< a bad one in it is a warning
  std::string program;  ///< path of a program with experiments in it, or ""
  /// Where what is one of these was built, if it is a copy.
  std::map<std::string, std::string> built_at = {};

  bool empty() const;  ///< no plugin is asked for
};

/// The sources named, those of EH_PLUGIN_PATH (files and directories,
/// separated by ':'), or if there are none, ./plugins. A program with
/// experiments in it takes these and what is named, and looks no further.
PluginSources plugin_sources(std::vector<std::string> files,
                             std::vector<std::string> directories);

struct Discovery {
  Catalog catalog;
  std::vector<std::string> warnings;
};

/// Describes all plugins with `child`, the path of eh-child. A plugin that does
/// not answer within `seconds` is given up. Throws Error (bad_plugin) if a
/// named one is bad, or a directory does not exist; (usage) if there is none at
/// all.
Discovery discover(const PluginSources& sources, const std::string& child,
                   double seconds);

}  // namespace eh::host
