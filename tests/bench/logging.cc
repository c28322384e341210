// 200,000 records by eh::log and by others that keep each before the next:
// each experiment writes the seconds that its loop took to seconds.txt.
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <eh/eh.hpp>
#include <string>

namespace {

constexpr int records = 200'000;

template <class Log>
void measure(eh::Run& run, const Log& log) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < records; ++i) log(i);
  const std::chrono::duration<double> time =
      std::chrono::steady_clock::now() - begin;
  run.write("seconds.txt", std::to_string(time.count()));
}

void by_eh(eh::Run& run) {
  measure(run, [](int i) { eh::log::info("record {} of {}", i, records); });
}

void by_spdlog(eh::Run& run) {
  const auto logger = spdlog::basic_logger_st("file", "spdlog.txt");
  logger->flush_on(spdlog::level::info);
  measure(run, [&](int i) { logger->info("record {} of {}", i, records); });
}

void by_stdio(eh::Run& run) {
  std::FILE* file = std::fopen("stdio.txt", "w");
  measure(run, [&](int i) {
    std::fprintf(file, "record %d of %d\n", i, records);
    std::fflush(file);
  });
  std::fclose(file);
}

}  // namespace

EH_GROUP(logging, "what a log record costs");
EH_EXPERIMENT(logging, "eh", by_eh);
EH_EXPERIMENT(logging, "spdlog", by_spdlog);
EH_EXPERIMENT(logging, "stdio", by_stdio);
