#include "catalog/library.h"

#include <sys/stat.h>

#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "json/write.h"
#include "os/elf_file.h"
#include "os/own_copy.h"

namespace eh::host {
namespace {

constexpr off_t most_hashed = 16 << 20;  // bytes

std::string name_of(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::string written_text(const struct stat& info) {
  return std::to_string(info.st_size) + " bytes of " +
         std::to_string(info.st_mtim.tv_sec) + '.' +
         std::to_string(info.st_mtim.tv_nsec);
}

Library look_at(const std::string& path) {
  Library out{path, "build_id", {}, {}};
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return out;
  out.identity = file_identity(path);
  out.build = ElfFile(path).build_id();
  if (!out.build.empty()) return out;
  out.kind = "file";
  out.build = written_text(info);
  if (info.st_size > most_hashed) return out;
  try {
    out.build = sha1_of_file(path);
    out.kind = "sha1";
  } catch (const std::system_error&) {  // its size and time have to do
  }
  return out;
}

}  // namespace

std::vector<Library> libraries_of(const PluginInfo& plugin) {
  std::vector<Library> out;
  for (const auto& path : plugin.libraries) out.push_back(look_at(path));
  return out;
}

LibraryBuilds builds_of(const std::vector<Library>& libraries) {
  LibraryBuilds out;
  for (const auto& library : libraries)
    out[name_of(library.path)] = library.build;
  return out;
}

std::string libraries_json(const std::vector<Library>& libraries) {
  JsonArray out;
  for (const auto& library : libraries)
    out.add(JsonObject()
                .text("path", library.path)
                .text(library.kind, library.build));
  return out.str();
}

PluginBuild build_of(const PluginInfo& plugin) {
  return {ElfFile(plugin.path).build_id(), builds_of(libraries_of(plugin))};
}

void require_unchanged(const std::vector<Library>& libraries,
                       const std::string& plugin) {
  for (const auto& library : libraries) {
    if (file_identity(library.path) == library.identity) continue;
    throw Error(exit_bad_plugin,
                "cannot go on with plugin '" + plugin + "': its library '" +
                    printable(library.path) +
                    "' changed during the run (start again: what is done will "
                    "be skipped)");
  }
}

}  // namespace eh::host
