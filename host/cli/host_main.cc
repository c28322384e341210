#include "cli/host_main.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "cli/answer_request.h"
#include "cli/commands.h"
#include "cli/starter.h"
#include "cluster/slurm/client.h"
#include "cluster/slurm/job_environment.h"
#include "cluster/task_main.h"
#include "os/prepare_process.h"
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

int run_host(std::vector<std::string> words) {
  try {
    const auto starter = take_starter(words);
    if (is_request(words)) return answer_request(words, starter);
    starter.check();
    if (words.size() == 3 && words[0] == task_word)
      return task_command(words[1], words[2], slurm_task());
    auto options = parse_options(words);
    options.command_line = this_program().command;
    for (const auto& word : words)
      options.command_line += ' ' + shell_quoted(word);
    return dispatch(options);
  } catch (const std::exception&) {
    const auto refusal = current_refusal();
    std::cerr << this_program().name << ": " << printable_lines(refusal.text)
              << '\n';
    return refusal.code;
  }
}

}  // namespace

int host_main(int argc, char** argv) {
  prepare_process();
  use_patient_cerr();
  return finish(run_host({argv + 1, argv + argc}));
}

}  // namespace eh::host
