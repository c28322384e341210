#include "os/prepare_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <initializer_list>

namespace eh::host {
namespace {

// A program started without stdin, say, must not get a pipe's end as such.
void open_standard_descriptors() {
  while (true) {
    const int fd = ::open("/dev/null", O_RDWR);
    if (fd > 2 || fd < 0) {
      ::close(fd);
      return;
    }
  }
}

}  // namespace

void prepare_process() {
  // Writing to a pipe that nobody reads, or beyond a limit of file sizes, is
  // an error code, not the end.
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_IGN);
  // One that is blocked would never ask us to stop.
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // What is made here is for us to use.
  ::umask(::umask(0) & ~mode_t{S_IRWXU});
  open_standard_descriptors();
}

}  // namespace eh::host
