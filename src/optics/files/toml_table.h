// TomlTable: a TOML table read strictly: unknown, missing and ill-typed keys are Errors that name
// file:line:column.
#pragma once

#include <toml++/toml.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lichtbild::optics {

// Throws Error{file:line:column, ...} for what is no TOML.
toml::table parsed_toml(std::string_view text, const std::string& where);

class TomlTable {
 public:
  // `name` as the user would write it: "[field]"; `known`: every key that may stand there.
  TomlTable(const toml::table& table, const std::string& where, std::string name,
            std::initializer_list<std::string_view> known);
  // From any node: an Error where it is no table.
  TomlTable(const toml::node& node, const std::string& where, const std::string& name,
            std::initializer_list<std::string_view> known);

  const toml::node* find(std::string_view key) const { return table_.get(key); }
  bool has(std::string_view key) const { return find(key) != nullptr; }

  double number(std::string_view key) const;  // must be there
  double number(std::string_view key, double otherwise) const;
  std::optional<double> optional_number(std::string_view key) const;
  std::vector<double> numbers(std::string_view key) const;  // must be there
  bool flag(std::string_view key) const;                    // absent: false
  std::string text(std::string_view key) const;             // absent: empty
  std::vector<std::string> texts(std::string_view key) const;

  [[noreturn]] void complain(const std::string& what, const std::string& cure) const;
  const std::string& where() const { return where_; }
  const toml::table& table() const { return table_; }

 private:
  const toml::table& table_;
  const std::string& where_;
  std::string name_;
};

[[noreturn]] void complain_at(const toml::node& node, const std::string& where,
                              const std::string& what, const std::string& cure);
double number_from(const toml::node& node, const std::string& where, std::string_view name);
std::vector<double> numbers_from(const toml::node& node, const std::string& where,
                                 std::string_view name);
std::string text_from(const toml::node& node, const std::string& where, std::string_view name);

}  // namespace lichtbild::optics
