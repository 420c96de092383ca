// Glass as CODE V writes it: NBK7_SCHOTT, 517642, 516800.641700, 1.5168:64.17, REFL.
#pragma once

#include <string>

#include "optics/lens.h"

namespace lichtbild::optics {

Material material_from_codev(const std::string& name);

}  // namespace lichtbild::optics
