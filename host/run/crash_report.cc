#include "run/crash_report.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <sstream>

#include "base/text.h"
#include "os/elf_file.h"

namespace eh::host {
namespace {

// A line of /proc/PID/maps (proc(5)).
struct Mapping {
  std::uint64_t begin = 0, end = 0, offset = 0;
  std::string path;
};

std::optional<Mapping> parse_mapping(const std::string& line) {
  Mapping mapping;
  int path_at = 0;
  if (std::sscanf(line.c_str(),
                  "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n",
                  &mapping.begin, &mapping.end, &mapping.offset, &path_at) < 3)
    return {};
  mapping.path = line.substr(static_cast<std::size_t>(path_at));
  return mapping;
}

class Symbolizer {
 public:
  explicit Symbolizer(std::vector<Mapping> mappings)
      : mappings_(std::move(mappings)) {}

  std::string frame(std::uint64_t address, bool is_return_address) {
    // A return address may be that of the next function: look before it.
    const auto looked_up = address - (is_return_address ? 1 : 0);
    for (const auto& mapping : mappings_) {
      if (looked_up < mapping.begin || looked_up >= mapping.end) continue;
      if (mapping.path.empty() || mapping.path[0] != '/') break;
      const auto name = mapping.path.substr(mapping.path.find_last_of('/') + 1);
      auto& file = files_[mapping.path];
      if (!file) file = std::make_unique<ElfFile>(mapping.path);
      const auto offset = looked_up - mapping.begin + mapping.offset;
      char at[40];
      if (const auto function = file->function_at(offset)) {
        std::snprintf(at, sizeof at, "+0x%" PRIx64 " in ", function->offset);
        return function->name + at + name;
      }
      std::snprintf(at, sizeof at, "0x%" PRIx64 " in ", offset);
      return at + name;
    }
    char at[32];
    std::snprintf(at, sizeof at, "0x%" PRIx64, address);
    return at;
  }

 private:
  std::vector<Mapping> mappings_;
  std::map<std::string, std::unique_ptr<ElfFile>> files_;
};

}  // namespace

std::optional<CrashReport> parse_crash(const std::string& text) {
  CrashReport report;
  std::istringstream in(text);
  std::string line;
  if (!std::getline(in, line)) return {};
  if (line.compare(0, 10, "terminate ") == 0) {
    report.cause = line.substr(10);
    if (!std::getline(in, line)) return {};
  }
  std::uint64_t peak = 0;
  if (std::sscanf(line.c_str(), "%d %" SCNx64 " %" SCNu64, &report.signal,
                  &report.address, &peak) < 2)
    return {};
  if (peak > 0) report.peak_memory = peak * 1024;
  std::vector<std::uint64_t> addresses;
  while (std::getline(in, line) && !line.empty())
    addresses.push_back(std::strtoull(line.c_str(), nullptr, 16));
  std::vector<Mapping> mappings;
  while (std::getline(in, line))
    if (auto mapping = parse_mapping(line)) mappings.push_back(*mapping);
  Symbolizer symbolizer(std::move(mappings));
  for (std::size_t i = 0; i < addresses.size(); ++i)
    report.backtrace.push_back(symbolizer.frame(addresses[i], i > 0));
  return report;
}

}  // namespace eh::host
