// What goes wrong with a file, or with a library that is needed for it.
#pragma once

#include <stdexcept>
#include <string>

namespace eh::host {

class FileError : public std::runtime_error {
 public:
  explicit FileError(const std::string& why, int errno_of_it = 0)
      : std::runtime_error(why), error(errno_of_it) {}
  int error;  ///< an errno, or 0
};

}  // namespace eh::host
