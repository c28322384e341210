#include "config/secrets.h"

#include <filesystem>
#include <set>

#include "base/error.h"
#include "config/flatten.h"
#include "config/framework_keys.h"

namespace eh::host {
namespace {

// Adds the texts of members that are called like a secret, at any depth: below
// `above`, or in one word.
void add_called(const ConfigSchema& schema, const std::string& above,
                const JsonValue& value, std::set<std::string>& out) {
  const auto is_secret = [&](const std::string& name) {
    const auto* key = schema.find(name);
    return key && key->type.kind == ConfigType::secret;
  };
  for (const auto& element : value.elements)
    add_called(schema, above, element, out);
  for (const auto& [key, place, member] : value.members)
    if (member.kind == JsonValue::string &&
        (is_secret(key) || is_secret(above + '.' + key)))
      out.insert(member.text);
    else
      add_called(schema, key, member, out);
}

std::set<std::string> secrets_in(const ConfigText& file) {
  std::set<std::string> out;
  const ConfigSchema schema = ConfigSchemas().framework();
  std::vector<ConfigMistake> ignored;
  const ConfigFile parsed(file.path, file.text, file.section, ignored);
  for (const auto& layer : parsed.layers())
    for (const auto& value : flattened(schema, layer.values, ignored))
      if (schema.find(value.name)->type.kind == ConfigType::secret &&
          value.value.kind == JsonValue::string)
        out.insert(value.value.text);
  // Also where none is allowed: that is a mistake, but still a secret.
  try {
    add_called(schema, "", parse_json(file.text), out);
  } catch (const JsonError&) {  // then nothing is sent at all
  }
  return out;
}

// Goes through a JSON text that was read before, and so is one.
class Blanking {
 public:
  Blanking(const std::string& text, const std::set<std::string>& secrets)
      : text_(text), secrets_(secrets) {}

  std::string out() {
    while (at_ < text_.size()) {
      if (text_[at_] == '"')
        string();
      else if (text_.compare(at_, 2, "//") == 0)
        comment(text_.find('\n', at_));
      else if (text_.compare(at_, 2, "/*") == 0)
        comment(text_.find("*/", at_ + 2), 2);
      else
        out_ += text_[at_++];
    }
    return std::move(out_);
  }

 private:
  // Lines stay lines.
  void comment(std::size_t end, std::size_t more = 0) {
    end = end == text_.npos ? text_.size() : end + more;
    for (; at_ < end; ++at_) out_ += text_[at_] == '\n' ? '\n' : ' ';
  }

  void string() {
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != '"')
      end += text_[end] == '\\' ? 2 : 1;
    auto literal = text_.substr(at_, end + 1 - at_);
    at_ += literal.size();
    const auto next = text_.find_first_not_of(" \t\r\n", at_);
    const bool is_key = next != text_.npos && text_[next] == ':';
    if (!is_key && secrets_.count(parse_json(literal).text) > 0) {
      const auto size = literal.size();
      literal = "null";
      if (size > literal.size()) literal.resize(size, ' ');
    }
    out_ += literal;
  }

  const std::string& text_;
  const std::set<std::string>& secrets_;
  std::size_t at_ = 0;
  std::string out_;
};

std::string path_of(const ConfigText& file) {
  const std::filesystem::path path(file.path);
  return (std::filesystem::path(file.directory) / path.filename()).string();
}

}  // namespace

std::string text_without_secrets(const ConfigText& file) {
  return Blanking(file.text, secrets_in(file)).out();
}

Variables with_secrets_of(const ConfigText& file, Variables variables,
                          const std::string& group) {
  try {
    auto now = file;
    now.path = path_of(file);
    now.others_read = others_can_read(now.path);
    if (now.others_read) return variables;
    now.text = read_whole(now.path, "the configuration file", most_of_config);
    const ConfigSchemas schemas;
    const ConfigSources sources(now, variables, {}, file.directory);
    const auto config = sources.resolve(schemas.framework(), group);
    for (const auto& key : framework_keys()) {
      if (key.type.kind != ConfigType::secret) continue;
      const auto& value = config.at(key.name).value;
      if (value.kind == JsonValue::string)
        variables[variable_of(key.name)] = value.text;
    }
  } catch (const std::exception&) {  // it is gone, or in the making
  }
  return variables;
}

}  // namespace eh::host
