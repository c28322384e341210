// launch-cost MIB N: microseconds that spawn() holds its caller, the median of
// N, in a process that has touched MIB MiB of memory.

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "os/spawn.h"

int main(int argc, char** argv) {
  using namespace eh::host;
  if (argc < 3) return 2;
  std::vector<char> memory(std::strtoul(argv[1], nullptr, 10) << 20);
  for (std::size_t i = 0; i < memory.size(); i += 4096) memory[i] = 1;
  std::vector<double> times;
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto pid = spawn({.arguments = {"/bin/true"},
                            .environment = {},
                            .directory = "/",
                            .input = "/dev/null",
                            .output = "/dev/null"});
    times.push_back(std::chrono::duration<double, std::micro>(
                        std::chrono::steady_clock::now() - begin)
                        .count());
    ::waitpid(pid, nullptr, 0);
  }
  std::sort(times.begin(), times.end());
  std::printf("%.1f\n", times[times.size() / 2]);
}
