// Loads a plugin into this process and finds its table, or says in one
// sentence why not and what to do. The only unit that knows Boost.DLL. A
// plugin is never unloaded: its code may be in use until the process ends.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "eh/abi.h"

namespace eh::host::child {

/// "cannot load plugin 'PATH': REASON (WHAT TO DO)".
class PluginError : public std::runtime_error {
 public:
  PluginError(const std::string& path, const std::string& reason);
};

enum class Caution {
  /// Look at the file first, so that no code of a library that is not a plugin
  /// runs. Costs some milliseconds for a large one.
  look_first,
  /// Load at once: the file has been described before.
  load_at_once
};

using PluginEntry = const eh_plugin*(std::uint32_t host_minor);

/// Says that the file `path` is this program itself, with a plugin's entry
/// function in it: load_plugin() then calls that. (glibc loads no programs, and
/// its static initialisers have run already.) `flush` writes what its own C++
/// streams hold. To be called before.
void have_built_in(const std::string& path, PluginEntry* entry,
                   void (*flush)());

/// Whether `path` is that.
bool is_built_in(const std::string& path);

/// Calls that, if there is such a plugin.
void flush_built_in();

/// Runs the static initialisers and the entry function of `path`, an absolute
/// path. The table is valid for ever. If it cannot be, hands the sentence to
/// `refuse`, which has to end the process: after a static initialiser threw,
/// nothing else can be relied on.
const eh_plugin& load_plugin(const std::string& path, Caution caution,
                             void (*refuse)(const PluginError&));

/// "std::runtime_error: text" of the exception being handled or, in a
/// std::terminate handler, of the one that was thrown; "" if there is none.
std::string current_exception_text();

}  // namespace eh::host::child
