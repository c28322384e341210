#include "contract/status.h"

#include <iterator>

namespace eh::host {
namespace {

enum class Kind { success, failure, cut_off };

struct Entry {
  const char* name;
  Kind kind;
};

// In the order of Status.
constexpr Entry entries[] = {{"ok", Kind::success},
                             {"failed", Kind::failure},
                             {"crashed", Kind::failure},
                             {"timeout", Kind::failure},
                             {"out_of_memory", Kind::failure},
                             {"cancelled", Kind::cut_off},
                             {"stopped", Kind::cut_off}};
static_assert(std::size(entries) == static_cast<int>(Status::stopped) + 1);

const Entry& entry_of(Status status) {
  return entries[static_cast<int>(status)];
}

}  // namespace

const char* status_name(Status status) {
  return entry_of(status).name;
}

std::optional<Status> parse_status(std::string_view name) {
  for (std::size_t i = 0; i < std::size(entries); ++i)
    if (name == entries[i].name) return static_cast<Status>(i);
  return {};
}

bool is_cut_off(Status status) {
  return entry_of(status).kind == Kind::cut_off;
}

bool is_failure(Status status) {
  return entry_of(status).kind == Kind::failure;
}

}  // namespace eh::host
