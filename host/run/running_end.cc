#include "run/running_end.h"

#include <signal.h>

namespace eh::host {

AttemptEnd end_of(const Running& running, JobTime* job, OomWatch& oom) {
  const auto& attempt = running.attempt;
  AttemptEnd end;
  end.exit = running.exit;
  end.timed_out = running.timed_out;
  end.asked_to_stop = running.asked_to_stop;
  end.timeout = running.limits.timeout;
  end.start = running.start_text;
  end.seconds = running.seconds;
  end.attempt = attempt.number;
  if (running.out_of_time && !running.timed_out) {
    end.why_stopped = job->ends(attempt, end.seconds);
    end.timed_out = !end.why_stopped.empty();
    if (!end.timed_out)
      end.why_stopped =
          "stopped as the time of its job was up; it goes on in"
          " another";
  } else if (running.asked_to_stop && !running.timed_out && job) {
    end.why_stopped = job->why_stopped();
  }
  if (end.exit.signal == SIGKILL && !running.asked_to_stop)
    end.oom_kill = oom.was_victim(running.oom_mark);
  else
    end.oom_loss = oom.lost_process(running.oom_mark);
  return end;
}

}  // namespace eh::host
