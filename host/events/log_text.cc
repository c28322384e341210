#include "events/log_text.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "base/shortened.h"
#include "base/text.h"
#include "base/utc_time.h"
#include "contract/child.h"
#include "json/write.h"

namespace eh::host {
namespace {

constexpr std::size_t time_width = 24;  // of utc_text()
constexpr std::string_view indentation = "    ";
// What has no newline for so long is shown in parts.
constexpr std::size_t longest_line = 64 * 1024;

bool is_time(std::string_view text) {
  return text.size() > time_width && text[4] == '-' && text[10] == 'T' &&
         text[23] == 'Z' && text[24] == ' ';
}

template <class Number>
std::string_view take_number(std::string_view text, Number& number) {
  const auto result =
      std::from_chars(text.data(), text.data() + text.size(), number);
  return text.substr(static_cast<std::size_t>(result.ptr - text.data()));
}

// Takes "[4711 file.cc:12] " off a text that begins with it. Logs of earlier
// versions have none.
std::string_view take_place(std::string_view text, LogRecord& record) {
  const auto end = text.find("] ");
  if (text.substr(0, 1) != "[" || end == text.npos) return text;
  auto inside = text.substr(1, end - 1);
  const auto after = take_number(inside, record.process);
  if (after.size() == inside.size()) return text;
  if (!after.empty() && after[0] != ' ') {
    record.process = 0;
    return text;
  }
  inside = after.substr(after.empty() ? 0 : 1);
  const auto colon = inside.rfind(':');
  record.file = inside.substr(0, colon);
  if (colon != inside.npos) take_number(inside.substr(colon + 1), record.line);
  return text.substr(end + 2);
}

// Reads "TIME LEVEL    [PLACE] TEXT" but for the name; false if it is none.
bool parse(std::string_view line, LogRecord& record) {
  if (!is_time(line)) return false;
  const auto begin = time_width + 1;
  const auto end = line.find(' ', begin);
  if (end == line.npos) return false;
  const int level = level_of(std::string(line.substr(begin, end - begin)));
  if (level == 0) return false;
  record.level = level;
  record.time = line.substr(0, time_width);
  record.process = 0;
  record.line = 0;
  record.file.clear();
  const auto text = line.find_first_not_of(' ', end);
  record.text = text == line.npos ? "" : take_place(line.substr(text), record);
  return true;
}

// Splits `partial` and what follows it at newlines, and leaves in it what is
// behind the last one. Each byte is looked at once, however long a line is.
template <class Line>
void for_each_line(std::string& partial, std::string_view bytes,
                   const Line& line) {
  for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
    partial += bytes.substr(0, end);
    line(partial);
    partial.clear();
    bytes.remove_prefix(end + 1);
  }
  partial += bytes;
}

// "[4711 file.cc:12]", or "" if neither is known.
std::string place_text(const LogRecord& record) {
  if (record.process == 0 && record.file.empty()) return {};
  std::string out = "[" + std::to_string(record.process);
  if (!record.file.empty()) out += ' ' + printable(record.file);
  if (record.line > 0) out += ':' + std::to_string(record.line);
  return out + ']';
}

}  // namespace

LogReader::LogReader(std::string experiment, int least) : least_(least) {
  record_.experiment = std::move(experiment);
}

void LogReader::read(std::string_view bytes, const TakeRecord& take) {
  if (in_long_) {
    const auto end = bytes.find('\n');
    add(bytes.substr(0, end));
    if (end == bytes.npos) return;
    in_long_ = false;
    bytes.remove_prefix(end + 1);
  }
  for_each_line(partial_, bytes,
                [&](std::string_view text) { line(text, take); });
  if (partial_.size() <= longest_line) return;
  line(partial_, take);
  partial_.clear();
  in_long_ = true;
}

void LogReader::pause(const TakeRecord& take) {
  if (partial_.empty() && !in_long_) close(take);
}

void LogReader::end(const TakeRecord& take) {
  if (!partial_.empty()) line(partial_, take);
  partial_.clear();
  in_long_ = false;
  close(take);
}

void LogReader::line(std::string_view text, const TakeRecord& take) {
  const bool further = text.substr(0, indentation.size()) == indentation;
  if (!further) {
    close(take);
    if (parse(text, record_)) {
      open_ = record_.level >= least_;
      add(std::exchange(record_.text, {}));
      return;
    }
  }
  // Lines of the record before; also what is not a record, since it was
  // written.
  if (record_.level < least_) return;
  const auto more = text.substr(further ? indentation.size() : 0);
  if (std::exchange(open_, true))
    add("\n");
  else
    record_.text.clear();
  add(more);
}

void LogReader::add(std::string_view text) {
  if (!open_) return;
  const auto kept = std::min(text.size(), longest_record - record_.text.size());
  record_.text += text.substr(0, kept);
  missing_ += text.size() - kept;
}

void LogReader::close(const TakeRecord& take) {
  if (!std::exchange(open_, false)) return;
  if (const auto missing = std::exchange(missing_, 0); missing > 0)
    record_.text += more_text(missing, contract::log_file);
  take(record_);
}

OutputReader::OutputReader(std::string experiment) {
  record_.source = LogRecord::experiment_output;
  record_.level = log_level::debug;
  record_.experiment = std::move(experiment);
}

void OutputReader::read(std::string_view bytes, const TakeRecord& take) {
  for_each_line(partial_, bytes,
                [&](std::string_view text) { line(text, take); });
  if (partial_.size() > longest_line) end(take);
}

void OutputReader::end(const TakeRecord& take) {
  if (!partial_.empty()) line(partial_, take);
  partial_.clear();
}

// A progress bar that was drawn over and over shows its last state.
void OutputReader::line(std::string_view text, const TakeRecord& take) {
  while (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (const auto over = text.rfind('\r'); over != text.npos)
    text.remove_prefix(over + 1);
  record_.time = utc_text(std::chrono::system_clock::now());
  record_.text = text;
  take(record_);
}

std::string log_line(const LogRecord& record, const std::string& group) {
  auto out =
      record.time + ' ' + padded(level_name(record.level), 8) + ' ' + group;
  if (!record.experiment.empty()) out += '/' + record.experiment;
  if (const auto place = place_text(record); !place.empty()) out += ' ' + place;
  std::string before = " ";
  for (const auto& line : split(record.text, '\n')) {
    out += before + printable(line);
    before = '\n' + std::string(indentation);
  }
  return out + '\n';
}

std::string log_members(const LogRecord& record, const std::string& group) {
  JsonObject out;
  out.text("time", record.time).text("level", level_name(record.level));
  out.text("group", group);
  if (!record.experiment.empty()) out.text("experiment", record.experiment);
  if (record.source == LogRecord::experiment_output)
    out.text("source", "output");
  if (record.process > 0) out.integer("process", record.process);
  if (!record.file.empty()) out.text("file", record.file);
  if (record.line > 0) out.natural("line", record.line);
  return out.text("text", record.text).members();
}

}  // namespace eh::host
