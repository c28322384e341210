#include "os/refusal.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <exception>
#include <new>
#include <string_view>

namespace eh::host {
namespace {

// Whether the folder that this was started in was removed.
bool is_nowhere() {
  char path[PATH_MAX];
  return !::getcwd(path, sizeof path) && errno == ENOENT;
}

// What to do about it.
const char* advice(int error) {
  switch (error) {
    case EMFILE:
      return "raise the limit of open files: ulimit -n";
    case ENFILE:
      return "end other programs: the system can open no more files";
    case EAGAIN:
      return "end other programs, or raise the limit of processes: ulimit -u";
    case ENOMEM:
      return "end other programs, or raise the limit of memory: ulimit -v";
    case EIO:
      return "the log of the system, dmesg, may tell more";
    case ENOENT:
      if (is_nowhere()) return "this folder is gone: go to another one";
      return nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

std::string refusal_text(const std::system_error& error) {
  constexpr std::string_view library = "filesystem error: ";
  std::string text = error.what();
  if (text.starts_with(library)) text.erase(0, library.size());
  const char* what_to_do = advice(error.code().value());
  return what_to_do ? text + " (" + what_to_do + ')' : text;
}

Refusal current_refusal(ExitCode by_system) {
  try {
    throw;
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::system_error& error) {
    return {by_system, refusal_text(error)};
  } catch (const std::bad_alloc&) {
    return {exit_write,
            refusal_text({ENOMEM, std::generic_category(), "cannot go on"})};
  } catch (const std::exception& error) {
    return {exit_internal, std::string("internal error: ") + error.what()};
  }
}

}  // namespace eh::host
