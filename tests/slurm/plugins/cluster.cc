// Experiments for the tests on a cluster. What lasts waits for a file in the
// folder that the host was started in, so that a test decides; what happens is
// noted there in diary.txt, a line for each beginning and end.

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <eh/eh.hpp>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

namespace {

struct Number {
  int i = 1;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "-";
}

void append(const std::filesystem::path& path, const std::string& line) {
  std::ofstream(path, std::ios::app) << line + '\n' << std::flush;
}

// What, name, node, GPUs, process, job and restart; some may be "-".
void note(eh::Run& run, const std::string& what) {
  append(run.input("diary.txt"), what + ' ' + std::string(run.name()) + ' ' +
                                     variable("SLURMD_NODENAME") + ' ' +
                                     variable("CUDA_VISIBLE_DEVICES") + ' ' +
                                     std::to_string(::getpid()) + ' ' +
                                     variable("SLURM_JOB_ID") + ' ' +
                                     variable("SLURM_RESTART_COUNT"));
}

bool there(eh::Run& run, const std::string& file) {
  return std::filesystem::exists(run.input(file));
}

void pause() {
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

void wait_for_gate(eh::Run& run, int i) {
  while (!there(run, "open") && !there(run, "open-" + std::to_string(i)))
    pause();
}

// Memory that is in use, not only asked for.
void eat(std::size_t mib) {
  std::vector<std::vector<char>> all;
  for (std::size_t i = 0; i < mib; ++i) all.emplace_back(1 << 20, 'x');
  pause();
}

}  // namespace

EH_GROUP(main, "experiments for tests on a cluster");

EH_EXPERIMENT(main, "quick/{i}", [](eh::Run& run, const Number& p) {
  run.log().info("this is number {}", p.i);
  run.write("square.txt", std::to_string(p.i * p.i));
}).repeat(&Number::i, 400);

EH_EXPERIMENT(main, "noted/{i}", [](eh::Run& run, const Number&) {
  note(run, "begin");
  note(run, "end");
}).repeat(&Number::i, 60);

EH_EXPERIMENT(main, "gate/{i}", [](eh::Run& run, const Number& p) {
  note(run, "begin");
  run.log().info("waiting at gate {}", p.i);
  wait_for_gate(run, p.i);
  run.log().info("through gate {}", p.i);
  note(run, "end");
}).repeat(&Number::i, 40);

// Goes on from its checkpoint; its result says how often it began.
EH_EXPERIMENT(main, "steps/{i}", [](eh::Run& run, const Number& p) {
  run.stop_requested();  // SIGTERM only asks from now on
  const int begun = run.resume<int>().value_or(0) + 1;
  run.checkpoint(begun);
  note(run, "begin");
  while (!there(run, "open") && !there(run, "open-" + std::to_string(p.i))) {
    if (run.stop_requested()) {
      run.log().info("stopping after {}", begun);
      note(run, "stop");
      return;
    }
    pause();
  }
  run.write("begun.txt", std::to_string(begun));
  note(run, "end");
}).repeat(&Number::i, 8);

// Goes on whatever signal comes, as long as it is not SIGKILL.
EH_EXPERIMENT(main, "deaf", [](eh::Run& run) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP})
    std::signal(signal, SIG_IGN);
  note(run, "begin");
  wait_for_gate(run, 1);
  note(run, "end");
});

// Writes into its folder as long as it lives; whoever finds another one's
// mark there while that lives has broken in.
EH_EXPERIMENT(main, "jealous", [](eh::Run& run) {
  note(run, "begin");
  const auto mine = std::to_string(::getpid()) + '.' +
                    variable("SLURMD_NODENAME") + '.' +
                    variable("SLURM_RESTART_COUNT");
  std::ofstream("owner.txt") << mine;
  while (!there(run, "open")) {
    std::ofstream("beat.txt", std::ios::app) << mine << '\n';
    std::string owner;
    if (std::ifstream("owner.txt") >> owner; owner != mine)
      append(run.input("diary.txt"), "intruder " + owner + ' ' + mine);
    pause();
  }
  note(run, "end");
});

EH_EXPERIMENT(main, "alike/{i}", [](eh::Run& run, const Number& p) {
  note(run, "begin");
  throw std::runtime_error("cannot find the data of part " +
                           std::to_string(p.i));
}).repeat(&Number::i, 60);

EH_EXPERIMENT(main, "fails",
              [] { throw std::runtime_error("it had to fail"); });

EH_EXPERIMENT(main, "memory/own", [](eh::Run& run) {
  note(run, "begin");
  eat(400);
});

// Returns as if all were well, though a process it needed was killed.
EH_EXPERIMENT(main, "memory/grandchild", [](eh::Run& run) {
  note(run, "begin");
  const pid_t child = ::fork();
  if (child == 0) {
    eat(400);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
});

// What it sees of the GPUs.
EH_EXPERIMENT(main, "gpu/{i}", [](eh::Run& run, const Number& p) {
  note(run, "begin");
  run.write("gpus.txt", variable("CUDA_VISIBLE_DEVICES"));
  wait_for_gate(run, p.i);
  note(run, "end");
}).repeat(&Number::i, 8);

EH_EXPERIMENT(main, "surroundings", [](eh::Run& run) {
  std::string all;
  for (char** entry = environ; *entry; ++entry)
    all += *entry + std::string(1, '\n');
  run.write("environment.txt", all);
  run.write("workers.txt", std::to_string(run.workers()));
});
