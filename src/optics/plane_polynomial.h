// PlanePolynomial: a map of the plane, two polynomials of degree 9 in x and y, fitted to samples.
//
// What analysis sends many rays by: pupil points to starts of rays, directions to pupil points.
// Arguments should lie in about -1 ... 1.
#pragma once

#include <array>
#include <vector>

namespace lichtbild::optics {

struct PlanePoint {
  double x = 0, y = 0;
};

class PlanePolynomial {
 public:
  static constexpr int degree = 9;
  static constexpr int terms = (degree + 1) * (degree + 2) / 2;  // the least number of samples

  PlanePolynomial() = default;  // everything to zero
  // Least squares; `from` and `to` are of one length.
  PlanePolynomial(const std::vector<PlanePoint>& from, const std::vector<PlanePoint>& to);

  PlanePoint operator()(PlanePoint p) const;
  // The largest distance of a sample from where the map puts it.
  double largest_error() const { return largest_error_; }

 private:
  std::array<PlanePoint, terms> coefficients_{};
  double largest_error_ = 0;
};

}  // namespace lichtbild::optics
