// Several patterns choose what each of them does, in their order and each
// experiment once, without what --exclude names; or there is an Error.
// An input is a pattern a line; those of --exclude begin with '!'.

#include <algorithm>
#include <sstream>

#include "base/glob.h"
#include "fuzz.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using eh::fuzz::require;
using Names = std::vector<std::string>;

namespace {

Catalog experiments() {
  auto kept = sweep("main", "kept/{n}", {{"n", {"1", "2", "3"}}});
  kept.kept = {{{2, 2}}};
  return catalog_of({single("main", "heavy"), single("other", "heavy"),
                     sweep("main", "s/c={c}/{seed}",
                           {{"c", {"1", "2"}}, {"seed", {"1", "2"}}}),
                     batch("main", {"day/1", "day/2", "d[a]y/1", "\u00e9/*"}),
                     kept, single("main", "s/b\\a"), single("main", "a,b")});
}

bool takes(const std::string& pattern, const std::string& name) {
  return name == pattern || Glob(pattern).matches(name);
}

bool takes_folder(std::string pattern, const std::string& name) {
  while (pattern.ends_with('/')) pattern.pop_back();
  pattern += '/';
  return name.starts_with(pattern) || Glob(pattern + '*').matches(name);
}

// What select() has to choose.
Names expected(const Names& all, const Query& query) {
  Names chosen;
  const auto add = [&](const auto& is_wanted) {
    bool any = false;
    for (const auto& name : all) {
      if (!is_wanted(name)) continue;
      any = true;
      if (std::find(chosen.begin(), chosen.end(), name) == chosen.end())
        chosen.push_back(name);
    }
    return any;
  };
  for (const auto& pattern : query.patterns)
    if (!add([&](auto& name) { return takes(pattern, name); }) &&
        !pattern.ends_with('*'))
      add([&](auto& name) { return takes_folder(pattern, name); });
  if (query.patterns.empty()) chosen = all;
  std::erase_if(chosen, [&](auto& name) {
    return std::any_of(query.exclude.begin(), query.exclude.end(),
                       [&](auto& pattern) { return takes(pattern, name); });
  });
  return chosen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const Catalog catalog = experiments();
  static const Names all = [] {
    auto experiments = all_of(catalog);
    std::erase_if(experiments, [](auto& e) {
      return catalog.families[e.family].group != "main";
    });
    return names_of(catalog, experiments);
  }();
  Query query;
  query.group = "main";
  std::istringstream lines{std::string(eh::fuzz::text_of(data, size))};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with('!'))
      query.exclude.push_back(line.substr(1));
    else
      query.patterns.push_back(line);
  Names chosen;
  try {
    std::string warning;
    chosen = names_of(catalog, select(catalog, query, &warning));
    require(!chosen.empty(), "what matches nothing is an error");
  } catch (const Error& error) {
    require(error.code() == exit_no_match,
            "that nothing matched is the only error");
  }
  require(chosen == expected(all, query),
          "each pattern adds what it takes, in their order");
  return 0;
}
