// Materials as one word of a lens file: "N-BK7", "SCHOTT:N-BK7", "1.5168/64.17", "air", "mirror".
#pragma once

#include <string>
#include <string_view>

#include "optics/lens.h"

namespace lichtbild::optics {

Material material_from_name(std::string_view name);

// The word that material_from_name turns into exactly this material; empty: there is none.
std::string name_of(const Material& material);

}  // namespace lichtbild::optics
