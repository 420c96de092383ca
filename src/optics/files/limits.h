// What every dialect shares: how much of a lens is taken, and what a plane's radius or a far
// object's distance is.
#pragma once

#include <cstddef>
#include <limits>

namespace lichtbild::optics {

constexpr std::size_t most_surfaces = 1000;
constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace lichtbild::optics
