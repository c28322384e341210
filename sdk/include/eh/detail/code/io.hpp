// The code of io.hpp.
#ifndef EH_DETAIL_CODE_IO_HPP
#define EH_DETAIL_CODE_IO_HPP

#include <eh/io.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE DataHost process_data() {
  DataHost to;
  to.lacking =
      "no eh is around (call it in an experiment, or link eh::program)";
  if (eh_write_v1)
    to.write = [](void*, eh_text path, const eh_item* items, std::size_t count,
                  eh_take_text error, void* context) {
      return eh_write_v1(path, items, count, error, context);
    };
  if (eh_read_v1)
    to.read = [](void*, eh_text path, std::uint32_t how, eh_take_items take,
                 eh_take_text error, void* context) {
      return eh_read_v1(path, how, take, error, context);
    };
  return to;
}

EH_CODE bool is_https(std::string_view path) {
  constexpr std::string_view scheme = "https://";
  return path.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), path.begin(),
                    [](char a, char b) {
                      return a == (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
                    });
}

EH_CODE std::string shown_path(std::string_view path) {
  return std::string(is_https(path) ? path.substr(0, path.find('?')) : path);
}

EH_CODE void assign_text(void* to, eh_text text) noexcept {
  try {
    *static_cast<std::string*>(to) = from_text(text);
  } catch (...) {  // out of memory: leave it as it is
  }
}

EH_CODE std::string format_ending(std::string_view path) {
  if (is_https(path)) path = path.substr(0, path.find_first_of("?#"));
  std::string name(path.substr(path.find_last_of('/') + 1));
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  for (const std::string_view codec : {".gz", ".zst", ".xz", ".bz2"})
    if (name.ends_with(codec)) {
      name.erase(name.size() - codec.size());
      break;
    }
  const std::size_t dot = name.find_last_of('.');
  return dot == std::string::npos ? std::string() : name.substr(dot);
}

EH_CODE void read_json_cell(const void* from, std::string_view text,
                            eh_take_items take, void* context) {
  // A callback has one context for both.
  struct Both {
    eh_take_items take;
    void* context;
    std::string reason;
  } both{take, context, "no reason"};
  const DataHost& host = *static_cast<const DataHost*>(from);
  const auto pass = [](void* to, const eh_item* items, std::size_t count) {
    static_cast<Both*>(to)->take(static_cast<Both*>(to)->context, items, count);
  };
  const auto fail = [](void* to, eh_text why) {
    assign_text(&static_cast<Both*>(to)->reason, why);
  };
  if (host.read(host.host, to_text(text), EH_READ_JSON, pass, fail, &both) != 0)
    throw std::runtime_error(both.reason);
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_IO_HPP
