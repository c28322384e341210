#include "leaf/replaced.h"

#include <fcntl.h>

#include <algorithm>

#include "base/text.h"
#include "leaf/lease.h"
#include "os/below.h"
#include "os/walk.h"

namespace eh::host {
namespace {

constexpr char mark[] = "/.eh-replaced";

}  // namespace

void mark_replaced(int tree, const std::string& folder) {
  if (!below::open(tree, folder + mark, O_WRONLY | O_CREAT, 0666))
    throw_errno("cannot write '" + folder + mark + "'");
}

std::vector<std::string> replaced_attempts(int tree, const std::string& leaf) {
  std::vector<unsigned> numbers;
  for (const auto& name :
       list_directory(tree, leaf + '/' + contract::attempts_folder))
    if (const auto number = parse_number<unsigned>(name))
      numbers.push_back(*number);
  std::sort(numbers.rbegin(), numbers.rend());
  std::vector<std::string> out;
  for (const auto number : numbers) {
    auto folder = leaf + attempt_folder(number);
    if (below::exists(tree, folder + mark)) out.push_back(std::move(folder));
  }
  return out;
}

void remove_replaced(int tree, const std::string& leaf) {
  for (const auto& folder : replaced_attempts(tree, leaf)) {
    // Half removed, it is one that is replaced still.
    for (const auto& entry : list_directory(tree, folder))
      if ('/' + entry != mark) remove_tree(tree, folder + '/' + entry);
    remove_tree(tree, folder);
  }
  // Where nothing else is kept.
  for (const auto& folder :
       {leaf + '/' + contract::attempts_folder, leaf + "/.eh"})
    below::remove_empty_folder(tree, folder);
}

}  // namespace eh::host
