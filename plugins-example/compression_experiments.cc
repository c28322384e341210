// How well and how fast methods compress the files that are found on this
// machine. Nothing is fetched; what is missing is left out.
#include <chrono>
#include <eh/eh.hpp>
#include <filesystem>
#include <fstream>

#include "codec.h"

namespace {

struct Compression {
  std::string file;
  Method method = Method::deflate;
  int level = 6;
  int repetitions = 3;
};

/// The content of result.json. Speeds are of the plain bytes.
struct Result {
  std::string file;
  Method method = Method::deflate;
  int level = 0;
  std::size_t size = 0;  // bytes
  std::size_t packed_size = 0;
  double ratio = 0;  // size / packed_size
  double compress_mb_per_second = 0;
  double decompress_mb_per_second = 0;
};

struct CompressionConfig : eh::Config {
  double most_megabytes = 2;  // that are read of each file
  std::size_t most_bytes() const {
    return static_cast<std::size_t>(most_megabytes * 1e6);
  }
};
EH_CONFIG(CompressionConfig, most_megabytes)

std::string read_beginning(const std::string& path, std::size_t most_bytes) {
  std::ifstream file(path, std::ios::binary);
  std::string content(most_bytes, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.empty())
    throw std::runtime_error("cannot read '" + path +
                             "': it is empty or may not be read (choose "
                             "another file)");
  return content;
}

template <class Work>
double seconds_of(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

void measure(eh::Run& run, const Compression& p) {
  const std::string plain =
      read_beginning(p.file, run.config<CompressionConfig>().most_bytes());
  const double megabytes = static_cast<double>(plain.size()) * 1e-6;
  run.log().info("{}: {} bytes", p.file, plain.size());

  Result result;
  result.file = p.file;
  result.method = p.method;
  result.level = p.level;
  result.size = plain.size();
  for (int i = 1; i <= p.repetitions; ++i) {
    std::string packed, again;
    const double down =
        seconds_of([&] { packed = compress(p.method, p.level, plain); });
    const double up = seconds_of(
        [&] { again = decompress(p.method, p.level, packed, plain.size()); });
    if (again != plain)
      throw std::runtime_error(
          "the round trip does not give back what was compressed");
    result.packed_size = packed.size();
    // The fastest repetition is the one that was disturbed least.
    result.compress_mb_per_second =
        std::max(result.compress_mb_per_second, megabytes / down);
    result.decompress_mb_per_second =
        std::max(result.decompress_mb_per_second, megabytes / up);
    run.metric("compress MB per second", i, megabytes / down);
    run.metric("decompress MB per second", i, megabytes / up);
  }
  result.ratio = static_cast<double>(plain.size()) /
                 static_cast<double>(result.packed_size);
  run.log().info("ratio {:.3f}, {:.1f} MB/s down, {:.1f} MB/s up", result.ratio,
                 result.compress_mb_per_second,
                 result.decompress_mb_per_second);
  run.write("result.json", result);
}

}  // namespace

EH_GROUP(compression, "Compression methods over files of this machine",
         CompressionConfig);

EH_REGISTER(compression, group) {
  for (const std::filesystem::path path :
       {"/etc/services", "/usr/share/common-licenses/GPL-3",
        "/usr/share/dict/words", "/usr/include/zlib.h", "/usr/bin/cmake",
        "/usr/bin/python3", "/bin/bash",
        "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
        "/usr/share/zoneinfo/tzdata.zi", "/usr/share/doc/bash/changelog.gz"}) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) continue;
    for (const Method method : {Method::deflate, Method::run_length,
                                Method::lz77, Method::range_coder})
      group
          .add(path.filename().string() + "/{method}/level={level}", measure,
               {.file = path.string(), .method = method})
          .describe("Ratio and speed, after a round trip")
          .sweep(&Compression::level, eh::range(1, highest_level(method) + 1));
  }
}
