// The listeners of a run, and the terminal they share.
#pragma once

#include "event.h"
#include "reporter.h"
#include "terminal.h"

namespace eh::host {

struct AudienceOptions {
  bool json = false;        ///< events as JSON lines
  bool foreground = false;  ///< the terminal is the experiment's
  enum Progress { automatic, bar, lines, none } progress = automatic;
};

class Audience {
 public:
  /// Records from `log_level` up are shown.
  Audience(const AudienceOptions& options, int log_level);

  void on(const Event& event);
  void tick();
  /// How often tick() is to be called.
  double tick_seconds() const;

 private:
  const bool json_;
  Terminal terminal_;
  Reporter reporter_;
};

}  // namespace eh::host
