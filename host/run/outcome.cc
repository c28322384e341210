#include "run/outcome.h"

namespace eh::host {

void RunOutcome::count(const ExperimentEnded& ended) {
  unwritten = unwritten || ended.unwritten;
  ++(is_cut_off(ended.status)     ? counts.cancelled
     : ended.status == Status::ok ? counts.ok
                                  : counts.failed);
}

int RunOutcome::exit_code() const {
  if (stop_signal != 0) return 128 + stop_signal;
  if (counts.unwritable > 0 || unwritten) return exit_write;
  if (broken) return broken->code();
  if (max_fail_reached) return exit_max_fail;
  if (counts.failed > 0 || counts.cancelled > 0) return exit_failed;
  return counts.not_started > 0 ? exit_pending : exit_done;
}

}  // namespace eh::host
