#include "export/table_array.h"

#include <cmath>
#include <cstring>

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(export_table_array)

namespace {

using Cells = std::vector<std::string_view>;

DtypeGuess::Dtype dtype(const Cells& cells, ColumnType type = ColumnType::any) {
  ArrayGuess guess(type);
  for (const auto cell : cells) guess.add(cell);
  return guess.dtype();
}

std::string name(const Cells& cells, ColumnType type = ColumnType::any) {
  return dtype(cells, type).name;
}

template <class T>
T element(const Cells& cells) {
  const auto its = dtype(cells);
  std::string memory;
  append_cell(memory, its, cells[0]);
  BOOST_REQUIRE_EQUAL(memory.size(), sizeof(T));
  T value;
  std::memcpy(&value, memory.data(), sizeof value);
  return value;
}

// A text of ASCII, without its zeros.
std::string text(const Cells& cells, std::size_t i) {
  std::string memory, out;
  append_cell(memory, dtype(cells), cells[i]);
  for (std::size_t at = 0; at < memory.size(); at += 4)
    if (memory[at] != 0) out += memory[at];
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(whole_numbers) {
  BOOST_CHECK_EQUAL(name({"1", "-9223372036854775808"}), "<i8");
  BOOST_CHECK_EQUAL(name({"9223372036854775807"}), "<i8");
  BOOST_CHECK_EQUAL(name({"1", "18446744073709551615"}), "<u8");
  BOOST_CHECK_EQUAL(element<std::uint64_t>({"18446744073709551615"}),
                    18446744073709551615u);
  BOOST_CHECK_EQUAL(element<std::int64_t>({"-9223372036854775808"}),
                    std::numeric_limits<std::int64_t>::min());
}

BOOST_AUTO_TEST_CASE(whole_numbers_that_need_more) {
  // 2^64, which a float64 is.
  BOOST_CHECK_EQUAL(name({"1", "18446744073709551616"}), "<f8");
  BOOST_CHECK_EQUAL(name({"18446744073709551617"}), "<U20");
  BOOST_CHECK_EQUAL(name({"-1", "18446744073709551615"}), "<U20");
  BOOST_CHECK_EQUAL(name({"-1", "9223372036854775808"}), "<f8");
  BOOST_CHECK_EQUAL(name({"-9223372036854775809"}), "<U20");
}

BOOST_AUTO_TEST_CASE(numbers) {
  BOOST_CHECK_EQUAL(name({"1", "0.5"}), "<f8");
  BOOST_CHECK_EQUAL(name({"1e20"}), "<f8");
  BOOST_CHECK_EQUAL(name({"1", "\"inf\"", "\"nan\""}), "<f8");
  BOOST_CHECK_EQUAL(element<double>({"\"-inf\""}), -INFINITY);
  BOOST_CHECK(std::signbit(element<double>({"-0"})));
  BOOST_CHECK_EQUAL(element<double>({"0.1"}), 0.1);
  BOOST_CHECK_EQUAL(name({"2"}, ColumnType::real), "<f8");
  BOOST_CHECK_EQUAL(name({"9007199254740993", "0.5"}), "<U16");
}

BOOST_AUTO_TEST_CASE(none) {
  BOOST_CHECK_EQUAL(name({"1", ""}), "<f8");
  BOOST_CHECK(std::isnan(element<double>({"", "1"})));
  BOOST_CHECK(std::isnan(element<double>({"null", "1"})));
  // 2^53 + 1 is not a float64, 2^54 is one.
  BOOST_CHECK_EQUAL(name({"9007199254740993", ""}), "<U16");
  BOOST_CHECK_EQUAL(name({"18014398509481984", ""}), "<f8");
  BOOST_CHECK_EQUAL(name({"", ""}), "<f8");
  BOOST_CHECK_EQUAL(name({}), "<f8");
  BOOST_CHECK_EQUAL(name({""}, ColumnType::text), "<U1");
  BOOST_CHECK_EQUAL(name({}, ColumnType::text), "<U1");
}

BOOST_AUTO_TEST_CASE(bools) {
  BOOST_CHECK_EQUAL(name({"true", "false"}), "|b1");
  BOOST_CHECK_EQUAL(element<char>({"true"}), 1);
  BOOST_CHECK_EQUAL(element<char>({"false"}), 0);
  BOOST_CHECK_EQUAL(name({"true", ""}), "<U4");
  BOOST_CHECK_EQUAL(name({"false", "1"}), "<U5");
}

BOOST_AUTO_TEST_CASE(texts) {
  BOOST_CHECK_EQUAL(name({R"("a")", R"("\u00fc\ud83d\ude00b")"}), "<U3");
  BOOST_CHECK_EQUAL(name({"\"\xC3\xBC\xF0\x9F\x98\x80\""}), "<U2");
  const Cells mixed = {R"("a\"b")", "0.25", "[1,\"x\"]", "", "\"nan\""};
  BOOST_CHECK_EQUAL(name(mixed), "<U7");
  BOOST_CHECK_EQUAL(text(mixed, 0), "a\"b");
  BOOST_CHECK_EQUAL(text(mixed, 1), "0.25");
  BOOST_CHECK_EQUAL(text(mixed, 2), "[1,\"x\"]");
  BOOST_CHECK_EQUAL(text(mixed, 3), "");
  BOOST_CHECK_EQUAL(text(mixed, 4), "nan");
}

BOOST_AUTO_TEST_CASE(damaged_texts) {
  const Cells cells = {"\"a\xFFz\"", "\"\xE2\x82\""};
  const auto its = dtype(cells);
  for (const auto cell : cells) {
    std::string memory;
    append_cell(memory, its, cell);
    BOOST_CHECK_EQUAL(memory.size(), its.size);
  }
}

BOOST_AUTO_TEST_SUITE_END()
