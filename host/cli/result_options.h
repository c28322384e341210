// The options of the commands that gather results or remove them.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

namespace eh::host {

struct Options;

struct ExportOptions {
  std::string to = "-";  ///< a file, or "-" for stdout
  bool metrics = false;
  bool all = false;          ///< also what has not run
  bool spreadsheet = false;  ///< no text is a formula there
  std::vector<std::string> group_by;
};

struct CleanOptions {
  bool done = false;
  bool attempts = false;             ///< earlier attempts only
  std::optional<double> older_than;  ///< seconds
};

std::vector<boost::program_options::options_description> result_options();

/// Throws Error (usage), also for options that are for another command.
void take_result_options(Options& out,
                         const boost::program_options::variables_map& values);

}  // namespace eh::host
