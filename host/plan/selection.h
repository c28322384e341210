// From what the plugins offer to the experiments that were asked for, by name
// and by parameters. What the leaves say (--failed, --stale ...) is looked at
// later, see plan/todo.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/experiment.h"

namespace eh::host {

/// A stable part of all experiments: number `index` of `count`, from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;
};

struct Query {
  std::string group;
  std::vector<std::string> patterns;  ///< none: everything
  std::vector<std::string> exclude;
  std::string where;
  std::optional<Shard> shard;
};

/// "main/sweep/1" as the group alone is as good as "main" and "sweep/1".
Query in_group(Query query, const Catalog& catalog);

/// The experiments of `query`, each once: in the order of the patterns, and
/// within one in the order of registration. A pattern also matches the name
/// that it is, letter by letter; one that matches nothing and does not end in
/// '*' is tried again as a folder. Throws Error: no such group or parameter
/// (usage), nothing matched (no_match), with near names. `warning` is set to a
/// text if some of the patterns matched nothing.
std::vector<Experiment> select(const Catalog& catalog, const Query& query,
                               std::string* warning = nullptr);

/// Warnings of patterns in `query` that were meant as others: "[1-20]".
std::vector<std::string> pattern_hints(const Query& query);

/// Reads "m/n". Throws Error (usage).
Shard parse_shard(const std::string& text);

/// The patterns in a file, one a line; empty lines and those that begin with
/// '#' are left out. "-" is standard input. Throws Error (usage).
std::vector<std::string> patterns_from_file(const std::string& path);

}  // namespace eh::host
