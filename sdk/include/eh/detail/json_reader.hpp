// Reads JSON piece by piece, as RFC 8259 has it and nothing besides: the
// caller says what it expects, and nothing is kept but where it stands.
//
//   JsonReader reader(text);
//   reader.open_object();
//   for (std::string key; reader.next_key(key);)
//     if (key == "size") size = reader.integer<int>(); else reader.skip();
//   reader.finish();
//
// What is wrong is thrown as a std::runtime_error: with line and column if the
// text is not JSON ("line 1, column 7: expected ':'"), with the path of the
// value if it is of another type ("model.layers[2]: expected an integer").
// After that, the reader is of no use.
#ifndef EH_DETAIL_JSON_READER_HPP
#define EH_DETAIL_JSON_READER_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/text.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

class JsonReader {
 public:
  enum class Kind { null, boolean, number, text, array, object };
  static constexpr std::size_t max_depth = 100;

  /// `text` has to outlive this.
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// What the next value is.
  Kind peek();

  void null();
  bool boolean();
  /// A number as it is written. `what` is expected where there is none.
  std::string_view number(std::string_view what = "a number");
  std::string text(std::string_view what = "a text");

  /// A number that T holds exactly.
  template <class T>
  T integer() {
    const std::string_view digits = number("an integer");
    T value{};
    const char* end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end)
      fail("expected an integer from " +
           std::to_string(std::numeric_limits<T>::min()) + " to " +
           std::to_string(std::numeric_limits<T>::max()) + ", not " +
           std::string(digits));
    return value;
  }
  /// The T that is nearest to a number.
  template <class T>
  T real() {
    const std::string_view digits = number();
    T value{};
    const auto result =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc())
      fail("expected a number that fits, not " + std::string(digits));
    return value;
  }

  /// After this, each next_key() that is true is followed by a value.
  void open_object(std::string_view what = "an object") {
    open(Kind::object, what);
  }
  /// False at the object's end.
  bool next_key(std::string& key);
  void open_array(std::string_view what = "a list") { open(Kind::array, what); }
  /// False at the array's end.
  bool next_element() { return next(']'); }

  /// Reads over a value of any kind.
  void skip();

  /// That nothing follows.
  void finish();

  /// Throws an error about the value that was begun last.
  [[noreturn]] void fail(const std::string& message) const;

 private:
  struct Frame {
    char close;
    std::size_t count;  // of members so far
    std::string key;
  };

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  /// The first character that is not white space; '\0' at the end.
  char skip_space();

  void require(Kind kind, std::string_view what);

  void word(std::string_view expected);

  void open(Kind kind, std::string_view what);

  bool next(char close);

  void digits();

  std::string quoted();
  void escape(std::string& out);
  unsigned code_unit();
  [[noreturn]] void syntax_error(const std::string& message) const;
  std::string path() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Frame> frames_;
};

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/json_reader.hpp>
#endif

#endif  // EH_DETAIL_JSON_READER_HPP
