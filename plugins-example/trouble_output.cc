// Experiments that print, log and report what is hard to keep apart or to show.
#include <unistd.h>

#include <cstdio>
#include <eh/eh.hpp>
#include <limits>
#include <string>

namespace {

void print() {
  for (int i = 1; i <= 5; ++i) {
    std::printf("line %d on stdout\n", i);
    std::fflush(stdout);
    std::fprintf(stderr, "line %d on stderr\n", i);
  }
  std::printf("and one that does not end");
  std::fflush(stdout);
}

/// 5 MB in lines of 100 bytes.
void flood() {
  const std::string line(90, '=');
  for (int i = 0; i < 50'000; ++i) std::printf("%8d %s\n", i, line.c_str());
}

void log_all_levels(eh::Run& run) {
  run.log().debug("for who looks for a mistake");
  run.log().info("for who wants to know how far it is");
  run.log().warning("for who trusts the result");
  run.log().error("for who wants to know why it failed");
  run.log().critical("for who can still save something");
}

void log_odd_texts(eh::Run& run) {
  run.log().info("");
  run.log().info("two\nlines");
  run.log().info("\033[31mred\033[0m and a bell\a");
  run.log().info("not UTF-8: \xff\xfe, a zero: " + std::string(1, '\0'));
  run.log().info("\u03c1 = 0.9 \u2248 1");
  run.log().info(std::string(100'000, 'x'));
}

/// The next file that is opened gets the number of stdout.
void close_stdout(eh::Run& run) {
  std::printf("before\n");
  std::fflush(stdout);
  close(STDOUT_FILENO);
  run.write("after.txt", std::string("written after stdout was closed\n"));
  run.log().info("logged after stdout was closed");
  std::printf("after\n");
}

void report_odd_metrics(eh::Run& run) {
  using Limits = std::numeric_limits<double>;
  run.metric("odd", 1, Limits::quiet_NaN());
  run.metric("odd", 2, Limits::infinity());
  run.metric("odd", 3, -Limits::infinity());
  run.metric("odd", 4, Limits::denorm_min());
  run.metric("odd", 5, Limits::max());
  run.metric("odd", Limits::quiet_NaN(), 6);
  run.metric("a name with \"quotes\", \\ and a\nnew line", 1, 1);
}

}  // namespace

EH_EXPERIMENT(trouble, "prints", print)
    .describe("Prints to stdout and stderr in turn");
EH_EXPERIMENT(trouble, "floods", flood).describe("Prints 5 MB");
EH_EXPERIMENT(trouble, "logs", log_all_levels)
    .describe("Logs a record of each level");
EH_EXPERIMENT(trouble, "logs-odd", log_odd_texts)
    .describe("Logs texts that are hard to show in one line");
EH_EXPERIMENT(trouble, "closes-stdout", close_stdout)
    .describe("Closes its standard output and goes on");
EH_EXPERIMENT(trouble, "nan", report_odd_metrics)
    .describe("Reports metrics that are not numbers");
