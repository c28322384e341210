#include "os/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "os/file.h"

extern char** environ;

namespace eh::host {
namespace {

class Actions {
 public:
  Actions() { ::posix_spawn_file_actions_init(&actions_); }
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  explicit Attributes(bool own_group) {
    ::posix_spawnattr_init(&attributes_);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                           (own_group ? POSIX_SPAWN_SETSID : 0)));
  }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

// Where SIGCHLD is ignored, as whoever started us may have wanted it, the
// kernel forgets how a child ended.
void remember_children() {
  struct sigaction action {};
  ::sigaction(SIGCHLD, nullptr, &action);
  if (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT))
    ::signal(SIGCHLD, SIG_DFL);
}

// Copies of descriptors behind the places that these are to have.
std::vector<Fd> copies_of(const std::vector<int>& descriptors) {
  std::vector<Fd> out;
  const int first = 3 + static_cast<int>(descriptors.size());
  for (const int fd : descriptors) {
    out.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, first));
    if (!out.back()) throw_errno("cannot hand on a descriptor");
  }
  return out;
}

// What is in the place of its output, if that is why it could not be started.
std::string in_the_way(const Spawn& spawn) {
  if (spawn.output.empty()) return {};
  const auto path = spawn.output.starts_with('/') || spawn.directory.empty()
                        ? spawn.output
                        : spawn.directory + '/' + spawn.output;
  struct stat info;
  if (::lstat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode)) return {};
  return " ('" + path + "' is not a plain file: move it away)";
}

}  // namespace

pid_t spawn(const Spawn& spawn) {
  remember_children();
  Actions actions;
  auto* a = actions.get();
  if (!spawn.directory.empty())
    ::posix_spawn_file_actions_addchdir_np(a, spawn.directory.c_str());
  if (!spawn.input.empty())
    ::posix_spawn_file_actions_addopen(a, 0, spawn.input.c_str(), O_RDONLY, 0);
  else if (spawn.input_fd != 0)
    ::posix_spawn_file_actions_adddup2(a, spawn.input_fd, 0);
  if (!spawn.output.empty()) {
    // Opening a FIFO would wait for a reader.
    ::posix_spawn_file_actions_addopen(
        a, 1, spawn.output.c_str(),
        O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOFOLLOW, 0666);
    ::posix_spawn_file_actions_adddup2(a, 1, 2);
  } else {
    if (spawn.output_fd != 1)
      ::posix_spawn_file_actions_adddup2(a, spawn.output_fd, 1);
    if (spawn.error_fd != 2)
      ::posix_spawn_file_actions_adddup2(a, spawn.error_fd, 2);
  }
  const auto copies = copies_of(spawn.descriptors);
  int place = 3;
  for (const auto& copy : copies)
    ::posix_spawn_file_actions_adddup2(a, copy.get(), place++);
  ::posix_spawn_file_actions_addclosefrom_np(a, place);

  const Attributes attributes(spawn.own_group);
  const auto arguments = pointers(spawn.arguments);
  const auto environment = pointers(spawn.environment);
  const char* program = arguments[0];
  pid_t pid = -1;
  // A program given by name alone is searched in PATH.
  const bool search = spawn.arguments[0].find('/') == std::string::npos;
  const int error = (search ? ::posix_spawnp : ::posix_spawn)(
      &pid, program, a, attributes.get(), arguments.data(), environment.data());
  if (error != 0)
    throw std::system_error(
        error, std::generic_category(),
        "cannot start '" + spawn.arguments[0] + "'" + in_the_way(spawn));
  return pid;
}

bool is_shortage(const std::error_code& code) {
  const int shortages[] = {EAGAIN, ENOMEM, EMFILE, ENFILE};
  return std::find(std::begin(shortages), std::end(shortages), code.value()) !=
         std::end(shortages);
}

std::vector<std::string> current_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; entry && *entry; ++entry)
    out.emplace_back(*entry);
  return out;
}

}  // namespace eh::host
