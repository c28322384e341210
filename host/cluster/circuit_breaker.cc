#include "cluster/circuit_breaker.h"

#include <fcntl.h>
#include <unistd.h>

#include <cctype>
#include <system_error>

#include "base/text.h"
#include "cluster/stop_order.h"
#include "os/below.h"
#include "os/file.h"

namespace eh::host {
namespace {

bool make_file(int tree, const std::string& path) {
  return bool(below::open(tree, path, O_WRONLY | O_CREAT, 0666));
}

std::string hex(std::uint64_t number) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4)
    out += digits[(number >> shift) & 15];
  return out;
}

}  // namespace

std::string alike_text(const std::string& message, const std::string& name) {
  auto text = message;
  if (!name.empty())
    for (auto at = text.find(name); at != text.npos;
         at = text.find(name, at + 1))
      text.replace(at, name.size(), "*");
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto is_digit = [&](std::size_t at) {
      return std::isdigit(static_cast<unsigned char>(text[at])) != 0;
    };
    if (!is_digit(i)) {
      out += text[i++];
      continue;
    }
    const bool address = text.compare(i, 2, "0x") == 0;
    if (address) i += 2;
    while (
        i < text.size() &&
        (is_digit(i) ||
         (address && std::isxdigit(static_cast<unsigned char>(text[i])) != 0)))
      ++i;
    out += '#';
  }
  return out;
}

CircuitBreaker::CircuitBreaker(int tree, std::string run_id, std::string self,
                               std::size_t most)
    : tree_(tree),
      run_id_(std::move(run_id)),
      folder_(run_folder(run_id_)),
      self_(std::move(self)),
      most_(most) {}

bool CircuitBreaker::any_ok() {
  any_ok_ = any_ok_ || below::exists(tree_, folder_ + "/any_ok");
  return any_ok_;
}

void CircuitBreaker::ok() {
  if (most_ == 0 || any_ok_) return;
  any_ok_ = make_file(tree_, folder_ + "/any_ok");
}

// A full disk, say, is told of elsewhere.
void CircuitBreaker::failed(const std::string& status,
                            const std::string& message,
                            const std::string& name) {
  if (most_ == 0 || any_ok()) return;
  const auto kind = folder_ + "/alike/" +
                    hex(stable_hash(status + '\n' + alike_text(message, name)));
  try {
    make_directories(tree_, kind);
    make_file(tree_, kind + '/' + self_ + '.' + std::to_string(count_++));
    const auto count = list_directory(tree_, kind).size();
    if (count < most_ || any_ok() || !reason_to_stop().empty()) return;
    write_stop(
        tree_, run_id_,
        {"alike", grouped(count) + (name.empty() ? " tasks" : " experiments") +
                      " failed alike and none was ok: " + message});
  } catch (const std::system_error&) {
  }
}

std::string CircuitBreaker::reason_to_stop() const {
  const auto order = read_stop(tree_, run_id_);
  if (!order) return {};
  return order->message.empty() ? "the run was stopped" : order->message;
}

}  // namespace eh::host
