#include "log_tail.h"

#include <fcntl.h>
#include <unistd.h>

#include "log_record.h"

namespace eh::host {
namespace {

constexpr std::size_t time_width = 24;  // of utc_text()

}  // namespace

void LogTail::add(const std::string& name, const std::string& log_path) {
  files_[name].path = log_path;
}

void LogTail::poll() {
  for (auto& [name, file] : files_) read(name, file);
}

void LogTail::finish(const std::string& name) {
  auto node = files_.extract(name);
  if (node.empty()) return;
  read(name, node.mapped());
  if (!node.mapped().partial.empty())
    show_line(name, node.mapped(), node.mapped().partial);
}

void LogTail::read(const std::string& name, File& file) {
  if (!file.fd) file.fd = Fd(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.fd) return;
  char buffer[16384];
  for (;;) {
    const auto n = ::read(file.fd.get(), buffer, sizeof buffer);
    if (n <= 0) return;
    file.partial.append(buffer, static_cast<std::size_t>(n));
    std::size_t begin = 0;
    for (std::size_t end;
         (end = file.partial.find('\n', begin)) != std::string::npos;
         begin = end + 1)
      show_line(name, file, file.partial.substr(begin, end - begin));
    file.partial.erase(0, begin);
  }
}

// A record is "TIME LEVEL    text"; its further lines begin with four spaces.
void LogTail::show_line(const std::string& name, File& file,
                        const std::string& line) {
  if (line.compare(0, 4, "    ") == 0) {
    if (file.shown_level >= level_) show_(name, file.shown_level, line);
    return;
  }
  if (line.size() <= time_width) return;
  const auto begin = time_width + 1;
  const auto end = line.find(' ', begin);
  if (end == line.npos) return;
  file.shown_level = level_of(line.substr(begin, end - begin));
  if (file.shown_level < level_) return;
  const auto text = line.find_first_not_of(' ', end);
  show_(name, file.shown_level, text == line.npos ? "" : line.substr(text));
}

}  // namespace eh::host
