#include "plan/selection.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <unordered_map>

#include "base/error.h"
#include "base/glob.h"
#include "base/number_range.h"
#include "base/text.h"
#include "catalog/command_names.h"
#include "catalog/name_heads.h"
#include "plan/where.h"

namespace eh::host {
namespace {

// A pattern as it is tried against names, or folders: letter by letter, then
// as a glob.
struct Matcher {
  explicit Matcher(const std::string& pattern, bool is_folder = false)
      : text(is_folder ? pattern + '/' : pattern),
        glob(is_folder ? text + '*' : pattern),
        folder(is_folder) {
    if (glob.is_cut())
      throw Error(exit_usage,
                  "cannot use the pattern '" + printable(pattern) +
                      "': it stands for more than 10,000 texts (give the names "
                      "by --from-file)");
  }
  bool operator()(std::string_view name) const {
    return (folder ? name.substr(0, text.size()) : name) == text ||
           glob.matches(name);
  }
  std::string text;
  Glob glob;
  bool folder;
};

// Whether a name that begins in some way may match.
class Beginning {
 public:
  explicit Beginning(const Matcher& matcher)
      : matcher_(matcher), reader_(matcher.glob), start_(reader_.start()) {}
  bool operator()(std::string_view head) {
    const std::string_view text = matcher_.text;
    if (text.starts_with(head) || (matcher_.folder && head.starts_with(text)))
      return true;
    Glob::Reader::Places places(start_.size());
    reader_.read(start_, head, places);
    return Glob::Reader::any(places);
  }

 private:
  const Matcher& matcher_;
  Glob::Reader reader_;
  Glob::Reader::Places start_;
};

class Selector {
 public:
  Selector(const Catalog& catalog, const Query& query)
      : catalog_(catalog), query_(query) {
    for (std::uint32_t f = 0; f < catalog.families.size(); ++f)
      if (catalog.families[f].group == query.group) families_.push_back(f);
    for (const auto& pattern : query.exclude) exclude_.emplace_back(pattern);
  }

  void run() {
    if (query_.patterns.empty()) {
      add("*");
    } else {
      taken_.resize(catalog_.families.size());
      for (const auto f : families_)
        taken_[f].resize(catalog_.families[f].size());
      if (query_.patterns.size() > 32) index_names();
      for (const auto& pattern : query_.patterns)
        if (!add_named(pattern) && !add(pattern) &&
            (pattern.empty() || pattern.back() != '*')) {
          auto folder = pattern;
          while (!folder.empty() && folder.back() == '/') folder.pop_back();
          if (!add(folder, true)) unmatched_.push_back(pattern);
        }
    }
    if (chosen_.empty()) no_match();
    filter();
  }

  std::vector<Experiment> take_chosen() { return std::move(chosen_); }

  /// What was asked for without effect.
  std::string warnings() const {
    std::string all = unmatched_.empty() ? "" : unmatched_text();
    for (const auto& matcher : exclude_)
      if (!matcher.excludes)
        all += (all.empty() ? "" : "; ") +
               ("--exclude '" + printable(matcher.text) +
                "' leaves none of them out");
    if (query_.shard && chosen_.empty())
      all += (all.empty() ? "" : "; ") + shard_text();
    return all;
  }

 private:
  // Names by text: a file may name a hundred thousand of them.
  void index_names() {
    for (const auto f : families_)
      for (std::uint64_t i = 0; i < catalog_.families[f].size(); ++i)
        named_.emplace(catalog_.families[f].name(i), Experiment{f, i});
  }

  // Adds the experiment that a pattern without wildcards names, if the names
  // are indexed.
  bool add_named(const std::string& pattern) {
    if (pattern.find_first_of("*?[{\\") != pattern.npos) return false;
    const auto found = named_.find(pattern);
    if (found == named_.end()) return false;
    take(found->second);
    return true;
  }

  void take(const Experiment& e) {
    if (!taken_.empty()) {
      if (taken_[e.family][e.point]) return;
      taken_[e.family][e.point] = true;
    }
    chosen_.push_back(e);
  }

  // Adds what matches; returns whether anything did, chosen before or not.
  bool add(const std::string& pattern, bool is_folder = false) {
    const Matcher matches(pattern, is_folder);
    Beginning beginning(matches);
    bool matched = false;
    std::string name;
    for (const auto f : families_) {
      const Family& family = catalog_.families[f];
      NameHeads heads(family, std::ref(beginning));
      for (auto i = heads.next(0); i < family.size(); i = heads.next(i + 1)) {
        if (pattern != "*" || is_folder) {
          name.clear();
          family.append_name(i, name);
          if (!matches(name)) continue;
        }
        matched = true;
        take({f, i});
      }
    }
    return matched;
  }

