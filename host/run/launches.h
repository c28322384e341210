// How attempts at experiments are started: what the runner knows of one, and
// the seam behind which it is made a process.
#pragma once

#include <string>

#include "plan/selection.h"
#include "run/processes.h"

namespace eh::host {

/// What one experiment may take.
struct Limits {
  double timeout = 0;  ///< seconds for each attempt; 0: any
  int retries = 0;     ///< attempts after the first
};

/// One attempt at an experiment, as the launch is made from it.
struct Attempt {
  Experiment experiment;
  std::string name;  ///< without the group
  std::string leaf;  ///< below the output directory: "group/name"
  unsigned number = 1;
  unsigned slot = 0;
  bool resumes = false;
  std::string gpus = {};  ///< of its slot: "0,1"; "": leaves them as they are
};

/// How an attempt is started, and what a verdict says of it besides how it
/// ended. A seam: the tests' launches start nothing.
class Launches {
 public:
  virtual ~Launches() = default;
  /// Asked once for each experiment that is started, before its first attempt.
  virtual Limits limits(const Attempt& attempt) = 0;
  /// Throws Error if it must not be started any more.
  virtual Launch launch(const Attempt& attempt) = 0;
  /// Members of the verdict, as JSON text without braces.
  virtual std::string verdict_members(const Attempt& attempt) = 0;
};

}  // namespace eh::host
