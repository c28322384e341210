// Small helpers on text: durations, quoting for people, near names for typos.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eh::host {

/// What some programs write before a text in UTF-8.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// A number of a duration, and the seconds of its unit: those of "ms" are
/// 1 * 10^-3. Of "90" alone, it is a second.
struct DurationPart {
  std::string_view number;  ///< digits with at most one point
  int seconds = 1;
  int power = 0;
};
/// The parts of "1h30m"; nothing if it is not a duration.
std::optional<std::vector<DurationPart>> duration_parts(std::string_view text);

/// Seconds of "90", "90s", "1.5m", "10min", "2h", "1d", "1h30m", "250ms";
/// nothing if it is none of these or negative.
std::optional<double> parse_duration(std::string_view text);

/// "0.25s": what parse_duration() reads as the same number.
std::string seconds_text(double seconds);

/// A duration for people: "0.21s", "12.3s", "2m 05s", "3h 20m", "2d 04h".
std::string duration_text(double seconds);

/// The number that all of `text` is; nothing if it is none, or out of range.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number out = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  if (read.ec != std::errc{} || read.ptr != end) return {};
  return out;
}

/// "1 experiment", "2 experiments", "12,000 experiments".
std::string count_text(std::size_t n, std::string_view singular,
                       std::string_view plural = {});

/// A number with commas between thousands.
std::string grouped(std::size_t n);

/// Up to `most` candidates that differ from `name` by a typo, nearest first.
std::vector<std::string> near_names(std::string_view name,
                                    const std::vector<std::string>& candidates,
                                    std::size_t most = 3);

/// ", did you mean 'a' or 'b'?" or "" if nothing is near.
std::string did_you_mean(std::string_view name,
                         const std::vector<std::string>& candidates);

/// Splits at each `separator`; an empty text gives one empty part.
std::vector<std::string> split(std::string_view text, char separator);

/// Words of a command line, as a shell would split it: quotes and backslashes
/// are understood, nothing is expanded. Nothing if a quote is left open.
std::optional<std::vector<std::string>> shell_words(std::string_view text);

/// `word` quoted for a POSIX shell if it has to be.
std::string shell_quoted(std::string_view word);

/// `text` with spaces behind it up to `width` bytes.
std::string padded(std::string text, std::size_t width);

/// Whether a character is not seen but changes what is: those of control, those
/// that turn the direction of writing around, and others without a width, but
/// for the joiners that scripts and emoji need.
bool is_deceptive(std::uint32_t code);

/// What is_deceptive(), and bytes that are not UTF-8, made visible, for a
/// terminal or a message: "\x1b", "\u202e". In a JSON text it stays the same
/// value.
std::string printable(std::string_view text);
/// The same but for ends of lines, ...
std::string printable_lines(std::string_view text);
/// ... and for those and colours.
std::string printable_output(std::string_view text);

/// At most the first `most` bytes, and no part of a character.
std::string_view beginning(std::string_view text, std::size_t most);

/// A 64-bit hash that is the same on every machine and in every version:
/// FNV-1a (Fowler, Noll, Vo), then the finaliser of SplitMix64 (Steele, Lea,
/// Flood 2014), which spreads it over all bits.
std::uint64_t stable_hash(std::string_view text);

}  // namespace eh::host
