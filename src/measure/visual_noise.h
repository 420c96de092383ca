// Visual noise: how much of an even surface's noise an eye sees, after ISO 15739:2013, annex B.
//
// XYZ of equal energy -> A = Y, C1 = X - Y, C2 = 0.4 (Y - Z); each is weighed by an eye's contrast
// sensitivity over cycles per degree; CIELUV of what is left; value = s(L*) + 0.852 s(u*) + 0.323
// s(v*), s standard deviations. The sensitivities are Johnson and Fairchild's (2003, Color Research
// and Application 28, 425; lightness by Movshon and Kiorpes 1988), 1 where they are greatest and
// below, so that no noise is enlarged. The standard's own differ a little, and its later editions
// weigh CIELAB: compare values of this program with each other.
#pragma once

#include "core/image.h"

namespace lichtbild {

struct VisualNoise {
  double lightness = 0, u = 0, v = 0;  // standard deviations of L*, u*, v*
  double value() const { return lightness + 0.852 * u + 0.323 * v; }
};

// Of opponent channels A, C1, C2, at cycles per degree.
double contrast_sensitivity(int channel, double cycles_per_degree);

// `surface`: planes X, Y, Z in daylight D65, white is Y = 1; at least 8 samples a side. What
// changes evenly over it is taken for shading, not noise.
VisualNoise visual_noise(const Image<float>& surface, double pixels_per_degree);

}  // namespace lichtbild
