#include "cluster/circuit_breaker.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "base/failure_fingerprint.h"
#include "base/hex.h"
#include "base/text.h"
#include "cluster/stop_order.h"
#include "os/below.h"
#include "os/file.h"

namespace eh::host {
namespace {

bool make_file(int tree, const std::string& path) {
  return bool(below::open(tree, path, O_WRONLY | O_CREAT, 0666));
}

}  // namespace

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
  auto kind = folder_ + "/alike/";
  append_hex(kind, stable_hash(failure_fingerprint(status, message, name)), 16);
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
