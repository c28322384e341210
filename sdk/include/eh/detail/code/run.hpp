// The code of run.hpp.
#ifndef EH_DETAIL_CODE_RUN_HPP
#define EH_DETAIL_CODE_RUN_HPP

#include <cstdlib>
#include <eh/run.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE std::uint64_t stream_seed(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  std::uint64_t mixed = seed + hash * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31);
}

EH_CODE bool is_address(std::string_view path) {
  const std::size_t end = path.find_first_not_of(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
  return end != 0 && end != std::string_view::npos &&
         path.substr(end).starts_with("://");
}

}  // namespace detail

EH_CODE std::filesystem::path plugin_path() {
  const char* path = std::getenv("EH_PLUGIN");
  return path ? path : "";
}

EH_CODE void Run::keep_result(std::string_view name, std::string_view json) {
  if (!raw_.result) {
    // Hours of work must not fail for it at their end.
    if (!lost_result_.exchange(true))
      log().warning(
          "this eh-host is too old to keep results (update it): they are "
          "only here");
    log().warning(std::string(name) + " = " + std::string(json));
    return;
  }
  if (raw_.result(raw_.host, detail::to_text(name), detail::to_text(json)))
    throw std::invalid_argument(
        "cannot keep the result " + std::string(json) +
        ": it has no name (use run.result(\"wait\", wait))");
}

EH_CODE void Run::write_bytes(const std::string& path,
                              std::string_view content) {
  std::string reason = "there is no host";
  if (!raw_.write_file || raw_.write_file(raw_.host, detail::to_text(path),
                                          detail::to_text(content),
                                          &detail::assign_text, &reason) != 0)
    throw std::runtime_error("cannot write '" + path + "': " + reason);
}

EH_CODE std::optional<std::string> Run::read_bytes(const std::string& path) {
  std::optional<std::string> content;
  read_file(path, [&](std::string_view text) { content = text; });
  return content;
}

EH_CODE detail::DataHost Run::data() const {
  return {raw_.write_value, raw_.read_value, raw_.host,
          raw_.write_file
              ? "the eh that runs this is older than the one it was built "
                "with (update eh)"
              : "there is no host"};
}

}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_RUN_HPP
