#include "cli/late_command.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "plan/selection.h"

namespace eh::host {
namespace {

bool is_experiment(const Catalog& catalog, const std::string& group,
                   const std::string& word) {
  try {
    Query query;
    query.group = group;
    query.patterns = {word};
    select(catalog, query);
    return true;
  } catch (const Error& error) {
    if (error.code() == exit_no_match) return false;
    throw;
  }
}

// As it was typed, with the command's name first.
std::string in_order(const Options& options) {
  auto words =
      shell_words(options.command_line).value_or(std::vector<std::string>{});
  const auto group = std::find(words.begin(), words.end(), options.query.group);
  const auto late = std::find(group, words.end(), options.late_command);
  if (late == words.end()) return options.late_command + " GROUP ...";
  std::rotate(words.begin() + 1, late, late + 1);
  std::string out;
  for (const auto& word : words)
    out += (out.empty() ? "" : " ") + shell_quoted(word);
  return out;
}

}  // namespace

void refuse_late_command(const Options& options, const Catalog& catalog) {
  const auto& word = options.late_command;
  const auto& group = options.query.group;
  if (options.command != Options::run || word.empty() ||
      !catalog.find_group(group) || is_experiment(catalog, group, word))
    return;
  throw Error(exit_usage, "no experiment of '" + group + "' is called '" +
                              word +
                              "', which is a command: it comes first"
                              " (write: " +
                              in_order(options) + ')');
}

}  // namespace eh::host
