#include "optics/files/seq_glass.h"

#include <array>

#include "optics/files/number_text.h"
#include "optics/files/text_line.h"

namespace lichtbild::optics {
namespace {

bool only_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// "517642" is nd 1.517, vd 64.2; "516800.641700" nd 1.516800, vd 64.1700.
std::optional<ModelGlass> glass_code(const std::string& name) {
  const std::size_t dot = name.find('.');
  const std::string index = name.substr(0, dot == name.npos ? 3 : dot);
  const std::string dispersion =
      name.substr(dot == name.npos ? std::min<std::size_t>(3, name.size()) : dot + 1);
  if (!only_digits(index) || !only_digits(dispersion) || index.size() < 3 || dispersion.size() < 3)
    return std::nullopt;
  if (dot == name.npos && name.size() != 6) return std::nullopt;
  return ModelGlass{*number_in("1." + index),
                    *number_in(dispersion.substr(0, 2) + "." + dispersion.substr(2))};
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> starts) {
  for (const std::string_view start : starts)
    if (text.starts_with(start)) return true;
  return false;
}

// CODE V leaves the makers' hyphens out; this puts them back.
std::string with_hyphen(const std::string& name, const std::string& maker) {
  if (name.size() < 3 || name.find('-') != name.npos) return name;
  const std::string behind = name.substr(1);
  const bool hyphened =
      (maker == "SCHOTT" &&
       (name[0] == 'N' ||
        (name[0] == 'P' &&
         starts_with_any(behind, {"LAF", "LAK", "LASF", "BK7", "SF", "SK57", "SK58", "SK60"})))) ||
      (maker == "OHARA" &&
       ((name[0] == 'S' && name[1] >= 'A' && name[1] <= 'Z') ||
        (name[0] == 'L' && starts_with_any(behind, {"BAL", "BBH", "BSL", "LAH", "LAL", "LAM", "NBH",
                                                    "PHL", "TIH", "TIM"})))) ||
      (maker == "CDGM" && (name[0] == 'H' || name[0] == 'D')) ||
      (maker == "HIKARI" && name[0] == 'J');
  return hyphened ? name.substr(0, 1) + "-" + behind : name;
}

}  // namespace

Material material_from_codev(const std::string& name) {
  const std::string capitals = in_capitals(name);
  if (capitals.empty() || capitals == "AIR") return Air{};
  if (capitals == "REFL") return Mirror{};
  if (const std::size_t colon = name.find(':'); colon != name.npos) {
    const auto nd = number_in(name.substr(0, colon)), vd = number_in(name.substr(colon + 1));
    if (nd && vd) return ModelGlass{*nd, *vd};
  }
  if (const auto glass = glass_code(name)) return *glass;
  const std::size_t bar = capitals.rfind('_');
  if (bar == capitals.npos) return NamedGlass{capitals, ""};
  const std::string maker = capitals.substr(bar + 1);
  return NamedGlass{with_hyphen(capitals.substr(0, bar), maker), maker};
}

}  // namespace lichtbild::optics
