#include "cli/host_main.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cluster/slurm/client.h"
#include "cluster/slurm/job_environment.h"
#include "cluster/task_main.h"
#include "os/program.h"
#include "os/refusal.h"
#include "os/stdout.h"

namespace eh::host {
namespace {

int dispatch(const Options& options) {
  switch (options.command) {
    case Options::version:
      print(program_and_version() + '\n');
      return exit_done;
    case Options::help:
      return help_command(options);
    case Options::list:
      return list_command(options);
    case Options::status:
      return status_command(options);
    case Options::explain:
      return explain_command(options);
    case Options::logs:
      return logs_command(options);
    case Options::attach:
      return attach_command(options);
    case Options::cancel:
      return cancel_command(options);
    case Options::export_results:
      return export_command(options);
    case Options::clean:
      return clean_command(options);
    case Options::config:
      return config_command(options);
    case Options::plugins:
      return plugins_command(options);
    case Options::run:
      break;
  }
  if (options.list_only) return list_command(options);
  if (options.dry_run) return dry_run_command(options);
  return run_command(options);
}

TaskScheduler slurm_task() {
  return {slurm_job_of(real_environment()), slurm_settings_of, connect_slurm};
}

// Output that was lost must not look like success. Who reads no further
// ("status | head") has lost nothing.
int finish(int code) {
  flush_printed();
  if (print_error == 0 || print_error == EPIPE) return code;
  std::cerr << this_program().name
            << ": cannot write to stdout: " << std::strerror(print_error)
            << '\n';
  return code == exit_done ? exit_write : code;
}

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

int end_with(ExitCode code, const std::string& message) {
  std::cerr << this_program().name << ": " << printable_lines(message) << '\n';
  return code;
}

int run_host(int argc, char** argv) {
  try {
    if (argc == 4 && std::string_view(argv[1]) == task_word)
      return task_command(argv[2], argv[3], slurm_task());
    auto options = parse_options({argv + 1, argv + argc});
    options.command_line = this_program().command;
    for (int i = 1; i < argc; ++i)
      options.command_line += ' ' + shell_quoted(argv[i]);
    return dispatch(options);
  } catch (const Error& error) {
    return end_with(error.code(), error.what());
  } catch (const std::system_error& error) {
    return end_with(exit_write, refusal_text(error));
  } catch (const std::bad_alloc&) {
    return end_with(exit_write, refusal_text({ENOMEM, std::generic_category(),
                                              "cannot go on"}));
  } catch (const std::exception& error) {
    return end_with(exit_internal,
                    std::string("internal error: ") + error.what());
  }
}

}  // namespace

// Whoever started this may have left it in any state.
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

int host_main(int argc, char** argv) {
  prepare_process();
  use_patient_cerr();
  return finish(run_host(argc, argv));
}

}  // namespace eh::host
