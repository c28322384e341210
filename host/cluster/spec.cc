#include "cluster/spec.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "config/secrets.h"
#include "json/write.h"
#include "os/below.h"
#include "os/file.h"

namespace eh::host {
namespace {

constexpr char runs_folder[] = ".eh/runs";
constexpr int spec_format = 1;

std::string file_json(const ConfigText& file) {
  return JsonObject()
      .text("path", file.path)
      .text("section", file.section)
      .text("text", file.text)
      .text("directory", file.directory)
      .boolean("others_read", file.others_read)
      .str();
}

std::string setting_json(const ConfigSetting& setting) {
  JsonObject out;
  out.text("name", setting.name)
      .text("text", setting.text)
      .text("option", setting.option)
      .boolean("keeps_paths", setting.keeps_paths);
  if (setting.value) out.raw("value", json_text(*setting.value));
  return out.str();
}

std::string plugin_json(const PluginCopy& plugin) {
  JsonObject out;
  out.text("path", plugin.path)
      .text("copy", plugin.copy)
      .text("sha1", plugin.sha1);
  if (plugin.is_program) out.boolean("is_program", true);
  return out.str();
}

std::string plan_json(const TaskPlan& plan) {
  JsonArray blocks, arrays;
  for (const auto size : plan.blocks) blocks.next() += std::to_string(size);
  for (const auto& array : plan.arrays) {
    JsonObject out;
    out.natural("first", array.first)
        .natural("count", array.count)
        .natural("at_once", array.at_once);
    if (array.after) out.natural("after", *array.after);
    arrays.add(out);
  }
  return JsonObject()
      .boolean("pack", plan.pack)
      .natural("experiments", plan.experiments)
      .natural("tasks", plan.tasks)
      .natural("slots", plan.slots)
      .raw("blocks", blocks.str())
      .raw("arrays", arrays.str())
      .str();
}

std::string spec_json(const RunSpec& spec) {
  JsonArray settings, plugins;
  for (const auto& setting : spec.settings)
    settings.next() += setting_json(setting);
  for (const auto& plugin : spec.plugins) plugins.next() += plugin_json(plugin);
  JsonObject variables;
  for (const auto& [name, value] : spec.variables) variables.text(name, value);
  JsonObject out;
  out.integer("format", spec_format)
      .text("run", spec.run_id)
      .text("group", spec.group)
      .text("command", spec.command)
      .text("launch_directory", spec.launch_directory)
      .text("output", spec.output)
      .text("started", spec.started)
      .text("user", spec.user)
      .text("eh", spec.eh)
      .natural("chosen", spec.chosen)
      .natural("done_before", spec.done_before);
  if (spec.stale) out.natural("stale", *spec.stale);
  if (!spec.force.empty()) out.text("force", spec.force);
  if (spec.file) out.raw("file", file_json(*spec.file));
  return out.raw("variables", variables.str())
      .raw("settings", settings.str())
      .integer("verbosity", spec.verbosity)
      .raw("plugins", plugins.str())
      .text("host", spec.host)
      .text("program", spec.program)
      .raw("plan", plan_json(spec.plan))
      .str();
}

// Reads members, each of which has to be there and of its kind.
class Members {
 public:
  Members(const JsonValue& object, std::string what)
      : object_(object), what_(std::move(what)) {
    if (object.kind != JsonValue::object) fail();
  }

  const JsonValue* find(const char* key) const { return object_.find(key); }

  const JsonValue& get(const char* key, JsonValue::Kind kind) const {
    const auto* value = object_.find(key);
    if (!value || value->kind != kind) fail(key);
    return *value;
  }
  const std::string& text(const char* key) const {
    return get(key, JsonValue::string).text;
  }
  bool truth(const char* key) const {
    return get(key, JsonValue::boolean).truth;
  }
  std::size_t natural(const char* key) const {
    return number(get(key, JsonValue::number));
  }
  const std::vector<JsonValue>& list(const char* key) const {
    return get(key, JsonValue::array).elements;
  }
  Members object(const char* key) const {
    return {get(key, JsonValue::object), what_ + '.' + key};
  }
  Members element(const JsonValue& value, const char* key) const {
    return {value, what_ + '.' + key};
  }
  std::size_t number(const JsonValue& value) const {
    const auto out = parse_number<std::size_t>(value.text);
    if (!out) fail();
    return *out;
  }

