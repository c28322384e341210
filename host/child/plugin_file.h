// What a plugin's file says about itself before any of its code runs: whether
// it can be a plugin of this machine at all, and for which versions of the
// boundary. Needed since dlopen() runs the static initialisers of whatever it
// is given, and since its own messages are for linkers, not for researchers.
// Format: System V ABI, chapter 4; elf(5).
#pragma once

#include <string>
#include <vector>

namespace eh::host::child {

struct PluginFile {
  /// Why it cannot be loaded: "it is empty (build it again)"; "" if nothing
  /// speaks against it.
  std::string problem;
  /// N of each eh_plugin_vN that it exports, unless `no_symbols`.
  std::vector<unsigned> versions;
  /// Its section table was removed, so that nothing is known of its exports.
  bool no_symbols = false;
};

PluginFile look_at_plugin_file(const std::string& path);

/// Why a file that loads and exports these versions is not a plugin for this
/// eh, or "".
std::string version_problem(const PluginFile& file);

}  // namespace eh::host::child
