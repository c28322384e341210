// A million points of a plot, by eh and by a plain buffered fprintf() of the
// same lines. Each writes the seconds that it took.

#include <chrono>
#include <cstdio>
#include <eh/eh.hpp>
#include <string>

EH_GROUP(metrics, "What a point costs");

namespace {

constexpr int points = 1'000'000;

template <class Report>
void measure(eh::Run& run, const Report& report) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < points; ++i) report(i, 1.0 / (i + 1));
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begin;
  run.write("seconds.txt", std::to_string(taken.count()));
}

}  // namespace

EH_EXPERIMENT(metrics, "stdio", [](eh::Run& run) {
  std::FILE* file = std::fopen("points.jsonl", "w");
  measure(run, [&](int step, double value) {
    std::fprintf(file, "{\"name\":\"wait\",\"step\":%d,\"value\":%.17g}\n",
                 step, value);
  });
  std::fclose(file);
});

EH_EXPERIMENT(metrics, "eh", [](eh::Run& run) {
  measure(run,
          [&](int step, double value) { run.metric("wait", step, value); });
});
