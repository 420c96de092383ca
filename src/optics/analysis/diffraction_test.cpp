// Point spread and transfer against the Airy pattern and the transfer of a circular pupil.
#include "optics/analysis/diffraction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "optics/analysis/chief_ray.h"
#include "optics/lens_in_code.h"

namespace lichtbild::optics {
namespace {

using namespace in_code;

constexpr double wavelength_mm = 550e-6;

// f = 100, f/8: on axis all paths are equal. The light per direction changes by 3 sin^2 / 4 of its
// amplitude towards the rim, 0.3 %.
System paraboloid() { return system(lens({mirror(-200, -100, -1)}, pupil_diameter(12.5), {0, 1})); }
// A lens of one wavelength, as perfect, through which light keeps its direction.
System perfect_lens() {
  return system(lens(plano_hyperbolic(100, 1.7, 5), pupil_diameter(12.5), {0, 1}));
}

struct Wave {
  Bundle bundle;
  ChiefRays chiefs;
  PupilFunction pupil;
};
Wave wave(const System& s, double field, int samples) {
  Wave w{Bundle(s, field_y(field), 0), *chief_rays(s, field_y(field)), {}};
  w.bundle.fit_map();
  w.pupil = pupil_function(s, w.bundle, w.chiefs, samples, M_PI / 2);
  return w;
}

double real_f_number(const System& s) {
  const auto edge = arrive(s, 0, *Bundle(s, {}, 0).launch({0, 1}));
  return 1 / (2 * std::hypot(edge->direction.x, edge->direction.y));
}

// Goodman 2005, section 6.3: the area that two shifted circles share.
double circular_transfer(double v) {
  return v >= 1 ? 0 : 2 / M_PI * (std::acos(v) - v * std::sqrt(1 - v * v));
}

double worst_transfer_error(const System& s, int samples) {
  const Wave w = wave(s, 0, samples);
  const double cutoff = 1 / (wavelength_mm * real_f_number(s));
  const TransferSlice t = tangential_slice(w.pupil, cutoff), g = sagittal_slice(w.pupil, cutoff);
  double worst = 0;
  for (double v = 0; v < 1; v += 0.01)
    for (const TransferSlice* slice : {&t, &g}) {
      const std::complex<double> ours = slice->at(v * cutoff) / w.pupil.energy;
      worst = std::max(worst, std::abs(ours - circular_transfer(v)));
    }
  return worst;
}
TEST(Transfer, OfAPerfectMirrorIsThatOfACircle) {
  const System s = paraboloid();
  const double coarse = worst_transfer_error(s, 128), fine = worst_transfer_error(s, 256);
  EXPECT_LT(coarse, 0.003);
  EXPECT_LT(fine, coarse);
}
TEST(Transfer, OfAPerfectLensIsThatOfACircle) {
  EXPECT_LT(worst_transfer_error(perfect_lens(), 128), 0.004);
}
TEST(Transfer, DiffractionLimitIsTheClosedForm) {
  for (const double v : {0.0, 0.25, 0.5, 0.9, 1.0, 1.2})
    EXPECT_NEAR(diffraction_limit(v / (wavelength_mm * 4), wavelength_mm, 4), circular_transfer(v),
                1e-14);
  EXPECT_NEAR(circular_transfer(0.5), 0.391, 5e-4) << "as printed in tables";
}

// ---- The Airy pattern
// -----------------------------------------------------------------------------

// 4 (J1(x) / x)^2 with x = pi r / (lambda N), and its light within r, 1 - J0^2 - J1^2.
double airy(double x) {
  return x == 0 ? 1 : 4 * std::pow(std::cyl_bessel_j(1, std::abs(x)) / x, 2);
}
double encircled(double x) {
  return 1 - std::pow(std::cyl_bessel_j(0, x), 2) - std::pow(std::cyl_bessel_j(1, x), 2);
}

TEST(PointSpread, OfAPerfectMirrorIsAirys) {
  const System s = paraboloid();
  const double unit = wavelength_mm * real_f_number(s);
  const Wave w = wave(s, 0, 256);
  constexpr int size = 81;
  const double spacing = unit / 20;
  const std::vector<double> psf = point_spread(w.pupil, size, spacing);
  for (int j = 0; j < size; j += 4)
    for (int i = 0; i < size; i += 4) {
      const double r = std::hypot(i - size / 2, j - size / 2) / 20;
      EXPECT_NEAR(psf[std::size_t(j) * size + i], airy(M_PI * r), 2e-3) << r << " lambda N";
    }
  // The first dark ring along both axes, by a parabola through the lowest three samples.
  const auto zero = [&](const std::function<double(int)>& at) {
    int lowest = 20;
    for (int k = 20; k < 30; ++k)
      if (at(k) < at(lowest)) lowest = k;
    const double a = at(lowest - 1), b = at(lowest), c = at(lowest + 1);
    return (lowest + 0.5 * (a - c) / (a - 2 * b + c)) / 20;
  };
  constexpr int middle = size / 2;
  EXPECT_NEAR(zero([&](int k) { return psf[std::size_t(middle) * size + middle + k]; }), 1.2197,
              0.006);
  EXPECT_NEAR(zero([&](int k) { return psf[std::size_t(middle + k) * size + middle]; }), 1.2197,
              0.006);
}

// Light in a square window: more than in the circle inside it, less than in the one around it; all
// of it is 4 / pi (lambda N)^2 times the peak.
TEST(PointSpread, HoldsAllTheLight) {
  const System s = paraboloid();
  const double unit = wavelength_mm * real_f_number(s);
  const Wave w = wave(s, 0, 256);
  for (const double half : {2.0, 8.0, 32.0}) {
    const int size = int(8 * half);
    const std::vector<double> psf = point_spread(w.pupil, size, 2 * half * unit / size);
    double light = 0;
    for (const double v : psf) light += v;
    light *= std::pow(2 * half / size, 2) * M_PI / 4;
    EXPECT_GT(light, encircled(M_PI * half) - 0.003) << half;
    EXPECT_LT(light, encircled(M_PI * half * std::sqrt(2)) + 0.003) << half;
  }
}
TEST(PointSpread, EncircledLightIsTheClosedForm) {
  const System s = paraboloid();
  const double unit = wavelength_mm * real_f_number(s);
  const Wave w = wave(s, 0, 256);
  constexpr int size = 200;
  const double spacing = 8 * unit / size;
  const std::vector<double> psf = point_spread(w.pupil, size, spacing);
  for (const double radius : {0.61, 1.22, 2.233}) {
    double light = 0;
    for (int j = 0; j < size; ++j)
      for (int i = 0; i < size; ++i)
        if (std::hypot(i - (size - 1) / 2.0, j - (size - 1) / 2.0) * spacing <= radius * unit)
          light += psf[std::size_t(j) * size + i];
    light *= std::pow(spacing / unit, 2) * M_PI / 4;
    EXPECT_NEAR(light, encircled(M_PI * radius), 0.004) << radius;
  }
  EXPECT_NEAR(encircled(M_PI * 1.2197), 0.838, 5e-4) << "as printed in tables";
}

// Two ways to one pattern: evenly sampled directions, and plane waves of rays on a pupil grid. Both
// count a cell at the pupil's rim whole or not at all, and err by a few thousandths of a sharp
// peak.
TEST(PointSpread, FourierAndHuygensAgreeOffAxis) {
  for (const double field : {0.0, 7.0, 14.0}) {
    Lens l = lens(double_gauss(), {SystemAperture::Kind::f_number, 8}, {0, 7, 14}, 587.6);
    l.surfaces.back().thickness_mm = system(l).paraxial().paraxial_image_distance_mm - 0.05;
    const System s = system(l);
    const Wave w = wave(s, field, 128);
    constexpr int size = 32;
    constexpr double spacing = 0.8e-3;
    const std::vector<double> fourier = point_spread(w.pupil, size, spacing);
    const std::vector<double> huygens =
        huygens_point_spread(s, w.bundle, w.chiefs, 128, size, spacing);
    const double peak = *std::max_element(huygens.begin(), huygens.end());
    double worst = 0;
    for (std::size_t i = 0; i < fourier.size(); ++i)
      worst = std::max(worst, std::abs(fourier[i] - huygens[i]));
    EXPECT_LT(worst, 0.01 * peak) << field << " degrees";
    EXPECT_GT(peak, 0.5);
  }
}

// Modulation of a plane moved out of focus by d peaks where the plane is moved back by d. Samples
// of the curve are 5 um apart, a parabola through three finds the top.
void expect_peak(const System& s, double defocus_mm) {
  const Wave w = wave(s, 0, 64);
  std::vector<double> shifts;
  for (int i = -60; i <= 60; ++i) shifts.push_back(i * 5e-3);
  const FocusSlice slice = through_focus(w.pupil, {60}, shifts[0], 5e-3, int(shifts.size()))[0];
  const auto check = [&](const std::vector<std::complex<double>>& values) {
    std::size_t top = 1;
    for (std::size_t i = 1; i + 1 < values.size(); ++i)
      if (std::abs(values[i]) > std::abs(values[top])) top = i;
    const double a = std::abs(values[top - 1]), b = std::abs(values[top]),
                 c = std::abs(values[top + 1]);
    EXPECT_NEAR(shifts[top] + 5e-3 * 0.5 * (a - c) / (a - 2 * b + c), -defocus_mm, 1e-3);
  };
  check(slice.tangential);
  check(slice.sagittal);
}
TEST(ThroughFocus, PeaksAtTheFocusOfALens) {
  for (const double defocus : {-0.1, 0.0, 0.15}) {
    std::vector<Surface> s = plano_hyperbolic(100, 1.7, 5);
    s[1].thickness_mm += defocus;
    expect_peak(system(lens(s, pupil_diameter(12.5), {0, 1})), defocus);
  }
}
TEST(ThroughFocus, PeaksAtTheFocusOfAMirror) {
  for (const double defocus : {-0.1, 0.15})
    expect_peak(system(lens({mirror(-200, -100 + defocus, -1)}, pupil_diameter(12.5), {0, 1})),
                defocus);
}

// Defocus by d: a wave of d (1 - cos) off the sphere, by Strehl's ratio exact: sinc^2 of half of
// it.
TEST(PointSpread, PeakFallsWithDefocusAsSincSquared) {
  for (const double defocus : {0.03, 0.06}) {
    std::vector<Surface> surfaces = plano_hyperbolic(100, 1.7, 5);
    surfaces[1].thickness_mm += defocus;
    const System s = system(lens(surfaces, pupil_diameter(12.5), {0, 1}));
    const Wave w = wave(s, 0, 128);
    const double sine = 1 / (2 * real_f_number(s));
    const double half = M_PI * defocus * (1 - std::sqrt(1 - sine * sine)) / wavelength_mm;
    EXPECT_NEAR(point_spread(w.pupil, 1, 1e-3)[0], std::pow(std::sin(half) / half, 2), 2e-3);
  }
}

}  // namespace
}  // namespace lichtbild::optics
