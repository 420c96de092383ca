#include <toml++/toml.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include "core/error.h"
#include "look/look.h"
#include "look/parameters.h"

namespace lichtbild {
namespace {

namespace fs = std::filesystem;

std::string place(const std::string& where, const toml::source_region& source) {
  return fmt::format("{}:{}:{}", where, source.begin.line, source.begin.column);
}

template <class Owner>
const Parameter<Owner>* find(std::span<const Parameter<Owner>> table, std::string_view name) {
  for (const Parameter<Owner>& parameter : table)
    if (parameter.name == name) return &parameter;
  return nullptr;
}

template <class Owner>
std::string names(std::span<const Parameter<Owner>> table, std::string_view prefix) {
  std::string list;
  for (const Parameter<Owner>& parameter : table)
    if (parameter.name.starts_with(prefix))
      list += (list.empty() ? "" : ", ") + std::string(parameter.name.substr(prefix.size()));
  return list;
}

template <class Owner>
void assign(Owner& owner, const Parameter<Owner>& parameter, const toml::node& node,
            const std::string& where) {
  const auto value = node.value<double>();
  if (!value || node.is_boolean() || node.is_string())
    throw Error(place(where, node.source()), fmt::format("{} is not a number", parameter.name),
                fmt::format("give a number from {} to {}", parameter.minimum, parameter.maximum));
  if (!(*value >= parameter.minimum && *value <= parameter.maximum))
    throw Error(place(where, node.source()),
                fmt::format("{} = {} is out of range", parameter.name, *value),
                fmt::format("give a number from {} to {}{}{}", parameter.minimum, parameter.maximum,
                            parameter.unit.empty() ? "" : " ", parameter.unit));
  owner.*parameter.value = *value;
}

void read_hues(Look& look, const toml::node& node, const std::string& where) {
  const toml::array* rules = node.as_array();
  if (!rules)
    throw Error(place(where, node.source()), "hue rules are tables", "write [[color.hue]]");
  constexpr std::size_t most = 24;
  if (rules->size() > most)
    throw Error(place(where, node.source()), "too many hue rules",
                fmt::format("give at most {}", most));
  for (const toml::node& rule : *rules) {
    const toml::table* table = rule.as_table();
    if (!table)
      throw Error(place(where, rule.source()), "a hue rule is a table", "write [[color.hue]]");
    HueRule& hue = look.hues.emplace_back();
    for (const auto& [key, value] : *table) {
      const auto* parameter = find(hue_parameters(), key.str());
      if (!parameter)
        throw Error(place(where, key.source()),
                    fmt::format("unknown key '{}' in color.hue", key.str()),
                    "known: " + names(hue_parameters(), ""));
      assign(hue, *parameter, value, where);
    }
  }
}

void read_section(Look& look, std::string_view section, const toml::table& table,
                  const std::string& where) {
  const std::string prefix = std::string(section) + ".";
  for (const auto& [key, value] : table) {
    if (section == "color" && key.str() == "hue") {
      read_hues(look, value, where);
      continue;
    }
    const auto* parameter = find(look_parameters(), prefix + std::string(key.str()));
    if (!parameter)
      throw Error(place(where, key.source()),
                  fmt::format("unknown key '{}' in [{}]", key.str(), section),
                  "known: " + names(look_parameters(), prefix));
    assign(look, *parameter, value, where);
  }
}

std::string shipped_looks(const std::string& folder) {
  std::string list;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(".look.toml"))
      list += (list.empty() ? "" : ", ") + file.substr(0, file.size() - 10);
  }
  return list;
}

}  // namespace

Look parse_look(const std::string& text, const std::string& where) {
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& e) {
    throw Error(place(where, e.source()), std::string(e.description()), "mend the TOML there");
  }
  Look look;
  for (const auto& [key, value] : root) {
    const std::string_view name = key.str();
    if (name == "name" || name == "description") {
      const auto text_value = value.value<std::string>();
      if (!text_value)
        throw Error(place(where, value.source()), fmt::format("{} is not a text", name),
                    "put it in quotes");
      (name == "name" ? look.name : look.description) = *text_value;
      continue;
    }
    const toml::table* table = value.as_table();
    if (!table || names(look_parameters(), std::string(name) + ".").empty())
      throw Error(place(where, key.source()), fmt::format("unknown key '{}'", name),
                  "known: name, description, [exposure], [tone], [local], [color], [mono], [lens], "
                  "[sharpening], [grain]");
    read_section(look, name, *table, where);
  }
  return look;
}

Look read_look(const std::string& name_or_path, const std::string& look_folder) {
  const bool is_path = name_or_path.ends_with(".toml");
  const std::string path = is_path ? name_or_path : look_folder + "/" + name_or_path + ".look.toml";
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || fs::is_directory(path, ignored)) {
    if (is_path) throw Error(path, "cannot be read", "check the path");
    throw Error("--look " + name_or_path, "is not a look",
                "known: " + shipped_looks(look_folder) + "; or give a .look.toml file");
  }
  std::ostringstream text;
  text << file.rdbuf();
  constexpr std::size_t longest = 1 << 20;
  if (text.str().size() > longest)
    throw Error(path, "is too long for a look", "looks are small text files");
  Look look = parse_look(text.str(), path);
  if (look.name.empty()) look.name = fs::path(path).stem().stem().string();
  return look;
}

}  // namespace lichtbild
