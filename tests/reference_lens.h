// Reference lenses: shared/data/optics/reference-values.json as Lens values.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "optics/lens.h"

namespace lichtbild::optics {

// The prescription of one entry of "lenses"; entries that only name a file or a surface give a lens
// without surfaces.
Lens lens_from_reference(const nlohmann::json& entry);

}  // namespace lichtbild::optics
