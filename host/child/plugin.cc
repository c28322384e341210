#include "child/plugin.h"

#include <cxxabi.h>

#include <boost/dll/shared_library.hpp>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string_view>
#include <system_error>

#include "child/plugin_file.h"

namespace eh::host::child {
namespace {

namespace dll = boost::dll;

std::string demangled(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 && text ? text.get() : name;
}

// What stands between `before` and `after`, or "". Without `after`: the rest.
std::string between(const std::string& text, std::string_view before,
                    std::string_view after = {}) {
  const auto at = text.find(before);
  if (at == text.npos) return {};
  const auto start = at + before.size();
  if (after.empty()) return text.substr(start);
  const auto end = text.rfind(after);
  return end == text.npos || end < start ? "" : text.substr(start, end - start);
}

std::string undefined_symbol(const std::string& path, const std::string& text) {
  auto symbol = between(text, "undefined symbol: ");
  symbol = symbol.substr(0, symbol.find(','));  // ", version GLIBC_2.38"
  const auto name = demangled(symbol);
  const auto library = text.substr(0, text.find(": "));
  std::string out = "undefined symbol " + name;
  if (name != symbol) out += " [" + symbol + "]";
  if (library != path) out += " of " + library;
  return out + " (link the library or source file that defines it)";
}

// Makes a sentence for people of what dlerror() says in glibc 2.36.
std::string explained(const std::string& path, const std::string& text) {
  if (text.find("undefined symbol: ") != text.npos)
    return undefined_symbol(path, text);
  constexpr std::string_view cannot_open = ": cannot open shared object file";
  const auto at = text.find(cannot_open);
  if (at != text.npos && text.compare(0, at, path) != 0)
    return "it needs the shared library " + text.substr(0, at) +
           ", which was not found (install it, or set LD_LIBRARY_PATH or the "
           "plugin's run path)";
  if (text.find("' not found (required by ") != text.npos)
    return text + " (build the plugin on this machine, or update this library)";
  const auto named = path + ": ";
  return (text.starts_with(named) ? text.substr(named.size()) : text) +
         " (build it again)";
}

std::string loading_problem(const std::string& path, const std::string& what) {
  if (auto file = look_at_plugin_file(path); !file.problem.empty())
    return file.problem;
  const auto text = between(what, "(dlerror system message: ", ")");
  return explained(path, text.empty() ? what : text);
}

std::string initialisation_problem() {
  const auto thrown = current_exception_text();
  return "its static initialisation " +
         (thrown.empty() ? "called std::terminate()" : "threw " + thrown) +
         " (move what can fail into an experiment)";
}

struct BuiltIn {
  std::string path;
  PluginEntry* entry = nullptr;
  void (*flush)() = nullptr;
};

BuiltIn& built_in() {
  static BuiltIn its;
  return its;
}

// Owned by no one: see the top of child/plugin.h.
const dll::shared_library* library = nullptr;

void load_library(const std::string& path) {
  try {
    library = new dll::shared_library(
        path, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (const std::system_error& error) {
    const std::string what = error.what();
    if (what.starts_with("boost::dll::"))
      throw PluginError(path, loading_problem(path, what));
    throw PluginError(path, initialisation_problem());
  } catch (...) {
    throw PluginError(path, initialisation_problem());
  }
}

std::string table_problem(const eh_plugin* table) {
  const auto number = [](auto n) { return std::to_string(n); };
  if (!table)
    return "it refuses to work with ABI version " + number(EH_ABI_MAJOR) + "." +
           number(EH_ABI_MINOR) + " (update eh, or rebuild the plugin)";
  if (table->size < sizeof(eh_plugin))
    return "its eh_plugin has " + number(table->size) + " bytes of " +
           number(sizeof(eh_plugin)) + " (rebuild it with this eh's headers)";
  if (table->abi_major != EH_ABI_MAJOR)
    return "it is made for ABI version " + number(table->abi_major) +
           ", this eh knows version " + number(EH_ABI_MAJOR) +
           " (rebuild the plugin or update eh)";
  if (!table->describe || !table->run)
    return std::string("its eh_plugin.") +
           (table->describe ? "run" : "describe") +
           " is null (set it before eh_plugin_v1 returns)";
  return {};
}

PluginEntry* loaded_entry(const std::string& path) {
  if (!library->has(EH_ABI_ENTRY)) {
    const auto why = version_problem(look_at_plugin_file(path));
    throw PluginError(path, why.empty() ? "it has no " EH_ABI_ENTRY : why);
  }
  return &library->get<PluginEntry>(EH_ABI_ENTRY);
}

const eh_plugin* call_entry(const std::string& path, PluginEntry* entry) {
  try {
    return entry(EH_ABI_MINOR);
  } catch (...) {
    throw PluginError(path, EH_ABI_ENTRY " threw " + current_exception_text() +
                                " (catch it there)");
  }
}

PluginEntry* find_entry(const std::string& path, Caution caution) {
  if (is_built_in(path)) return built_in().entry;
  if (caution == Caution::look_first) {
    const auto file = look_at_plugin_file(path);
    if (!file.problem.empty()) throw PluginError(path, file.problem);
    if (const auto why = version_problem(file); !why.empty())
      throw PluginError(path, why);
  }
  load_library(path);
  return loaded_entry(path);
}

const eh_plugin& load_checked(const std::string& path, Caution caution) {
  const auto* table = call_entry(path, find_entry(path, caution));
  if (const auto why = table_problem(table); !why.empty())
    throw PluginError(path, why);
  return *table;
}

}  // namespace

PluginError::PluginError(const std::string& path, const std::string& reason)
    : std::runtime_error("cannot load plugin '" + path + "': " + reason) {}

void have_built_in(const std::string& path, PluginEntry* entry,
                   void (*flush)()) {
  built_in() = {path, entry, flush};
}

bool is_built_in(const std::string& path) {
  return built_in().entry && path == built_in().path;
}

void flush_built_in() {
  if (built_in().flush) built_in().flush();
}

const eh_plugin& load_plugin(const std::string& path, Caution caution,
                             void (*refuse)(const PluginError&)) {
  // What a static initialiser throws comes through dlopen() or ends in
  // std::terminate(), depending on how dlopen() was compiled.
  static const std::string* loading;
  static void (*refuse_loading)(const PluginError&);
  loading = &path;
  refuse_loading = refuse;
  const auto terminate_before = std::set_terminate([] {
    refuse_loading(PluginError(*loading, initialisation_problem()));
    std::abort();
  });
  try {
    const auto& table = load_checked(path, caution);
    std::set_terminate(terminate_before);
    return table;
  } catch (const PluginError& error) {
    refuse(error);
    std::abort();
  }
}

std::string current_exception_text() {
  const auto* type = abi::__cxa_current_exception_type();
  if (!type) return {};
  auto text = demangled(type->name());
  try {
    throw;
  } catch (const std::exception& error) {
    if (const char* what = error.what()) text += std::string(": ") + what;
  } catch (const std::string& thrown) {
    text += ": " + thrown;
  } catch (const char* thrown) {
    text += std::string(": ") + (thrown ? thrown : "");
  } catch (...) {
  }
  return text;
}

}  // namespace eh::host::child
