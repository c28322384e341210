#include "base/fold.h"

#include <charconv>
#include <optional>

#include "base/glob.h"

namespace eh::host {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<unsigned long long> natural(std::string_view text) {
  if (text.empty() || text.size() > 15) return {};
  unsigned long long value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return {};
    value = value * 10 + static_cast<unsigned long long>(c - '0');
  }
  return value;
}

}  // namespace

std::string Folder::with(const Number& number, unsigned long long value) const {
  const auto width = number.end - number.begin;
  std::string digits = std::to_string(value);
  if (first_[number.begin] == '0' && digits.size() < width)
    digits.insert(0, width - digits.size(), '0');
  return first_.substr(0, number.begin) + digits + first_.substr(number.end);
}

bool Folder::extends(const std::string& name) {
  auto next = [&](const Number& number) {
    const auto value = natural(std::string_view(first_).substr(
        number.begin, number.end - number.begin));
    if (!value) return false;
    const auto wanted = with(number, *value + count_);
    // {08..10} is clear, {08..100} would take 008.
    return wanted == name &&
           (first_[number.begin] != '0' || wanted.size() == first_.size() ||
            number.end - number.begin == 1);
  };
  if (counting_) return next(*counting_);
  for (auto number = numbers_.rbegin(); number != numbers_.rend(); ++number)
    if (next(*number)) {
      counting_ = &*number;
      return true;
    }
  return false;
}

void Folder::add(const std::string& name) {
  if (count_ > 0 && extends(name)) {
    ++count_;
    return;
  }
  const auto begin = begin_ + count_;
  finish();
  begin_ = begin;
  first_ = name;
  count_ = 1;
  for (std::size_t i = 0; i < name.size();) {
    if (!is_digit(name[i])) {
      ++i;
      continue;
    }
    const auto from = i;
    while (i < name.size() && is_digit(name[i])) ++i;
    // The digits after a point are not numbers of their own: 0.1, 0.2.
    if (from == 0 || name[from - 1] != '.') numbers_.push_back({from, i});
  }
}

void Folder::finish() {
  if (count_ > 0) {
    std::string text = first_;
    if (counting_) {
      const auto digits = std::string_view(first_).substr(
          counting_->begin, counting_->end - counting_->begin);
      const auto last = with(*counting_, *natural(digits) + count_ - 1);
      const auto tail = first_.size() - counting_->end;
      text =
          glob_quoted(first_.substr(0, counting_->begin)) + '{' +
          std::string(digits) + ".." +
          last.substr(counting_->begin, last.size() - tail - counting_->begin) +
          '}' + glob_quoted(first_.substr(counting_->end));
    }
    emit_(text, begin_, count_);
  }
  begin_ = count_ = 0;
  counting_ = nullptr;
  numbers_.clear();
}

std::vector<std::string> fold(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  Folder folder([&](const std::string& text, std::size_t, std::size_t) {
    out.push_back(text);
  });
  for (const auto& name : names) folder.add(name);
  folder.finish();
  return out;
}

}  // namespace eh::host
