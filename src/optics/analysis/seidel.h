// Seidel's sums: third-order and primary chromatic aberration, surface by surface.
//
// Wavefront coefficients in mm (W040 = S1 / 8, W131 = S2 / 2, W222 = S3 / 2, W220 = (S3 + S4) / 4,
// W311 = S5 / 2 at the edge of pupil and field); C1 and C2 between the shortest and the longest
// wavelength. Source: Welford, "Aberrations of Optical Systems" (1986), chapters 8 and 10;
// aspheres by their fourth-order term.
#pragma once

#include <vector>

#include "optics/system.h"

namespace lichtbild::optics {

struct SeidelTerms {
  double s1 = 0, s2 = 0, s3 = 0, s4 = 0,
         s5 = 0;          // spherical, coma, astigmatism, Petzval, distortion
  double c1 = 0, c2 = 0;  // axial, lateral color
};

struct Seidel {
  SeidelTerms sum;
  std::vector<SeidelTerms> surfaces;
};

Seidel seidel(const System& system);

}  // namespace lichtbild::optics