  void filter() {
    drop_unless("--exclude leaves none of them", !exclude_.empty(),
                [&](const Experiment&, std::string_view name) {
                  bool is_excluded = false;
                  for (auto& exclude : exclude_)
                    if (exclude(name)) is_excluded = exclude.excludes = true;
                  return !is_excluded;
                });
    if (!query_.where.empty()) filter_where();
    if (query_.shard) {
      const auto [index, count] = *query_.shard;
      unsharded_ = chosen_.size();
      // An empty shard is no mistake: a small selection has them.
      chosen_.erase(
          std::remove_if(chosen_.begin(), chosen_.end(),
                         [&, index = index, count = count](auto& e) {
                           const auto name =
                               catalog_.families[e.family].name(e.point);
                           return stable_hash(name) % count != index - 1;
                         }),
          chosen_.end());
    }
  }

  void filter_where() {
    const Where where(query_.where);
    std::vector<std::string> known;
    std::vector<std::shared_ptr<const Where::Bound>> bound(
        catalog_.families.size());
    for (const auto f : families_)
      for (const auto& parameter : catalog_.families[f].parameters)
        if (std::find(known.begin(), known.end(), parameter.name) ==
            known.end())
          known.push_back(parameter.name);
    for (const auto& name : where.parameters())
      if (std::find(known.begin(), known.end(), name) == known.end())
        throw Error(exit_usage, "cannot use --where '" + query_.where +
                                    "': no experiment of '" + query_.group +
                                    "' has a parameter '" + name + "'" +
                                    did_you_mean(name, known));
    // A family whose parameter of that name is of another type does not match,
    // as long as the comparison makes sense for some.
    std::optional<Error> no_sense;
    bool any_sense = false;
    for (const auto f : families_) {
      try {
        bound[f] = where.bind(catalog_.families[f]);
        any_sense = any_sense || bound[f]->has_parameters();
      } catch (const Error& error) {
        no_sense = error;
      }
    }
    if (no_sense && !any_sense) throw *no_sense;
    drop_unless(
        "--where '" + query_.where + "' is true for none of them", true,
        [&](const Experiment& e, std::string_view) {
          const auto& family = bound[e.family];
          return family && family->matches(e.point);
        },
        false);
  }

  template <class Keep>
  void drop_unless(const std::string& what, bool active, const Keep& keep,
                   bool by_name = true) {
    if (!active) return;
    const auto before = chosen_.size();
    std::string name;
    chosen_.erase(std::remove_if(chosen_.begin(), chosen_.end(),
                                 [&](const Experiment& e) {
                                   name.clear();
                                   if (by_name)
                                     catalog_.families[e.family].append_name(
                                         e.point, name);
                                   return !keep(e, name);
                                 }),
                  chosen_.end());
    if (chosen_.empty())
      throw Error(exit_no_match, "nothing matched in '" + query_.group +
                                     "': the patterns match " +
                                     count_text(before, "experiment") +
                                     ", but " + what);
  }

  [[noreturn]] void no_match() const {
    if (std::all_of(families_.begin(), families_.end(),
                    [&](auto f) { return catalog_.families[f].size() == 0; }))
      throw Error(exit_no_match, "nothing matched: the group '" + query_.group +
                                     "' has no experiments");
    throw Error(
        exit_no_match,
        "nothing matched in '" + query_.group +
            "': " + (unmatched_.empty() ? patterns_text() : unmatched_text()) +
            " (" + shell_quoted(query_.group) + " --list shows the names)");
  }

  // Of patterns with wildcards, which may match nothing beside others.
  std::string patterns_text() const {
    std::string message;
    for (const auto& pattern : query_.patterns) {
      if (message.size() > 2000) return message + " and more";
      message += (message.empty() ? "no experiment matches '" : ", '") +
                 printable(pattern) + "'";
    }
    return message;
  }

  std::string shard_text() const {
    return "part " + std::to_string(query_.shard->index) + " of " +
           std::to_string(query_.shard->count) + " has none of the " +
           count_text(unsharded_, "experiment");
  }

  // "seed=3" where `seed` is a parameter.
  bool is_condition(const std::string& pattern) const {
    const auto equals = pattern.find('=');
    if (equals == pattern.npos) return false;
    for (const auto f : families_)
      for (const auto& parameter : catalog_.families[f].parameters)
        if (parameter.name == pattern.substr(0, equals)) return true;
    return false;
  }

