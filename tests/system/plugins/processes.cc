// Experiments that are shell scripts: what they start, and how that ends. Its
// static initialiser misbehaves.

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <eh/eh.hpp>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace {

// Goes elsewhere, and leaves a daemon behind if it is told to.
const int misbehaved = [] {
  const char* file = std::getenv("DAEMON_FILE");
  if (file && ::fork() == 0) {
    ::setsid();
    if (::fork() > 0) ::_exit(0);
    std::ofstream(file) << ::getpid() << std::endl;
    for (;;) ::pause();
  }
  return ::chdir("/");
}();

struct Number {
  int i = 1;
};

// Says so in its leaf by a relative path.
void run_script(eh::Run& run, const Number&) {
  std::ofstream("here.txt") << "here\n";
  const auto script = run.input("script.sh").string();
  if (std::system(("sh '" + script + "'").c_str()) != 0)
    throw std::runtime_error("the script failed");
}

// Needs no other process.
void be_alone(const Number&) {
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace

EH_GROUP(work, "scripts");
EH_EXPERIMENT(work, "script/{i}", run_script).repeat(&Number::i, 60);
EH_GROUP(alone, "what starts nothing");
EH_EXPERIMENT(alone, "{i}", be_alone).repeat(&Number::i, 60);
