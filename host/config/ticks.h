// Durations that count whole ticks, without rounding: std::chrono's
// nanoseconds have more of them than a double can tell apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/int128.h"

namespace eh::host {

/// A tick of a duration, in seconds.
class ConfigTick {
 public:
  ConfigTick() = default;
  /// As JSON has it: "1e-09", "60". Throws std::runtime_error for what is no
  /// number above 0.
  explicit ConfigTick(std::string_view text);

  /// Whether durations count whole ticks at all.
  explicit operator bool() const { return digits_ > 0; }
  /// "0.001s"
  std::string text() const { return text_of(1); }

  struct Count {
    Int128 ticks = 0;
    bool whole = false;  ///< but for the rounding of who wrote it
  };
  /// The ticks that are nearest to a duration, such as "1h30m" or "-5s".
  /// Nothing if it is not a duration, or one of more ticks than 64 bits count.
  std::optional<Count> count(std::string_view duration) const;

  /// "5400s"; nothing if the tick is not a decimal fraction, like a third of a
  /// second.
  std::optional<std::string> exact_text(Int128 ticks) const;
  /// The same; what has no exact one is rounded.
  std::string text_of(Int128 ticks) const;

 private:
  // digits_ * 10^power_
  Int128 digits_ = 0;
  int power_ = 0;
};

}  // namespace eh::host
