#include "cluster/array_jobs.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace eh::host {
namespace {

constexpr double give_up_seconds = 600;  // of waiting, without any success
constexpr double longest_wait = 60;
// A submission that nobody answered may show up some time after the controller
// does.
constexpr double settle_seconds = 3;
constexpr double room_seconds = 30;

class ArraySubmitter {
 public:
  ArraySubmitter(const ArraysToSubmit& arrays, const SubmitSeams& seams)
      : arrays_(arrays), seams_(seams) {}

  std::vector<SubmittedArray> run() {
    try {
      std::vector<bool> begun(arrays_.plan.arrays.size());
      for (auto& one : submitted_arrays(arrays_.tree, arrays_.run_id))
        if (one.array < begun.size()) {
          begun[one.array] = true;
          if (one.state == SubmittedArray::submitted)
            done_.push_back(std::move(one));
        }
      for (std::size_t i = 0; i < begun.size(); ++i)
        if (!job_of(i)) submit(i, begun[i]);
      cancel_doubles();
      return std::move(done_);
    } catch (SubmitFailed& failed) {
      undo(failed);
      throw;
    }
  }

 private:
  const std::string* job_of(std::size_t array) const {
    for (const auto& one : done_)
      if (one.array == array) return &one.job;
    return nullptr;
  }

  // `unsure`: it may be in.
  void submit(std::size_t index, bool unsure) {
    SubmittedArray array;
    array.array = index;
    array.name = array_name(arrays_.run_id, index);
    wait(0);
    for (;;) {
      if (unsure) {
        unknown_ = array.name;
        if (const auto job = look_up(array.name)) return settle(array, *job);
        unknown_.clear();
      }
      note_array(arrays_.tree, arrays_.run_id, array);
      const auto answer = seams_.scheduler.submit(submission(array));
      if (answer.job) {
        tell_remarks(answer.remarks);
        return settle(array, *answer.job);
      }
      const auto& error = answer.error;
      if (answer.no_room && waits_for_room(error)) {
        unsure = true;
      } else if (answer.passing) {
        unknown_ = array.name;
        back_off(error);
        unsure = true;
      } else {
        array.state = SubmittedArray::refused;
        array.message = error;
        note_array(arrays_.tree, arrays_.run_id, array);
        throw SubmitFailed(
            answer.no_room ? SubmitFailed::full : SubmitFailed::refused, error);
      }
    }
  }

  ArraySubmission submission(const SubmittedArray& array) const {
    const auto& planned = arrays_.plan.arrays[array.array];
    ArraySubmission out;
    out.name = array.name;
    out.script = arrays_.script;
    out.first = planned.first;
    out.count = planned.count;
    out.at_once = planned.at_once;
    if (planned.after)
      if (const auto* job = job_of(*planned.after)) out.after = *job;
    out.without = arrays_.without;
    return out;
  }

  void settle(SubmittedArray& array, const std::string& job) {
    array.state = SubmittedArray::submitted;
    array.job = job;
    note_array(arrays_.tree, arrays_.run_id, array);
    done_.push_back(array);
    unknown_.clear();
    warned_.clear();
    waited_ = 0;
    next_wait_ = 1;
  }

  // Its id if it is in; looks twice, some time apart.
  std::optional<std::string> look_up(const std::string& name) {
    looked_up_.push_back(name);
    for (int look = 0; look < 2;) {
      if (look > 0) wait(settle_seconds);
      const auto tasks = seams_.scheduler.queue({name});
      if (!tasks) {
        back_off(seams_.scheduler.error());
        continue;
      }
      if (!tasks->empty()) return tasks->front().array_job;
      ++look;
    }
    return {};
  }

  // Some of this run's tasks will end: then there is room for others.
  bool waits_for_room(const std::string& error) {
    std::vector<std::string> names;
    for (const auto& one : done_) names.push_back(one.name);
    if (names.empty()) return false;
    const auto tasks = seams_.scheduler.queue(names);
    if (tasks && std::all_of(tasks->begin(), tasks->end(), [](const auto& t) {
          return t.phase == TaskPhase::ended;
        }))
      return false;
    warn(error, "waiting until tasks of this run have ended");
    wait(room_seconds);
    return true;
  }

  void back_off(const std::string& error) {
    warn(error, "trying again for " + duration_text(give_up_seconds));
    if (waited_ >= give_up_seconds)
      throw SubmitFailed(SubmitFailed::unreachable, error);
    wait(next_wait_);
    waited_ += next_wait_;
    next_wait_ = std::min(2 * next_wait_, longest_wait);
  }

  void wait(double seconds) {
    if (!seams_.wait(seconds))
      throw SubmitFailed(SubmitFailed::interrupted, "interrupted");
  }

  // Once, until something goes well again.
  void warn(const std::string& error, const std::string& what) {
    if (warned_ == what) return;
    warned_ = what;
    seams_.warn("cannot submit to SLURM now: " +
                error.substr(0, error.find('\n')) + " (" + what + ')');
  }

  // Of several arrays it mostly says the same.
  void tell_remarks(const std::string& remarks) {
    if (remarks.empty() || !remarks_.insert(remarks).second) return;
    std::string text;
    for (const auto& line : split(remarks, '\n'))
      text += "\n  " + printable(line);
    seams_.warn("SLURM takes the jobs, and says:" + text);
  }

  // Should one have been taken after all, long after it was asked.
  void cancel_doubles() {
    if (looked_up_.empty()) return;
    const auto tasks = seams_.scheduler.queue(looked_up_);
    std::vector<std::string> doubles;
    for (const auto& task : tasks ? *tasks : std::vector<QueuedTask>{})
      for (const auto& one : done_)
        if (one.name == task.name && one.job != task.array_job &&
            std::find(doubles.begin(), doubles.end(), task.array_job) ==
                doubles.end())
          doubles.push_back(task.array_job);
    if (!doubles.empty() && !seams_.scheduler.cancel(doubles))
      seams_.warn("cannot cancel array job " + doubles.front() +
                  ", which SLURM has twice: " + seams_.scheduler.error());
  }

  void undo(SubmitFailed& failed) {
    auto jobs = job_ids(done_);
    failed.unknown = unknown_;
    failed.late = !unknown_.empty() || !looked_up_.empty();
    if (!unknown_.empty())
      if (const auto tasks = seams_.scheduler.queue({unknown_})) {
        failed.unknown.clear();
        if (!tasks->empty()) jobs.push_back(tasks->front().array_job);
      }
    (seams_.scheduler.cancel(jobs) ? failed.cancelled : failed.left) = jobs;
  }

  const ArraysToSubmit& arrays_;
  const SubmitSeams& seams_;
  std::vector<SubmittedArray> done_;
  std::vector<std::string> looked_up_;
  std::string unknown_;  // the name of one that may be in
  std::string warned_;
  std::set<std::string> remarks_;
  double waited_ = 0;
  double next_wait_ = 1;
};

}  // namespace

std::vector<SubmittedArray> submit_arrays(const ArraysToSubmit& arrays,
                                          const SubmitSeams& seams) {
  return ArraySubmitter(arrays, seams).run();
}

}  // namespace eh::host
