// The parameters of a look, each declared once.
#pragma once

#include <span>

#include "core/parameter.h"
#include "look/look.h"

namespace lichtbild {

std::span<const Parameter<Look>> look_parameters();
std::span<const Parameter<HueRule>> hue_parameters();

}  // namespace lichtbild
