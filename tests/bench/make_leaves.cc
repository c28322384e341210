// make-leaves OUTPUT N: the result tree of N finished experiments of the bench
// plugins, with the files that a run leaves.

#include <cstdlib>
#include <string>

#include "leaf/leaf.h"
#include "os/file.h"

int main(int argc, char** argv) {
  using namespace eh::host;
  if (argc < 3) return 2;
  ResultTree tree(argv[1], {}, true);
  make_directories(tree.fd(), ".eh");
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    const auto leaf = "bench/block-" + std::to_string(i / 1000 + 1) + '/' +
                      std::to_string(i % 1000 + 1);
    make_directories(tree.fd(), leaf);
    replace_file(tree.fd(), leaf + "/log.txt", leaf + "/.log.tmp",
                 "2026-01-31T10:00:00.000Z info     done\n");
    tree.write_verdict(
        leaf,
        R"({"format":1,"status":"ok","start":"2026-01-31T10:00:00.000Z",)"
        R"("end":"2026-01-31T10:00:00.100Z","seconds":0.1,"cpu_seconds":0.1,)"
        R"("peak_memory_bytes":4600000,"group":"bench","experiment":"x",)"
        R"("attempt":1,"parameters":{"block":1,"i":1},"seed":1,"workers":1})");
  }
}
