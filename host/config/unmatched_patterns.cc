#include "config/unmatched_patterns.h"

#include <algorithm>
#include <set>

#include "base/number_range.h"
#include "base/text.h"
#include "config/sources.h"

namespace eh::host {
namespace {

constexpr std::size_t most_warnings = 20;
constexpr std::size_t most_names = 20'000;  // looked at for a near one

bool any_listed(const Family& family, const Glob& glob) {
  std::string name;
  for (std::uint64_t i = 0; i < family.size(); ++i) {
    name.clear();
    family.append_name(i, name);
    if (glob.matches(name)) return true;
  }
  return false;
}

class PatternCheck {
 public:
  explicit PatternCheck(const Catalog& catalog) : catalog_(catalog) {}

  // Of one group, or of any, if that is "".
  bool matches(const ConfigLayer& layer) const {
    const ConfigPattern pattern(layer.pattern);
    return std::any_of(
        catalog_.families.begin(), catalog_.families.end(),
        [&](const Family& family) {
          if (!layer.group.empty() && layer.group != family.group) return false;
          return std::any_of(
              pattern.globs().begin(), pattern.globs().end(),
              [&](const Glob& glob) { return any_matches(family, glob); });
        });
  }

  std::string text(const ConfigLayer& layer) const {
    const auto& pattern = layer.pattern;
    std::string out = "no experiment";
    if (!layer.group.empty()) out += " of '" + printable(layer.group) + "'";
    out += " matches '" + printable(pattern) + "'";
    // Up to the first wildcard only folders can be compared.
    const auto wildcard = pattern.find_first_of("*?[{\\");
    const auto end =
        wildcard == pattern.npos ? wildcard : pattern.rfind('/', wildcard);
    if (wildcard != pattern.npos && end == pattern.npos) return out;
    const auto stem = pattern.substr(0, end);
    const auto rest = pattern.substr(stem.size());
    auto heads = heads_like(stem, layer.group);
    for (auto& head : heads) head += rest;
    return out + did_you_mean(pattern, heads);
  }

 private:
  // The beginnings of names, as many folders deep as `stem`.
  std::vector<std::string> heads_like(const std::string& stem,
                                      const std::string& group) const {
    const auto depth = std::count(stem.begin(), stem.end(), '/');
    std::set<std::string> heads;
    std::size_t looked_at = 0;
    std::string name;
    for (const auto& family : catalog_.families) {
      if (!group.empty() && group != family.group) continue;
      for (std::uint64_t i = 0; i < family.size(); ++i) {
        if (++looked_at > most_names) break;
        name.clear();
        family.append_name(i, name);
        auto end = name.find('/');
        for (auto n = depth; n > 0 && end != name.npos; --n)
          end = name.find('/', end + 1);
        heads.insert(name.substr(0, end));
      }
    }
    return near_names(stem, {heads.begin(), heads.end()});
  }

  const Catalog& catalog_;
};

}  // namespace

bool any_matches(const Family& family, const Glob& glob) {
  if (family.axes.empty()) return any_listed(family, glob);
  std::uint64_t labels = 0;
  for (const auto& axis : family.axes) labels += axis.size();
  const bool is_product = family.size() / 4 > labels;  // a name costs less
  bool every_combination = !family.kept;
  Glob::Reader reader(glob);
  auto places = reader.start();
  std::set<std::size_t> read;
  std::string label;
  for (const auto& piece : family.pieces()) {
    if (reader.takes_rest(places)) break;
    if (piece.axis && !is_product) return any_listed(family, glob);
    Glob::Reader::Places after(places.size());
    if (piece.axis) {
      const Axis& axis = family.axes[*piece.axis];
      every_combination = read.insert(*piece.axis).second && every_combination;
      for (std::uint64_t i = 0; i < axis.size(); ++i) {
        label.clear();
        axis.append_label(i, label);
        reader.read(places, label, after);
      }
    } else {
      reader.read(places, piece.literal, after);
    }
    places = std::move(after);
    if (!Glob::Reader::any(places)) return false;
  }
  return family.size() > 0 && reader.ends(places) &&
         (every_combination || any_listed(family, glob));
}

std::vector<std::string> doubtful_patterns(const Catalog& catalog,
                                           const ConfigFile& file,
                                           const std::string& group) {
  std::vector<std::string> out;
  if (catalog.families.empty()) return out;
  const PatternCheck check(catalog);
  std::size_t more = 0;
  for (const auto& layer : file.layers()) {
    const bool concerned =
        layer.group.empty() ||
        (group.empty() ? catalog.find_group(layer.group) != nullptr
                       : layer.group == group);
    if (!layer.in_force || layer.pattern.empty() || !concerned) continue;
    auto text = printable(range_hint(layer.pattern));
    if (Glob(layer.pattern).is_cut())
      text =
          "the pattern stands for more than 10,000 texts, of which the "
          "first count";
    if (text.empty() && !check.matches(layer)) text = check.text(layer);
    if (text.empty()) continue;
    if (out.size() < most_warnings)
      out.push_back(file.path() + ':' + std::to_string(layer.place.line) + ':' +
                    std::to_string(layer.place.column) + ": " + text);
    else
      ++more;
  }
  if (more > 0)
    out.push_back(file.path() + ": the same of " +
                  count_text(more, "more pattern"));
  return out;
}

}  // namespace eh::host