  std::string unmatched_text() const {
    std::string message;
    std::vector<std::string> names;
    for (const auto f : families_) {
      const Family& family = catalog_.families[f];
      for (std::uint64_t i = 0; i < family.size() && names.size() < 20'000; ++i)
        names.push_back(family.name(i));
    }
    for (const auto& pattern : unmatched_) {
      if (message.size() > 2000) return message + "; and more";
      message += (message.empty() ? "" : "; ") +
                 ("no experiment is called '" + printable(pattern) + "'") +
                 (is_condition(pattern)
                      ? ", and '" + pattern.substr(0, pattern.find('=')) +
                            "' is a parameter (--where chooses by these)"
                      : did_you_mean(pattern, names));
    }
    return message;
  }

  const Catalog& catalog_;
  const Query& query_;
  std::vector<std::uint32_t> families_;
  struct Exclude : Matcher {
    using Matcher::Matcher;
    bool excludes = false;  // any
  };
  std::vector<Exclude> exclude_;
  std::vector<std::vector<bool>> taken_;
  std::unordered_map<std::string, Experiment> named_;
  std::vector<std::string> unmatched_;
  std::vector<Experiment> chosen_;
  std::size_t unsharded_ = 0;
};

}  // namespace

Query in_group(Query query, const Catalog& catalog) {
  const auto slash = query.group.find('/');
  if (query.patterns.empty() && slash != query.group.npos &&
      !catalog.find_group(query.group) &&
      catalog.find_group(query.group.substr(0, slash))) {
    query.patterns = {query.group.substr(slash + 1)};
    query.group.resize(slash);
  }
  return query;
}

std::vector<Experiment> select(const Catalog& catalog, const Query& query,
                               std::string* warning) {
  if (!catalog.find_group(query.group)) {
    auto known = catalog.group_names();
    known.insert(known.end(), std::begin(command_names),
                 std::end(command_names));
    throw Error(exit_usage, "there is no group '" + query.group + "'" +
                                did_you_mean(query.group, known) +
                                " (--help shows the groups)");
  }
  Selector selector(catalog, query);
  selector.run();
  if (warning) *warning = selector.warnings();
  return selector.take_chosen();
}

std::vector<std::string> pattern_hints(const Query& query) {
  auto patterns = query.patterns;
  patterns.insert(patterns.end(), query.exclude.begin(), query.exclude.end());
  if (!query.where.empty()) {
    try {
      const auto asked = Where(query.where).patterns();
      patterns.insert(patterns.end(), asked.begin(), asked.end());
    } catch (const Error&) {  // told where experiments are selected
    }
  }
  std::vector<std::string> out;
  for (const auto& pattern : patterns) {
    const auto hint = printable(range_hint(pattern));
    if (!hint.empty() && std::find(out.begin(), out.end(), hint) == out.end())
      out.push_back(hint);
  }
  return out;
}

Shard parse_shard(const std::string& text) {
  Shard shard;
  const auto slash = text.find('/');
  auto number = [](std::string_view part, std::size_t& out) {
    const auto read = parse_number<std::size_t>(part);
    out = read.value_or(0);
    return read.has_value();
  };
  const std::string_view view = text;
  if (slash == text.npos || !number(view.substr(0, slash), shard.index) ||
      !number(view.substr(slash + 1), shard.count) || shard.index < 1 ||
      shard.index > shard.count)
    throw Error(exit_usage, "cannot use --shard '" + text +
                                "': it is not m/n with 1 <= m <= n (write"
                                " --shard 1/4 for the first of four parts)");
  return shard;
}

std::vector<std::string> patterns_from_file(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file)
      throw Error(exit_usage, "cannot read --from-file '" + path +
                                  "': " + errno_text(errno));
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::vector<std::string> patterns;
  bool is_first = true;
  for (std::string line; std::getline(in, line);) {
    if (is_first && line.starts_with(byte_order_mark))
      line.erase(0, byte_order_mark.size());
    is_first = false;
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos || line[begin] == '#') continue;
    const auto end = line.find_last_not_of(" \t\r");
    patterns.push_back(line.substr(begin, end - begin + 1));
  }
  if (patterns.empty())
    throw Error(exit_no_match,
                "nothing matched: --from-file '" + path + "' names nothing");
  return patterns;
}

}  // namespace eh::host
