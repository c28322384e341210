#include "child/output.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio_ext.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <ostream>
#include <utility>

#include "child/plugin.h"
#include "contract/child.h"
#include "os/fd.h"
#include "os/signals_blocked.h"

namespace eh::host::child {
namespace {

// What the experiment closed under stdio, it wants no more of.
bool is_closed(FILE* file) {
  return ::fcntl(::fileno(file), F_GETFD) < 0;
}

int last_error() {
  return errno != 0 ? errno : EIO;
}

// Returns 0 or errno.
int flush_stdio() {
  for (FILE* file : {stdout, stderr})
    if (::__fpending(file) > 0 && is_closed(file)) ::__fpurge(file);
  errno = 0;
  return std::fflush(nullptr) == 0 ? 0 : last_error();
}

// After std::ios::sync_with_stdio(false), std::cout holds text too. Including
// <iostream> here would initialise the streams in every child, which is a
// twentieth of its instructions; as long as no plugin does, they are zeros.
// Returns 0 or errno.
int flush_streams() {
  flush_built_in();  // linked statically, they have no name to be found by
  int error = 0;
  for (const auto& [name, file] :
       {std::pair{"_ZSt4cout", stdout}, {"_ZSt4clog", stderr}}) {
    auto* stream = static_cast<std::ostream*>(::dlsym(RTLD_DEFAULT, name));
    static constexpr char zeros[sizeof(void*)] = {};
    if (!stream ||
        !std::memcmp(static_cast<void*>(stream), zeros, sizeof zeros))
      continue;
    errno = 0;
    // Unlike flush(), it throws nothing, whatever the experiment asked for.
    auto* buffer = stream->rdbuf();
    if (buffer && buffer->pubsync() != 0 && !is_closed(file) && error == 0)
      error = last_error();
  }
  return error;
}

}  // namespace

void write_output_by_lines() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
}

void flush_output_in_signal_handler() {
  // Streams wait for stdout, too. The thread that crashed may hold it, in the
  // middle of printf(): what it has put there is whole up to its last
  // character.
  if (::ftrylockfile(stdout) != 0) return;
  ::fflush_unlocked(stdout);
  flush_streams();
  ::funlockfile(stdout);
}

std::string flush_output() {
  // stdio throws away what a signal did not let it write. A crash is to be
  // explained.
  std::optional<SignalsBlocked> uninterrupted;
  if (::__fpending(stdout) > 0 || ::__fpending(stderr) > 0)
    uninterrupted.emplace(
        {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS});
  // Streams may write to stdio, whose errors are lost on them.
  int error = flush_stdio();
  for (const int next : {flush_streams(), flush_stdio()})
    if (error == 0) error = next;
  if (error != 0) return "cannot write the output: " + reason_text(error);
  // Of what it could not write earlier, stdio keeps no reason.
  for (FILE* file : {stdout, stderr})
    if (std::ferror(file) && !is_closed(file))
      return "cannot write the output: some of it was lost (was the disk"
             " full?)";
  return {};
}

void remove_empty_output(int leaf) {
  struct stat info;
  if (::fstatat(leaf, contract::output_file, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISREG(info.st_mode) && info.st_size == 0)
    ::unlinkat(leaf, contract::output_file, 0);
}

}  // namespace eh::host::child
