#include "report/slack_message.h"

#include "base/text.h"
#include "report/slack_text.h"

namespace eh::host {
namespace {

using namespace log_level;

// Characters for each part, so that the longest message has less than 4,000.
constexpr std::size_t for_command = 500, for_path = 350, for_host = 80,
                      for_why = 300, for_told = 1600, for_one = 400,
                      for_name = 80, for_names = 200;

std::string headline(const char* icon, const char* word,
                     const RunStarted& run) {
  return std::string(icon) + " *" + word + ":* " +
         slack_code(run.command, for_command);
}

std::string place(const RunStarted& run, const std::string& host) {
  return "\nResults: " + slack_code(run.output + '/' + run.group, for_path) +
         " on " + slack_code(host, for_host);
}

bool is_failure(const LogRecord& record) {
  return record.source == LogRecord::host && record.level >= error &&
         !record.experiment.empty();
}

const char* icon_of(int level) {
  if (level >= error) return ":x:";
  return level >= warning ? ":warning:" : ":information_source:";
}

std::string record_text(const LogRecord& record, std::size_t most) {
  std::string out = icon_of(record.level);
  if (!record.experiment.empty())
    out += ' ' + slack_code(record.experiment, for_name);
  return out + ' ' + slack_code(record.text, most);
}

}  // namespace

std::string slack_running_text(const RunStarted& run, const std::string& host,
                               int worst) {
  auto out = worst >= error ? headline(":x:", "Running, with failures", run)
             : worst >= warning
                 ? headline(":warning:", "Running, with warnings", run)
                 : headline(":gear:", "Running", run);
  out += '\n' + count_text(run.chosen, "experiment");
  if (run.done_before > 0)
    out += ", " + grouped(run.done_before) + " done before";
  if (run.jobs > 0) out += ", " + grouped(run.jobs) + " at a time";
  return out + place(run, host);
}

std::string slack_ended_text(const RunStarted& run, const std::string& host,
                             const RunEnded& ended, int worst) {
  const auto& counts = ended.counts;
  const bool failed = counts.failed + counts.unwritable > 0;
  auto out =
      ended.exit_code != 0 ? headline(":x:", failed ? "Failed" : "Stopped", run)
      : worst >= error     ? headline(":warning:", "Done, with errors", run)
      : worst >= warning   ? headline(":warning:", "Done, with warnings", run)
                           : headline(":white_check_mark:", "Done", run);
  out += '\n' + counts_text(counts) + " in " + duration_text(ended.seconds);
  return out + place(run, host);
}

std::string slack_broken_text(const RunStarted& run, const std::string& host,
                              const std::string& why) {
  return headline(":x:", "Broken off", run) + '\n' + slack_code(why, for_why) +
         place(run, host);
}

void SlackDigest::add(const LogRecord& record) {
  const bool first = records_++ == 0;
  if (!full_) {
    const auto one = record_text(record, first ? for_told - for_name : for_one);
    if (first || slack_length(told_) + 1 + slack_length(one) <= for_told) {
      told_ += (first ? "" : "\n") + one;
      return;
    }
    full_ = true;
  }
  auto& more = is_failure(record)        ? failed_
               : record.level >= error   ? errors_
               : record.level >= warning ? warnings_
                                         : others_;
  ++more.count;
  name(more, record.experiment);
}

void SlackDigest::name(More& more, const std::string& experiment) {
  if (experiment.empty() || experiment == more.last) return;
  if (more.names.size() >= for_names) {
    more.all = false;
    return;
  }
  more.names +=
      (more.names.empty() ? "" : ", ") + slack_code(experiment, for_name);
  more.last = experiment;
}

std::string SlackDigest::text() const {
  auto out = told_;
  const auto add = [&](const More& more, int level, const char* one,
                       const char* many) {
    if (more.count == 0) return;
    out += std::string("\n") + icon_of(level) + ' ' + grouped(more.count) +
           " more " + (more.count == 1 ? one : many);
    if (!more.names.empty()) out += ": " + more.names;
    if (!more.all) out += ", ...";
  };
  add(failed_, error, "failed", "failed");
  add(errors_, error, "error", "errors");
  add(warnings_, warning, "warning", "warnings");
  add(others_, 0, "record", "records");
  return out;
}

}  // namespace eh::host
