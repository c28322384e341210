// What several suites need: a folder that goes away again, files in it, and
// catalogs made by hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalog/catalog.h"
#include "plan/selection.h"

namespace eh::host::test {

/// A new directory below the system's temporary one, removed with all that is
/// in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const;

  /// Writes a file, with the folders above it; `name` is relative.
  void write(std::string_view name, std::string_view content) const;
  std::string read(std::string_view name) const;
  bool exists(std::string_view name) const;
  /// Its entries, sorted.
  std::vector<std::string> list(std::string_view name = "") const;

 private:
  std::string path_;
};

/// Sets the time of the last change of a file, folder or link itself, in
/// seconds from now.
void set_changed(const std::string& path, double seconds_from_now);

/// Waits until the clock of the file system has gone on, so that what changes
/// from now on can be told from what was there by its time.
void settle(const TemporaryDirectory& folder);

Parameter integer(const std::string& name, const std::string& value);
Parameter real(const std::string& name, const std::string& value);
Parameter boolean(const std::string& name, bool value);
Parameter text(const std::string& name, const std::string& value);

Axis axis(std::size_t parameter, const std::vector<std::string>& values);
/// `count` integers.
Axis range(std::size_t parameter, std::int64_t first, std::int64_t step,
           std::uint64_t count);
/// The numbers from `first` to `last`.
std::vector<std::string> numbers(int first, int last);

/// One experiment without parameters.
Family single(const std::string& group, const std::string& name);
/// A sweep of integer parameters: {"a", {"1", "2"}} ...
Family sweep(
    const std::string& group, const std::string& name_template,
    const std::vector<std::pair<std::string, std::vector<std::string>>>& axes);
/// Several names at once.
Family batch(const std::string& group, const std::vector<std::string>& names);

/// A catalog of one plugin with the groups that the families name. Calls
/// prepare(), which has to succeed.
Catalog catalog_of(std::vector<Family> families);

std::vector<std::string> names_of(const Catalog& catalog,
                                  const std::vector<Experiment>& experiments);
/// All experiments of a catalog.
std::vector<Experiment> all_of(const Catalog& catalog);

/// Whether `text` contains `part`.
bool has(std::string_view text, std::string_view part);

/// For BOOST_CHECK_EXCEPTION: an Error with this code, whose text contains all
/// of these parts.
inline auto error_with(ExitCode code, std::vector<std::string> parts = {}) {
  return [code, parts](const Error& error) {
    if (error.code() != code) return false;
    for (const auto& part : parts)
      if (!has(error.what(), part)) return false;
    return true;
  };
}

}  // namespace eh::host::test
