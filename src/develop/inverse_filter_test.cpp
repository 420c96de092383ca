// The filter's response against Wiener's formula for a Gaussian, whose transfer function is known.
#include "develop/inverse_filter.h"

#include <gtest/gtest.h>

#include <complex>

#include "develop/gaussian_lens.h"

namespace lichtbild {
namespace {

using Complex = std::complex<double>;

// Of the picture with what the taps add, for exp(2 pi i f x).
Complex response(const InverseTaps& taps, double fx, double fy) {
  Complex sum = 1;
  for (int v = -inverse_reach, i = 0; v <= inverse_reach; ++v)
    for (int u = -inverse_reach; u <= inverse_reach; ++u, ++i)
      sum += double(taps[i]) * std::polar(1.0, 2 * M_PI * (fx * u + fy * v));
  return sum;
}

struct Place {
  double x, y;  // half diagonals
};
const Place places[] = {{0, 0}, {0.5, 0}, {0, -0.5}, {-0.6, 0.45}, {0.3, 0.5}};

class InverseFilterOf : public testing::TestWithParam<double> {};

TEST_P(InverseFilterOf, AGaussianFollowsWienerInEveryDirection) {
  const double e = GetParam();
  const GaussianBlur blur{0.5, 1.1, 0.6};
  const LensProfile lens = gaussian_lens(blur, 640, 480);
  const InverseFilter filter(lens.psf, 1, e);
  double farthest = 0, most_added = 0;
  for (const Place& place : places) {
    const InverseTaps taps = filter.at(place.x, place.y);
    const double r = std::hypot(place.x, place.y);
    const double tx = r > 0 ? place.x / r : 0, ty = r > 0 ? place.y / r : 1;
    for (const double f : {0.05, 0.1, 0.2, 0.3, 0.38})
      for (int turn = 0; turn < 12; ++turn) {
        const double fx = f * std::cos(turn * M_PI / 12), fy = f * std::sin(turn * M_PI / 12);
        const double ft = fx * tx + fy * ty, fs = fx * ty - fy * tx;
        const double h =
            std::exp(-2 * M_PI * M_PI *
                     (std::pow(blur.along(r) * ft, 2) + std::pow(blur.across(r) * fs, 2))) *
            std::sin(M_PI * f) / (M_PI * f);
        const double wiener = std::max((1 + e) * h / (h * h + e), 1.0) - 1;
        const double added = wiener * std::min(h / 0.1, 1.0);
        farthest = std::max(farthest, std::abs(response(taps, fx, fy) - 1.0 - added));
        most_added = std::max(most_added, added);
      }
  }
  std::printf("e %.3f: adds up to %.2f, farthest from Wiener %.3f\n", e, most_added, farthest);
  // 13 x 13 faded taps smooth the response, most near its steep end: a tenth of the greatest gain.
  EXPECT_LT(farthest, 0.1 * (1 + most_added));
}

INSTANTIATE_TEST_SUITE_P(NoiseToSignal, InverseFilterOf, testing::Values(0.02, 0.1, 0.5));

TEST(InverseFilter, FlatLightStays) {
  const LensProfile lens = gaussian_lens({0.5, 1.4, 0.8}, 640, 480);
  const InverseFilter filter(lens.psf, 0, 0.02);
  for (const Place& place : places)
    EXPECT_NEAR(std::abs(response(filter.at(place.x, place.y), 0, 0) - 1.0), 0, 1e-5);
}

TEST(InverseFilter, WhereComaMovedTheLightIsLeftToTheGeometry) {
  const LensProfile moved = gaussian_lens({0.6, 0.6, 0.6, 0.4}, 640, 480),
                    still = gaussian_lens({0.6, 0.6, 0.6, 0}, 640, 480);
  EXPECT_NEAR(center_px(moved.psf, moved.psf.kernel[0].back(), 6), 0.4, 0.01);
  const InverseFilter filter(moved.psf, 0, 0.02), same(still.psf, 0, 0.02);
  const CenterOfLight center(moved, 0);
  const double half = moved.sensor.half_diagonal_px();
  for (const Place& place : places) {
    const double r = std::hypot(place.x, place.y);
    EXPECT_NEAR(center.from_ideal(r) * half, moved.geometry.real_from_ideal(0, r) * half + 0.4,
                0.01);
    const double tx = r > 0 ? place.x / r : 0, ty = r > 0 ? place.y / r : 1;
    for (const double f : {0.1, 0.2, 0.3}) {
      const Complex a = response(filter.at(place.x, place.y), f * tx, f * ty),
                    b = response(same.at(place.x, place.y), f * tx, f * ty);
      EXPECT_NEAR(std::abs(a - b), 0, 0.01) << place.x << " " << place.y;
    }
  }
}

}  // namespace
}  // namespace lichtbild
