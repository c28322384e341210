// Runs that a program starts from its own code: eh-host does them, as a child.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.h"
#include "contract/group_run.h"
#include "contract/program.h"
#include "eh/host.hpp"
#include "embed/find_host.h"
#include "embed/forward_signals.h"
#include "embed/own_program.h"
#include "os/environment.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/refusal.h"
#include "os/signal_name.h"
#include "os/spawn.h"

namespace eh {
namespace {

using namespace host;

// In memory alone: what is asked for may have secrets in it.
Fd memory_file(const char* name) {
  Fd out(::memfd_create(name, MFD_CLOEXEC));
  if (!out) throw_errno("cannot ask eh-host for a run");
  return out;
}

// With the secrets that this process keeps from all others.
std::vector<std::string> environment_with_secrets() {
  const auto& secrets = take_secrets({std::begin(contract::secret_variables),
                                      std::end(contract::secret_variables)});
  auto out = current_environment();
  for (const auto& [name, value] : secrets) out.push_back(name + '=' + value);
  return out;
}

// Of eh-host, asked by the file `request` to answer in another.
pid_t start_host(const std::string& path, const Fd& request, const Fd& answer,
                 bool show) {
  const auto file = own_file();
  const Fd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (!nowhere) throw_errno("cannot open /dev/null");
  Spawn host;
  host.descriptors = {request.get(), answer.get()};
  if (file) host.descriptors.push_back(file.get());
  host.arguments = host_words(file ? 5 : -1);
  host.arguments.insert(host.arguments.begin(), path);
  for (const auto& word :
       {std::string(contract::request_word), std::string("3"), std::string("4"),
        std::to_string(::getpid())})
    host.arguments.push_back(word);
  host.environment = environment_with_secrets();
  if (!show) host.output_fd = nowhere.get();
  flush_output();
  return spawn(host);
}

// Leaves the end to be taken, so that no other process gets the number while
// signals are sent there. Somebody else in this process may have taken it.
void await_end(pid_t host) {
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(host), &info, WEXITED | WNOWAIT) !=
             0 &&
         errno == EINTR) {
  }
}

int take_status(pid_t host) {
  int status = 0;
  while (::waitpid(host, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

[[noreturn]] void fail_without_answer(const std::string& path, int status) {
  if (WIFSIGNALED(status))
    throw RunError(128 + WTERMSIG(status),
                   "the run was broken off: " + signal_name(WTERMSIG(status)) +
                       " ended '" + path +
                       "' (start it again: what is done"
                       " will be skipped)");
  const int code = WEXITSTATUS(status);
  throw RunError(code == 0 ? int{exit_internal} : code,
                 "cannot run: '" + path + "' ended with exit code " +
                     std::to_string(code) +
                     " and no answer (stderr may tell why)");
}

// Returns how eh-host ended.
int run_host(const std::string& path, const Fd& request, const Fd& answer,
             bool show) {
  pid_t host = -1;
  {
    ForwardSignals signals;
    host = start_host(path, request, answer, show);
    signals.to(host);
    await_end(host);
  }
  return take_status(host);
}

RunResult run(const RunRequest& request) {
  const auto path = find_host(*own_program());
  const auto asked = memory_file("eh-request");
  const auto answered = memory_file("eh-answer");
  write_all(asked.get(), contract::request_text(request),
            "what eh-host is asked for");
  const int status = run_host(path, asked, answered, request.show);
  std::string text;
  ::lseek(answered.get(), 0, SEEK_SET);
  child::read_rest(answered.get(), text);
  auto answer = contract::parse_answer(text);
  if (!answer) fail_without_answer(path, status);
  if (answer->refused)
    throw RunError(answer->result.exit_code, *answer->refused);
  return std::move(answer->result);
}

}  // namespace

RunResult run_group(const RunRequest& request) {
  if (!own_program())
    throw std::logic_error(
        "eh::run_group() needs eh::init(argc, argv) first thing in main()");
  try {
    return run(request);
  } catch (const RunError&) {
    throw;
  } catch (const std::exception&) {
    const auto refusal = current_refusal();
    throw RunError(refusal.code, refusal.text);
  }
}

}  // namespace eh
