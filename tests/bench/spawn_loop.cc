// spawn-loop CHILD PLUGIN N JOBS FOLDER [WRAPPER]: the bare loop that eh-host
// is measured against. It makes a folder for each of N experiments and starts
// eh-child in it with posix_spawn, JOBS at a time; nothing else. With WRAPPER
// it starts that instead, as other runners have to.

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

extern char** environ;

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  const std::string child = argv[1], plugin = argv[2], folder = argv[5];
  const int n = std::atoi(argv[3]), jobs = std::atoi(argv[4]);
  const std::string wrapper = argc > 6 ? argv[6] : "";
  ::setenv("EH_GROUP", "bench", 1);
  ::setenv("EH_VERDICT_MEMBERS", "\"group\":\"bench\"", 1);
  int running = 0, failed = 0;
  auto reap = [&] {
    int status = 0;
    ::wait(&status);
    --running;
    failed += status != 0;
  };
  for (int i = 0; i < n; ++i) {
    while (running >= jobs) reap();
    const auto leaf = folder + '/' + std::to_string(i + 1);
    const auto point = std::to_string(i);
    const auto name = "block-" + std::to_string(i / 1000 + 1) + '/' +
                      std::to_string(i % 1000 + 1);
    std::vector<std::string> words;
    if (wrapper.empty()) {
      ::mkdir(leaf.c_str(), 0777);
      ::setenv("EH_LEAF_DIR", leaf.c_str(), 1);
    } else {
      words = {wrapper, leaf};
    }
    words.insert(words.end(),
                 {child, "run", plugin, "0", point, "0", "bench", name});
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (wrapper.empty()) {
      ::posix_spawn_file_actions_addchdir_np(&actions, leaf.c_str());
      ::posix_spawn_file_actions_addopen(&actions, 1, "output.txt",
                                         O_WRONLY | O_CREAT | O_APPEND, 0666);
      ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
    }
    pid_t pid;
    if (::posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(),
                      environ) == 0)
      ++running;
    else
      ++failed;
    ::posix_spawn_file_actions_destroy(&actions);
  }
  while (running > 0) reap();
  if (failed) std::fprintf(stderr, "%d of %d failed\n", failed, n);
  return failed != 0;
}
