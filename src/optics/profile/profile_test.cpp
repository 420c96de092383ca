#include "optics/profile/profile.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "optics/analysis/chief_ray.h"
#include "optics/analysis/diffraction.h"
#include "optics/profile/concentric_lens.h"
#include "optics/profile/fits.h"
#include "optics/profile/psf_kernel.h"

namespace lichtbild::optics {
namespace {

const Catalog no_glass;
const ProfileSensor sensor{5, 2000, 1500};  // half diagonal 6.25 mm: 32 degrees at f = 10 mm

TEST(Profile, ConcentricLensHasNoDistortionAndCosineSquared) {
  const LensProfile p =
      profile(concentric_lens(100, 35), no_glass, "concentric", sensor, without_blur());
  EXPECT_NEAR(p.focal_length_mm, 10, 1e-9);
  for (int c = 0; c < 3; ++c) {
    for (std::size_t i = 0; i < p.geometry.ideal.size(); ++i)
      EXPECT_NEAR(p.geometry.real[c][i], p.geometry.ideal[i], 1e-9);
    EXPECT_NEAR(p.geometry.k[c][0], 1, 1e-8);
    for (std::size_t i = 0; i < p.shading.radius.size(); ++i) {
      // The beam narrows towards the sphere around the stop on which it is in focus: one cosine for
      // the foreshortened stop, one for the inclined image; the two of a flat field are missing.
      const double tangent = p.shading.radius[i] * 6.25 / 10;
      // A stop of 1/100 is not a point: (1/200)^2 is the size of the next term.
      EXPECT_NEAR(p.shading.illumination[c][i], 1 / (1 + tangent * tangent), 5e-5);
    }
  }
}

TEST(Profile, ALensThatDoesNotCoverTheSensorIsAnError) {
  try {
    profile(concentric_lens(100, 20), no_glass, "concentric", sensor, without_blur());
    FAIL();
  } catch (const Error& e) {
    // 2 x 10 mm x tan(20 degrees), reached within the tolerance of printed fields; and 12.5 mm.
    const std::string text = e.what();
    EXPECT_NE(text.find("image circle of 7.3"), text.npos) << text;
    EXPECT_NE(text.find("diagonal of 12.5 mm"), text.npos) << text;
  }
}

TEST(Profile, MovedSurfacesAreAnError) {
  Lens lens = concentric_lens(100, 35);
  lens.surfaces[0].placement = Placement{};
  EXPECT_THROW(profile(lens, no_glass, "concentric", sensor, without_blur()), Error);
}

// The kernel on axis against Airy's encircled energy, 1 - J0^2 - J1^2: on a square, between those
// of the inscribed and the circumscribed circle. The concentric lens is in focus for slow beams.
TEST(Profile, KernelOnAxisHoldsTheEnergyOfAirysPattern) {
  ProfileOptions options = without_blur();
  options.psf_radius_px = 4;
  options.pupil_samples = 128;
  for (auto& band : options.bands) band = {{550}, {1}};
  const LensProfile p = profile(concentric_lens(16, 35), no_glass, "concentric", sensor, options);
  const PsfKernel& kernel = p.psf.kernel[1][0];
  const auto encircled = [](double radius_mm) {
    const double v = M_PI * radius_mm / (550e-6 * 16);  // index 1.5 cancels: NA is n sin
    return 1 - std::pow(std::cyl_bessel_j(0, v), 2) - std::pow(std::cyl_bessel_j(1, v), 2);
  };
  const double half_mm = p.psf.size * 5e-3 / p.psf.oversampling / 2;
  EXPECT_GT(kernel.enclosed, encircled(half_mm) - 2e-3);
  EXPECT_LT(kernel.enclosed, encircled(half_mm * std::sqrt(2)) + 2e-3);
  const int middle = p.psf.size / 2;
  double inner = 0;
  for (int t = -1; t <= 1; ++t)
    for (int s = -1; s <= 1; ++s)
      inner += double(kernel.cell[std::size_t(middle + t) * p.psf.size + middle + s]);
  inner *= kernel.enclosed;
  EXPECT_GT(inner, encircled(3.75e-3) - 2e-3);
  EXPECT_LT(inner, encircled(3.75e-3 * std::sqrt(2)) + 2e-3);
  double sum = 0;
  for (const float cell : kernel.cell) sum += double(cell);
  EXPECT_NEAR(sum, 1, 1e-5);
  EXPECT_NEAR(center_px(p.psf, kernel, 6), 0, 1e-6);
}

TEST(Profile, PlantedPolynomialIsFound) {
  LensProfile p;
  p.sensor = {1, 4000, 3000};
  for (int i = 0; i <= 40; ++i) {
    const double r = i / 40.0, r2 = r * r;
    p.geometry.ideal.push_back(r);
    p.shading.radius.push_back(r);
    for (int c = 0; c < 3; ++c) {
      p.geometry.real[c].push_back(r * (1 + 0.001 * c + 0.05 * r2 - 0.02 * r2 * r2));
      p.shading.illumination[c].push_back(1 / (1 + 0.7 * r2 + 0.2 * r2 * r2));
    }
  }
  fit_polynomials(p);
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(p.geometry.k[c][0], 1 + 0.001 * c, 1e-10);
    EXPECT_NEAR(p.geometry.k[c][1], 0.05, 1e-9);
    EXPECT_NEAR(p.geometry.k[c][2], -0.02, 1e-9);
    EXPECT_NEAR(p.geometry.k[c][3], 0, 1e-9);
  }
  EXPECT_LT(p.geometry.largest_residual_px, 1e-8);
  EXPECT_NEAR(p.shading.gain[0], 0.7, 1e-8);
  EXPECT_NEAR(p.shading.gain[1], 0.2, 1e-7);
  // Between the points the table is a cubic: (1/40)^4 3/128 of the fourth derivative, at most 2.4.
  EXPECT_NEAR(p.geometry.real_from_ideal(0, 0.51),
              0.51 * (1 + 0.05 * 0.2601 - 0.02 * 0.2601 * 0.2601), 3e-8);
  EXPECT_NEAR(p.geometry.ideal_from_real(2, p.geometry.real_from_ideal(2, 0.77)), 0.77, 1e-12);
}

// The best quadratic through x^3 on [-1, 1] errs by 1/4 (Chebyshev).
TEST(Fit, IsChebyshevs) {
  std::vector<FitRow> rows;
  for (int i = -200; i <= 200; ++i) {
    const double x = i / 200.0;
    rows.push_back({{1, x, x * x}, x * x * x});
  }
  const Fit fit = fit_smallest_largest_error(rows);
  EXPECT_NEAR(fit.largest_error, 0.25, 0.005);
  EXPECT_NEAR(fit.coefficients[1], 0.75, 0.01);
}

}  // namespace
}  // namespace lichtbild::optics
