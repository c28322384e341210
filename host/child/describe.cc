// The form is that of contract/child.h's `describe` and is read by the host's
// catalog/parse.cc. Plugins that register 100,000 experiments in a loop are
// usual, so experiments that differ in their name alone are written as one
// with many names.

#include "child/describe.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string_view>

#include "child/describe_parameters.h"
#include "child/libraries.h"
#include "child/plugin.h"
#include "child/text.h"
#include "json/write.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

/// More points or values than anyone runs; they would fill the memory.
constexpr std::uint64_t most_values = 10'000'000;

// The product of the axes' counts, or more than most_values.
std::uint64_t point_count(const eh_experiment& experiment) {
  std::uint64_t points = 1;
  for (std::size_t i = 0; i < experiment.axis_count; ++i) {
    const auto count = experiment.axes[i]->count;
    if (count == 0) return 0;
    if (points > most_values / count) return most_values + 1;
    points *= count;
  }
  return points;
}

// The kept points as inclusive ranges.
std::string keep_json(const eh_experiment& experiment) {
  const auto points = point_count(experiment);
  JsonArray ranges;
  auto add = [&](std::uint64_t first, std::uint64_t last) {
    ranges.next() +=
        "[" + std::to_string(first) + "," + std::to_string(last) + "]";
  };
  std::uint64_t first = points;  // none open
  for (std::uint64_t i = 0; i < points; ++i) {
    const bool kept = experiment.keeps(&experiment, i) != 0;
    if (kept && first == points) first = i;
    if (kept || first == points) continue;
    add(first, i - 1);
    first = points;
  }
  if (first != points) add(first, points - 1);
  return ranges.str();
}

// Whether it has nothing of its own but its name.
bool is_plain(const eh_experiment& e) {
  return e.parameter_count == 0 && e.axis_count == 0 && !e.keeps;
}

// Why an experiment cannot be described, or null.
const char* flaw(const eh_experiment& e) {
  for (std::size_t i = 0; i < e.axis_count; ++i) {
    if (e.axes[i]->count > most_values && !is_range(*e.axes[i]))
      return "an axis has too many values";
    if (e.axes[i]->count == 0) return "an axis has no values";
    if (e.axes[i]->parameter >= e.parameter_count)
      return "an axis is of no parameter";
  }
  if (e.keeps && point_count(e) > most_values)
    return "the sweep has too many points for a condition on each";
  return nullptr;
}

// Experiments that are alike but for their names, with ids in a row.
class Alike {
 public:
  bool takes(const eh_experiment& e) const {
    return count_ > 0 && e.id == first_id_ + count_ && e.line == line_ &&
           e.timeout_seconds == timeout_ && e.retries == retries_ &&
           view(e.group) == group_ && view(e.file) == file_ &&
           view(e.description) == description_;
  }
  void start(const eh_experiment& e) {
    first_id_ = e.id;
    line_ = e.line;
    timeout_ = e.timeout_seconds;
    retries_ = e.retries;
    group_ = view(e.group);
    file_ = view(e.file);
    description_ = view(e.description);
  }
  void add(eh_text name) {
    append_json_string(names_.next(), view(name));
    ++count_;
  }
  void finish(JsonArray& out);

 private:
  std::uint64_t first_id_ = 0, count_ = 0;
  std::uint32_t line_ = 0;
  double timeout_ = 0;
  std::int32_t retries_ = -1;
  std::string group_, file_, description_;
  JsonArray names_;
};

void add_limits(JsonObject& out, double timeout, std::int32_t retries) {
  if (timeout > 0) out.number("timeout", timeout);
  if (retries >= 0) out.integer("retries", retries);
}

void Alike::finish(JsonArray& out) {
  if (count_ == 0) return;
  JsonObject object;
  object.natural("id", first_id_).text("group", group_);
  const auto names = names_.str();
  if (count_ == 1)
    object.raw("name", std::string_view(names).substr(1, names.size() - 2));
  else
    object.raw("names", names);
  object.text("description", description_)
      .text("file", file_)
      .natural("line", line_);
  add_limits(object, timeout_, retries_);
  out.add(object);
  names_.clear();
  count_ = 0;
}

// A plugin made for version 1.0 has none.
std::string_view config_of(const eh_group& group) {
  constexpr auto end = offsetof(eh_group, config) + sizeof group.config;
  return group.size >= end ? view(group.config) : std::string_view();
}

class Description {
 public:
  void group(const eh_group& group);
  void experiment(const eh_experiment& experiment);
  void problem(std::string_view message, std::string_view file,
               std::uint32_t line);
  std::string finish(const eh_plugin& plugin, const std::string& libraries);

 private:
  JsonArray groups_, experiments_, problems_;
  Alike alike_;
};

void Description::group(const eh_group& group) {
  JsonObject out;
  out.text("name", view(group.name))
      .text("description", view(group.description))
      .text("file", view(group.file))
      .natural("line", group.line);
  // A text in a text: the host's JSON library would round its numbers.
  if (const auto config = config_of(group); !config.empty())
    out.text("config", config);
  groups_.add(out);
}

