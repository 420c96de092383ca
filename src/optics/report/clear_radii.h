// Clear radii of all surfaces: as the lens gives them, else what the rays that pass need.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "optics/aim.h"
#include "optics/system.h"

namespace lichtbild::optics::report {

struct ClearRadius {
  double mm = 0;
  bool given = false;
};

// One for every surface and the image; of breaks: 0. The stop's is the one that its rays fill.
std::vector<ClearRadius> drawn_radii(const System& system);

// A ray at the reference wavelength up to the image; none if it does not arrive.
using Hits = std::vector<Hit<double>>;
std::optional<Hits> arriving(const System& system, const Bundle& bundle, PupilPoint pupil);

// How far from the center the pupil is open in this direction, 0 to 1; 0 if it is nowhere.
double open_pupil(const System& system, const Bundle& bundle, PupilPoint direction);

}  // namespace lichtbild::optics::report
