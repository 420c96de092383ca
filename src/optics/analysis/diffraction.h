// Diffraction: the pupil function of a field and wavelength, its point spread and its transfer.
//
// The pupil function is sampled evenly in the direction cosines of the rays in image space, where
// the field in the image plane is its exact Fourier transform (angular spectrum), whatever pupil
// aberrations there are: its phase is that of the plane wave of each direction at the image point
// of the reference wavelength's chief ray, its squared amplitude the light per projected solid
// angle. Grid axes: s (sagittal) and t (tangential, along the field's direction in the image).
// Source: Goodman, "Introduction to Fourier Optics" (2005), chapters 3 and 6.
#pragma once

#include <complex>
#include <vector>

#include "optics/analysis/arrivals.h"

namespace lichtbild::optics {

struct PupilFunction {
  int samples = 0;                    // across and down; rows along s
  double step_s = 0, step_t = 0;      // direction cosines between samples
  double center_s = 0, center_t = 0;  // direction of the sample (samples - 1) / 2
  double wavelength_mm = 0, index = 1;
  double sense = 1;             // -1: the light travels towards -z, behind a mirror
  double tangential_angle = 0;  // of t with the image's x axis, radians
  std::vector<std::complex<double>> value;
  double energy = 0;  // sum |value|^2
  // The share of the bundle's light, counted by pupil area, whose rays land so far from the others
  // that they are no part of the image: stray light. Not in `value`.
  double stray_share = 0;

  std::complex<double> at(int s, int t) const { return value[std::size_t(t) * samples + s]; }
};

// `samples` across either side of the beam, more (up to 512) where the image that they make would
// repeat within window_mm. Empty (energy 0) if no ray arrives.
PupilFunction pupil_function(const System& system, const Bundle& bundle, const ChiefRays& chiefs,
                             int samples, double tangential_angle, double window_mm = 0);

// The optical transfer function along one axis: value[i] at i * step.
struct TransferSlice {
  double step_lp_per_mm = 0;
  std::vector<std::complex<double>> value;          // value[0] is the energy
  std::complex<double> at(double lp_per_mm) const;  // interpolated; 0 beyond the cutoff
};
TransferSlice sagittal_slice(const PupilFunction& pupil, double largest_lp_per_mm);
TransferSlice tangential_slice(const PupilFunction& pupil, double largest_lp_per_mm);

// Transfer at some frequencies, for `count` image planes shifted along z by first_mm + i step_mm:
// one FocusSlice for each frequency.
struct FocusSlice {
  std::vector<std::complex<double>> tangential, sagittal;  // [plane]
};
std::vector<FocusSlice> through_focus(const PupilFunction& pupil,
                                      const std::vector<double>& lp_per_mm, double first_mm,
                                      double step_mm, int count);

// Intensity on `size` x `size` points around the reference image point, `spacing_mm` apart, rows
// along x, y upwards. Scaled so that a perfect wave of the same energy has the value 1 at its peak.
std::vector<double> point_spread(const PupilFunction& pupil, int size, double spacing_mm);

// The same by summing the plane waves of rays traced on a grid of pupil points: no fit, no even
// sampling; slow, to check the other. Huygens.
std::vector<double> huygens_point_spread(const System& system, const Bundle& bundle,
                                         const ChiefRays& chiefs, int pupil_samples, int size,
                                         double spacing_mm);

// Of a circular pupil without aberrations: (2/pi)(acos v - v sqrt(1 - v^2)), v = f / cutoff.
double diffraction_limit(double lp_per_mm, double wavelength_mm, double working_f_number);

}  // namespace lichtbild::optics
