#include "config/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

namespace eh::host {
namespace {

namespace fs = std::filesystem;

class Reader {
 public:
  Reader(const JsonValue& root, std::vector<ConfigMistake>& mistakes)
      : root_(root), mistakes_(mistakes) {
    if (const auto* sections = object(root, "sections"))
      for (const auto& member : sections->members)
        if (is_object(member, "a section")) sections_.push_back(&member);
  }

  std::vector<ConfigLayer> layers(const std::string& path,
                                  const std::string& section) {
    if (!section.empty() && !find(section))
      throw Error(exit_usage, "cannot use section '" + section + "' of '" +
                                  path + "': it has none of that name" +
                                  did_you_mean(section, names()));
    check_extends();
    add_section(root_);
    if (!section.empty()) add(section, find(section)->value);
    for (const auto* member : sections_) {
      in_force_ = false;
      add(member->key, member->value);
    }
    std::vector<ConfigLayer> out = std::move(general_);
    for (auto* part : {&of_groups_, &of_experiments_, &of_both_})
      out.insert(out.end(), std::make_move_iterator(part->begin()),
                 std::make_move_iterator(part->end()));
    return out;
  }

 private:
  using Names = std::vector<std::string>;

  void note(TextPlace place, const std::string& message) {
    mistakes_.push_back({place, message});
  }

  bool is_object(const JsonMember& member, const char* what) {
    if (member.value.kind == JsonValue::object) return true;
    note(member.value.place, "'" + printable(member.key) + "': expected " +
                                 what + ", which is an object");
    return false;
  }

  const JsonValue* object(const JsonValue& parent, const char* word) {
    const auto* value = parent.find(word);
    if (!value || value->kind == JsonValue::object) return value;
    note(value->place, std::string("'") + word + "': expected an object");
    return nullptr;
  }

  const JsonMember* find(const std::string& name) const {
    for (const auto* member : sections_)
      if (member->key == name) return member;
    return nullptr;
  }

  Names names() const {
    Names out;
    for (const auto* member : sections_) out.push_back(member->key);
    return out;
  }

  // What a section extends, as far as it is well-formed.
  static std::vector<const JsonValue*> extended(const JsonValue& section) {
    std::vector<const JsonValue*> out;
    const auto* extends = section.find("extends");
    if (!extends) return out;
    if (extends->kind == JsonValue::string) out.push_back(extends);
    for (const auto& element : extends->elements)
      if (element.kind == JsonValue::string) out.push_back(&element);
    return out;
  }

  void check_extends() {
    for (const auto& member : root_.members)
      if (member.key == "extends")
        note(member.place,
             "'extends' has no meaning outside of sections, over which no"
             " other can be laid (choose a section with -c FILE:SECTION)");
    for (const auto* member : sections_) {
      check_extends(member->value);
      Names seen{member->key};
      check_cycle(*member, seen);
    }
  }

  void check_extends(const JsonValue& section) {
    if (const auto* extends = section.find("extends")) {
      const bool texts = std::all_of(
          extends->elements.begin(), extends->elements.end(),
          [](const auto& e) { return e.kind == JsonValue::string; });
      if (extends->kind != JsonValue::string &&
          (extends->kind != JsonValue::array || !texts))
        note(extends->place,
             "'extends': expected the name of a section, or a list of names");
    }
    for (const auto* name : extended(section))
      if (!find(name->text))
        note(name->place, "there is no section '" + printable(name->text) +
                              "' to extend" +
                              did_you_mean(name->text, names()));
  }

  // Reports a section that extends itself, at the first of the circle, which
  // is also the first in `seen`: each section is looked at once.
  void check_cycle(const JsonMember& section, Names& seen) {
    const auto first = seen.front();
    for (const auto* name : extended(section.value)) {
      const auto* base = find(name->text);
      if (base && base->key == first) {
        note(name->place,
             "section '" + printable(first) + "' extends itself" +
                 (section.key == first
                      ? ""
                      : " through '" + printable(section.key) + "'"));
      } else if (base && base->key > first &&
                 std::find(seen.begin(), seen.end(), base->key) == seen.end()) {
        seen.push_back(base->key);
        check_cycle(*base, seen);
      }
    }
  }

  // A section after those that it extends, each once.
  void add(const std::string& name, const JsonValue& section) {
    if (std::find(added_.begin(), added_.end(), name) != added_.end()) return;
    added_.push_back(name);
    for (const auto* base : extended(section))
      if (const auto* member = find(base->text))
        add(member->key, member->value);
    add_section(section);
  }

