// Each value is a field "LENGTH:BYTES,", in an order that both sides know.

#include "contract/group_run.h"

#include <charconv>

#include "base/text.h"

namespace eh::host::contract {
namespace {

class FieldWriter {
 public:
  void text(std::string_view bytes) {
    out_ += std::to_string(bytes.size());
    out_ += ':';
    out_ += bytes;
    out_ += ',';
  }
  template <class Number>
  void number(Number value) {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    text({digits, static_cast<std::size_t>(end - digits)});
  }
  void truth(bool value) { number(value ? 1 : 0); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// What is missing reads as nothing, and ok() says so.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  std::string text() {
    const auto colon = rest_.find(':');
    const auto size = parse_number<std::size_t>(rest_.substr(0, colon));
    if (!size || colon == rest_.npos || *size >= rest_.size() - colon - 1 ||
        rest_[colon + 1 + *size] != ',') {
      ok_ = false;
      rest_ = {};
      return {};
    }
    std::string out(rest_.substr(colon + 1, *size));
    rest_.remove_prefix(colon + *size + 2);
    return out;
  }
  template <class Number>
  Number number() {
    const auto value = parse_number<Number>(text());
    ok_ = ok_ && value;
    return value.value_or(0);
  }
  bool truth() { return number<int>() != 0; }

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void write(FieldWriter& out, const Outcome& outcome) {
  out.text(outcome.name);
  out.text(outcome.status);
  out.text(outcome.message);
  out.text(outcome.leaf.native());
  out.number(outcome.seconds);
  out.number(outcome.attempt);
  out.truth(outcome.ran);
  out.truth(outcome.stale);
}

Outcome read_outcome(FieldReader& in) {
  Outcome out;
  out.name = in.text();
  out.status = in.text();
  out.message = in.text();
  out.leaf = in.text();
  out.seconds = in.number<double>();
  out.attempt = in.number<unsigned>();
  out.ran = in.truth();
  out.stale = in.truth();
  return out;
}

}  // namespace

std::string request_text(const RunRequest& request) {
  FieldWriter out;
  out.text(request.group);
  out.number(request.patterns.size());
  for (const auto& pattern : request.patterns) out.text(pattern);
  out.text(request.config);
  out.number(request.set.size());
  for (const auto& [name, value] : request.set) {
    out.text(name);
    out.text(value);
  }
  out.text(request.config_file);
  out.truth(request.force);
  out.truth(request.show);
  return out.take();
}

std::optional<RunRequest> parse_request(std::string_view text) {
  FieldReader in(text);
  RunRequest out;
  out.group = in.text();
  for (auto n = in.number<std::size_t>(); n > 0 && in.ok(); --n)
    out.patterns.push_back(in.text());
  out.config = in.text();
  for (auto n = in.number<std::size_t>(); n > 0 && in.ok(); --n) {
    auto name = in.text();
    out.set.emplace_back(std::move(name), in.text());
  }
  out.config_file = in.text();
  out.force = in.truth();
  out.show = in.truth();
  if (!in.at_end()) return {};
  return out;
}

std::string answer_text(const RunAnswer& answer) {
  FieldWriter out;
  out.number(answer.result.exit_code);
  out.truth(answer.refused.has_value());
  out.text(answer.refused.value_or(""));
  out.number(answer.result.outcomes.size());
  for (const auto& outcome : answer.result.outcomes) write(out, outcome);
  return out.take();
}

std::optional<RunAnswer> parse_answer(std::string_view text) {
  FieldReader in(text);
  RunAnswer out;
  out.result.exit_code = in.number<int>();
  const bool refused = in.truth();
  auto why = in.text();
  if (refused) out.refused = std::move(why);
  for (auto n = in.number<std::size_t>(); n > 0 && in.ok(); --n)
    out.result.outcomes.push_back(read_outcome(in));
  if (!in.at_end()) return {};
  return out;
}

}  // namespace eh::host::contract
