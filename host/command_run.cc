// The main command: runs the selected experiments.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <system_error>

#include "commands.h"
#include "error.h"
#include "program.h"
#include "reporter.h"
#include "session.h"
#include "text.h"

namespace eh::host {
namespace {

// Throws Error (usage) if there is no such program.
void check_debugger(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const auto& folder : split(path ? path : "", ':')) {
    const auto file = name.find('/') == name.npos ? folder + '/' + name : name;
    if (::access(file.c_str(), X_OK) == 0) return;
  }
  throw Error(exit_usage, "cannot use --debugger '" + name +
                              "': there is no such program (install it, or"
                              " name it with its path)");
}

// The listeners of a run, and the terminal they share.
class Audience {
 public:
  Audience(const Options& options, int log_level)
      : json_(options.json),
        terminal_(1, wants_status_line(options), Terminal::wants_colours(1)),
        reporter_(terminal_, reporter_options(options, log_level)) {}

  void on(const Event& event) {
    if (json_) {
      const auto line = event_json(event, std::chrono::system_clock::now());
      std::fwrite((line + '\n').data(), 1, line.size() + 1, stdout);
      std::fflush(stdout);
    } else {
      reporter_.on(event);
    }
  }
  void tick() {
    if (!json_) reporter_.tick();
  }
  double tick_seconds() const {
    return terminal_.has_status_line() ? 0.1 : 0.25;
  }

 private:
  static bool wants_status_line(const Options& options) {
    if (options.foreground || options.json) return false;
    return options.progress == Options::bar ||
           (options.progress == Options::automatic && Terminal::is_terminal(1));
  }
  static ReporterOptions reporter_options(const Options& options,
                                          int log_level) {
    ReporterOptions out;
    out.lines = options.progress != Options::none && !options.foreground;
    out.summary = options.progress != Options::none;
    out.log_level = log_level;
    return out;
  }

  bool json_;
  Terminal terminal_;
  Reporter reporter_;
};

int run(const Options& options) {
  const Workspace workspace(options);
  const auto& group = options.query.group;
  const auto selection = workspace.select(options.query, options.states);
  if (!options.debugger.empty()) check_debugger(options.debugger[0]);
  if (options.foreground && selection.size() != 1)
    throw Error(exit_usage,
                "cannot run in the foreground: " +
                    count_text(selection.size(), "experiment") +
                    " selected (--interactive takes one NAME, --debugger"
                    " needs a pattern that matches one)");
  Audience audience(options, workspace.settings(group).log_level);
  Session session(workspace,
                  {group, options.force, options.foreground, options.debugger,
                   options.command_line},
                  [&](const Event& event) { audience.on(event); });
  session.on_tick = [&] { audience.tick(); };
  session.tick_seconds = audience.tick_seconds();
  const auto ended = session.run(selection);
  if (options.states.stale && !options.force && !options.json &&
      ended.counts.done_before == ended.counts.chosen)
    std::cerr << this_program().name
              << ": these are done, although stale: --force deletes and runs"
                 " them again\n";
  return ended.exit_code;
}

}  // namespace

int run_command(const Options& options) {
  try {
    return run(options);
  } catch (const std::system_error& error) {
    throw Error(exit_write, error.what());
  }
}

}  // namespace eh::host
