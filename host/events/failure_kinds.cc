#include "events/failure_kinds.h"

#include <algorithm>
#include <numeric>

#include "base/failure_fingerprint.h"
#include "base/fold.h"
#include "base/text.h"

namespace eh::host {
namespace {

constexpr std::size_t most_names = 1000;  // of a kind
constexpr std::size_t shown_names = 3;

// 9 before 10, as far as the numbers stand at the same place.
bool comes_before(const std::string& a, const std::string& b) {
  return std::pair(a.size(), std::string_view(a)) <
         std::pair(b.size(), std::string_view(b));
}

}  // namespace

std::string FailureKind::names_text() const {
  auto sorted = names;
  std::sort(sorted.begin(), sorted.end(), comes_before);
  std::string text;
  std::size_t shown = 0, told = 0;
  Folder folder([&](const std::string& folded, std::size_t, std::size_t size) {
    if (shown == shown_names) return;
    text += (shown++ == 0 ? "" : ", ") + folded;
    told += size;
  });
  for (const auto& name : sorted) folder.add(name);
  folder.finish();
  if (told < count) text += " and " + grouped(count - told) + " more";
  return text;
}

std::size_t FailureKinds::add(const std::string& status,
                              const std::string& message,
                              const std::string& name) {
  const auto [at, is_new] = numbers_.try_emplace(
      failure_fingerprint(status, message, name), kinds_.size());
  if (is_new) kinds_.push_back({status, message, 0, {}});
  auto& kind = kinds_[at->second];
  ++kind.count;
  if (kind.names.size() < most_names) kind.names.push_back(name);
  return at->second;
}

std::vector<std::size_t> FailureKinds::by_count() const {
  std::vector<std::size_t> numbers(kinds_.size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  std::stable_sort(numbers.begin(), numbers.end(), [&](auto a, auto b) {
    return kinds_[a].count > kinds_[b].count;
  });
  return numbers;
}

}  // namespace eh::host
