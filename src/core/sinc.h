// sinc(x) = sin(pi x) / (pi x): what a box of width 1 leaves of the frequency x.
#pragma once

#include <cmath>

namespace lichtbild {

inline double sinc(double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); }

}  // namespace lichtbild
