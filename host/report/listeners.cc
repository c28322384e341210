#include "report/listeners.h"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "json/write.h"
#include "os/program.h"
#include "report/event_record.h"

namespace eh::host {
namespace {

bool wants_status_line(const ListenersOptions& options) {
  if (options.foreground || options.json) return false;
  return options.progress == ListenersOptions::bar ||
         (options.progress == ListenersOptions::automatic &&
          Terminal::is_terminal(1));
}

ReporterOptions reporter_options(const ListenersOptions& options) {
  ReporterOptions out;
  out.lines = options.progress != ListenersOptions::none && !options.foreground;
  out.summary = options.progress != ListenersOptions::none;
  return out;
}

}  // namespace

Listeners::Listeners(const ListenersOptions& options, const Config& config,
                     const std::string& group)
    : options_(options),
      group_(group),
      settings_(settings_of(config)),
      slack_settings_(slack_settings_of(config)),
      terminal_(log_, 1, wants_status_line(options), Terminal::wants_colours(1),
                shown_records()),
      reporter_(terminal_, reporter_options(options)),
      files_(log_),
      least_(least_wanted()),
      tail_(tail_options(),
            [this](const LogRecord& record) { log_.write(record); }) {}

// In the terminal's thread.
ShownRecords Listeners::shown_records() const {
  ShownRecords out;
  out.least = settings_.least_level;
  if (options_.json)
    out.text = [group = group_](const LogRecord& record) {
      JsonObject line;
      line.text("event", "log").members(log_members(record, group));
      return line.str();
    };
  else
    out.text =
        [paint = Paint(Terminal::wants_colours(1))](const LogRecord& record) {
          return shown_text(record, paint);
        };
  return out;
}

// Opens the log files, too.
int Listeners::least_wanted() {
  try {
    for (const auto& file : settings_.log_files) files_.add(file, group_);
  } catch (const std::system_error& error) {
    throw Error(exit_write, std::string(error.what()) +
                                " (logfiles of the configuration name it)");
  }
  return slack_settings_.enabled()
             ? std::min(log_.least(), least_of(slack_settings_.setup))
             : log_.least();
}

LogTailOptions Listeners::tail_options() {
  LogTailOptions out;
  out.least = least_;
  // In the foreground it is on the terminal already.
  out.output =
      !options_.foreground && settings_.least_level <= log_level::debug;
  out.has_room = [this] { return has_room(); };
  return out;
}

void Listeners::on(const Event& event) {
  const bool last = is_last(event);
  follow(event);
  if (last) settle();
  log_.write(record_of(event, std::chrono::system_clock::now()));
  show(event);
  if (!last) return tell_slack(event);
  const auto losses = files_.close();
  tell_slack(event);
  // A terminal that was stopped holds up what comes after this.
  terminal_.flush();
  for (const auto& loss : losses) warn(loss);
  if (const int error = terminal_.error())
    warn(std::string("cannot write to stdout: ") + std::strerror(error));
  warn_of_slack();
}

void Listeners::recall(const Event& event) {
  if (!options_.json) reporter_.recall(event);
}

void Listeners::pause() {
  terminal_.clear_status();
  terminal_.flush();
}

// Whose logs are to be read.
void Listeners::follow(const Event& event) {
  if (options_.cluster) return;
  if (least_ > log_level::critical) return;  // nobody wants any
  if (const auto* started = std::get_if<ExperimentStarted>(&event))
    tail_.add(started->name, started->leaf);
  else if (const auto* ended = std::get_if<ExperimentEnded>(&event))
    tail_.finish(ended->name, ended->will_retry);
  else if (const auto* lost = std::get_if<ExperimentUnwritable>(&event))
    tail_.finish(lost->name);
}

// Shows what is left of logs, as fast as those who get it can take it.
void Listeners::settle() {
  tail_.poll();
  while (!tail_.settled()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    tail_.poll();
  }
  if (tail_.unread() > 0)
    warn("cannot read " + count_text(tail_.unread(), "log") +
         ", whose records are missing here");
  if (terminal_.left_out() > 0)
    terminal_.line(count_text(terminal_.left_out(), "record") +
                   " not shown, since nobody took what was printed (the"
                   " log.txt of each leaf has its own)");
}

void Listeners::show(const Event& event) {
  if (options_.json)
    terminal_.line(event_json(event, std::chrono::system_clock::now()));
  else
    reporter_.on(event);
}

// One that skips all has nothing to tell.
void Listeners::tell_slack(const Event& event) {
  if (const auto* started = std::get_if<RunStarted>(&event)) {
    if (started->chosen > started->done_before)
      slack_ = start_slack(log_, slack_settings_);
    if (slack_) slack_->on(*started);
  }
  if (!slack_) return;
  if (const auto* ended = std::get_if<RunEnded>(&event))
    slack_->finish(*ended);
  else if (const auto* broken = std::get_if<RunBroken>(&event))
    slack_->break_off(broken->message);
  else if (const auto* left = std::get_if<RunLeft>(&event))
    slack_->break_off(left->message);
}

void Listeners::warn_of_slack() {
  if (!slack_) return;
  if (const auto warning = slack_->take_warning()) warn(*warning);
}

// With no status line in its way.
void Listeners::warn(const std::string& text) {
  if (terminal_.has_status_line() && Terminal::is_terminal(2))
    terminal_.line(warning_text(text));
  else
    host::warn(text);
}

void Listeners::tick() {
  tail_.poll();
  if (!options_.json) reporter_.tick();
  warn_of_slack();
}

double Listeners::tick_seconds() const {
  return terminal_.has_status_line() ? 0.1 : 0.25;
}

}  // namespace eh::host
