// What the plugins of a run offer: groups, and families of experiments that
// share a function. A sweep of a million points is one small Family; its names
// are made when they are asked for.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eh::host {

enum class Kind { boolean, integer, real, text, choice, list };

struct Parameter {
  std::string name;
  std::string type;  ///< for people, as the source says it
  Kind kind = Kind::text;
  Kind element = Kind::text;  ///< of a list
  std::string json;           ///< the value where no axis sets another
  std::string label;          ///< the same as it stands in a name
  std::vector<std::string> choices;
};

/// The values that one parameter takes in a sweep: listed, or integers that
/// are evenly spaced, which take no room however many there are.
struct Axis {
  std::size_t parameter = 0;
  std::vector<std::string> listed_json;
  std::vector<std::string> listed_labels;
  std::int64_t first = 0, step = 0;  ///< of a range: step is not 0
  std::uint64_t count = 0;           ///< of a range

  bool is_range() const { return step != 0; }
  std::uint64_t size() const { return is_range() ? count : listed_json.size(); }
  std::int64_t range_value(std::uint64_t i) const;
  std::string json(std::uint64_t i) const;
  std::string label(std::uint64_t i) const;
  void append_label(std::uint64_t i, std::string& out) const;
};

/// Where something was registered.
struct Origin {
  std::size_t plugin = 0;
  std::string file;
  unsigned line = 0;
};

/// Experiments that share a function: one, a sweep, or a row of experiments
/// that a loop registered. Its points are numbered 0 .. size()-1; those that a
/// filter drops are not counted.
class Family {
 public:
  std::uint64_t id = 0;  ///< of the first, if there are several names
  std::string group;
  std::string name_template;
  std::string description;
  Origin origin;
  std::vector<Parameter> parameters;
  std::vector<Axis> axes;
  std::optional<double> timeout;  ///< seconds
  std::optional<int> retries;

  /// Several names instead of a template. `parameters` and `axes` are empty.
  std::vector<std::string> names;
  /// Inclusive ranges of the points that a filter kept, ascending.
  std::optional<std::vector<std::pair<std::uint64_t, std::uint64_t>>> kept;

  /// Reads the template; to be called once, when all of the above is set.
  /// Returns what is wrong, or "".
  std::string prepare();

  std::uint64_t size() const { return size_; }
  /// Appends the name of point `i`, without the group.
  void append_name(std::uint64_t i, std::string& out) const;
  std::string name(std::uint64_t i) const;

  /// What eh-child has to be told to run point `i`.
  std::uint64_t child_id(std::uint64_t i) const;
  std::uint64_t child_point(std::uint64_t i) const;

  /// The index of the value that axis `axis` has at point `i`.
  std::uint64_t axis_value(std::uint64_t i, std::size_t axis) const;
  /// The axis that sets parameter `p`, if one does.
  std::optional<std::size_t> axis_of(std::size_t p) const;
  std::string parameter_json(std::uint64_t i, std::size_t p) const;
  std::string parameter_label(std::uint64_t i, std::size_t p) const;
  /// All parameters of point `i` as a JSON object.
  std::string parameters_json(std::uint64_t i) const;

  /// One piece of a name: a literal, or the label of an axis.
  struct Piece {
    std::string literal;
    std::optional<std::size_t> axis;
  };
  /// The name's pieces; empty if there are several names.
  const std::vector<Piece>& pieces() const { return pieces_; }
  /// All points of the sweep, before a filter.
  std::uint64_t product() const { return product_; }

 private:
  /// The number of a kept point among all of the sweep.
  std::uint64_t raw_point(std::uint64_t i) const;

  std::vector<Piece> pieces_;
  std::vector<std::uint64_t> strides_;      // of each axis
  std::vector<std::uint64_t> kept_before_;  // points before each kept range
  std::uint64_t product_ = 1;
  std::uint64_t size_ = 1;
};

struct Group {
  std::string name;
  std::string description;
  Origin origin;
  /// Its configuration class, described as in eh_group of eh/abi.h; "" if it
  /// has none.
  std::string config = {};
};

struct PluginInfo {
  std::string path;  ///< absolute
  unsigned abi_major = 0, abi_minor = 0;
  std::string sdk, compiler, flags;
  std::string commit;         ///< of its source; empty if unknown
  std::optional<bool> dirty;  ///< whether its source differed from `commit`
  /// The files of shared libraries that it loads, without the system's own.
  std::vector<std::string> libraries = {};
  bool is_program = false;  ///< started as its own eh-child

  /// Whether the compiler was told not to optimise, as far as it is known.
  bool is_slow() const {
    return flags.find("not optimised") != std::string::npos;
  }
};

/// A wrong registration.
struct Problem {
  std::string message;
  Origin origin;
  std::size_t count = 1;  ///< of registrations that have it
};

struct Catalog {
  std::vector<PluginInfo> plugins;
  std::vector<Group> groups;
  std::vector<Family> families;

  const Group* find_group(std::string_view name) const;
  std::vector<std::string> group_names() const;
  /// "file:line", and the plugin where there are several.
  std::string where(const Origin& origin) const;
};

}  // namespace eh::host
