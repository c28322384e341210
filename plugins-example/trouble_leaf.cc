// Experiments that do not leave their folder as they found it.
#include <eh/eh.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace {

namespace fs = std::filesystem;

/// What is written by a relative path afterwards is still the leaf's.
void change_directory(eh::Run& run) {
  fs::create_directory(run.leaf() / "below");
  fs::current_path(run.leaf() / "below");
  run.write("written.txt", std::string("below the leaf, not in 'below'\n"));
  std::ofstream("plain.txt") << "in 'below'\n";
  fs::current_path("/");
  run.log().info("logged from the root");
}

void delete_leaf(eh::Run& run) {
  run.write("lost.txt", std::string("nobody will read this\n"));
  if (!fs::equivalent(run.leaf(), fs::current_path()))
    throw std::runtime_error(
        "cannot delete the leaf: it is not the working "
        "directory");
  run.log().info("logged into a file that will be gone");
  for (const auto& entry : fs::directory_iterator(run.leaf()))
    fs::remove_all(entry.path());
  run.log().info("logged afterwards");
}

}  // namespace

EH_EXPERIMENT(trouble, "changes-directory", change_directory)
    .describe("Works in other folders than its own");
EH_EXPERIMENT(trouble, "deletes-its-leaf", delete_leaf)
    .describe("Removes all that is in its result folder");
