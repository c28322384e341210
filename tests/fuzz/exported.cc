// Whatever stands in the files of a leaf, what export makes of it is values
// that every format can say: the verdict, the lines of results and of metrics,
// and the arrays of both.

#include <boost/json.hpp>
#include <set>
#include <string>

#include "contract/metric.h"
#include "contract/results.h"
#include "export/table_array.h"
#include "fuzz.h"
#include "json/members.h"
#include "leaf/verdict.h"

using namespace eh::host;
using eh::fuzz::require;

namespace {

bool is_json(std::string_view text) {
  boost::json::error_code error;
  boost::json::parse({text.data(), text.size()}, error);
  return !error;
}

void check_cell(std::string_view cell) {
  for (const auto type :
       {ColumnType::any, ColumnType::text, ColumnType::real}) {
    ArrayGuess guess(type);
    guess.add(cell);
    guess.add("12");
    guess.add("");
    const auto dtype = guess.dtype();
    for (const std::string_view each : {cell, std::string_view("12")}) {
      std::string memory;
      append_cell(memory, dtype, each);
      require(memory.size() == dtype.size, "an element is as long as all are");
    }
  }
}

// An object, or what a damaged file has in its place.
void check_members(std::string_view text) {
  JsonMembers members(text);
  std::size_t size = 0;
  while (members.next()) {
    size += members.value().size();
    require(!members.value().empty(), "there is a value");
    check_cell(members.value());
  }
  require(size <= text.size(), "the values are in the text");
}

void check_results(std::string_view text) {
  const auto object = results_object(text);
  if (object.empty()) return;
  require(is_json(object), "the results are JSON");
  JsonMembers members(object);
  while (members.next()) {
    require(is_json_scalar(members.value()),
            "a result is neither a list nor an object");
    require(is_json(members.value()), "a result is JSON");
  }
  require(members.good(), "the results are an object");
  check_members(object);
}

void check_metrics(std::string_view line) {
  MetricLine point;
  if (!read_metric_line(line, point)) return;
  for (const auto part : {point.name, point.step, point.value, point.time}) {
    require(part.empty() || is_json(part), "a part of a point is JSON");
    check_cell(part);
  }
}

void check_verdict(std::string_view text) {
  for (const auto& verdict :
       {parse_verdict(text), parse_original_metadata(text)}) {
    if (!verdict) continue;
    require(is_json(text), "a verdict is JSON");
    for (const auto& object :
         {verdict->parameters, verdict->results, verdict->config}) {
      if (object.empty()) continue;
      require(is_json(object) && object[0] == '{', "what is in it are objects");
      check_members(object);
    }
    require(parse_status(status_name(verdict->status)) == verdict->status,
            "the status has a name");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto text = eh::fuzz::text_of(data, size);
  check_verdict(text);
  check_results(text);
  check_members(text);
  check_cell(text);
  for (auto rest = text; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    check_metrics(line);
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return 0;
}
