// Zernike polynomials over the unit disk, in the two orders that optical programs print.
//
// standard: orthonormal, Noll's order from j = 1 (R. J. Noll, J. Opt. Soc. Am. 66, 207 (1976));
// fringe: unit amplitude at the rim, University of Arizona order, 37 terms.
#pragma once

#include <string>
#include <vector>

#include "optics/aim.h"

namespace lichtbild::optics {

struct ZernikeIndex {
  int n, m;      // radial order; azimuthal: m >= 0 cosine, m < 0 sine
  double scale;  // to the order's normalization
};

ZernikeIndex noll(int j);    // j from 1
ZernikeIndex fringe(int j);  // j from 1 to 37

// "piston", "coma x", "secondary astigmatism 45 deg": x and y for one turn, else the angle from the
// x axis of the first crest; the rank counts the terms of like angle from the first that is no
// tilt.
std::string zernike_name(const ZernikeIndex& index);

double zernike(const ZernikeIndex& index, PupilPoint p);

enum class ZernikeOrder { standard, fringe };

// Weighted least squares of `values` at `points`; the first `terms` coefficients.
std::vector<double> fit_zernike(ZernikeOrder order, int terms,
                                const std::vector<PupilPoint>& points,
                                const std::vector<double>& weights,
                                const std::vector<double>& values);

}  // namespace lichtbild::optics
