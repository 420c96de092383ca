#include "optics/files/toml_table.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"

namespace lichtbild::optics {
namespace {

std::string place(const std::string& where, const toml::source_region& source) {
  return fmt::format("{}:{}:{}", where, source.begin.line, source.begin.column);
}

// Edits (insert, remove, replace) between two words; Levenshtein 1966.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string advice(std::string_view key, std::initializer_list<std::string_view> known) {
  std::string list;
  std::string_view nearest;
  std::size_t least = 4;
  for (const std::string_view name : known) {
    list += (list.empty() ? "" : ", ") + std::string(name);
    // A unit forgotten is no typing error of three letters.
    const std::size_t edits = name.starts_with(key) ? 1 : distance(key.substr(0, 64), name);
    if (edits < least) least = edits, nearest = name;
  }
  return nearest.empty() ? "known: " + list
                         : fmt::format("did you mean {}? known: {}", nearest, list);
}

const toml::table& table_from(const toml::node& node, const std::string& where,
                              const std::string& name) {
  const toml::table* table = node.as_table();
  if (!table)
    complain_at(node, where, fmt::format("{} is not a table", name), "write { key = ... }");
  return *table;
}

}  // namespace

toml::table parsed_toml(std::string_view text, const std::string& where) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& e) {
    throw Error(place(where, e.source()), std::string(e.description()), "mend the TOML there");
  }
}

void complain_at(const toml::node& node, const std::string& where, const std::string& what,
                 const std::string& cure) {
  throw Error(place(where, node.source()), what, cure);
}

double number_from(const toml::node& node, const std::string& where, std::string_view name) {
  const auto value = node.is_number() ? node.value<double>() : std::nullopt;
  if (!value) complain_at(node, where, fmt::format("{} is not a number", name), "give a number");
  return *value;
}

std::vector<double> numbers_from(const toml::node& node, const std::string& where,
                                 std::string_view name) {
  const toml::array* array = node.as_array();
  if (!array)
    complain_at(node, where, fmt::format("{} is not a list", name), "write [number, number]");
  std::vector<double> values;
  for (const toml::node& item : *array) values.push_back(number_from(item, where, name));
  return values;
}

std::string text_from(const toml::node& node, const std::string& where, std::string_view name) {
  const auto value = node.value<std::string>();
  if (!value || !node.is_string())
    complain_at(node, where, fmt::format("{} is not a text", name), "put it in quotes");
  return *value;
}

TomlTable::TomlTable(const toml::table& table, const std::string& where, std::string name,
                     std::initializer_list<std::string_view> known)
    : table_(table), where_(where), name_(std::move(name)) {
  for (const auto& [key, value] : table)
    if (std::find(known.begin(), known.end(), key.str()) == known.end())
      throw Error(place(where, key.source()),
                  fmt::format("unknown key '{}' in {}", key.str(), name_),
                  advice(key.str(), known));
}

TomlTable::TomlTable(const toml::node& node, const std::string& where, const std::string& name,
                     std::initializer_list<std::string_view> known)
    : TomlTable(table_from(node, where, name), where, name, known) {}

double TomlTable::number(std::string_view key) const {
  const toml::node* node = find(key);
  if (!node) complain(fmt::format("{} is missing", key), fmt::format("write {} = number", key));
  return number_from(*node, where_, key);
}

double TomlTable::number(std::string_view key, double otherwise) const {
  return optional_number(key).value_or(otherwise);
}

std::optional<double> TomlTable::optional_number(std::string_view key) const {
  const toml::node* node = find(key);
  if (!node) return std::nullopt;
  return number_from(*node, where_, key);
}

std::vector<double> TomlTable::numbers(std::string_view key) const {
  const toml::node* node = find(key);
  if (!node) complain(fmt::format("{} is missing", key), fmt::format("write {} = [numbers]", key));
  return numbers_from(*node, where_, key);
}

bool TomlTable::flag(std::string_view key) const {
  const toml::node* node = find(key);
  if (!node) return false;
  if (!node->is_boolean())
    complain_at(*node, where_, fmt::format("{} is neither true nor false", key),
                "write true or false");
  return node->as_boolean()->get();
}

std::string TomlTable::text(std::string_view key) const {
  const toml::node* node = find(key);
  return node ? text_from(*node, where_, key) : std::string();
}

std::vector<std::string> TomlTable::texts(std::string_view key) const {
  std::vector<std::string> values;
  const toml::node* node = find(key);
  if (!node) return values;
  const toml::array* array = node->as_array();
  if (!array)
    complain_at(*node, where_, fmt::format("{} is not a list", key), "write [\"text\", \"text\"]");
  for (const toml::node& item : *array) values.push_back(text_from(item, where_, key));
  return values;
}

void TomlTable::complain(const std::string& what, const std::string& cure) const {
  throw Error(place(where_, table_.source()),
              name_.empty() ? what : fmt::format("{} in {}", what, name_), cure);
}

}  // namespace lichtbild::optics