 private:
  [[noreturn]] void fail(const char* key = nullptr) const {
    throw std::invalid_argument("no usable " + what_ +
                                (key ? '.' + std::string(key) : ""));
  }

  const JsonValue& object_;
  std::string what_;
};

TaskPlan parse_plan(const Members& in) {
  TaskPlan out;
  out.pack = in.truth("pack");
  out.experiments = in.natural("experiments");
  out.tasks = in.natural("tasks");
  out.slots = in.natural("slots");
  for (const auto& size : in.list("blocks"))
    out.blocks.push_back(in.number(size));
  for (const auto& value : in.list("arrays")) {
    const auto array = in.element(value, "arrays");
    TaskPlan::Array one;
    one.first = array.natural("first");
    one.count = array.natural("count");
    one.at_once = array.natural("at_once");
    if (array.find("after")) one.after = array.natural("after");
    out.arrays.push_back(one);
  }
  return out;
}

ConfigSetting parse_setting(const Members& in) {
  ConfigSetting out{in.text("name"), in.text("text"), in.text("option"),
                    in.truth("keeps_paths")};
  if (const auto* value = in.find("value")) out.value = *value;
  return out;
}

RunSpec parse_spec(std::string_view text) {
  const auto root = parse_json(text);
  const Members in(root, "spec");
  if (in.natural("format") != spec_format)
    throw std::invalid_argument("it was written by another version of eh");
  RunSpec out;
  out.run_id = in.text("run");
  out.group = in.text("group");
  out.command = in.text("command");
  out.launch_directory = in.text("launch_directory");
  out.output = in.text("output");
  out.started = in.text("started");
  out.user = in.text("user");
  out.eh = in.text("eh");
  out.chosen = in.natural("chosen");
  out.done_before = in.natural("done_before");
  if (in.find("stale")) out.stale = in.natural("stale");
  if (in.find("force")) out.force = in.text("force");
  if (in.find("file")) {
    const auto file = in.object("file");
    out.file =
        ConfigText{file.text("path"), file.text("section"), file.text("text"),
                   file.text("directory"), file.truth("others_read")};
  }
  for (const auto& member : in.get("variables", JsonValue::object).members)
    out.variables[member.key] = member.value.text;
  for (const auto& value : in.list("settings"))
    out.settings.push_back(parse_setting(in.element(value, "settings")));
  out.verbosity = static_cast<int>(in.natural("verbosity"));
  for (const auto& value : in.list("plugins")) {
    const auto plugin = in.element(value, "plugins");
    out.plugins.push_back({plugin.text("path"), plugin.text("copy"),
                           plugin.text("sha1"),
                           plugin.find("is_program") != nullptr});
  }
  out.host = in.text("host");
  out.program = in.text("program");
  out.plan = parse_plan(in.object("plan"));
  return out;
}

bool exists(int at, const std::string& path) {
  return below::exists(at, path);
}

std::string spec_file(const std::string& run_id) {
  return run_folder(run_id) + "/spec.json";
}

std::string experiments_file(const std::string& run_id) {
  return run_folder(run_id) + "/experiments.txt";
}

[[noreturn]] void unreadable(const std::string& path, const std::string& why) {
  throw Error(exit_usage, "cannot read '" + path + "': " + why);
}

std::string content(int tree, const std::string& path) {
  try {
    if (auto text = read_file(tree, path)) return *std::move(text);
  } catch (const std::system_error& error) {
    throw Error(exit_usage, error.what());
  }
  unreadable(path, "there is no such file");
}

// "family point name"; false if `line` is none.
bool parse_line(std::string_view line, SpecExperiment& out) {
  const auto* end = line.data() + line.size();
  auto read = std::from_chars(line.data(), end, out.at.family);
  if (read.ec != std::errc{} || read.ptr == end || *read.ptr != ' ')
    return false;
  read = std::from_chars(read.ptr + 1, end, out.at.point);
  if (read.ec != std::errc{} || read.ptr == end || *read.ptr != ' ')
    return false;
  out.name.assign(read.ptr + 1, end);
  return !out.name.empty();
}

}  // namespace

WorkspaceSources sources_of(const RunSpec& spec, Secrets secrets) {
  WorkspaceSources out = spec;
  out.variables = {};
  if (secrets == Secrets::wanted)
    out.variables = secrets_of(take_environment_variables());
  out.variables.insert(spec.variables.begin(), spec.variables.end());
  if (secrets == Secrets::wanted && spec.file)
    out.variables =
        with_secrets_of(*spec.file, std::move(out.variables), spec.group);
  return out;
}

std::string run_folder(const std::string& run_id) {
  return std::string(runs_folder) + '/' + run_id;
}

void write_spec(int tree, const RunSpec& spec,
                const std::vector<SpecExperiment>& experiments) {
  std::string lines;
  for (const auto& one : experiments)
    lines += std::to_string(one.at.family) + ' ' +
             std::to_string(one.at.point) + ' ' + one.name + '\n';
  const auto names = experiments_file(spec.run_id);
  replace_file(tree, names, names + ".tmp", lines);
  // Values of the configuration may be nobody else's business.
  const auto path = spec_file(spec.run_id), temporary = path + ".tmp";
  auto file = below::open(tree, temporary, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (!file) throw_errno("cannot write '" + temporary + "'");
  write_all(file.get(), spec_json(spec) + '\n', "'" + temporary + "'");
  if (::fsync(file.get()) != 0 || ::close(file.release()) != 0 ||
      below::rename(tree, temporary, path) != 0)
    throw_errno("cannot write '" + path + "'");
}

RunSpec read_spec(int tree, const std::string& run_id) {
  const auto path = spec_file(run_id);
  if (!exists(tree, path))
    throw Error(exit_usage, exists(tree, run_folder(run_id))
                                ? "cannot read what run '" + run_id +
                                      "' is about: it did not run on a cluster"
                                : "there is no run '" + run_id + "'");
  try {
    return parse_spec(content(tree, path));
  } catch (const std::invalid_argument& error) {
    unreadable(path, error.what());
  } catch (const JsonError& error) {
    unreadable(path, error.what());
  }
}

std::vector<SpecExperiment> read_experiments(int tree,
                                             const std::string& run_id) {
  const auto path = experiments_file(run_id);
  const auto text = content(tree, path);
  std::vector<SpecExperiment> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    SpecExperiment one;
    if (!parse_line(std::string_view(text).substr(begin, end - begin), one))
      unreadable(path, "line " + std::to_string(out.size() + 1) +
                           " names no experiment");
    out.push_back(std::move(one));
    begin = end + 1;
  }
  return out;
}

std::vector<std::string> read_names(int tree, const std::string& run_id) {
  std::vector<std::string> out;
  for (auto& one : read_experiments(tree, run_id))
    out.push_back(std::move(one.name));
  return out;
}

std::vector<std::string> run_ids(int tree) {
  auto runs = list_directory(tree, runs_folder);
  std::erase_if(runs, [](const std::string& run) {
    return run.starts_with('.') || run == "latest";
  });
  std::sort(runs.begin(), runs.end(), std::greater<>());
  return runs;
}

bool was_on_cluster(int tree, const std::string& run_id) {
  return exists(tree, spec_file(run_id));
}

std::string find_run(int tree, const std::string& name) {
  auto runs = run_ids(tree);
  const auto is_one = [tree](const std::string& run) {
    return was_on_cluster(tree, run);
  };
  const auto newest = std::find_if(runs.begin(), runs.end(), is_one);
  if (newest == runs.end())
    throw Error(exit_usage,
                "no run here was on a cluster (--slurm starts one, --output"
                " names another output directory)");
  if (name.empty()) return *newest;
  std::erase_if(runs, [&](const std::string& run) {
    return (run != name && !run.starts_with(name) && !run.ends_with(name)) ||
           !is_one(run);
  });
  if (std::find(runs.begin(), runs.end(), name) != runs.end()) return name;
  if (runs.size() == 1) return runs[0];
  throw Error(exit_usage, runs.empty()
                              ? "there is no run '" + name +
                                    "' on a cluster here ('status' lists them)"
                              : "'" + name + "' means " +
                                    count_text(runs.size(), "run") + ", like " +
                                    runs.back() + " (write more of one)");
}

}  // namespace eh::host
