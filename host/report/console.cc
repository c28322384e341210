#include "report/console.h"

#include <fcntl.h>

#include <algorithm>

#include "base/shortened.h"
#include "base/text.h"
#include "contract/child.h"
#include "events/log_record.h"
#include "os/file.h"

namespace eh::host {
namespace {

constexpr std::size_t tail_lines = 5;  // of the log of a failure

// The last lines of a file, without the time that a log line begins with.
std::vector<std::string> last_lines(const std::string& path, bool is_log) {
  auto text = read_tail(AT_FDCWD, path, 64 * 1024);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.empty()) return {};
  std::vector<std::string> lines;
  for (std::size_t end = text.size(); lines.size() < tail_lines;) {
    const auto before = end == 0 ? text.npos : text.rfind('\n', end - 1);
    const auto begin = before == text.npos ? 0 : before + 1;
    auto line = text.substr(begin, end - begin);
    if (is_log && line.size() > 25 && line[4] == '-') line.erase(0, 25);
    lines.push_back(printable(beginning(line, 400)));
    if (before == text.npos) break;
    end = before;
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

// " (3 of them stale: ...)", if there are any.
std::string stale_text(const RunStarted& e) {
  const auto stale = e.stale.value_or(0);
  if (stale == 0) return {};
  return " (" + (stale < e.done_before ? grouped(stale) + " of them " : "") +
         "stale: explain shows why, --stale --force runs them again)";
}

}  // namespace

std::string shown_text(const LogRecord& record, const Paint& paint) {
  const auto name = paint(Colour::bold, record.experiment);
  if (record.source == LogRecord::experiment_output)
    return name + ' ' + paint(Colour::dim, "| " + printable(record.text));
  const auto colour = record.level >= log_level::error     ? Colour::red
                      : record.level >= log_level::warning ? Colour::yellow
                                                           : Colour::dim;
  auto before = name + ' ' +
                paint(colour, level_name(record.level) + std::string(":")) +
                ' ';
  std::string text;
  for (const auto& line : split(record.text, '\n')) {
    text += before + printable(line);
    before = "\n" + name + "     ";
  }
  if (record.level >= log_level::warning && !record.file.empty())
    text += paint(Colour::dim, "  (" + printable(record.file) + ':' +
                                   std::to_string(record.line) + ')');
  return text;
}

Reporter::Reporter(Terminal& terminal, ReporterOptions options)
    : terminal_(terminal), options_(options) {}

void Reporter::on(const Event& event) {
  std::visit([this](const auto& e) { tell(e); }, event);
  if (terminal_.has_status_line() &&
      Clock::now() - drawn_ > std::chrono::milliseconds(80))
    draw();
}

void Reporter::recall(const Event& event) {
  silent_ = true;
  std::visit([this](const auto& e) { tell(e); }, event);
  silent_ = false;
}

void Reporter::tick() {
  show_cluster();
  draw();
}

std::size_t Reporter::ended() const {
  return run_.done_before + ok_ + failed_ + other_ + by_others_;
}

void Reporter::tell(const RunStarted& e) {
  run_ = e;
  begin_ = Clock::now();
  if (!options_.summary) return;
  std::string text =
      count_text(e.chosen, "experiment") + " of '" + e.group + "': ";
  if (e.done_before > 0)
    text += grouped(e.done_before) + " done before" + stale_text(e) + ", ";
  text += grouped(e.chosen - e.done_before) + " to run";
  if (e.tasks > 0) text += " in " + count_text(e.tasks, "task") + " on SLURM";
  if (e.jobs > 0) text += ", " + std::to_string(e.jobs) + " at a time";
  terminal_.line((e.attached ? "run " + e.run_id + ": " : "") + text);
}

void Reporter::tell(const ExperimentStarted& e) {
  running_[e.name] = {Clock::now()};
  if (e.resumes && options_.lines && !silent_)
    terminal_.line(e.name + " goes on from its checkpoint (attempt " +
                   std::to_string(e.attempt) + ')');
}

void Reporter::ended_line(const std::string& word, Colour colour,
                          const std::string& name, const std::string& rest) {
  if (!options_.lines || silent_) return;
  const auto total = grouped(run_.chosen);
  auto number = grouped(ended());
  if (number.size() < total.size())
    number.insert(0, total.size() - number.size(), ' ');
  terminal_.line('[' + number + '/' + total + "] " +
                 terminal_.paint(colour, word) +
                 std::string(word.size() < 9 ? 9 - word.size() : 0, ' ') + ' ' +
                 name + rest);
}

void Reporter::remember(Failure failure) {
  failure.message = shortened_message(failure.message, contract::verdict_file);
  const auto kind = kinds_.add(failure.status, failure.message, failure.name);
  if (kind == failures_.size() && failures_.size() < most_failures)
    failures_.push_back(std::move(failure));
}

void Reporter::tell(const ExperimentEnded& e) {
  running_.erase(e.name);
  const bool good = e.status == Status::ok;
  const bool stopped = is_cut_off(e.status);
  auto rest = "  " + duration_text(e.seconds);
  if (!e.message.empty()) rest += "  " + first_line(e.message);
  if (e.will_retry) {
    ended_line("retry", Colour::yellow, e.name, rest);
    return;
  }
  ++(good ? ok_ : stopped ? other_ : failed_);
  ended_line(status_name(e.status),
             good      ? Colour::green
             : stopped ? Colour::yellow
                       : Colour::red,
             e.name, rest);
  if (e.left_processes > 0 && options_.lines && !silent_)
    terminal_.line("  it left " +
                   count_text(e.left_processes, "process", "processes") +
                   " behind, which were ended");
  if (!e.kept.empty() && options_.lines && !silent_)
    terminal_.line("  its result of before is in " + e.kept);
  if (!good && !stopped)
    remember({e.name, e.leaf, status_name(e.status), e.message, e.backtrace});
}

void Reporter::tell(const ExperimentHeldElsewhere& e) {
  if (told_elsewhere_ || !options_.lines || silent_) return;
  told_elsewhere_ = true;
  terminal_.line("another host (" + e.host + ", process " +
                 std::to_string(e.pid) + ") works on some of these, such as " +
                 e.name + "; they are shared between us");
}

void Reporter::tell(const ExperimentEndedElsewhere& e) {
  const bool good = e.status == Status::ok;
  ++(good ? by_others_ : failed_);
  ended_line(status_name(e.status), good ? Colour::green : Colour::red, e.name,
             "  by another host");
  if (!good) remember({e.name, e.leaf, status_name(e.status), e.message, {}});
}

void Reporter::tell(const ExperimentUnwritable& e) {
  running_.erase(e.name);
  ++failed_;
  ended_line("NOT SAVED", Colour::red, e.name, "  " + first_line(e.message));
  remember({e.name, e.leaf, "not saved", e.message, {}});
}

void Reporter::tell(const ClusterState& e) {
  cluster_ = e;
  cluster_changed_ = !silent_;
  show_cluster();
}

// Where there is no status line, a line now and then, less often the longer it
// takes.
void Reporter::show_cluster() {
  if (terminal_.has_status_line() || !options_.lines || !cluster_changed_ ||
      Clock::now() < cluster_at_)
    return;
  cluster_changed_ = false;
  cluster_at_ = Clock::now() + cluster_pause_;
  cluster_pause_ = std::min(2 * cluster_pause_, std::chrono::seconds(60));
  const auto nodes = nodes_text(cluster_);
  terminal_.line(terminal_.paint(
      Colour::dim, "tasks: " + tasks_text(cluster_) +
                       (nodes.empty() ? "" : "; experiments on " + nodes)));
}

void Reporter::tell(const Notice& e) {
  if (silent_ || !options_.summary) return;
  const auto colour = e.level >= log_level::error     ? Colour::red
                      : e.level >= log_level::warning ? Colour::yellow
                                                      : Colour::none;
  terminal_.line(terminal_.paint(colour, printable(e.text)));
}

void Reporter::tell(const Stopping& e) {
  if (!options_.summary || silent_) return;
  std::string text = e.why + ": ";
  if (e.killing)
    text += "killing " + count_text(e.running, "experiment");
  else
    text += "nothing new is started, " + grouped(e.running) + " running, " +
            grouped(e.not_started) + " left" +
            (e.why == "interrupted" && e.running > 0 && run_.tasks == 0
                 ? " (interrupt again to kill at once)"
                 : "");
  terminal_.line(terminal_.paint(Colour::yellow, text));
}

void Reporter::draw() {
  if (!terminal_.has_status_line() || run_.chosen == 0 || ended_run_) return;
  drawn_ = Clock::now();
  const auto now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - begin_).count();
  const auto finished = ended() - run_.done_before;
  const auto open = run_.chosen - ended();
  std::string text = grouped(ended()) + '/' + grouped(run_.chosen) + " done";
  if (failed_ > 0) text += ", " + grouped(failed_) + " failed";
  text += ", " + grouped(running_.size()) + " running";
  if (const auto nodes = nodes_text(cluster_); !nodes.empty())
    text += " (" + nodes + ')';
  text += ", " + grouped(open - std::min(open, running_.size())) + " left";
  if (run_.tasks > 0) text += "; tasks: " + tasks_text(cluster_);
  text += "  " + duration_text(elapsed);
  if (finished > 0 && open > 0)
    text += ", about " +
            duration_text(elapsed / static_cast<double>(finished) *
                          static_cast<double>(open)) +
            " to go";
  // The one that has run longest first.
  std::vector<std::pair<Clock::time_point, const std::string*>> running;
  for (const auto& [name, one] : running_)
    running.emplace_back(one.since, &name);
  const auto shown = std::min<std::size_t>(running.size(), 8);
  std::partial_sort(running.begin(),
                    running.begin() + static_cast<std::ptrdiff_t>(shown),
                    running.end());
  for (std::size_t i = 0; i < shown; ++i)
    text += (i == 0 ? "  " : ", ") + *running[i].second + ' ' +
            duration_text(
                std::chrono::duration<double>(now - running[i].first).count());
  terminal_.status(text);
}

void Reporter::show(const Failure& failure, const FailureKind& kind) {
  terminal_.line("");
  terminal_.line(
      terminal_.paint(Colour::red, failure.status + ": ") +
      (kind.count > 1 ? grouped(kind.count) + " alike: " : std::string()) +
      terminal_.paint(Colour::bold, kind.names_text()));
  const auto message = split(failure.message, '\n');
  for (std::size_t i = 0; i < std::min<std::size_t>(message.size(), 20); ++i)
    terminal_.line("  " + printable(beginning(message[i], 1000)));
  const auto frames = std::min<std::size_t>(failure.backtrace.size(), 12);
  for (std::size_t i = 0; i < frames; ++i)
    terminal_.line("    #" + std::to_string(i) + ' ' + failure.backtrace[i]);
  for (const auto& [file, is_log] :
       {std::pair{contract::log_file, true}, {contract::output_file, false}}) {
    const auto lines = last_lines(failure.leaf + '/' + file, is_log);
    if (lines.empty()) continue;
    terminal_.line(std::string("  end of ") + file + ':');
    for (const auto& line : lines)
      terminal_.line(terminal_.paint(Colour::dim, "    " + line));
  }
  terminal_.line("  " + failure.leaf);
}

// The most frequent kind first.
void Reporter::show_failures() {
  auto order = kinds_.by_count();
  std::size_t more = 0;
  for (const auto kind : order)
    if (kind >= failures_.size()) more += kinds_.all()[kind].count;
  std::erase_if(order, [&](auto kind) { return kind >= failures_.size(); });
  for (const auto kind : order) show(failures_[kind], kinds_.all()[kind]);
  if (more > 0)
    terminal_.line("\nand " + grouped(more) +
                   " more failed (--list --failed shows them)");
}

void Reporter::tell(const RunBroken&) {
  ended_run_ = true;
  terminal_.clear_status();
}

void Reporter::tell(const RunLeft& e) {
  ended_run_ = true;
  terminal_.clear_status();
  if (options_.summary) terminal_.line(printable(e.message));
}

void Reporter::tell(const RunEnded& e) {
  ended_run_ = true;
  terminal_.clear_status();
  if (!options_.summary) return;
  show_failures();
  std::string text;
  for (const auto& part : count_parts(e.counts)) {
    const auto colour = part.kind == CountPart::good       ? Colour::green
                        : part.kind == CountPart::bad      ? Colour::red
                        : part.kind == CountPart::doubtful ? Colour::yellow
                                                           : Colour::none;
    text += (text.empty() ? "" : ", ") +
            terminal_.paint(colour, grouped(part.count) + ' ' + part.words);
  }
  if (!failures_.empty()) terminal_.line("");
  terminal_.line(count_text(e.counts.chosen, "experiment") +
                 (text.empty() ? "" : ": ") + text + "  (" +
                 duration_text(e.seconds) + ')');
  terminal_.line("results in " + run_.output + '/' + run_.group);
}

}  // namespace eh::host
