#include "support.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace eh::host::test {

namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory() {
  auto path = (fs::temp_directory_path() / "eh-unit-XXXXXX").string();
  if (!::mkdtemp(path.data())) throw std::runtime_error("mkdtemp failed");
  path_ = path;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TemporaryDirectory::operator/(std::string_view name) const {
  return path_ + '/' + std::string(name);
}

void TemporaryDirectory::write(std::string_view name,
                               std::string_view content) const {
  const fs::path path = *this / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

std::string TemporaryDirectory::read(std::string_view name) const {
  std::ifstream in(*this / name, std::ios::binary);
  if (!in) return "<no such file>";
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

bool TemporaryDirectory::exists(std::string_view name) const {
  return fs::symlink_status(*this / name).type() != fs::file_type::not_found;
}

std::vector<std::string> TemporaryDirectory::list(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(*this / name))
    out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

void set_changed(const std::string& path, double seconds_from_now) {
  timespec now;
  ::clock_gettime(CLOCK_REALTIME, &now);
  now.tv_sec += static_cast<time_t>(std::floor(seconds_from_now));
  const timespec times[] = {now, now};
  if (::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
    throw std::runtime_error("utimensat failed: " + path);
}

void settle(const TemporaryDirectory& folder) {
  const auto touched = [&] {
    folder.write(".eh-clock", "");
    struct stat info;
    if (::stat((folder / ".eh-clock").c_str(), &info) != 0)
      throw std::runtime_error("stat failed");
    return info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec;
  };
  const auto begin = touched();
  while (touched() <= begin + 50'000'000) {
  }
}

namespace {

Parameter parameter(const std::string& name, const std::string& json,
                    const std::string& label, Kind kind, const char* type) {
  Parameter p;
  p.name = name;
  p.type = type;
  p.kind = kind;
  p.json = json;
  p.label = label;
  return p;
}

}  // namespace

Parameter integer(const std::string& name, const std::string& value) {
  return parameter(name, value, value, Kind::integer, "int");
}

Parameter real(const std::string& name, const std::string& value) {
  return parameter(name, value, value, Kind::real, "double");
}

Parameter boolean(const std::string& name, bool value) {
  const std::string word = value ? "true" : "false";
  return parameter(name, word, word, Kind::boolean, "bool");
}

Parameter text(const std::string& name, const std::string& value) {
  return parameter(name, '"' + value + '"', value, Kind::text, "std::string");
}

Axis axis(std::size_t parameter, const std::vector<std::string>& values) {
  Axis out;
  out.parameter = parameter;
  out.listed_json = out.listed_labels = values;
  return out;
}

Axis range(std::size_t parameter, std::int64_t first, std::int64_t step,
           std::uint64_t count) {
  Axis out;
  out.parameter = parameter;
  out.first = first;
  out.step = step;
  out.count = count;
  return out;
}

std::vector<std::string> numbers(int first, int last) {
  std::vector<std::string> out;
  for (int i = first; i <= last; ++i) out.push_back(std::to_string(i));
  return out;
}

Family single(const std::string& group, const std::string& name) {
  Family family;
  family.group = group;
  family.name_template = name;
  return family;
}

Family sweep(
    const std::string& group, const std::string& name_template,
    const std::vector<std::pair<std::string, std::vector<std::string>>>& axes) {
  Family family = single(group, name_template);
  for (const auto& [name, values] : axes) {
    family.axes.push_back(axis(family.parameters.size(), values));
    family.parameters.push_back(integer(name, "0"));
  }
  return family;
}

Family batch(const std::string& group, const std::vector<std::string>& names) {
  Family family = single(group, "");
  family.names = names;
  return family;
}

Catalog catalog_of(std::vector<Family> families) {
  Catalog catalog;
  catalog.plugins.push_back({"/plugins/test.so", 1, 0, "", "", "", "", {}});
  std::set<std::string> groups;
  unsigned line = 10;
  for (auto& family : families) {
    family.origin = {0, "test.cc", line++};
    if (groups.insert(family.group).second)
      catalog.groups.push_back({family.group, "", {0, "test.cc", 1}});
    if (const auto wrong = family.prepare(); !wrong.empty())
      throw std::runtime_error("prepare: " + wrong);
  }
  catalog.families = std::move(families);
  return catalog;
}

std::vector<std::string> names_of(const Catalog& catalog,
                                  const std::vector<Experiment>& experiments) {
  std::vector<std::string> names;
  for (const auto& e : experiments)
    names.push_back(catalog.families[e.family].name(e.point));
  return names;
}

std::vector<Experiment> all_of(const Catalog& catalog) {
  std::vector<Experiment> all;
  for (std::uint32_t f = 0; f < catalog.families.size(); ++f)
    for (std::uint64_t i = 0; i < catalog.families[f].size(); ++i)
      all.push_back({f, i});
  return all;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace eh::host::test
