// Values written and read as an experiment does it: through the SDK, what
// crosses the boundary, and the host's files.
#pragma once

#include <fcntl.h>

#include <eh/io.hpp>
#include <random>
#include <string>

#include "child/data.h"
#include "support.h"

namespace eh::host::test {

class DataFolder {
 public:
  template <class T>
  void write(const std::string& name, const T& value) const {
    eh::detail::write_data(host(), folder / name, value);
  }
  template <class T>
  T read(const std::string& name) const {
    return eh::detail::read_data<T>(host(), folder / name);
  }
  /// The bytes of what is written.
  template <class T>
  std::string written(const std::string& name, const T& value) const {
    write(name, value);
    return folder.read(name);
  }
  /// A value that was written and read again.
  template <class T>
  T again(const std::string& name, const T& value) const {
    write(name, value);
    return read<T>(name);
  }
  /// Of a file with this content.
  template <class T>
  T from(const std::string& name, std::string_view content) const {
    folder.write(name, content);
    return read<T>(name);
  }
  /// What is told of what cannot be done, without the path.
  template <class Call>
  std::string refusal(const Call& call) const {
    try {
      call();
      return "nothing was refused";
    } catch (const std::exception& error) {
      const std::string text = error.what();
      const auto end = text.find("': ");
      return end == text.npos ? text : text.substr(end + 3);
    }
  }
  template <class T>
  std::string refused(const std::string& name, std::string_view content) const {
    return refusal([&] { from<T>(name, content); });
  }

  TemporaryDirectory folder;

  static eh::detail::DataHost host() {
    return {[](void*, eh_text path, const eh_item* items, std::size_t count,
               eh_take_text error, void* context) {
              return child::write_value(AT_FDCWD, {path.data, path.size}, items,
                                        count, error, context)
                  .code;
            },
            [](void*, eh_text path, std::uint32_t how, eh_take_items take,
               eh_take_text error, void* context) {
              return child::read_value(AT_FDCWD, {path.data, path.size}, how,
                                       take, error, context);
            },
            nullptr, "there is no host"};
  }
};

/// Values as they come, the ones that are easily got wrong among them.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) {
    return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(random_);
  }
  template <class T>
  T integer() {
    using Limits = std::numeric_limits<T>;
    switch (below(4)) {
      case 0:
        return Limits::min();
      case 1:
        return Limits::max();
      case 2:
        return static_cast<T>(below(3));
      default:
        return static_cast<T>(random_());
    }
  }
  template <class T>
  T real() {
    using Limits = std::numeric_limits<T>;
    const T special[] = {0,
                         -T{0},
                         1,
                         T{1} / 3,
                         Limits::infinity(),
                         -Limits::infinity(),
                         Limits::quiet_NaN(),
                         Limits::denorm_min(),
                         Limits::max(),
                         Limits::lowest(),
                         Limits::min(),
                         T{9007199254740992} + 2};
    if (below(3) == 0) return special[below(std::size(special))];
    const auto exponent = static_cast<int>(below(80)) - 40;
    return std::ldexp(static_cast<T>(static_cast<std::int64_t>(random_())),
                      exponent);
  }
  std::string text() {
    static constexpr std::string_view pieces[] = {
        "a", "b",    ",",    "\"",         "\"\"",         "\n",     "\r\n",
        " ", "\t",   "'",    "\\",         "\u00e9",       "\u20ac", "1",
        "-", "1.5",  "nan",  "true",       "null",         "[1]",    "{",
        "#", "\x01", "\x7f", "\U0001f600", "\xef\xbb\xbf", "inf",    "/"};
    std::string all;
    for (auto n = below(5); n > 0; --n) all += pieces[below(std::size(pieces))];
    return all;
  }
  bool truth() { return below(2) == 0; }
  template <class Make>
  auto list(const Make& make, std::uint64_t most = 6) {
    std::vector<std::decay_t<decltype(make())>> all(below(most + 1));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = make();
    return all;
  }

 private:
  std::mt19937_64 random_;
};

/// Equal to the bit, but for what a nan is made of.
template <class T>
bool same_number(T a, T b) {
  return (std::isnan(a) && std::isnan(b)) ||
         (a == b && std::signbit(a) == std::signbit(b));
}

}  // namespace eh::host::test
