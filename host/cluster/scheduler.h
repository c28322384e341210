// The scheduler of a cluster as a run knows it: where its tasks stand, how long
// a job has, and the orders that it takes. What its own words mean is said in
// terms that do for any of them; the words stay as they are for people to read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace eh::host {

enum class TaskPhase {
  pending,  ///< also held, or put back into the queue
  running,  ///< on nodes, in whatever way
  ended,
  unknown,  ///< a word of a later version: no end
};

/// How a task ended.
enum class TaskOutcome {
  failed,  ///< also in a way that means nothing special
  completed,
  timeout,
  out_of_memory,
  cancelled,
  displaced,  ///< something else was to have its place
};

/// Why a pending task does not start.
struct Hindrance {
  enum Kind {
    none,       ///< it waits for its turn
    clearable,  ///< somebody has to do something
    never,      ///< it cannot start as it was submitted
  } kind = none;
  std::string advice;  ///< what that is, or what to change
};

/// A task of an array as the scheduler lists it. Texts are "" where it says
/// nothing.
struct QueuedTask {
  std::string job;                     ///< its own id
  std::string array_job;               ///< that of its array
  std::optional<unsigned> array_task;  ///< its index there
  std::string name;
  std::string state;   ///< its word for it
  std::string reason;  ///< may be a sentence
  std::string node;
  std::string start;  ///< when, or about when: "2026-01-31 14:05"
  std::string left;   ///< of its time, in the scheduler's way
  TaskPhase phase = TaskPhase::unknown;
  TaskOutcome outcome = TaskOutcome::failed;  ///< if it has ended
  Hindrance hindrance = {};                   ///< if it is pending
};

/// What became of a task that has ended, or may have.
struct TaskExit {
  std::string state;   ///< the scheduler's word; "": it knows the job no more
  std::string reason;  ///< the same
  std::string exit_code;  ///< "5:0": with the signal
  TaskOutcome outcome = TaskOutcome::failed;
  std::string node;
  std::string job;         ///< its own id
  std::string array_job;   ///< that of its array
  std::string array_task;  ///< its index there
  std::string log;         ///< path of the log that the scheduler wrote
  std::string name = {};   ///< of the job; "": it does not say
};

/// An array of tasks to be submitted.
struct ArraySubmission {
  std::string name;       ///< of its jobs
  std::string script;     ///< the file that each task runs
  std::size_t first = 0;  ///< what that is given: the number of its first task
  std::size_t count = 0;  ///< tasks; their indices are 0 .. count-1
  std::size_t at_once = 0;  ///< tasks at the same time; 0: any number
  std::string after = {};   ///< the id of the job that it waits for, or ""
  /// Variables that the scheduler must not see.
  std::vector<std::string> without = {};
};

/// What came of it.
struct Submission {
  std::optional<std::string> job;  ///< if it is in: its id
  std::string error;               ///< otherwise: why not
  std::string remarks = {};  ///< what the scheduler says of one that is in
  /// The same may work in a while; or it is in all the same.
  bool passing = false;
  bool no_room = false;  ///< there are as many jobs as may be
};

/// What is known of a job's time, in seconds.
struct JobTimes {
  std::optional<double> left;   ///< until it is ended
  std::optional<double> limit;  ///< all of it
};

/// What a task is told of itself where it runs.
struct JobIdentity {
  std::string job;         ///< its own id; "": this is not a job
  std::string array_job;   ///< id of its array, if it is of one
  std::string array_task;  ///< its index there
  std::string id;          ///< as Scheduler takes it: "4700_11", or "4711"
  std::string node;        ///< as the scheduler calls it
  unsigned restart = 0;    ///< how often it was started before
  std::size_t cpus = 0;    ///< on this node; 0: not said
  bool has_gpus = false;   ///< it was given some
  /// When it was started and has to end, in seconds since 1970, if that is
  /// said.
  std::optional<double> start, end;
};

/// Any call may fail or be slow.
class Scheduler {
 public:
  virtual ~Scheduler() = default;

  virtual Submission submit(const ArraySubmission& array) = 0;
  /// Indices of arrays are below it; nothing: not known.
  virtual std::optional<std::size_t> index_limit() = 0;

  /// The tasks of these job names in all states that are still known. Nothing
  /// if it gave no answer.
  virtual std::optional<std::vector<QueuedTask>> queue(
      const std::vector<std::string>& names) = 0;
  /// Jobs like "12" or "12_3". True if it was taken, also where there is no
  /// such job any more.
  virtual bool cancel(const std::vector<std::string>& jobs) = 0;
  virtual bool cancel_tasks(const std::vector<QueuedTask>& tasks) = 0;

  enum class Answer { yes, no, ask_again };
  /// Runs a job again that would end.
  virtual Answer requeue(const std::string& job) = 0;

  enum class Known {
    no,
    yes,
    other,  ///< the id is one of a job with another name: ids are used again
  };
  /// Whether there is such a job of this name, as far as it can tell.
  virtual std::optional<Known> knows(const std::string& job,
                                     const std::string& name) = 0;
  /// Those tasks of a job that have ended and are still known.
  virtual std::vector<TaskExit> task_exits(const std::string& job) = 0;
  /// Of a job like "12" or "12_3", which waits for the answer: not long.
  virtual JobTimes times(const std::string& job) = 0;

  /// Why the last call failed, or "".
  virtual const std::string& error() const = 0;
};

}  // namespace eh::host
