#include "child/libraries.h"

#include <link.h>

#include <cstdlib>
#include <memory>
#include <string_view>

#include "json/write.h"

namespace eh::host::child {
namespace {

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(
      ::realpath(path.c_str(), nullptr), std::free);
  return real ? real.get() : path;
}

// Below /lib, /lib64, /usr/lib, /usr/lib64 and the like; what /usr/local and
// /opt hold, and a home, is somebody's own.
bool is_of_the_system(std::string_view path) {
  if (path.starts_with("/usr/")) path.remove_prefix(4);
  const auto folder = path.substr(0, path.find('/', 1));
  for (const std::string_view known :
       {"/lib", "/lib32", "/lib64", "/libx32", "/libexec"})
    if (folder == known) return true;
  return false;
}

}  // namespace

std::set<std::string> mapped_files() {
  std::set<std::string> out;
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* files) {
        // The program itself has no name, the kernel's own no folder.
        const std::string_view name = info->dlpi_name ? info->dlpi_name : "";
        if (name.find('/') != name.npos)
          static_cast<std::set<std::string>*>(files)->emplace(name);
        return 0;
      },
      &out);
  return out;
}

std::string new_libraries_json(const std::set<std::string>& before,
                               const std::string& plugin) {
  JsonArray out;
  for (const auto& path : mapped_files()) {
    const auto real = real_path(path);
    if (before.count(path) || real == real_path(plugin) ||
        is_of_the_system(real))
      continue;
    append_json_string(out.next(), path.starts_with('/') ? path : real);
  }
  return out.str();
}

}  // namespace eh::host::child
