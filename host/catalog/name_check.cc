#include "catalog/name_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "catalog/command_names.h"

// Finds names that clash or that cannot be folders, without making all names.
//
// Every experiment is a leaf of its group's tree, so no name may equal another
// or be a folder of it. The families of a group are walked together, component
// by component: those that share a component go on together into its bucket,
// and a bucket with a single family needs no further look, because within a
// family names differ as soon as the components' texts do. A component is
// listed by its own axes only, never by the product of all. Work is therefore
// in proportion to what families share.

namespace eh::host {
namespace {

constexpr std::size_t longest_component = 255;  // bytes, NAME_MAX of Linux
constexpr std::size_t most_problems = 20;

// Why `component` cannot be the name of a folder, or "".
std::string wrong_component(std::string_view component) {
  if (component.empty()) return "it has an empty part";
  if (component == "." || component == "..")
    return "it has the part '" + std::string(component) + "'";
  if (component.substr(0, 3) == ".eh")
    return "parts that begin with '.eh' are reserved";
  if (component.size() > longest_component)
    return "its part '" + std::string(component.substr(0, 40)) +
           "...' has over 255 bytes";
  if (component.find('/') != component.npos)
    return "the label of a swept value has a '/'";
  if (printable(component) != component)
    return "it has a control character, or another that is not seen";
  // What eh-child puts for bytes that are not UTF-8.
  if (component.find("\xEF\xBF\xBD") != component.npos)
    return "it is not valid UTF-8";
  return {};
}

// A name's place in the walk: a family, the values its axes have so far, and
// how far its pieces were read.
struct Walker {
  const Family* family = nullptr;
  std::uint64_t name = 0;  // of a family with several names
  std::size_t piece = 0;   // next piece to read ...
  std::size_t offset = 0;  // ... and where in it
  bool ended = false;
  std::vector<std::int64_t> bound;  // value of each axis, -1: not yet
  std::string path;
};

class Checker {
 public:
  explicit Checker(const Catalog& catalog) : catalog_(catalog) {}

  void check_group(const std::vector<const Family*>& families) {
    std::vector<Walker> walkers;
    for (const auto* family : families) {
      check_axes(*family);
      for (std::uint64_t i = 0;
           i < std::max<std::size_t>(1, family->names.size()); ++i) {
        Walker walker;
        walker.family = family;
        walker.name = i;
        walker.bound.assign(family->axes.size(), -1);
        walkers.push_back(std::move(walker));
      }
    }
    walk(std::move(walkers));
  }

  std::vector<Problem> problems;

 private:
  // Whether a swept parameter has no place in the name.
  static bool lacks_axis(const Family& family) {
    std::vector<bool> named(family.axes.size());
    for (const auto& piece : family.pieces())
      if (piece.axis) named[*piece.axis] = true;
    for (std::size_t a = 0; a < named.size(); ++a)
      if (!named[a] && family.axes[a].size() > 1) return true;
    return false;
  }

  // Finds points that have the same name because it lacks a swept parameter.
  void check_axes(const Family& family) {
    if (!lacks_axis(family)) return;
    Walker point;
    point.family = &family;
    point.ended = true;
    point.path = family.name(0);
    // A filter may have left one value for each name.
    bool twice = !family.kept;
    std::unordered_set<std::string> seen;
    for (std::uint64_t i = 0; !twice && i < family.size(); ++i) {
      point.path = family.name(i);
      twice = !seen.insert(point.path).second;
    }
    if (twice) clash(point, point);
  }

  // Calls `found(component, walker after it)` for each text that the next
  // component of `walker` can have.
  template <class Found>
  void components(const Walker& walker, const Found& found) const {
    if (!walker.family->names.empty()) {
      const std::string& name = walker.family->names[walker.name];
      const auto slash = name.find('/', walker.offset);
      Walker next = walker;
      next.ended = slash == name.npos;
      next.offset = next.ended ? name.size() : slash + 1;
      found(name.substr(walker.offset, slash - walker.offset), std::move(next));
      return;
    }
    extend(walker, {}, found);
  }

