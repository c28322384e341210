// Experiments that use up memory or disk, within bounds that they set.
#include <sys/resource.h>

#include <cerrno>
#include <cstring>
#include <eh/eh.hpp>
#include <fstream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::size_t megabyte = std::size_t{1} << 20;

void fill_memory(eh::Run& run) {
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = 512 * megabyte;
  if (setrlimit(RLIMIT_AS, &limit) != 0)
    throw std::runtime_error(
        "cannot limit the memory: there is no harmless "
        "way to fill it");
  std::vector<std::unique_ptr<char[]>> blocks;
  blocks.reserve(64);
  while (blocks.size() < 64) {
    blocks.push_back(std::make_unique<char[]>(16 * megabyte));
    std::memset(blocks.back().get(), 1, 16 * megabyte);  // touch it
    run.metric("MiB", blocks.size(), 16 * blocks.size());
  }
  throw std::runtime_error("there was more memory than the limit allows");
}

/// Writes 64 MiB, or until the disk is full.
void fill_disk(eh::Run& run) {
  std::ofstream file(run.leaf() / "filling.bin", std::ios::binary);
  const std::string block(megabyte, 'x');
  for (int i = 1; i <= 64; ++i) {
    errno = 0;
    file.write(block.data(), static_cast<std::streamsize>(block.size()));
    file.flush();
    if (!file)
      throw std::runtime_error(
          "cannot write 'filling.bin': " + std::string(std::strerror(errno)) +
          " after " + std::to_string(i - 1) + " MiB");
    run.metric("MiB", i, i);
  }
}

}  // namespace

EH_EXPERIMENT(trouble, "fills-memory", fill_memory)
    .describe("Allocates until there is nothing left of 512 MiB");
EH_EXPERIMENT(trouble, "fills-disk", fill_disk)
    .describe("Writes 64 MiB, or until the disk is full");
