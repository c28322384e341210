// Fills a configuration with the values that a host hands to an experiment.
#ifndef EH_DETAIL_CONFIG_READ_HPP
#define EH_DETAIL_CONFIG_READ_HPP

#include <cstddef>
#include <eh/detail/config.hpp>
#include <eh/detail/config_class.hpp>
#include <eh/detail/config_value.hpp>
#include <eh/detail/group_class.hpp>
#include <eh/detail/json_reader.hpp>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

template <class T>
void read_config(JsonReader& reader, T& value);

template <class T>
T read_real(JsonReader& reader) {
  if (reader.peek() != JsonReader::Kind::text) return reader.real<T>();
  const std::string name = reader.text();
  if (name == "nan") return std::numeric_limits<T>::quiet_NaN();
  if (name == "inf") return std::numeric_limits<T>::infinity();
  if (name == "-inf") return -std::numeric_limits<T>::infinity();
  reader.fail("expected a number");
}

template <class E>
E read_choice(JsonReader& reader) {
  const std::string name = reader.text("the name of a choice");
  std::string known;
  for (const auto& choice : choices_of<E>) {
    if (choice.name == name) return choice.value;
    (known += known.empty() ? "" : ", ") += choice.name;
  }
  reader.fail("expected one of " + known + ", not '" + name + "'");
}

template <class D>
D read_duration(JsonReader& reader) {
  const std::string text = reader.text("a duration such as \"0.5s\"");
  const std::optional<D> duration = parse_duration<D>(text);
  if (duration) return *duration;
  std::string what = "a duration such as \"0.5s\"";
  if constexpr (has_ticks<D>) {
    what += " in whole steps of ";
    append_decimal(what, tick_seconds<D>);
    what += 's';
  }
  reader.fail("expected " + what + ", not '" + text + "'");
}

template <class T>
void read_list(JsonReader& reader, T& value) {
  T all;
  reader.open_array();
  while (reader.next_element()) {
    ConfigElement<T> element{};
    read_config(reader, element);
    all.push_back(std::move(element));
  }
  value = std::move(all);
}

template <class T>
void read_array(JsonReader& reader, T& value) {
  constexpr std::size_t size = std::tuple_size_v<T>;
  const std::string what = "a list of " + std::to_string(size);
  T all{};
  std::size_t count = 0;
  reader.open_array(what);
  for (; reader.next_element(); ++count) {
    if (count < size)
      read_config(reader, all[count]);
    else
      reader.skip();
  }
  if (count != size)
    reader.fail("expected " + what + ", not " + std::to_string(count));
  value = std::move(all);
}

template <class T>
void read_map(JsonReader& reader, T& value) {
  T all;
  reader.open_object();
  for (std::string key; reader.next_key(key);) {
    ConfigElement<T> element{};
    read_config(reader, element);
    all.insert_or_assign(key, std::move(element));
  }
  value = std::move(all);
}

/// Reads a member if it is the one with this key. A secret never is.
template <class M>
bool read_member(JsonReader& reader, bool wanted, M& member) {
  if constexpr (config_kind<M> == ConfigKind::secret) {
    return false;
  } else {
    if (wanted) read_config(reader, member);
    return wanted;
  }
}

template <class T>
bool read_member_of(JsonReader& reader, std::string_view key, T& value) {
  bool found = false;
  for_each_field(value, [&](std::string_view name, auto& member) {
    found = found || read_member(reader, name == key, member);
  });
  return found;
}

