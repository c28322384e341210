#include "child/output.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ostream>

#include "child/plugin.h"
#include "contract/child.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

// After std::ios::sync_with_stdio(false), std::cout holds text too. Including
// <iostream> here would initialise the streams in every child, which is a
// twentieth of its instructions; as long as no plugin does, they are zeros.
void flush_streams() {
  flush_built_in();  // linked statically, they have no name to be found by
  for (const char* name : {"_ZSt4cout", "_ZSt4clog"}) {
    auto* stream = static_cast<std::ostream*>(::dlsym(RTLD_DEFAULT, name));
    static constexpr char zeros[sizeof(void*)] = {};
    if (stream && std::memcmp(static_cast<void*>(stream), zeros, sizeof zeros))
      stream->flush();
  }
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
  flush_streams();
  if (std::fflush(nullptr) != 0) {
    const int error = errno;
    // Others mean a stream that the experiment closed under stdio.
    if (error == ENOSPC || error == EDQUOT || error == EIO || error == EFBIG)
      return "cannot write the output: " + reason_text(error);
  }
  return {};
}

void remove_empty_output(int leaf) {
  struct stat info;
  if (::fstatat(leaf, contract::output_file, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISREG(info.st_mode) && info.st_size == 0)
    ::unlinkat(leaf, contract::output_file, 0);
}

}  // namespace eh::host::child
