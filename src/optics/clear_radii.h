// Clear radii: how far from the axis each surface must be good, from the rays that must pass.
//
// Patents print aspheres without diameters, and beyond the glass that is made an asphere may bend
// back and throw rays anywhere. A ray of a field must pass if it and all rays nearer the chief ray
// land within 2 % of the image's height of it: the rest is what the maker cuts off.
#pragma once

#include <vector>

#include "optics/system.h"

namespace lichtbild::optics {

// Whether the lens says of every curved surface but the stop how far it is clear.
bool gives_clear_radii(const Lens& lens);

// One for every element of a path, the image included: as given by the lens, else derived from its
// fields at the reference wavelength; 0 for breaks and where no ray arrives. Of the stop: the
// radius that its rays fill.
std::vector<double> clear_radii(const System& system);

// The same lens, its paths clipped by clear_radii() where the lens gives none.
System with_clear_radii(const System& system);

}  // namespace lichtbild::optics
