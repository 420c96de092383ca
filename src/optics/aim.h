// Aiming: which ray leaves the object at a field point towards a point of the pupil.
//
// Pupil coordinates (px, py) are normalized to the unit circle. Three ways of aiming:
//   paraxial: at (px, py) in the paraxial entrance pupil (OpticStudio with ray aiming off);
//   chief:    the chief ray is real, through the stop's center; the others keep their distance from
//             it in the entrance pupil (CODE V's default);
//   stop:     every ray meets the stop at (px, py) times the stop's radius, which is where the real
//             axial marginal ray meets it. The default: it is what the glass does.
// Real aiming follows the field outwards in steps, so that it holds for fields of 120 degrees and
// more, where the real entrance pupil is far from the paraxial one.
#pragma once

#include <optional>

#include "optics/plane_polynomial.h"
#include "optics/system.h"

namespace lichtbild::optics {

enum class Aiming { paraxial, chief, stop };

using PupilPoint = PlanePoint;

// A bundle's geometry at one field point and wavelength. `start` of a ray is where it crosses the
// plane of the paraxial entrance pupil.
class Bundle {
 public:
  // Field coordinates in the unit of lens.field_kind. Vignetting factors of `field` are applied to
  // pupil coordinates. Clear radii are not looked at here.
  Bundle(const System& system, const Field& field, int wavelength, Aiming aiming = Aiming::stop);

  // False if not even the chief ray can be found; `launch` then returns nothing.
  bool found() const { return found_; }

  // The ray in the axes of the first surface; at infinite distance it starts on the plane through
  // the first vertex perpendicular to it, else at the object point.
  std::optional<Ray<double>> launch(PupilPoint pupil) const;

  // The same rays by a polynomial in (px, py) fitted to rays that were aimed: for many rays. The
  // largest error of the fit, in pupil coordinates, is `map_error()`.
  void fit_map();
  Ray<double> launch_by_map(PupilPoint pupil) const;
  double map_error() const { return map_.largest_error() / pupil_radius_mm_; }

  const Field& field() const { return field_; }
  int wavelength() const { return wavelength_; }
  double stop_radius_mm() const { return stop_radius_mm_; }

 private:
  using Point = PlanePoint;
  Ray<double> ray_from(const Field& field, Point start) const;
  std::optional<Point> stop_point(const Field& field, Point start) const;
  std::optional<Point> aim(const Field& field, Point target, Point guess) const;
  bool find_chief();
  Point vignetted(PupilPoint pupil) const;

  const System* system_;
  Field field_;  // angles or object heights, image heights resolved
  int wavelength_;
  Aiming aiming_;
  bool found_ = false;
  double pupil_radius_mm_, stop_radius_mm_ = 0;
  Point chief_;
  // d start / d stop at the chief ray.
  double inverse_[4] = {1, 0, 0, 1};
  PlanePolynomial map_;
};

// Largest field coordinate of the lens, by which normalized fields are scaled.
double largest_field(const Lens& lens);

// The lens's largest field, its coordinates times `share`.
Field field_at(const Lens& lens, double share);

// A field given by its direction; image heights become angles (paraxial, or by real chief rays).
Field resolved(const System& system, const Field& field);

}  // namespace lichtbild::optics
