#include "catalog/discover.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "catalog/name_check.h"
#include "catalog/parse.h"
#include "contract/child.h"
#include "contract/program.h"
#include "os/capture.h"
#include "os/file.h"
#include "os/program.h"
#include "os/signal_name.h"

namespace eh::host {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  std::string path;  // absolute
  bool named = false;
  bool is_program = false;
};

void add_candidate(std::vector<Candidate>& out, const fs::path& path,
                   bool named) {
  std::error_code error;
  auto real = fs::canonical(path, error);
  if (error) real = fs::absolute(path);
  for (auto& known : out)
    if (known.path == real) {
      known.named = known.named || named;
      return;
    }
  out.push_back({real.string(), named});
}

std::vector<Candidate> candidates(const PluginSources& sources) {
  std::vector<Candidate> out;
  if (!sources.program.empty()) out.push_back({sources.program, true, true});
  for (const auto& file : sources.files) add_candidate(out, file, true);
  for (const auto& directory : sources.directories) {
    if (!fs::is_directory(directory))
      throw Error(exit_bad_plugin, "cannot look for plugins in '" + directory +
                                       "': it is not a directory");
    auto names = list_directory(AT_FDCWD, directory);
    std::sort(names.begin(), names.end());
    for (const auto& name : names)
      if (name.size() > 3 && name.compare(name.size() - 3, 3, ".so") == 0)
        add_candidate(out, fs::path(directory) / name, false);
  }
  return out;
}

const std::string& built_at(const PluginSources& sources,
                            const std::string& path) {
  std::error_code error;
  for (const auto& [copy, built] : sources.built_at)
    if (copy == path || fs::equivalent(copy, path, error)) return built;
  return path;
}

std::vector<std::string> describing(const Candidate& plugin,
                                    const std::string& child,
                                    const std::string& built_at) {
  const auto file = file_of(plugin.path);
  if (plugin.is_program)
    return {file, contract::child_word, "describe", file, built_at};
  return {child, "describe", file, built_at};
}

// Where the child's answer begins: its last line. A program may have printed
// something before it.
std::size_t answer_begin(const std::string& output) {
  if (output.size() < 2) return 0;
  const auto newline = output.rfind('\n', output.size() - 2);
  return newline == output.npos ? 0 : newline + 1;
}

constexpr std::size_t most_lines = 20;

std::string last_lines(std::string_view text, std::size_t count) {
  text = text.substr(0, text.find_last_not_of(" \n") + 1);
  text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
  auto begin = text.size();
  while (count-- > 0 && begin > 0) {
    const auto newline = text.rfind('\n', begin - 1);
    if (newline == text.npos) return std::string(text);
    begin = newline;
  }
  return begin == 0 ? std::string(text) : std::string(text.substr(begin + 1));
}

// The plugin's description, or why there is none.
Description description_of(const std::string& path, const Captured& captured,
                           double seconds) {
  const auto begin = answer_begin(captured.output);
  const auto answer = std::string_view(captured.output).substr(begin);
  const bool answered = answer.starts_with('{');
  // With what it printed: the reason may stand there.
  const auto refusal = [&](std::string message) {
    const auto printed =
        captured.output.substr(0, answered ? begin : captured.output.npos) +
        captured.errors;
    if (const auto lines = last_lines(printed, most_lines); !lines.empty())
      message += "; it printed:\n" + lines;
    return std::runtime_error(message);
  };
  const auto refuse = [&](const std::string& why) {
    return refusal("cannot load plugin '" + path + "': " + why);
  };
  if (captured.timed_out)
    throw refuse("it did not load within " + duration_text(seconds) +
                 " (does a static initialiser or an EH_REGISTER body hang?"
                 " --load-timeout gives it more time)");
  if (captured.signal)
    throw refuse("it crashed while loading, by " +
                 signal_name(captured.signal) +
                 " (look at its static initialisers and EH_REGISTER bodies)");
  if (!answered)
    throw refuse("it ended the process with exit code " +
                 std::to_string(captured.code.value_or(-1)) + " while loading");
  try {
    return parse_description(answer);
  } catch (const std::runtime_error& error) {
    if (captured.code == 1) throw refusal(error.what());  // the child's own
    throw refuse("its description cannot be read: " +
                 std::string(error.what()));
  }
}

std::string problems_text(const std::string& path, const Catalog& catalog,
                          const std::vector<Problem>& problems) {
  std::size_t count = 0;
  std::string list;
  for (const auto& problem : problems) {
    count += problem.count;
    list += "\n  " + catalog.where(problem.origin) + ": " + problem.message;
    if (problem.count > 1)
      list += " (as are " + std::to_string(problem.count - 1) + " more)";
  }
  return "cannot use plugin '" + path +
         "': " + count_text(count, "wrong registration") + list;
}

// Adds a plugin to the catalog, or returns what is wrong with it.
std::string add_plugin(Catalog& catalog, Description&& description) {
  Catalog with = catalog;
  const auto number = with.plugins.size();
  with.plugins.push_back(description.plugin);
  for (auto& group : description.groups) {
    group.origin.plugin = number;
    with.groups.push_back(std::move(group));
  }
  for (auto& family : description.families) {
    family.origin.plugin = number;
    with.families.push_back(std::move(family));
  }
  auto problems = std::move(description.problems);
  for (auto& problem : problems) problem.origin.plugin = number;
  if (problems.empty()) problems = check_names(with);
  if (!problems.empty())
    return problems_text(description.plugin.path, with, problems);
  catalog = std::move(with);
  return {};
}

}  // namespace

bool PluginSources::empty() const {
  return files.empty() && directories.empty() && program.empty();
}

PluginSources plugin_sources(std::vector<std::string> files,
                             std::vector<std::string> directories) {
  PluginSources out{std::move(files), std::move(directories), {}};
  if (this_program().has_experiments()) {
    out.program = this_program().path;
    return out;
  }
  if (const char* path = std::getenv("EH_PLUGIN_PATH"))
    for (const auto& part : split(path, ':')) {
      if (part.empty()) continue;
      (fs::is_directory(part) ? out.directories : out.files).push_back(part);
    }
  if (out.empty() && fs::is_directory("plugins"))
    out.directories.push_back("plugins");
  return out;
}

Discovery discover(const PluginSources& sources, const std::string& child,
                   double seconds) {
  Discovery out;
  if (sources.empty())
    throw Error(exit_usage,
                "no plugin is given (name one with --plugin FILE, a directory"
                " with --plugin-dir or EH_PLUGIN_PATH, or put it into"
                " ./plugins)");
  const auto plugins = candidates(sources);
  std::vector<std::vector<std::string>> commands;
  for (const auto& plugin : plugins)
    commands.push_back(
        describing(plugin, child, built_at(sources, plugin.path)));
  const auto mark = std::string(contract::env_owner) + "=asking-" +
                    std::to_string(::getpid());
  const auto captured = capture_strangers(
      commands, std::max(2u, std::thread::hardware_concurrency()), seconds,
      mark);
  for (std::size_t i = 0; i < plugins.size(); ++i) {
    std::string wrong;
    try {
      auto description = description_of(plugins[i].path, captured[i], seconds);
      description.plugin.path = plugins[i].path;
      description.plugin.is_program = plugins[i].is_program;
      wrong = add_plugin(out.catalog, std::move(description));
    } catch (const std::runtime_error& error) {
      wrong = error.what();
    }
    if (wrong.empty()) continue;
    if (plugins[i].named) throw Error(exit_bad_plugin, wrong);
    out.warnings.push_back(wrong);
  }
  return out;
}

}  // namespace eh::host