  void add_section(const JsonValue& section) {
    general_.push_back({section, "", "", {}, in_force_});
    add_patterns(section, "", of_experiments_);
    if (const auto* groups = object(section, "groups"))
      for (const auto& group : groups->members) {
        if (!is_object(group, "a group's values")) continue;
        of_groups_.push_back(
            {group.value, group.key, "", group.place, in_force_});
        refuse_words(group.value, {"groups", "sections", "extends"});
        add_patterns(group.value, group.key, of_both_);
      }
    if (&section != &root_) refuse_words(section, {"sections"});
  }

  void add_patterns(const JsonValue& section, const std::string& group,
                    std::vector<ConfigLayer>& out) {
    const auto* experiments = object(section, "experiments");
    if (!experiments) return;
    for (const auto& pattern : experiments->members) {
      if (!is_object(pattern, "the values of the experiments that match"))
        continue;
      out.push_back(
          {pattern.value, group, pattern.key, pattern.place, in_force_});
      refuse_words(pattern.value,
                   {"groups", "sections", "extends", "experiments"});
    }
  }

  // Words of a file that have no meaning where they stand.
  void refuse_words(const JsonValue& object,
                    std::initializer_list<const char*> words) {
    for (const char* word : words)
      for (const auto& member : object.members)
        if (member.key == word)
          note(member.place, std::string("'") + word + "' has no meaning here");
  }

  const JsonValue& root_;
  std::vector<ConfigMistake>& mistakes_;
  std::vector<const JsonMember*> sections_;
  Names added_;
  bool in_force_ = true;
  std::vector<ConfigLayer> general_, of_groups_, of_experiments_, of_both_;
};

}  // namespace

ConfigFile::ConfigFile(std::string path, std::string_view text,
                       const std::string& section,
                       std::vector<ConfigMistake>& mistakes)
    : path_(std::move(path)) {
  try {
    const auto root = parse_json(text);
    if (root.kind != JsonValue::object)
      mistakes.push_back({root.place, "expected an object: { ... }"});
    else
      layers_ = Reader(root, mistakes).layers(path_, section);
  } catch (const JsonError& error) {
    mistakes.push_back({error.place, error.what()});
  }
}

namespace {

ConfigText chosen(const std::optional<std::string>& option) {
  std::error_code ignored;
  ConfigText out;
  out.path = option.value_or(config_file_name);
  if (option && !fs::exists(out.path, ignored))
    if (const auto colon = option->rfind(':'); colon != option->npos) {
      out.path = option->substr(0, colon);
      out.section = option->substr(colon + 1);
      if (out.path.empty()) out.path = config_file_name;
    }
  return out;
}

}  // namespace

std::optional<ConfigText> load_config(
    const std::optional<std::string>& option) {
  auto out = chosen(option);
  std::error_code ignored;
  if (!fs::exists(out.path, ignored)) {
    if (!option) return {};
    throw Error(exit_usage, "cannot use --config '" + *option +
                                "': there is no file '" + out.path +
                                "' (write FILE or FILE:SECTION)");
  }
  out.text = read_whole(out.path, "the configuration file", most_of_config);
  out.directory = fs::absolute(out.path).parent_path().string();
  out.others_read = others_can_read(out.path);
  return out;
}

bool others_can_read(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && (info.st_mode & 077) != 0;
}

std::string read_whole(const std::string& path, const std::string& what,
                       std::size_t most) {
  const auto refuse = [&](const std::string& why) {
    throw Error(exit_usage, "cannot read " + what + " '" + path + "': " + why);
  };
  struct stat info;
  // What is none is not even opened: that alone can do something to a device.
  if (::stat(path.c_str(), &info) != 0)
    refuse(errno == ENOENT || errno == ENOTDIR ? "there is no such file"
                                               : errno_text(errno));
  if (S_ISDIR(info.st_mode)) refuse(errno_text(EISDIR));
  if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode))
    refuse("it is neither a file nor a pipe");
  try {
    auto text = read_file(AT_FDCWD, path, most + 1);
    if (!text) refuse("there is no such file");
    if (text->size() > most)
      refuse("it has more than " + grouped(most) + " bytes");
    return std::move(*text);
  } catch (const std::system_error& error) {
    refuse(error.code().message());
  }
  return {};
}

}  // namespace eh::host
