#include "leaf/claim.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <functional>
#include <system_error>

#include "base/utc_time.h"
#include "leaf/attempts.h"
#include "leaf/replaced.h"
#include "leaf/takeover.h"
#include "os/below.h"
#include "os/walk.h"

namespace eh::host {
namespace {

class Claiming {
 public:
  Claiming(int tree, const LeafFiles& files, const std::string& leaf,
           Leases& leases)
      : tree_(tree),
        files_(files),
        leaf_(leaf),
        leases_(leases),
        alive_([&leases] { leases.keep_alive(); }),
        attempts_(tree, files, leaf, alive_),
        takeover_(tree, files, leaf, attempts_, leases, alive_) {}

  LeafClaim claim(const ClaimRules& rules) {
    if (rules.counts) owner_ = leases_.named(leaf_);
    if (auto busy = acquire()) return *busy;
    if (is_new_ &&
        !below::exists(tree_, leaf_ + '/' + files_.rules().verdict_file))
      return {LeafClaim::claimed, 1};
    try {
      return claim_held(rules);
    } catch (...) {
      leases_.put_back(leaf_);
      throw;
    }
  }

 private:
  // Returns why it cannot be had, if so.
  std::optional<LeafClaim> acquire() {
    for (int round = 0;; ++round) {
      is_new_ = below::make_folder(tree_, leaf_) == 0;
      if (!is_new_ && errno != EEXIST) make_directories(tree_, leaf_);
      if (is_new_ && takeover_.is_begun()) {
        put_back_folder(round);
        continue;
      }
      try {
        auto lease = leases_.acquire(leaf_);
        if (!lease.acquired)
          return LeafClaim{LeafClaim::busy, 1, false, lease.holder};
        is_taken_over_ = lease.taken_over;
      } catch (const std::system_error& error) {
        // Another host may just have removed the folder, which was empty.
        if (error.code().value() != ENOENT || round == 100) throw;
        continue;
      }
      if (is_new_ || !takeover_.is_begun() || takeover_.is_swapped()) return {};
      // This is not a leaf, but a folder that was made while it was away.
      leases_.release(leaf_);
      put_back_folder(round);
    }
  }

  void put_back_folder(int round) const {
    takeover_.put_back();
    if (round > 0) ::usleep(1000);
    if (round < 100) return;
    throw std::system_error(EBUSY, std::generic_category(),
                            "cannot use '" + leaf_ + "': its results are in '" +
                                moved_folder(leaf_) +
                                "' and cannot be put back");
  }

  LeafClaim claim_held(const ClaimRules& rules) {
    is_forced_ = rules.counts && !rules.counts(owner_);
    if (takeover_.is_begun())
      return with_replaced(next_after(takeover_.finish()));
    // What is replaced need not be read.
    const auto earlier = rules.counts ? files_.readable_verdict(tree_, leaf_)
                                      : files_.verdict(tree_, leaf_);
    if (earlier) is_forced_ = rules.counts && !rules.counts(earlier->run_id);
    if (!is_forced_ && earlier && earlier->status == Status::ok) {
      leases_.release(leaf_);
      return {LeafClaim::done, earlier->attempt};
    }
    const int used_up = is_forced_ ? 0 : failures(earlier, rules);
    if (!is_forced_ && earlier && !rules.since.empty() &&
        is_failure(earlier->status) && is_late(*earlier, leaf_, rules.since) &&
        used_up > rules.retries()) {
      leases_.put_back(leaf_);
      return {LeafClaim::settled, earlier->attempt, false, {}, earlier};
    }
    files_.refuse_nested(tree_, leaf_);
    takeover_.remove_leftovers();
    attempts_.finish();
    auto claim = is_taken_over_ ? take_over(earlier) : go_on(earlier);
    claim.failures = used_up;
    return with_replaced(std::move(claim));
  }

