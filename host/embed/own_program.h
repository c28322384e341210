// The program that this library is linked into: a child, if it was started as
// one, or what eh-host is started for.
#pragma once

#include <string>
#include <vector>

#include "os/file.h"

namespace eh::host {

struct OwnProgram {
  std::string path;        ///< where its file is or, if it was deleted, was
  std::string name;        ///< of that file, for people
  std::string command;     ///< as typed
  std::string built_with;  ///< the eh-host that was there then; "": unknown
};

/// To be called first thing in main(). In a child it does not return.
void start_program(int argc, char** argv, const char* built_with);

/// Null before that.
const OwnProgram* own_program();

/// A descriptor of the program's file as it runs, whatever is built in its
/// place; none if it has no experiments, and so is no plugin. Throws
/// std::system_error.
Fd own_file();

/// Of all streams: what was printed comes before what eh-host prints.
void flush_output();

/// How eh-host is told of all that (contract/program.h): the words before those
/// of the command line. `file`: the number of own_file() there; -1: none.
std::vector<std::string> host_words(int file);

}  // namespace eh::host
