// The program that eh-host was started by, if it does what a program with
// experiments in it was to do (contract/program.h).
#pragma once

#include <string>
#include <vector>

namespace eh::host {

struct Starter {
  std::string version =
      {};  ///< of the eh that it was built with; "": no program

  /// Throws Error (usage) if that is another than this one's.
  void check() const;
};

/// Takes the words of such a program from the front of `words`, and makes it
/// this_program(). Throws Error (usage) if they are not what one says.
Starter take_starter(std::vector<std::string>& words);

}  // namespace eh::host