  // How many of its retries an experiment has used up, as ClaimRules say.
  int failures(const std::optional<Verdict>& newest,
               const ClaimRules& rules) const {
    constexpr int most_looked_at = 100;
    if (rules.since.empty()) return 0;
    auto number = newest ? newest->attempt : attempts_.kept() + 1;
    if (!newest && number == 1) return 0;
    const int most = rules.retries() + 1;
    int count = 0;
    std::string run;
    auto verdict = newest;
    auto folder = leaf_;
    for (int looked = 0; number > 0 && count < most && looked < most_looked_at;
         ++looked) {
      if (verdict) {
        const bool late = is_late(*verdict, folder, rules.since);
        const bool of_run = !run.empty() && verdict->run_id == run;
        if (!(late || of_run) ||
            (rules.counts && !rules.counts(verdict->run_id)))
          break;
        if (is_failure(verdict->status)) {
          ++count;
          run = verdict->run_id;
        }
      }
      folder = leaf_ + attempt_folder(--number);
      verdict = files_.readable_verdict(tree_, folder);
    }
    return count;
  }

  LeafClaim with_replaced(LeafClaim claim) const {
    for (const auto& folder : replaced_attempts(tree_, leaf_)) {
      claim.replaces = true;
      const auto its = files_.readable_verdict(tree_, folder);
      if (its && its->status == Status::ok && claim.replaced_ok.empty())
        claim.replaced_ok = folder;
    }
    return claim;
  }

  LeafClaim go_on(const std::optional<Verdict>& earlier) {
    bool anything = false;
    for (const auto& entry : list_directory(tree_, leaf_)) {
      if (entry == ".eh" || is_lease(entry)) continue;
      if (is_left_by_attempt(entry))
        anything = true;
      else
        remove_tree(tree_, leaf_ + '/' + entry);  // a torn temporary
    }
    if (!anything) return {LeafClaim::claimed, attempts_.kept() + 1};
    const auto number = attempts_.number(earlier);
    const bool resumes = !is_forced_ && files_.has_checkpoint(tree_, leaf_);
    attempts_.keep(number, is_forced_ ? LeafAttempts::replaced
                           : resumes  ? LeafAttempts::records
                                      : LeafAttempts::all);
    if (resumes) remove_torn(tree_, leaf_);
    return {LeafClaim::claimed, number + 1, resumes};
  }

  LeafClaim take_over(const std::optional<Verdict>& earlier) {
    try {
      takeover_.take_over();
    } catch (const std::system_error& error) {
      // No folder of a lower layer can be renamed: then there is one machine.
      if (error.code().value() != EXDEV) throw;
      return go_on(earlier);
    }
    return next_after(takeover_.finish());
  }

  LeafClaim next_after(unsigned number) {
    if (is_forced_) remove_copies();
    const bool resumes = files_.has_checkpoint(tree_, leaf_);
    if (resumes) remove_torn(tree_, leaf_);
    return {LeafClaim::claimed, number + 1, resumes};
  }

  // A clock may have been ahead when the verdict was written: what it says is
  // in no case later than its file, and that no later than the lease, which is
  // of now, both by the file server's clock.
  bool is_late(const Verdict& verdict, const std::string& folder,
               const std::string& since) const {
    constexpr auto slack = std::chrono::seconds(1);
    const auto written = changed_at(folder + '/' + files_.rules().verdict_file);
    const auto now = changed_at(leaf_ + '/' + lease_file);
    if (!written || !now || *written > *now + slack) return false;
    return std::min(verdict.end, utc_text(*written + slack)) >= since;
  }

  std::optional<SystemTime> changed_at(const std::string& path) const {
    using namespace std::chrono;
    struct stat info;
    if (below::status(tree_, path, info) != 0) return {};
    return SystemTime(duration_cast<SystemTime::duration>(
        seconds(info.st_mtim.tv_sec) + nanoseconds(info.st_mtim.tv_nsec)));
  }

  // Of what would be gone on with, whose attempt is kept.
  void remove_copies() const {
    for (const auto& entry : list_directory(tree_, leaf_))
      if (is_left_by_attempt(entry)) remove_tree(tree_, leaf_ + '/' + entry);
  }

  const int tree_;
  const LeafFiles& files_;
  const std::string& leaf_;
  Leases& leases_;
  const std::function<void()> alive_;
  LeafAttempts attempts_;
  LeafTakeover takeover_;
  bool is_new_ = false;
  bool is_taken_over_ = false;
  bool is_forced_ = false;  // what is there is of a run that does not count
  std::string owner_;       // that its lease named before
};

}  // namespace

LeafClaim claim_leaf(int tree, const LeafFiles& files, const std::string& leaf,
                     Leases& leases, const ClaimRules& rules) {
  return Claiming(tree, files, leaf, leases).claim(rules);
}

}  // namespace eh::host
