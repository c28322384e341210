#include "audience.h"

#include <cstdio>

namespace eh::host {
namespace {

bool wants_status_line(const AudienceOptions& options) {
  if (options.foreground || options.json) return false;
  return options.progress == AudienceOptions::bar ||
         (options.progress == AudienceOptions::automatic &&
          Terminal::is_terminal(1));
}

ReporterOptions reporter_options(const AudienceOptions& options,
                                 int log_level) {
  ReporterOptions out;
  out.lines = options.progress != AudienceOptions::none && !options.foreground;
  out.summary = options.progress != AudienceOptions::none;
  out.log_level = log_level;
  return out;
}

}  // namespace

Audience::Audience(const AudienceOptions& options, int log_level)
    : json_(options.json),
      terminal_(1, wants_status_line(options), Terminal::wants_colours(1)),
      reporter_(terminal_, reporter_options(options, log_level)) {}

void Audience::on(const Event& event) {
  if (!json_) return reporter_.on(event);
  const auto line = event_json(event, std::chrono::system_clock::now()) + '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

void Audience::tick() {
  if (!json_) reporter_.tick();
}

double Audience::tick_seconds() const {
  return terminal_.has_status_line() ? 0.1 : 0.25;
}

}  // namespace eh::host
