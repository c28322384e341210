#include "cluster/slurm/allocation.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "os/cpus.h"
#include "os/host_name.h"

namespace eh::host {

namespace {

// 0 if there is no such variable, or it is not a number.
std::size_t number_in(const char* variable) {
  std::size_t out = 0;
  if (const char* value = std::getenv(variable)) {
    const std::string_view text = value;
    std::from_chars(text.data(), text.data() + text.size(), out);
  }
  return out;
}

std::string text_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value ? value : "";
}

// Whether the digits are a number of "1-3,08-12".
bool in_ranges(std::string_view ranges, std::string_view digits) {
  const auto number = parse_number<unsigned long>(digits);
  for (const auto& range : split(ranges, ',')) {
    const auto dash = range.find('-');
    const auto first = range.substr(0, dash);
    const auto last = dash == range.npos ? first : range.substr(dash + 1);
    const auto from = parse_number<unsigned long>(first);
    const auto to = parse_number<unsigned long>(last);
    if (!number || !from || !to || *number < *from || *number > *to) continue;
    const bool is_padded = digits.size() > 1 && digits[0] == '0';
    if (digits.size() == first.size() ||
        (!is_padded && digits.size() > first.size()))
      return true;
  }
  return false;
}

bool is_one_of(std::string_view nodes, std::string_view node) {
  const auto bracket = nodes.find('[');
  if (bracket == nodes.npos) return nodes == node;
  const auto end = nodes.find(']', bracket);
  if (end == nodes.npos || !node.starts_with(nodes.substr(0, bracket)))
    return false;
  const auto ranges = nodes.substr(bracket + 1, end - bracket - 1);
  node.remove_prefix(bracket);
  for (std::size_t n = 1; n <= node.size(); ++n) {
    if (node[n - 1] < '0' || node[n - 1] > '9') break;
    if (in_ranges(ranges, node.substr(0, n)) &&
        is_one_of(nodes.substr(end + 1), node.substr(n)))
      return true;
  }
  return false;
}

// Nodes may have other names than their hosts; the daemon that starts a step
// or a script there tells it.
bool is_on(const std::string& nodes) {
  if (nodes.empty()) return true;
  const auto host = host_name();
  for (const auto& name :
       {text_in("SLURMD_NODENAME"), host, host.substr(0, host.find('.'))})
    if (!name.empty() && in_node_list(nodes, name)) return true;
  return false;
}

}  // namespace

std::optional<Allocation> this_allocation() {
  const auto job = text_in("SLURM_JOB_ID");
  if (job.empty()) return {};
  Allocation out{job, allocated_cpus(), number_in("SLURM_GPUS_ON_NODE"),
                 text_in("SLURM_JOB_NODELIST")};
  out.is_here = is_on(out.nodes);
  return out;
}

bool in_node_list(std::string_view list, std::string_view node) {
  std::size_t begin = 0;
  bool inside = false;  // of brackets
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i < list.size() && list[i] == '[') inside = true;
    if (i < list.size() && list[i] == ']') inside = false;
    if (i < list.size() && (list[i] != ',' || inside)) continue;
    if (is_one_of(list.substr(begin, i - begin), node)) return true;
    begin = i + 1;
  }
  return false;
}

}  // namespace eh::host
