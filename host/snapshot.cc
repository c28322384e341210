#include "snapshot.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>
#include <system_error>

#include "elf_file.h"
#include "error.h"
#include "file.h"
#include "program.h"
#include "sha1.h"

namespace eh::host {
namespace {

// Changes whenever the file is written or replaced.
std::string identity(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return {};
  return std::to_string(info.st_dev) + ' ' + std::to_string(info.st_ino) + ' ' +
         std::to_string(info.st_size) + ' ' +
         std::to_string(info.st_mtim.tv_sec) + '.' +
         std::to_string(info.st_mtim.tv_nsec);
}

// Calls `visit(bytes)` for all of a file.
template <class Visit>
void read_blocks(const std::string& path, const Visit& visit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw_errno("cannot read '" + path + "'");
  std::string block(1 << 20, '\0');
  for (;;) {
    const auto n = ::read(fd.get(), block.data(), block.size());
    if (n < 0) throw_errno("cannot read '" + path + "'");
    if (n == 0) return;
    visit(std::string_view(block.data(), static_cast<std::size_t>(n)));
  }
}

// Copies a file whose SHA-1 is known; returns whether it still had it.
bool copy(const std::string& from, const std::string& to,
          const std::string& known) {
  std::random_device random;
  const auto temporary = to + ".tmp-" + std::to_string(random()) + '-' +
                         std::to_string(::getpid());
  Fd out(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777));
  if (!out) throw_errno("cannot write '" + temporary + "'");
  try {
    Sha1 sha1;
    read_blocks(from, [&](std::string_view block) {
      sha1.add(block);
      write_all(out.get(), block, temporary);
    });
    if (::close(out.release()) != 0)
      throw_errno("cannot write '" + temporary + "'");
    if (sha1.text() != known) {
      ::unlink(temporary.c_str());
      return false;
    }
    if (::rename(temporary.c_str(), to.c_str()) != 0)
      throw_errno("cannot write '" + to + "'");
    return true;
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

std::string sha1_of_file(const std::string& path) {
  Sha1 sha1;
  read_blocks(path, [&](std::string_view block) { sha1.add(block); });
  return sha1.text();
}

// Whether `to` is there, as a copy with this SHA-1, and can be run.
bool copy_program(const std::string& from, const std::string& to,
                  const std::string& sha1) {
  if (::access(to.c_str(), F_OK) != 0 && !copy(from, to, sha1)) return false;
  return ::access(to.c_str(), X_OK) == 0;
}

}  // namespace

PluginSnapshot::PluginSnapshot(const std::string& plugin,
                               const std::string& folder)
    : original_(plugin), path_(plugin) {
  const bool is_self = plugin == this_program().path;
  const std::string content = is_self ? running_file : plugin;
  const auto before = identity(content);
  Sha1 sha1;
  try {
    read_blocks(content, [&](std::string_view block) { sha1.add(block); });
  } catch (const std::system_error& error) {
    throw Error(exit_bad_plugin, error.what());
  }
  sha1_ = sha1.text();
  const ElfFile elf(content);
  build_id_ = elf.build_id();
  if (elf.needs_its_place()) {
    watched_ = before;
    return;
  }
  const auto place = folder + '/' + sha1_;
  const auto copied = place + '/' + plugin.substr(plugin.find_last_of('/') + 1);
  struct stat info;
  bool same = true;
  try {
    if (::stat(copied.c_str(), &info) != 0) {
      make_directories(AT_FDCWD, place);
      same = copy(content, copied, sha1_);
    }
    // A file system may be mounted such that nothing on it can be executed.
    if (same && ::access(copied.c_str(), X_OK) == 0)
      path_ = copied;
    else
      watched_ = before;
  } catch (const std::system_error&) {
    ::rmdir(place.c_str());
    watched_ = before;
  }
  if (!same || identity(content) != before)
    throw Error(exit_bad_plugin, "cannot run plugin '" + plugin +
                                     "': it is being written at this moment"
                                     " (wait for the build to end)");
}

const std::string& PluginSnapshot::path() const {
  if (!watched_.empty() && identity(original_) != watched_)
    throw Error(exit_bad_plugin,
                "cannot go on with plugin '" + original_ +
                    "': it changed during the run (start again: what is done"
                    " will be skipped)");
  return path_;
}

std::string host_snapshot(const std::string& folder) {
  const auto& own = this_program().path;
  if (!own.empty()) return PluginSnapshot(own, folder).path();
  // eh-host and eh-child belong together, as they were built.
  const auto child = child_command().at(0);
  const auto beside = child.substr(0, child.find_last_of('/'));
  const auto original = beside + "/eh-host";
  if (ElfFile(running_file).needs_its_place() ||
      ElfFile(child).needs_its_place())
    return original;
  try {
    const auto host_sha1 = sha1_of_file(running_file);
    const auto child_sha1 = sha1_of_file(child);
    const auto place = folder + '/' + sha1_text(host_sha1 + child_sha1);
    make_directories(AT_FDCWD, place);
    if (copy_program(child, place + "/eh-child", child_sha1) &&
        copy_program(running_file, place + "/eh-host", host_sha1))
      return place + "/eh-host";
  } catch (const std::system_error&) {
    // No room, say.
  }
  return original;
}

}  // namespace eh::host
