// What kind of array NumPy needs for given numbers or texts.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

/// This machine's byte order, as the name of a type says it.
inline constexpr char native_order =
    std::endian::native == std::endian::little ? '<' : '>';

/// Whole numbers that are to be in one array.
class WholeNumbers {
 public:
  void add(std::int64_t number);
  void add(std::uint64_t number);
  bool any() const { return any_; }
  /// The type of integers that holds all of them, if one does.
  std::optional<std::uint32_t> element() const;
  /// Whether float64 holds each of them as it is.
  bool are_reals() const { return are_reals_; }

 private:
  template <class T>
  void note(T number);

  bool any_ = false, has_negative_ = false, are_beyond_signed_ = false;
  bool are_reals_ = true;
};

/// Collects what is to be in an array, to find the type that holds all of it
/// exactly.
class DtypeGuess {
 public:
  /// `element`: the type that all have but those that are nothing, if it is
  /// known.
  explicit DtypeGuess(std::uint32_t element = EH_ELEMENT_ANY)
      : element_(element) {}

  /// Throws DataError for what is in no array.
  void add(const eh_item& item);

  struct Dtype {
    std::uint32_t element = EH_FLOAT64;  ///< or EH_STRING
    std::uint64_t characters = 0;        ///< of a string
    std::string name;                    ///< "<f8"
    std::size_t size = 0;                ///< bytes of an element
  };
  /// Throws DataError if there is none.
  Dtype dtype() const;

 private:
  std::uint32_t number() const;
  void add_text(std::string_view text);

  std::uint32_t element_;
  WholeNumbers whole_;
  bool has_bool_ = false, has_real_ = false, has_single_ = false;
  bool has_text_ = false, has_nothing_ = false;
  std::uint64_t characters_ = 0;
};

/// That of texts of which the longest has so many characters.
DtypeGuess::Dtype text_dtype(std::uint64_t longest);

/// The name in NumPy of a number's type: "<f8".
std::string dtype_name(std::uint32_t element);

/// Appends an item's memory as an element of a type that holds it.
void append_element(std::string& out, const DtypeGuess::Dtype& dtype,
                    const eh_item& item);

}  // namespace eh::host