void Description::problem(std::string_view message, std::string_view file,
                          std::uint32_t line) {
  JsonObject out;
  out.text("message", message).text("file", file).natural("line", line);
  problems_.add(out);
}

void Description::experiment(const eh_experiment& e) {
  if (is_plain(e)) {
    if (!alike_.takes(e)) {
      alike_.finish(experiments_);
      alike_.start(e);
    }
    return alike_.add(e.name);
  }
  alike_.finish(experiments_);
  if (const char* why = flaw(e))
    return problem("experiment '" + std::string(view(e.name)) + "': " + why,
                   view(e.file), e.line);
  JsonArray parameters, axes;
  for (std::size_t i = 0; i < e.parameter_count; ++i)
    parameters.next() += parameter_json(*e.parameters[i]);
  for (std::size_t i = 0; i < e.axis_count; ++i)
    axes.next() += axis_json(*e.axes[i], *e.parameters[e.axes[i]->parameter]);
  JsonObject out;
  out.natural("id", e.id)
      .text("group", view(e.group))
      .text("name", view(e.name))
      .text("description", view(e.description))
      .text("file", view(e.file))
      .natural("line", e.line)
      .raw("parameters", parameters.str())
      .raw("axes", axes.str());
  if (e.keeps) out.raw("keep", keep_json(e));
  add_limits(out, e.timeout_seconds, e.retries);
  experiments_.add(out);
}

std::string Description::finish(const eh_plugin& plugin,
                                const std::string& libraries) {
  alike_.finish(experiments_);
  JsonObject out;
  out.integer("format", 1)
      .raw("abi", "[" + std::to_string(plugin.abi_major) + "," +
                      std::to_string(plugin.abi_minor) + "]")
      .text("sdk", view(plugin.sdk_version))
      .text("compiler", view(plugin.compiler))
      .text("flags", view(plugin.flags))
      .text("commit", view(plugin.commit));
  if (plugin.dirty < 0)
    out.raw("dirty", "null");
  else
    out.boolean("dirty", plugin.dirty != 0);
  out.raw("libraries", libraries)
      .raw("groups", groups_.str())
      .raw("experiments", experiments_.str())
      .raw("problems", problems_.str());
  return out.str();
}

// Bytes of the structs that version 1.0 of the boundary has.
constexpr std::size_t least_size(const eh_group*) {
  return offsetof(eh_group, config);
}
template <class Struct>
constexpr std::size_t least_size(const Struct*) {
  return sizeof(Struct);
}

template <class Struct>
bool is_whole(const Struct* part) {
  return part && part->size >= least_size(part);
}

constexpr char incomplete[] =
    "a part of the description is smaller than ABI version 1 has it";

eh_catalog catalog_of(Description& description) {
  static const auto self = [](void* context) -> Description& {
    return *static_cast<Description*>(context);
  };
  eh_catalog catalog{};
  catalog.size = sizeof catalog;
  catalog.context = &description;
  catalog.group = [](void* context, const eh_group* group) {
    if (!is_whole(group)) return self(context).problem(incomplete, {}, 0);
    self(context).group(*group);
  };
  catalog.experiment = [](void* context, const eh_experiment* experiment) {
    if (!is_whole(experiment)) return self(context).problem(incomplete, {}, 0);
    self(context).experiment(*experiment);
  };
  catalog.problem = [](void* context, const eh_problem* problem) {
    if (!is_whole(problem)) return self(context).problem(incomplete, {}, 0);
    self(context).problem(view(problem->message), view(problem->file),
                          problem->line);
  };
  return catalog;
}

int answer_fd = STDOUT_FILENO;

// On a line of its own, the last: main() of a program may have printed before.
int say(std::string json) {
  std::replace(json.begin(), json.end(), '\n', ' ');  // in values of plugins
  return write_all(answer_fd, '\n' + json + '\n');
}

[[noreturn]] void refuse(const PluginError& error) {
  std::fflush(nullptr);
  say(JsonObject().text("error", error.what()).str());
  ::_exit(1);
}

}  // namespace

void describe_plugin(const std::string& path) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a load that hangs ends with the host
  answer_fd = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  // Those of a program with experiments in it are there from the start.
  std::set<std::string> before;
  if (!is_built_in(path)) before = mapped_files();
  const auto& plugin = load_plugin(path, Caution::look_first, refuse);
  int error = 0;
  try {
    Description description;
    const auto catalog = catalog_of(description);
    plugin.describe(&plugin, &catalog);
    error = say(description.finish(plugin, new_libraries_json(before, path)));
  } catch (...) {
    refuse(PluginError(path, "describing itself, it threw " +
                                 current_exception_text() +
                                 " (catch it in eh_plugin.describe)"));
  }
  if (error != 0)
    write_all(STDERR_FILENO,
              "cannot write the description: " + reason_text(error) + "\n");
  std::fflush(nullptr);
  ::_exit(error == 0 ? 0 : 1);
}

}  // namespace eh::host::child
