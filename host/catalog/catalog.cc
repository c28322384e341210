#include "catalog/catalog.h"

#include <algorithm>
#include <charconv>

#include "json/write.h"

namespace eh::host {

std::int64_t Axis::range_value(std::uint64_t i) const {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) +
                                   static_cast<std::uint64_t>(step) * i);
}

std::string Axis::json(std::uint64_t i) const {
  return is_range() ? std::to_string(range_value(i)) : listed_json[i];
}

std::string Axis::label(std::uint64_t i) const {
  return is_range() ? std::to_string(range_value(i)) : listed_labels[i];
}

void Axis::append_label(std::uint64_t i, std::string& out) const {
  if (!is_range()) {
    out += listed_labels[i];
    return;
  }
  char digits[24];
  out.append(digits,
             std::to_chars(digits, digits + sizeof digits, range_value(i)).ptr);
}

std::string Family::prepare() {
  if (!names.empty()) {
    for (auto& name : names) {
      // Templates without parameters: only the doubled braces are special.
      Family one;
      one.name_template = name;
      if (auto wrong = one.prepare(); !wrong.empty()) return wrong;
      name = one.name(0);
    }
    size_ = names.size();
    return {};
  }
  std::string literal;
  auto end_literal = [&] {
    if (!literal.empty()) pieces_.push_back({std::move(literal), {}});
    literal.clear();
  };
  const std::string_view text = name_template;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
      literal += c;
      ++i;
    } else if (c == '{') {
      const auto close = text.find('}', i);
      if (close == text.npos) return "'{' without '}' in the name";
      const auto wanted = text.substr(i + 1, close - i - 1);
      const auto found =
          std::find_if(parameters.begin(), parameters.end(),
                       [&](const Parameter& p) { return p.name == wanted; });
      if (found == parameters.end())
        return "the name has {" + std::string(wanted) +
               "}, which is not a parameter";
      const auto p = static_cast<std::size_t>(found - parameters.begin());
      if (const auto axis = axis_of(p)) {
        end_literal();
        pieces_.push_back({{}, axis});
      } else {
        literal += found->label;
      }
      i = close;
    } else if (c == '}') {
      return "'}' without '{' in the name";
    } else {
      literal += c;
    }
  }
  end_literal();

  strides_.assign(axes.size(), 1);
  for (std::size_t a = axes.size(); a-- > 0;) {
    strides_[a] = product_;
    const std::uint64_t count = axes[a].size();
    if (count == 0) return "a sweep without values";
    if (product_ > UINT64_MAX / count) return "more than 2^64 points";
    product_ *= count;
  }
  size_ = product_;
  if (kept) {
    size_ = 0;
    for (const auto& [first, last] : *kept) {
      kept_before_.push_back(size_);
      size_ += last - first + 1;
    }
  }
  return {};
}

std::uint64_t Family::raw_point(std::uint64_t i) const {
  if (!kept) return i;
  const auto range =
      std::upper_bound(kept_before_.begin(), kept_before_.end(), i) - 1;
  const auto at = static_cast<std::size_t>(range - kept_before_.begin());
  return (*kept)[at].first + (i - *range);
}

void Family::append_name(std::uint64_t i, std::string& out) const {
  if (!names.empty()) {
    out += names[i];
    return;
  }
  const std::uint64_t point = raw_point(i);
  for (const auto& piece : pieces_) {
    if (piece.axis) {
      const Axis& axis = axes[*piece.axis];
      axis.append_label(point / strides_[*piece.axis] % axis.size(), out);
    } else {
      out += piece.literal;
    }
  }
}

std::string Family::name(std::uint64_t i) const {
  std::string out;
  append_name(i, out);
  return out;
}

std::uint64_t Family::child_id(std::uint64_t i) const {
  return names.empty() ? id : id + i;
}

std::uint64_t Family::child_point(std::uint64_t i) const {
  return names.empty() ? raw_point(i) : 0;
}

std::uint64_t Family::axis_value(std::uint64_t i, std::size_t axis) const {
  return raw_point(i) / strides_[axis] % axes[axis].size();
}

std::optional<std::size_t> Family::axis_of(std::size_t p) const {
  for (std::size_t a = 0; a < axes.size(); ++a)
    if (axes[a].parameter == p) return a;
  return {};
}

std::string Family::parameter_json(std::uint64_t i, std::size_t p) const {
  if (const auto axis = axis_of(p))
    return axes[*axis].json(axis_value(i, *axis));
  return parameters[p].json;
}

std::string Family::parameter_label(std::uint64_t i, std::size_t p) const {
  if (const auto axis = axis_of(p))
    return axes[*axis].label(axis_value(i, *axis));
  return parameters[p].label;
}

std::string Family::parameters_json(std::uint64_t i) const {
  JsonObject object;
  for (std::size_t p = 0; p < parameters.size(); ++p)
    object.raw(parameters[p].name, parameter_json(i, p));
  return object.str();
}

const Group* Catalog::find_group(std::string_view name) const {
  const auto found =
      std::find_if(groups.begin(), groups.end(),
                   [&](const Group& group) { return group.name == name; });
  return found == groups.end() ? nullptr : &*found;
}

std::vector<std::string> Catalog::group_names() const {
  std::vector<std::string> names;
  for (const auto& group : groups) names.push_back(group.name);
  return names;
}

std::string Catalog::where(const Origin& origin) const {
  std::string out = origin.file + ':' + std::to_string(origin.line);
  if (plugins.size() > 1) out += " in " + plugins[origin.plugin].path;
  return out;
}

}  // namespace eh::host