/// Sets a value. Lists, maps and what is optional are made anew; a struct's
/// members that are not given stay as they are, and what it has no member for
/// is left out.
template <class T>
void read_config(JsonReader& reader, T& value) {
  constexpr ConfigKind kind = config_kind<T>;
  if constexpr (kind == ConfigKind::boolean) {
    value = reader.boolean();
  } else if constexpr (kind == ConfigKind::integer) {
    value = reader.integer<T>();
  } else if constexpr (kind == ConfigKind::real) {
    value = read_real<T>(reader);
  } else if constexpr (kind == ConfigKind::text) {
    value = reader.text();
  } else if constexpr (kind == ConfigKind::path) {
    value = reader.text("a path");
  } else if constexpr (kind == ConfigKind::choice) {
    value = read_choice<T>(reader);
  } else if constexpr (kind == ConfigKind::duration) {
    value = read_duration<T>(reader);
  } else if constexpr (kind == ConfigKind::list) {
    read_list(reader, value);
  } else if constexpr (kind == ConfigKind::array) {
    read_array(reader, value);
  } else if constexpr (kind == ConfigKind::map) {
    read_map(reader, value);
  } else if constexpr (kind == ConfigKind::optional) {
    if (reader.peek() == JsonReader::Kind::null) {
      reader.null();
      value.reset();
    } else {
      ConfigElement<T> element{};
      read_config(reader, element);
      value = std::move(element);
    }
  } else {
    reader.open_object();
    for (std::string key; reader.next_key(key);)
      if (!read_member_of(reader, key, value)) reader.skip();
  }
}

/// Sets the values of a configuration that `text`, a JSON object, holds; an
/// empty one holds none. Throws std::runtime_error.
template <class C>
void read_configuration(std::string_view text, C& config) {
  if (text.empty()) return;
  JsonReader reader(text);
  reader.open_object();
  for (std::string key; reader.next_key(key);) {
    bool found = false;
    if constexpr (!std::is_same_v<C, Config>)
      for_each_own(config, [&](std::string_view name, auto& member) {
        found = found || read_member(reader, name == key, member);
      });
    if constexpr (is_framework_config<C>)
      found = found || read_member_of<Config>(reader, key, config);
    if (!found) reader.skip();
  }
  reader.finish();
}

/// Configurations of a run, each read once.
class ConfigCache {
 public:
  /// Throws std::runtime_error.
  template <class C>
  const C& get(std::string_view text) {
    const std::lock_guard lock(mutex_);
    for (const Entry& entry : entries_)
      if (entry.tag == &class_tag<C>)
        return *static_cast<const C*>(entry.config.get());
    auto config = std::make_unique<C>();
    try {
      read_configuration(text, *config);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error("cannot read the configuration: " +
                               std::string(error.what()));
    }
    entries_.reserve(entries_.size() + 1);
    entries_.push_back({&class_tag<C>, {config.release(), [](const void* made) {
                                          delete static_cast<const C*>(made);
                                        }}});
    return *static_cast<const C*>(entries_.back().config.get());
  }

 private:
  struct Entry {
    const void* tag;
    std::unique_ptr<const void, void (*)(const void*)> config;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

/// A base is a part of the whole: its values are those that the derived class
/// has, also where that has other defaults.
template <class C, class List>
const void* read_lineage(ConfigCache& cache, std::string_view json,
                         const void* tag) {
  if constexpr (!std::is_same_v<List, NoClass>) {
    using Type = typename List::Type;
    if (tag == &class_tag<Type>)
      return static_cast<const Type*>(&cache.get<C>(json));
    return read_lineage<C, typename List::Next>(cache, json, tag);
  }
  return nullptr;
}

/// GroupClass::read of a group whose class is C. Throws std::runtime_error.
template <class C>
const void* read_group_class(ConfigCache& cache, std::string_view json,
                             const void* tag) {
  if (tag == &class_tag<C>) return &cache.get<C>(json);
  return read_lineage<C, LineageOf<C>>(cache, json, tag);
}

/// The values in `json` as C. `its` is the class of the group; NULL stands for
/// a group that nobody knows, whose configuration is read as any class. Throws
/// std::runtime_error.
template <class C>
const C& group_config(const GroupClass* its, ConfigCache& cache,
                      std::string_view json, std::string_view group) {
  if (its && its->read)
    if (const void* config = its->read(cache, json, &class_tag<C>))
      return *static_cast<const C*>(config);
  if (its && !std::is_same_v<C, Config>)
    throw std::runtime_error(
        "cannot give the configuration as '" + std::string(type_name<C>()) +
        "': group '" + std::string(group) + "' has " +
        (its->name.empty() ? "none" : "'" + std::string(its->name) + "'") +
        " (name it in EH_GROUP)");
  return cache.get<C>(json);
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CONFIG_READ_HPP
