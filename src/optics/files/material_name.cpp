#include "optics/files/material_name.h"

#include "optics/files/number_text.h"

namespace lichtbild::optics {
namespace {

bool is_word(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != lower_case[i]) return false;
  return true;
}

}  // namespace

Material material_from_name(std::string_view name) {
  if (name.empty() || is_word(name, "air")) return Air{};
  if (is_word(name, "mirror")) return Mirror{};
  if (const std::size_t slash = name.find('/'); slash != name.npos) {
    const auto nd = number_in(name.substr(0, slash)), vd = number_in(name.substr(slash + 1));
    if (nd && vd) return ModelGlass{*nd, *vd};
  }
  if (const std::size_t colon = name.find(':'); colon != name.npos && colon + 1 < name.size())
    return NamedGlass{std::string(name.substr(colon + 1)), std::string(name.substr(0, colon))};
  return NamedGlass{std::string(name), ""};
}

std::string name_of(const Material& material) {
  if (std::holds_alternative<Air>(material)) return "air";
  if (std::holds_alternative<Mirror>(material)) return "mirror";
  const auto* glass = std::get_if<NamedGlass>(&material);
  if (!glass) return "";
  const std::string name =
      glass->catalog.empty() ? glass->name : glass->catalog + ":" + glass->name;
  const Material again = material_from_name(name);
  const auto* same = std::get_if<NamedGlass>(&again);
  return same && same->name == glass->name && same->catalog == glass->catalog ? name : "";
}

}  // namespace lichtbild::optics
