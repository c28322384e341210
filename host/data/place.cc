#include "data/place.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <string_view>

#include "contract/child.h"
#include "data/items.h"
#include "os/fd.h"

namespace eh::host {

std::string followed(int at, std::string path) {
  constexpr int most_links = 40;  // as Linux has it
  for (int i = 0; i < most_links; ++i) {
    char text[PATH_MAX];
    const auto n = ::readlinkat(at, path.c_str(), text, sizeof text);
    if (n < 0) return path;
    const std::string_view target(text, static_cast<std::size_t>(n));
    if (target.starts_with('/')) path.clear();
    path.resize(path.rfind('/') + 1);
    path += target;
  }
  throw DataError(child::reason_text(ELOOP), ELOOP);
}

std::string temporary_beginning(const std::string& path) {
  const auto name_at = path.rfind('/') + 1;  // 0, if there is none
  return path.substr(0, name_at) + '.' + path.substr(name_at, 200) +
         contract::temporary_mark;
}

void take_permissions(int fd, const struct stat& old) {
  ::fchmod(fd, old.st_mode & 0777);
}

}  // namespace eh::host
