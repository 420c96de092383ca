// Reference lenses: shared/data/optics/reference-values.json as Lens values.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "optics/lens.h"

namespace lichtbild::optics {

// An entry with what tests/lenses/reference_corrections.json says of its id: digits that its
// listing rounds, numbers that its list has at a wrong place; the prescription's note says so.
nlohmann::json corrected(nlohmann::json entry, const nlohmann::json& corrections);

// The prescription of one entry of "lenses"; entries that only name a file or a surface give a lens
// without surfaces.
Lens lens_from_reference(const nlohmann::json& entry);

}  // namespace lichtbild::optics
