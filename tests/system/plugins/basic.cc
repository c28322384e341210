// Well-behaved experiments for the system tests. Those that have to last wait
// for a file in the folder the host was started in, so that a test decides.

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <eh/eh.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

enum class Method { fast, exact };

struct Study {
  double load = 0.5;
  int servers = 1;
  int seed = 1;
  bool verbose = false;
  Method method = Method::fast;
  std::string text = "plain";
  std::vector<int> sizes = {1, 2};
};

struct Number {
  int i = 1;
};

EH_GROUP(main, "experiments of many kinds");
EH_GROUP(work, "experiments that last until a test lets them end");

static void study(eh::Run& run, const Study& p) {
  run.log().info("load {} on {} servers", p.load, p.servers);
  std::ofstream("result.txt")
      << p.load << ' ' << p.servers << ' ' << p.seed << '\n';
}

EH_EXPERIMENT(main, "baseline", study).describe("the usual settings");
EH_EXPERIMENT(main, "heavy", study, {.load = 0.95, .text = "a b/c"});
EH_EXPERIMENT(main, "sweep/c={servers}/load={load}/{seed}", study)
    .describe("load, servers and seeds")
    .sweep(&Study::servers, {1, 2, 4})
    .sweep(&Study::load, {0.1, 0.5, 0.9})
    .repeat(&Study::seed, 3);
EH_EXPERIMENT(main, "method/{method}", study)
    .sweep(&Study::method, {Method::fast, Method::exact});
EH_REGISTER(main, group) {
  for (int day = 1; day <= 12; ++day)
    group.add("day" + std::to_string(day), [] {}).describe("one of many days");
}

// Notes in the launch directory that it ran.
static void note(eh::Run& run, const std::string& file) {
  const auto path = run.input(file).string();
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  const auto line = std::string(run.name()) + '\n';
  if (fd < 0 || ::write(fd, line.data(), line.size()) < 0)
    throw std::runtime_error("cannot note " + path);
  ::close(fd);
}

static void wait_for(eh::Run& run, const std::string& file) {
  while (!std::filesystem::exists(run.input(file)) &&
         !std::filesystem::exists(run.input("open")))
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

EH_EXPERIMENT(work, "gate/{i}", [](eh::Run& run, const Number& p) {
  note(run, "started.txt");
  wait_for(run, "open-" + std::to_string(p.i));
  note(run, "ended.txt");
}).repeat(&Number::i, 8);

EH_EXPERIMENT(work, "count/{i}", [](eh::Run& run, const Number&) {
  note(run, "started.txt");
}).repeat(&Number::i, 60);

// Waits for the gate unless it is asked to stop; goes on from its checkpoint.
EH_EXPERIMENT(work, "polite", [](eh::Run& run) {
  run.stop_requested();  // SIGTERM only asks from now on
  const auto before = run.resume<int>().value_or(0);
  run.checkpoint(before + 1);
  note(run, "started.txt");
  while (!run.stop_requested()) {
    if (std::filesystem::exists(run.input("open"))) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
});

// What an experiment sees: its environment, descriptors and place.
EH_EXPERIMENT(work, "surroundings", [](eh::Run& run) {
  std::ofstream out("seen.txt");
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const auto target = std::filesystem::read_symlink(entry.path(), error);
    out << "fd " << entry.path().filename().string() << ' ' << target.string()
        << '\n';
  }
  for (char** entry = environ; *entry; ++entry) out << "env " << *entry << '\n';
  out << "cwd " << std::filesystem::current_path().string() << '\n'
      << "leaf " << run.leaf().string() << '\n'
      << "workers " << run.workers() << '\n'
      << "attempt " << run.attempt() << '\n'
      << "seed " << run.seed() << '\n'
      << "random " << run.rng()() << '\n'
      << "input " << run.input("x").string() << '\n';
});

EH_EXPERIMENT(work, "fails", [](eh::Run& run) {
  note(run, "started.txt");
  wait_for(run, "open");
  throw std::runtime_error("it had to fail");
});

// Forks a copy that returns as if it were the experiment, then crashes.
EH_EXPERIMENT(work, "forks", [] {
  const pid_t copy = ::fork();
  if (copy == 0) return;
  ::waitpid(copy, nullptr, 0);
  ::raise(SIGSEGV);
});

// Leaves behind a daemon without a trace of where it came from.
EH_EXPERIMENT(work, "hides", [](eh::Run& run) {
  const auto pid = run.input("hidden.txt").string();
  const auto command = "setsid env -i sh -c 'echo $$ > " + pid +
                       "; exec sleep 60' > /dev/null 2>&1 &";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("no shell");
  while (!std::filesystem::exists(pid))
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
});

struct Exact {
  double x = 0.1;
  std::vector<double> many = {0.1 + 0.2, 1e-300, 123456789.123456789};
  std::vector<int> long_list = std::vector<int>(60'000, 7);
};

EH_EXPERIMENT(work, "exact/{x}", [](eh::Run&, const Exact& p) {
  std::ofstream out("x.txt");
  out.precision(17);
  out << p.x;
}).sweep(&Exact::x, {0.1 + 0.2, 1.0 / 3, 5.012345678901234e-5});
