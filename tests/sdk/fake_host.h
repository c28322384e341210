// A host for tests of the SDK: it keeps what a plugin describes, and what an
// experiment does, in plain values. Files live in memory.
#ifndef EH_TESTS_SDK_FAKE_HOST_H
#define EH_TESTS_SDK_FAKE_HOST_H

#include <dlfcn.h>
#include <eh/abi.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake {

inline std::string text(eh_text t) {
  return t.data ? std::string(t.data, t.size) : std::string();
}
inline eh_text raw(std::string_view t) {
  return {t.data(), t.size()};
}

/// What an exception of `function` says.
template <class F>
std::string thrown(const F& function) {
  try {
    function();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing";
}

/// "load=0.5|0.5 real double": JSON, label, kind and type of a parameter.
struct Parameter {
  std::string name, type, json, label;
  std::uint32_t kind = 0, element_kind = 0;
  std::vector<std::string> choices;
};

struct Axis {
  std::uint32_t parameter = 0;
  std::vector<std::string> json, label;
};

struct Experiment {
  std::uint64_t id = 0;
  std::string group, name, description, file;
  unsigned line = 0;
  std::vector<Parameter> parameters;
  std::vector<Axis> axes;
  std::vector<bool> kept;  // by point; empty without a filter
  double timeout_seconds = 0;
  int retries = 0;
};

struct Group {
  std::string name, description;
  unsigned line = 0;
  std::string config;
};

struct Problem {
  std::string message, file;
  unsigned line = 0;
};

struct Catalog {
  std::vector<Group> groups;
  std::vector<Experiment> experiments;
  std::vector<Problem> problems;

  const Group& find_group(std::string_view name) const {
    for (const Group& group : groups)
      if (group.name == name) return group;
    throw std::runtime_error("no group " + std::string(name));
  }
  const Experiment& find(std::string_view name) const {
    for (const Experiment& experiment : experiments)
      if (experiment.name == name) return experiment;
    throw std::runtime_error("no experiment " + std::string(name));
  }
};

inline Experiment copy(const eh_experiment& e) {
  Experiment to{e.id,         text(e.group),
                text(e.name), text(e.description),
                text(e.file), e.line,
                {},           {},
                {},           e.timeout_seconds,
                e.retries};
  std::uint64_t points = 1;
  for (std::size_t i = 0; i < e.parameter_count; ++i) {
    const eh_parameter& p = *e.parameters[i];
    to.parameters.push_back({text(p.name),
                             text(p.type),
                             text(p.value.json),
                             text(p.value.label),
                             p.kind,
                             p.element_kind,
                             {}});
    for (std::size_t c = 0; c < p.choice_count; ++c)
      to.parameters.back().choices.push_back(text(*p.choices[c]));
  }
  for (std::size_t i = 0; i < e.axis_count; ++i) {
    const eh_axis& axis = *e.axes[i];
    points *= axis.count;
    Axis values{axis.parameter, {}, {}};
    for (std::uint64_t v = 0; v < axis.count && v < 1000; ++v)
      axis.value(
          &axis, v,
          [](void* context, const eh_value* value) {
            static_cast<Axis*>(context)->json.push_back(text(value->json));
            static_cast<Axis*>(context)->label.push_back(text(value->label));
          },
          &values);
    to.axes.push_back(values);
  }
  for (std::uint64_t p = 0; e.keeps && p < points; ++p)
    to.kept.push_back(e.keeps(&e, p) != 0);
  return to;
}

inline Catalog describe(const eh_plugin* plugin) {
  Catalog catalog;
  eh_catalog to{};
  to.size = sizeof to;
  to.context = &catalog;
  to.group = [](void* context, const eh_group* g) {
    static_cast<Catalog*>(context)->groups.push_back(
        {text(g->name), text(g->description), g->line, text(g->config)});
  };
  to.experiment = [](void* context, const eh_experiment* e) {
    static_cast<Catalog*>(context)->experiments.push_back(copy(*e));
  };
  to.problem = [](void* context, const eh_problem* p) {
    static_cast<Catalog*>(context)->problems.push_back(
        {text(p->message), text(p->file), p->line});
  };
  plugin->describe(plugin, &to);
  return catalog;
}

struct Record {
  unsigned level = 0, line = 0;
  std::string text, file;
};

struct Metric {
  std::string name;
  double step = 0, value = 0;
};

/// Items as a text: "{load: 0.5, list: [1, x]}", "table(a, b: 1, 2)".
inline std::string show(const eh_item*& item) {
  const eh_item& it = *item++;
  const auto join = [&](const char* open, std::uint64_t count,
                        const char* close) {
    std::string all = open;
    for (std::uint64_t i = 0; i < count; ++i)
      all += (i > 0 ? ", " : "") + show(item);
    return all + close;
  };
  switch (it.kind) {
    case EH_ITEM_NULL:
      return "null";
    case EH_ITEM_BOOL:
      return it.as.natural ? "true" : "false";
    case EH_ITEM_INTEGER:
      return std::to_string(it.as.integer);
    case EH_ITEM_NATURAL:
      return std::to_string(it.as.natural) + "u";
    case EH_ITEM_REAL:
    case EH_ITEM_SINGLE: {
      char number[40];
      std::snprintf(number, sizeof number, "%g%s", it.as.real,
                    it.kind == EH_ITEM_SINGLE ? "f" : "");
      return number;
    }
    case EH_ITEM_LIST:
      return join("[", it.count, "]");
    case EH_ITEM_MAP: {
      std::string all = "{";
      for (std::uint64_t i = 0; i < it.count; ++i) {
        all += (i > 0 ? ", " : "") + show(item) + ": ";
        all += show(item);
      }
      return all + "}";
    }
    case EH_ITEM_TABLE: {
      const eh_item* end = item + it.as.natural;
      std::string all = join("table(", it.count, ":");
      while (item < end) all += " " + show(item);
      return all + ")";
    }
    case EH_ITEM_ARRAY:
      return join(("array " + std::to_string(it.element) + "(").c_str(),
                  it.count, ")");
    default:
      return {static_cast<const char*>(it.as.data), it.count};
  }
}

/// One run: what it is given, and what it did.
struct Run {
  std::string group = "main", name = "test";
  std::string config;
  std::uint64_t seed = 1;
  bool stop = false;
  std::map<std::string, std::string> files;
  std::string refusal;  // if not empty, why files cannot be written or read
  bool is_old = false;  // knows no values
  std::vector<Record> log;
  std::vector<Metric> metrics;
  std::vector<std::pair<std::string, std::string>> results;  // name, JSON
  std::set<std::string> removed_when_done;
  std::string failed_type, failed_message;

  eh_run raw_run() {
    eh_run r{};
    r.size = sizeof r;
    r.host = this;
    r.group = raw(group);
    r.name = raw(name);
    r.leaf_directory = raw("/results/leaf");
    r.launch_directory = raw("/home/user");
    r.workers = 3;
    r.slot = 2;
    r.attempt = 1;
    r.seed = seed;
    r.config = raw(config);
    r.log = [](void* host, const eh_record* record) {
      static_cast<Run*>(host)->log.push_back({record->level, record->line,
                                              text(record->text),
                                              text(record->file)});
    };
    r.stop_requested = [](void* host) {
      return static_cast<Run*>(host)->stop ? 1 : 0;
    };
    r.metric = [](void* host, eh_text n, double step, double value) {
      static_cast<Run*>(host)->metrics.push_back({text(n), step, value});
    };
    r.write_file = [](void* host, eh_text path, eh_text content,
                      eh_take_text error, void* context) {
      Run& run = *static_cast<Run*>(host);
      if (!run.refusal.empty()) return error(context, raw(run.refusal)), 1;
      run.files[text(path)] = text(content);
      return 0;
    };
    r.read_file = [](void* host, eh_text path, eh_take_text content,
                     eh_take_text error, void* context) {
      Run& run = *static_cast<Run*>(host);
      if (!run.refusal.empty()) return error(context, raw(run.refusal)), 2;
      const auto found = run.files.find(text(path));
      if (found == run.files.end()) return 1;
      content(context, raw(found->second));
      return 0;
    };
    if (is_old) r.size = offsetof(eh_run, write_value);
    r.write_value = [](void* host, eh_text path, const eh_item* items,
                       std::size_t count, eh_take_text error, void* context) {
      Run& run = *static_cast<Run*>(host);
      if (!run.refusal.empty()) return error(context, raw(run.refusal)), 1;
      const eh_item* at = items;
      run.files[text(path)] = show(at);
      if (at != items + count) throw std::logic_error("items are left over");
      return 0;
    };
    r.read_value = [](void* host, eh_text path, std::uint32_t how,
                      eh_take_items take, eh_take_text error, void* context) {
      Run& run = *static_cast<Run*>(host);
      if (!run.refusal.empty()) return error(context, raw(run.refusal)), 2;
      const auto found = run.files.find(text(path));
      if (found == run.files.end()) return 1;
      eh_item item{};
      item.kind = how == EH_READ_PLAIN ? EH_ITEM_TEXT : EH_ITEM_WORD;
      item.as.data = found->second.data();
      item.count = found->second.size();
      take(context, &item, 1);
      return 0;
    };
    r.failed = [](void* host, eh_text type, eh_text message) {
      static_cast<Run*>(host)->failed_type = text(type);
      static_cast<Run*>(host)->failed_message = text(message);
    };
    r.result = [](void* host, eh_text n, eh_text json) {
      if (n.size == 0) return 1;
      static_cast<Run*>(host)->results.emplace_back(text(n), text(json));
      return 0;
    };
    r.remove_when_done = [](void* host, eh_text path, int remove) {
      auto& set = static_cast<Run*>(host)->removed_when_done;
      remove ? void(set.insert(text(path))) : void(set.erase(text(path)));
    };
    return r;
  }

  int start(const eh_plugin* plugin, std::uint64_t id, std::uint64_t point) {
    const eh_run r = raw_run();
    return plugin->run(plugin, id, point, &r);
  }
};

/// Loads a plugin, for ever. Throws std::runtime_error.
inline const eh_plugin* load(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(dlerror());
  const auto entry =
      reinterpret_cast<eh_plugin_entry>(dlsym(library, EH_ABI_ENTRY));
  if (!entry) throw std::runtime_error(dlerror());
  return entry(EH_ABI_MINOR);
}

}  // namespace fake

#endif  // EH_TESTS_SDK_FAKE_HOST_H
