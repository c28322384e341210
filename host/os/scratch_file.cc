#include "os/scratch_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "os/fd.h"

namespace eh::host {
namespace {

std::string scratch_folder() {
  const char* folder = std::getenv("TMPDIR");
  return folder && *folder ? folder : "/tmp";
}

}  // namespace

int open_scratch_file() {
  const auto folder = scratch_folder();
  constexpr int flags = O_RDWR | O_CLOEXEC;
  int fd = ::open(folder.c_str(), flags | O_TMPFILE, 0600);
  // Not all file systems have files without a name.
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
    auto name = folder + "/eh-XXXXXX";
    fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0) ::unlink(name.c_str());
  }
  if (fd < 0) throw scratch_file_error(errno);
  return fd;
}

FileError scratch_file_error(int error) {
  return FileError("the temporary file in '" + scratch_folder() +
                       "': " + child::reason_text(error) +
                       " (make room there, or let TMPDIR name another folder)",
                   error);
}

}  // namespace eh::host
