// The file jobs.jsonl of a run: which arrays were submitted, as which jobs. It
// is written before and after each submission, so that one whose answer nobody
// got can be looked up by its name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cluster/scheduler.h"

namespace eh::host {

struct SubmittedArray {
  std::size_t array = 0;  ///< its place in the plan
  std::string name;       ///< of its jobs; unique
  enum State {
    submitting,  ///< nobody knows whether it is in
    submitted,
    refused
  } state = submitting;
  std::string job;      ///< if submitted: the array's id
  std::string message;  ///< if refused: why
};

/// "eh-<run id>-<array>".
std::string array_name(const std::string& run_id, std::size_t array);

/// Appends what is known of an array now. Throws std::system_error.
void note_array(int tree, const std::string& run_id,
                const SubmittedArray& array);

/// What is known of each array that somebody began to submit, in their order.
/// With a scheduler, those whose answer is missing are looked up and, if they
/// are there, noted. Throws std::system_error.
std::vector<SubmittedArray> submitted_arrays(int tree,
                                             const std::string& run_id,
                                             Scheduler* scheduler = nullptr);

/// The ids of those that are in.
std::vector<std::string> job_ids(const std::vector<SubmittedArray>& arrays);

}  // namespace eh::host
