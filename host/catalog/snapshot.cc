#include "catalog/snapshot.h"

#include <unistd.h>

#include <system_error>

#include "base/error.h"
#include "base/sha1.h"
#include "os/elf_file.h"
#include "os/own_copy.h"
#include "os/program.h"

namespace eh::host {

PluginSnapshot::PluginSnapshot(const std::string& plugin,
                               const std::string& folder)
    : original_(plugin), path_(plugin) {
  const auto content = file_of(plugin);
  const auto before = file_identity(content);
  try {
    sha1_ = sha1_of_file(content);
  } catch (const std::system_error& error) {
    throw Error(exit_bad_plugin, error.what());
  }
  const ElfFile elf(content);
  build_id_ = elf.build_id();
  bool same = true;
  if (!elf.needs_its_place()) same = copy(content, folder);
  if (!same || file_identity(content) != before)
    throw Error(exit_bad_plugin, "cannot run plugin '" + plugin +
                                     "': it is being written at this moment"
                                     " (wait for the build to end)");
  watched_ = path_ == original_ ? before : file_identity(path_);
}

// Returns whether the content is still what it was. Where there can be no copy,
// the path stays.
bool PluginSnapshot::copy(const std::string& content,
                          const std::string& folder) {
  std::optional<std::string> place;
  try {
    place = own_place(folder, sha1_);
    if (!place) return true;
    const auto name = original_.substr(original_.find_last_of('/') + 1);
    if (!keep_copy(content, *place + '/' + name, sha1_)) return false;
    // A file system may be mounted such that nothing on it can be executed.
    if (::access((*place + '/' + name).c_str(), X_OK) == 0)
      path_ = *place + '/' + name;
  } catch (const std::system_error&) {  // no room, say
    if (place) ::rmdir(place->c_str());
  }
  return true;
}

const std::string& PluginSnapshot::path() const {
  const auto identity = file_identity(path_);
  if (identity == watched_) return path_;
  // Two hosts that begin at once may both make it.
  if (path_ != original_ && is_own_copy(path_, sha1_)) {
    watched_ = identity;
    return path_;
  }
  throw Error(exit_bad_plugin,
              "cannot go on with plugin '" + original_ + "': " +
                  (path_ == original_ ? "it" : "its copy '" + path_ + "'") +
                  " changed during the run (start again: what is done will be"
                  " skipped)");
}

std::string host_snapshot(const std::string& folder) {
  // eh-host and eh-child belong together, as they were built.
  const auto child = child_program();
  const auto beside = child.substr(0, child.find_last_of('/'));
  const auto original = beside + "/eh-host";
  if (ElfFile(running_file).needs_its_place() ||
      ElfFile(child).needs_its_place())
    return original;
  try {
    const auto host_sha1 = sha1_of_file(running_file);
    const auto child_sha1 = sha1_of_file(child);
    const auto place = own_place(folder, sha1_text(host_sha1 + child_sha1));
    if (!place) return original;
    const auto host_copy = *place + "/eh-host";
    const auto child_copy = *place + "/eh-child";
    if (keep_copy(child, child_copy, child_sha1) &&
        keep_copy(running_file, host_copy, host_sha1) &&
        ::access(child_copy.c_str(), X_OK) == 0 &&
        ::access(host_copy.c_str(), X_OK) == 0)
      return host_copy;
  } catch (const std::system_error&) {
    // No room, say.
  }
  return original;
}

}  // namespace eh::host
