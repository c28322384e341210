#include "leaf/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <system_error>

#include "leaf/lease.h"
#include "os/below.h"
#include "os/walk.h"

namespace eh::host {

bool is_torn(const std::string& entry) {
  return entry.starts_with('.') &&
         entry.find(contract::temporary_mark) != entry.npos;
}

bool is_left_by_attempt(const std::string& entry) {
  return !is_torn(entry) &&
         (!contract::is_reserved(entry) || entry == contract::results_file ||
          entry == contract::kept_metrics_file);
}

bool is_left_by_kill(const std::string& entry) {
  return is_torn(entry) || (contract::is_reserved(entry) && entry != ".eh");
}

bool is_lease(const std::string& entry) {
  return entry.starts_with(lease_file);
}

LeafFiles::LeafFiles(LeafRules rules) : rules_(std::move(rules)) {
  for (const auto& pattern : rules_.checkpoint_patterns)
    checkpoints_.emplace_back(pattern);
}

bool LeafFiles::is_record(const std::string& entry) const {
  return entry == rules_.verdict_file || entry == contract::log_file ||
         entry == contract::output_file;
}

std::optional<Verdict> LeafFiles::verdict(int tree,
                                          const std::string& folder) const {
  try {
    const auto path = folder + '/' + rules_.verdict_file;
    auto text = read_file(tree, path, most_of_verdict + 1);
    if (text && text->size() > most_of_verdict)
      throw std::system_error(EFBIG, std::generic_category(),
                              "cannot read '" + path + "'");
    if (auto ours = text ? parse_verdict(*text) : std::nullopt) return ours;
    const bool may_be_either = rules_.verdict_file == rules_.original_metadata;
    if (text && !may_be_either) return {};
    const auto original =
        may_be_either ? std::move(text)
                      : read_file(tree, folder + '/' + rules_.original_metadata,
                                  most_of_verdict);
    return original ? parse_original_metadata(*original) : std::nullopt;
  } catch (const std::system_error& error) {
    if (error.code().value() == EISDIR) return {};
    throw UnreadableVerdict(error);
  }
}

std::optional<Verdict> LeafFiles::readable_verdict(
    int tree, const std::string& folder) const {
  try {
    return verdict(tree, folder);
  } catch (const UnreadableVerdict&) {
    return {};
  }
}

bool LeafFiles::is_checkpoint(const std::string& above,
                              const std::string& name) const {
  return std::any_of(checkpoints_.begin(), checkpoints_.end(),
                     [&](const Glob& glob) {
                       return glob.matches(name) ||
                              (!above.empty() && glob.matches(above + name));
                     });
}

bool LeafFiles::has_checkpoint(int tree, const std::string& folder) const {
  // Paths of folders that are not looked into yet, the upper ones first.
  std::deque<std::string> inside{""};
  for (; !inside.empty(); inside.pop_front()) {
    const auto& above = inside.front();
    auto opened = below::open(tree, folder + '/' + above,
                              O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!opened) continue;  // gone, or not for us: then for nobody to go on
    for (const auto& [name, is_folder] :
         list_entries(std::move(opened), folder + '/' + above)) {
      if (above.empty() ? !is_left_by_attempt(name) : is_torn(name)) continue;
      if (is_checkpoint(above, name)) return true;
      if (is_folder) inside.push_back(above + name + '/');
    }
  }
  return false;
}

void LeafFiles::refuse_nested(int tree, const std::string& folder) const {
  walk(tree, folder,
       {[&](const Met& met) {
          if (met.depth > 0 &&
              (met.name == rules_.verdict_file || met.name == lease_file))
            throw std::system_error(
                EEXIST, std::generic_category(),
                "cannot use '" + folder +
                    "': it holds the results of another experiment, '" +
                    folder + '/' + met.above.substr(0, met.above.size() - 1) +
                    "' (move them away, or rename one)");
          return met.is_folder && !contract::is_reserved(met.name);
        },
        {},
        {},
        true});
}

void remove_torn(int tree, const std::string& folder) {
  walk(tree, folder,
       {[](const Met& met) {
          if (met.depth == 0 && contract::is_reserved(met.name)) return false;
          if (is_torn(met.name) && !met.is_folder)
            ::unlinkat(met.folder, met.name.c_str(), 0);
          return met.is_folder;
        },
        {},
        {},
        true});
}

}  // namespace eh::host
