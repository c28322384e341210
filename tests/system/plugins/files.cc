// Files that are written where one would not expect it: without an eh::Run, and
// onto a full disk.
#include <cstdlib>
#include <eh/eh.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>

#include "files_library.h"

namespace {

using Numbers = std::vector<double>;

// While the plugin is loaded.
const int at_start = [] {
  const char* file = std::getenv("FILES_AT_START");
  return file ? rows_in_library(file) : 0;
}();

void in_library(eh::Run& run) {
  run.result("rows", rows_in_library("library.csv.gz"));
  run.result("at start", at_start);
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

// Over a file that there is, with room for a part of the new one.
void on_full_disk(eh::Run& run, const std::string& name) {
  const Numbers old = {1, 2, 3};
  run.write(name, old);
  std::mt19937_64 random(run.seed());
  Numbers numbers(40'000);
  for (double& number : numbers)
    number = std::generate_canonical<double, 53>(random);
  const std::string block(4096, 'x');
  std::ofstream filler("filler");
  std::ofstream("room") << std::string(16 * block.size(), 'x');
  while (filler.write(block.data(), 4096).flush()) continue;
  filler.close();
  std::filesystem::remove("room");
  const auto make_room = [] { std::filesystem::remove("filler"); };
  try {
    run.write(name, numbers);
  } catch (...) {
    make_room();
    require(run.read<Numbers>(name) == old, "the old file is not there");
    throw;
  }
  make_room();
}

}  // namespace

EH_GROUP(main, "Files");
EH_EXPERIMENT(main, "in-library", in_library);
EH_GROUP(full, "Onto a full disk");
EH_REGISTER(full, group) {
  for (const std::string format :
       {".json", ".jsonl", ".csv", ".tsv", ".txt", ".npy", ".npz", ".bin"})
    for (const std::string codec : {"", ".gz", ".zst", ".xz", ".bz2"}) {
      const auto ending = (format + codec).substr(1);
      group.add(ending,
                [=](eh::Run& run) { on_full_disk(run, "numbers." + ending); });
    }
}

EH_GROUP(beside, "What lies beside the plugin");
EH_REGISTER(beside, group) {
  const auto folder = eh::plugin_path().parent_path();
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".model")
      group.add(file.path().stem().string(), [](eh::Run& run) {
        const auto model = std::string(run.name()) + ".model";
        run.write("model.txt",
                  eh::read(eh::plugin_path().parent_path() / model));
      });
}