  template <class Found>
  void extend(Walker walker, std::string component, const Found& found) const {
    const auto& pieces = walker.family->pieces();
    while (walker.piece < pieces.size()) {
      const auto& piece = pieces[walker.piece];
      if (piece.axis) {
        ++walker.piece;
        const Axis& axis = walker.family->axes[*piece.axis];
        auto& bound = walker.bound[*piece.axis];
        if (bound >= 0) {
          axis.append_label(static_cast<std::uint64_t>(bound), component);
          continue;
        }
        for (std::uint64_t i = 0; i < axis.size(); ++i) {
          Walker next = walker;
          next.bound[*piece.axis] = static_cast<std::int64_t>(i);
          extend(std::move(next), component + axis.label(i), found);
        }
        return;
      }
      const auto slash = piece.literal.find('/', walker.offset);
      component += piece.literal.substr(walker.offset, slash - walker.offset);
      if (slash != std::string::npos) {
        walker.offset = slash + 1;
        found(component, std::move(walker));
        return;
      }
      ++walker.piece;
      walker.offset = 0;
    }
    walker.ended = true;
    found(component, std::move(walker));
  }

  void walk(std::vector<Walker> walkers) {
    if (walkers.size() == 1 && lone(walkers[0])) return;
    std::unordered_map<std::string, std::vector<Walker>> buckets;
    std::vector<std::string> order;
    for (const auto& walker : walkers) {
      if (problems.size() >= most_problems) return;
      components(walker, [&](const std::string& component, Walker next) {
        next.path =
            walker.path.empty() ? component : walker.path + '/' + component;
        if (auto wrong = wrong_component(component); !wrong.empty()) {
          if (!refused_.count({next.family, wrong}) && exists(next))
            refuse(next, wrong);
          return;
        }
        auto& bucket = buckets[component];
        if (bucket.empty()) order.push_back(component);
        bucket.push_back(std::move(next));
      });
    }
    for (const auto& component : order) {
      if (problems.size() >= most_problems) return;
      settle(std::move(buckets[component]));
    }
  }

  // Whether the rest of a family that shares its folder with no other family
  // is seen to be right without listing its names.
  bool lone(const Walker& walker) {
    const Family& family = *walker.family;
    if (!family.names.empty()) return false;
    const auto place = std::tuple(&family, walker.piece, walker.offset);
    if (const auto known = lone_.find(place); known != lone_.end())
      return known->second;
    bool right = true;
    std::vector<Family::Piece> component;
    for (std::size_t p = walker.piece; p < family.pieces().size(); ++p) {
      const auto& piece = family.pieces()[p];
      if (piece.axis) {
        component.push_back(piece);
        continue;
      }
      const auto parts =
          split(std::string_view(piece.literal)
                    .substr(p == walker.piece ? walker.offset : 0),
                '/');
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) {
          right = right && tells_apart(family, component);
          component.clear();
        }
        if (!parts[i].empty()) component.push_back({parts[i], {}});
      }
    }
    right = right && tells_apart(family, component);
    return lone_[place] = right;
  }

  struct Labels {
    bool all_right = true;         // they differ, and each could be a folder
    std::array<bool, 256> uses{};  // which bytes they have
    std::size_t longest = 0;
  };

  static Labels look_at(const Axis& axis) {
    Labels out;
    auto use = [&](std::string_view text) {
      out.longest = std::max(out.longest, text.size());
      for (const char c : text) out.uses[static_cast<unsigned char>(c)] = true;
    };
    if (axis.is_range()) {
      use("0123456789");
      use(axis.label(0));
      use(axis.label(axis.size() - 1));  // one of them has the '-', if any has
      return out;
    }
    std::unordered_set<std::string_view> seen;
    for (const auto& label : axis.listed_labels) {
      use(label);
      out.all_right = out.all_right && seen.insert(label).second &&
                      wrong_component(label).empty();
    }
    return out;
  }

  // Whether a component is a valid name and differs for each combination of
  // its axes' values: the labels of an axis differ, and the literal after it
  // has a character that none of them has, so that it ends where that begins.
  static bool tells_apart(const Family& family,
                          const std::vector<Family::Piece>& component) {
    std::size_t longest = 0;
    bool has_literal = false;
    for (std::size_t i = 0; i < component.size(); ++i) {
      if (!component[i].axis) {
        has_literal = true;
        longest += component[i].literal.size();
        if (!wrong_component(component[i].literal).empty()) return false;
        continue;
      }
      const auto labels = look_at(family.axes[*component[i].axis]);
      if (!labels.all_right) return false;
      longest += labels.longest;
      if (i + 1 == component.size()) continue;
      const auto& after = component[i + 1];
      if (after.axis ||
          std::all_of(after.literal.begin(), after.literal.end(), [&](char c) {
            return labels.uses[static_cast<unsigned char>(c)];
          }))
        return false;
    }
    return longest <= longest_component &&
           (has_literal || component.size() == 1);
  }

