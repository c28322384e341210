// Experiments that leave the same behind however often they were cut off on
// the way, and that notice when two of them run at once. What they note is in
// the folder `probe` where eh-host was started, outside of the results.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <eh/eh.hpp>
#include <fstream>
#include <iterator>
#include <numeric>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Probe {
  int i = 1;
  int pace = 0;  // milliseconds from step to step
};

void wait_a_step(const Probe& probe) {
  if (probe.pace > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(probe.pace));
}

// Whether a process has ended or was sent SIGKILL, after which it runs no
// instruction of its own. Fields 9 and 31 of /proc/PID/stat, see proc(5).
bool is_dying(pid_t pid) {
  constexpr unsigned long exiting = 0x4, killed = 1UL << 8;
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return true;
  std::istringstream rest(text.substr(text.rfind(')') + 1));
  const std::vector<std::string> fields(
      std::istream_iterator<std::string>(rest), {});
  if (fields.size() < 29) return true;
  return fields[0] == "Z" || fields[0] == "X" ||
         (std::stoul(fields[6]) & exiting) || (std::stoul(fields[28]) & killed);
}

/// Notes when an experiment begins and ends, and holds a lock in between, which
/// ends with the process.
class Watch {
 public:
  explicit Watch(eh::Run& run) : Watch(run, std::string(run.name())) {}
  Watch(eh::Run& run, std::string name)
      : folder_(run.input("probe")),
        name_(std::move(name)),
        attempt_(run.attempt()) {
    auto file = name_;
    for (auto& c : file)
      if (c == '/') c = '_';
    lock_ =
        ::open((folder_ / file).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock_ < 0) throw std::runtime_error("cannot open the lock");
    auto wanted = whole_file();
    while (::fcntl(lock_, F_SETLK, &wanted) != 0) {
      auto held = whole_file();
      if (::fcntl(lock_, F_GETLK, &held) == 0 && held.l_type != F_UNLCK &&
          !is_dying(held.l_pid)) {
        note("twice");
        break;
      }
    }
    note("begin");
  }
  ~Watch() { ::close(lock_); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void note(const char* what) const {
    const auto line =
        std::string(what) + ' ' + name_ + ' ' + std::to_string(attempt_) + '\n';
    const int file = ::open((folder_ / "notes").c_str(),
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    const auto written = ::write(file, line.data(), line.size());
    ::close(file);
    if (written != static_cast<ssize_t>(line.size()))
      throw std::runtime_error("cannot note");
  }

  /// Stays while there is a file `hold`.
  void stay() const {
    while (::access((folder_ / "hold").c_str(), F_OK) == 0) {
      note("holds");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

 private:
  static struct flock whole_file() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
  }

  std::filesystem::path folder_;
  std::string name_;
  unsigned attempt_;
  int lock_ = -1;
};

void write(eh::Run& run, const Probe& probe) {
  const Watch watch(run);
  std::vector<double> values(3000);
  std::iota(values.begin(), values.end(), probe.i);
  run.log().info("begins");
  run.result("first", probe.i);
  run.write("values.npy", values);
  wait_a_step(probe);
  for (int step = 0; step < 20; ++step) run.metric("m", step, step * 0.5);
  run.write("deep/er/values.csv.gz", values);
  wait_a_step(probe);
  std::printf("printed by %d\n", probe.i);
  run.write("text.txt", std::string(20'000, 'a') + "END\n");
  wait_a_step(probe);
  run.result("last", 3.5 * probe.i);
  run.log().info("ends");
}

struct State {
  int step = 0;
  std::vector<int> trail;
  std::mt19937_64 generator;
};

// Reports at each step, keeps each second one.
void save(eh::Run& run, const Probe& probe) {
  const Watch watch(run);
  constexpr int steps = 6;
  auto state = run.resume<State>().value_or(State{0, {}, run.rng()});
  while (state.step < steps) {
    const auto draw = static_cast<int>(state.generator() % 1000);
    state.trail.push_back(draw);
    ++state.step;
    run.metric("draw", state.step, draw);
    run.result("draw " + std::to_string(state.step), draw);
    if (state.step % 2 == 0) run.checkpoint(state);
    if (state.step == 5) watch.stay();
    wait_a_step(probe);
  }
  run.write("trail.json", state.trail);
  run.result("sum", std::accumulate(state.trail.begin(), state.trail.end(), 0));
}

void fail_once(eh::Run& run, const Probe& probe) {
  const Watch watch(run);
  run.metric("attempt", 0, 1);
  run.write("attempt.txt", std::to_string(run.attempt()));
  wait_a_step(probe);
  if (run.attempt() == 1) throw std::runtime_error("the first attempt fails");
  run.write("attempt.txt", std::string("a later one\n"));
  run.result("is later", true);
}

// Leaves a process in a session of its own behind.
void leave_behind(eh::Run& run, const Probe& probe) {
  const Watch watch(run);
  if (::fork() == 0) {
    ::setsid();
    const Watch left(run, std::string(run.name()) + "/left");
    std::this_thread::sleep_for(std::chrono::seconds(20));
    left.note("outlives");
    ::_exit(0);
  }
  wait_a_step(probe);
  run.write("text.txt", std::string("done\n"));
}

}  // namespace

EH_GROUP(quick, "to be cut off at every step");
EH_EXPERIMENT(quick, "write/{i}", write).repeat(&Probe::i, 3);
EH_EXPERIMENT(quick, "save/{i}", save).repeat(&Probe::i, 3);
EH_EXPERIMENT(quick, "flaky/{i}", fail_once).repeat(&Probe::i, 3).retries(3);
EH_EXPERIMENT(quick, "leave/{i}", leave_behind).repeat(&Probe::i, 3);

EH_GROUP(paced, "to be cut off at any time");
EH_EXPERIMENT(paced, "write/{i}", write, {.pace = 8}).repeat(&Probe::i, 16);
EH_EXPERIMENT(paced, "save/{i}", save, {.pace = 5}).repeat(&Probe::i, 16);
EH_EXPERIMENT(paced, "flaky/{i}", fail_once, {.pace = 15})
    .repeat(&Probe::i, 8)
    .retries(3);
EH_EXPERIMENT(paced, "leave/{i}", leave_behind, {.pace = 15})
    .repeat(&Probe::i, 8);
