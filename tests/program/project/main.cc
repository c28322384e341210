// Experiments and main() in one program.
#include <unistd.h>

#include <cstdlib>
#include <eh/eh.hpp>
#include <eh/host.hpp>
#include <iostream>

struct Wave {
  double height = 1;
  int seed = 1;
};
EH_PARAMETERS(Wave, height, seed)

static void wave(eh::Run& run, const Wave& wave) {
  run.write("height.txt", std::to_string(wave.height * wave.seed));
  run.write("process.txt", std::to_string(::getpid()));
}

// Buffered text has to arrive, although a child ends without destructors.
static void talk(eh::Run& run) {
  std::ios::sync_with_stdio(false);
  std::cout << "said";
  run.log().warning("logged");
}

static void refuse() {
  throw std::runtime_error("no");
}

static void crash_here() {
  std::abort();
}

EH_GROUP(main, "What it measures");
EH_EXPERIMENT(main, "talk", talk);
EH_EXPERIMENT(main, "high", wave, {.height = 3});
EH_EXPERIMENT(main, "sweep/{height}/{seed}", wave)
    .sweep(&Wave::height, {0.5, 2})
    .repeat(&Wave::seed, 3);
EH_GROUP(trouble, "What fails");
EH_EXPERIMENT(trouble, "fine", [] {});
EH_EXPERIMENT(trouble, "refuse", refuse);
EH_EXPERIMENT(trouble, "crash", crash_here);

int main(int argc, char** argv) {
  if (const char* host = std::getenv("MEASURE_BUILT_WITH"))
    return eh::run_main(argc, argv, host);
  return eh::run_main(argc, argv);
}