  // Walkers that are alike so far.
  void settle(std::vector<Walker> bucket) {
    const auto find_ended = [&] {
      return std::find_if(bucket.begin(), bucket.end(),
                          [](const Walker& walker) { return walker.ended; });
    };
    if (find_ended() != bucket.end() && bucket.size() > 1)
      std::erase_if(bucket,
                    [](const Walker& walker) { return !exists(walker); });
    const auto ended = find_ended();
    if (ended == bucket.end()) {
      if (!bucket.empty()) walk(std::move(bucket));
    } else if (bucket.size() > 1) {
      clash(*ended, bucket[ended == bucket.begin() ? 1 : 0]);
    }
  }

  // Whether a filter left any point with the values that are bound.
  static bool exists(const Walker& walker) {
    const Family& family = *walker.family;
    if (!family.kept) return true;
    for (std::uint64_t i = 0; i < family.size(); ++i) {
      bool same = true;
      for (std::size_t a = 0; same && a < walker.bound.size(); ++a)
        same = walker.bound[a] < 0 ||
               family.axis_value(i, a) ==
                   static_cast<std::uint64_t>(walker.bound[a]);
      if (same) return true;
    }
    return false;
  }

  void refuse(const Walker& walker, const std::string& why) {
    const Family& family = *walker.family;
    const auto& shown =
        family.names.empty() ? family.name_template : family.names[walker.name];
    refused_.insert({&family, why});
    std::string message = "cannot register '" + printable(shown) +
                          "' in group '" + family.group + "': " + why;
    if (shown.substr(0, 1) == "/" || (!shown.empty() && shown.back() == '/'))
      message = "cannot register '" + printable(shown) + "' in group '" +
                family.group + "': names may not begin or end with '/'";
    problems.push_back({message, family.origin});
  }

  void clash(const Walker& leaf, const Walker& other) {
    const Family& a = *leaf.family;
    const Family& b = *other.family;
    const auto [known, is_new] =
        clashed_.try_emplace({&a, &b}, problems.size());
    if (!is_new) {
      ++problems[known->second].count;
      return;
    }
    std::string message = "cannot register '" + printable(leaf.path) +
                          "' in group '" + a.group + "': ";
    if (other.ended)
      message += "the name is taken twice";
    else
      message += "every experiment is a leaf, and this is a folder of others";
    message += ", here and at " + catalog_.where(b.origin);
    if (&a == &b && !a.axes.empty())
      message +=
          " (points of one sweep: does the name hold every swept"
          " parameter, and do the values differ in their first 12"
          " digits?)";
    problems.push_back({message, a.origin});
  }

  const Catalog& catalog_;
  std::map<std::tuple<const Family*, std::size_t, std::size_t>, bool> lone_;
  std::set<std::pair<const Family*, std::string>> refused_;
  std::map<std::pair<const Family*, const Family*>, std::size_t> clashed_;
};

// Why a group cannot have this name, or "".
std::string wrong_group_name(const std::string& name) {
  if (name.find('/') != name.npos) return "it has a '/'";
  if (auto wrong = wrong_component(name); !wrong.empty()) return wrong;
  if (name[0] == '-') return "it begins with '-'";
  if (std::find(std::begin(command_names), std::end(command_names), name) !=
      std::end(command_names))
    return "it is a command of eh-host, which would be taken for it "
           "(EH_GROUP_NAMED gives another name)";
  return {};
}

void check_groups(const Catalog& catalog, std::vector<Problem>& problems) {
  std::map<std::string, const Group*> first;
  for (const auto& group : catalog.groups) {
    const auto [at, is_new] = first.emplace(group.name, &group);
    if (!is_new)
      problems.push_back({"group '" + group.name + "' is defined twice, here" +
                              " and at " + catalog.where(at->second->origin),
                          group.origin});
    if (const auto wrong = wrong_group_name(group.name); !wrong.empty())
      problems.push_back(
          {"cannot name a group '" + printable(group.name) + "': " + wrong,
           group.origin});
  }
  std::set<std::string> missing;
  for (const auto& family : catalog.families)
    if (!first.count(family.group) && missing.insert(family.group).second)
      problems.push_back({"no EH_GROUP defines the group '" + family.group +
                              "'" +
                              did_you_mean(family.group, catalog.group_names()),
                          family.origin});
}

}  // namespace

std::vector<Problem> check_names(const Catalog& catalog) {
  std::vector<Problem> problems;
  check_groups(catalog, problems);
  std::map<std::string, std::vector<const Family*>> groups;
  for (const auto& family : catalog.families)
    if (family.size() > 0) groups[family.group].push_back(&family);
  Checker checker(catalog);
  for (const auto& [name, families] : groups) checker.check_group(families);
  problems.insert(problems.end(), checker.problems.begin(),
                  checker.problems.end());
  return problems;
}

}  // namespace eh::host
