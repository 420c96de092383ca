// Catalog: glasses by name, those that ship and those of the user's AGF files.
//
// The order of the catalogue decides where several makers use one name: first the user's AGF files
// as they were added, then the shipped makers SCHOTT, OHARA, HOYA, HIKARI, CDGM, SUMITA, and the
// polymers.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "glass/glass.h"

namespace lichtbild {

struct Found {
  Glass glass;
  std::vector<std::string> also_made_by;  // other makers of that name, in the order asked
};

class Catalog {
 public:
  Catalog() = default;

  // The glasses of an AGF file; their maker is `maker`, or else the file's name in capitals
  // without its ending. UTF-8, UTF-16 or Latin-1. Throws Error with file and line.
  void add_agf(const std::string& path, const std::string& maker = {});
  void add(std::vector<Glass> glasses);

  // Case-insensitive: "N-BK7", "SCHOTT:N-BK7", or a glass code (see glass_from_code). Makers in
  // `preferred` are asked first, in that order. AIR, VACUUM and MIRROR are always known. Throws
  // Error that lists the nearest names.
  Found find(std::string_view name, std::span<const std::string> preferred = {}) const;

  // In catalogue order.
  const std::vector<Glass>& glasses() const& { return glasses_; }
  void glasses() && = delete;  // they would not outlive the catalogue

 private:
  friend Catalog read_catalog(const std::string& glass_folder);
  std::vector<const Glass*> all_named(std::string_view name, std::string_view maker,
                                      std::span<const std::string> preferred) const;

  std::vector<Glass> glasses_;
  std::size_t added_ = 0;  // how many of them are the user's, in front of the shipped ones
  std::multimap<std::string, std::size_t, std::less<>> by_name_;  // in capitals
};

// The shipped catalogue; `glass_folder` is data/glass, or share/lichtbild/glass where installed.
Catalog read_catalog(const std::string& glass_folder);

}  // namespace lichtbild
