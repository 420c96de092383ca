#include "scene/upsampling.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "core/cie_tables.h"
#include "core/color.h"
#include "core/delta_e.h"

namespace lichtbild {
namespace {

Matrix3 rec2020_from_srgb() {
  return xyz_from_rec2020().inverse() * xyz_from_linear(ColorSpace::srgb);
}

// XYZ relative to white, of a color and of a spectrum under D65.
Vector3 relative_xyz(const Vector3& rec2020) {
  const Vector3 white = xyz_from_chromaticity(white_d65);
  Vector3 xyz = xyz_from_rec2020() * rec2020;
  for (int k = 0; k < 3; ++k) xyz[k] /= white[k];
  return xyz;
}
Vector3 relative_xyz(const Spectrum& reflectance) {
  Vector3 xyz;
  for (int k = 0; k < 3; ++k)
    xyz[k] = integral(reflectance * illuminant_d65, observer_1931[k]) /
             integral(illuminant_d65, observer_1931[k]);
  return xyz;
}

double difference(const Vector3& xyz, const Vector3& other) {
  return delta_e_2000(lab_from_xyz(xyz, {1, 1, 1}), lab_from_xyz(other, {1, 1, 1}));
}

double round_trip(const Vector3& rec2020) {
  return difference(relative_xyz(reflectance(spectrum_coefficients(rec2020))),
                    relative_xyz(rec2020));
}

// All colors with components k / steps.
std::vector<Vector3> dense_grid(int steps) {
  std::vector<Vector3> colors;
  for (int r = 0; r <= steps; ++r)
    for (int g = 0; g <= steps; ++g)
      for (int b = 0; b <= steps; ++b)
        colors.push_back({double(r) / steps, double(g) / steps, double(b) / steps});
  return colors;
}

// The optimal color solid: the colors that some reflectance has under D65. It is convex, and its
// farthest point in a direction is the reflectance that is 1 where the direction's response is
// positive and 0 elsewhere.
class OptimalColors {
 public:
  OptimalColors() {
    constexpr int count = 4000;
    for (int i = 0; i < count; ++i) {  // Fibonacci's lattice on the sphere
      const double z = 1 - (2 * i + 1.0) / count, r = std::sqrt(1 - z * z),
                   angle = i * std::numbers::pi * (3 - std::sqrt(5.0));
      const Vector3 d{r * std::cos(angle), r * std::sin(angle), z};
      double farthest = 0;
      for (int l = 0; l < Spectrum::samples; ++l) {
        double response = 0;
        for (int k = 0; k < 3; ++k)
          response += d[k] * observer_1931[k][l] / integral(illuminant_d65, observer_1931[k]);
        farthest += std::max(0.0, response) * illuminant_d65[l] * Spectrum::step_nm;
      }
      directions_.push_back({d, farthest});
    }
  }
  // How far inside (positive) or outside.
  double depth(const Vector3& xyz) const {
    double least = 1e9;
    for (const auto& [d, farthest] : directions_)
      least = std::min(least, farthest - (d[0] * xyz[0] + d[1] * xyz[1] + d[2] * xyz[2]));
    return least;
  }

 private:
  struct Direction {
    Vector3 d;
    double farthest;
  };
  std::vector<Direction> directions_;
};

TEST(Upsampling, TheFormulaIsThePapers) {
  EXPECT_DOUBLE_EQ(reflectance({0, 0, 0})[40], 0.5);
  EXPECT_DOUBLE_EQ(reflectance({0, 0, 1})[0], 0.5 + 1 / (2 * std::sqrt(2.0)));
  // At 480 nm l = 1/4: x = 3/16 + 2/4 - 1 = -5/16.
  EXPECT_DOUBLE_EQ(reflectance({3, 2, -1})[20], 0.5 - 5.0 / 16 / (2 * std::sqrt(1 + 25.0 / 256)));
}

TEST(Upsampling, EveryRec709ColorComesBack) {
  constexpr double unseen = 1e-3;  // a thousandth of what can just be seen
  double worst = 0;
  for (const Vector3& srgb : dense_grid(12)) {
    const double error = round_trip(rec2020_from_srgb() * srgb);
    EXPECT_LT(error, unseen) << srgb[0] << ' ' << srgb[1] << ' ' << srgb[2];
    worst = std::max(worst, error);
  }
  fmt::print("Rec.709, 2197 colors: CIEDE2000 at most {:.5f}\n", worst);
}

TEST(Upsampling, Rec2020ColorsThatAReflectanceCanHaveComeBack) {
  // Colors at the solid's very surface need steps that no smooth spectrum has.
  constexpr double depth = 1e-3, unseen = 1e-3;
  const OptimalColors solid;
  int inside = 0;
  double worst = 0;
  for (const Vector3& c : dense_grid(10)) {
    if (solid.depth(relative_xyz(c)) <= depth) continue;
    ++inside;
    const double error = round_trip(c);
    EXPECT_LT(error, unseen) << c[0] << ' ' << c[1] << ' ' << c[2];
    worst = std::max(worst, error);
  }
  fmt::print("Rec.2020, {} colors of 1331: CIEDE2000 at most {:.5f}\n", inside, worst);
  EXPECT_GT(inside, 900);  // of 1331
}

TEST(Upsampling, ColorsNoReflectanceHasBecomePaler) {
  const OptimalColors solid;
  int outside = 0;
  for (const Vector3& c : dense_grid(6)) {
    const Vector3 wanted = relative_xyz(c);
    if (solid.depth(wanted) > -1e-3) continue;
    ++outside;
    const Vector3 got = relative_xyz(reflectance(spectrum_coefficients(c)));
    // On the straight line to the gray of the same luminance, and not beyond the color.
    const double y = wanted[1],
                 share = ((got[0] - y) * (wanted[0] - y) + (got[2] - y) * (wanted[2] - y)) /
                         (std::pow(wanted[0] - y, 2) + std::pow(wanted[2] - y, 2));
    const Vector3 on_the_line{y + share * (wanted[0] - y), y, y + share * (wanted[2] - y)};
    EXPECT_LT(difference(got, on_the_line), 0.02) << c[0] << ' ' << c[1] << ' ' << c[2];
    EXPECT_GT(share, 0.4) << c[0] << ' ' << c[1] << ' ' << c[2];
    EXPECT_LT(share, 1);
    // And as far as reflectances go: a hundredth more saturated is outside.
    const double more = share + 0.01;
    EXPECT_LT(solid.depth({y + more * (wanted[0] - y), y, y + more * (wanted[2] - y)}), 1e-3);
  }
  EXPECT_GT(outside, 20);
}

std::array<Spectrum, 3> some_camera() {
  const auto camera = read_spectra(LICHTBILD_ROOT "/data/sensitivities/one-inch.tsv");
  std::array<Spectrum, 3> responses;
  for (int k = 0; k < 3; ++k) responses[k] = camera[k].spectrum * photons_per_joule();
  return responses;
}

Vector3 as_double(const std::array<float, 3>& v) { return {v[0], v[1], v[2]}; }

TEST(ColorResponse, IsThatOfTheSpectrum) {
  const auto lights = read_spectra(LICHTBILD_ROOT "/data/spectra/illuminants.tsv");
  const std::array<Spectrum, 3> camera = some_camera();
  // Of white, between the nodes of the table; the worst are at the solid's surface, where spectra
  // change quickly.
  constexpr double rms_share = 1e-3, worst_share = 0.05;
  for (const char* name : {"A", "F11"}) {  // a smooth light, and one of lines
    const Spectrum& light = find_spectrum(lights, name, "illuminants");
    const ColorResponse response(light, camera);
    std::mt19937 random(7);
    std::uniform_real_distribution<double> uniform;
    double squares = 0;
    constexpr int colors = 500;
    for (int i = 0; i < colors; ++i) {
      const Vector3 c =
          rec2020_from_srgb() * Vector3{uniform(random), uniform(random), uniform(random)};
      const Spectrum s = reflectance(spectrum_coefficients(c));
      const Vector3 seen = as_double(response(c[0], c[1], c[2]));
      for (int k = 0; k < 3; ++k) {
        const double error =
            (seen[k] - integral(s * light, camera[k])) / integral(light, camera[k]);
        EXPECT_LT(std::abs(error), worst_share) << name;
        squares += error * error;
      }
    }
    EXPECT_LT(std::sqrt(squares / (3 * colors)), rms_share) << name;
  }
}

TEST(ColorResponse, TheObserverSeesTheColor) {
  const ColorResponse response(illuminant_d65, observer_1931);
  const auto seen = [&](const Vector3& c) {
    Vector3 xyz = as_double(response(c[0], c[1], c[2]));
    for (int k = 0; k < 3; ++k) xyz[k] /= integral(illuminant_d65, observer_1931[k]);
    return xyz;
  };
  double worst = 0;
  for (const Vector3& srgb : dense_grid(23)) {
    const Vector3 c = rec2020_from_srgb() * srgb;
    worst = std::max(worst, difference(seen(c), relative_xyz(c)));
  }
  EXPECT_LT(worst, 0.03);
  // Also of Rec.2020 colors that only light can have; those near the spectral locus are beyond
  // every spectrum in steps of 5 nm.
  double sum = 0, worst_of_all = 0;
  const std::vector<Vector3> colors = dense_grid(23);
  for (const Vector3& c : colors) {
    const double error = difference(seen(c), relative_xyz(c));
    EXPECT_LT(error, 1.5) << c[0] << ' ' << c[1] << ' ' << c[2];
    sum += error;
    worst_of_all = std::max(worst_of_all, error);
  }
  const double mean = sum / static_cast<double>(colors.size());
  EXPECT_LT(mean, 0.05);
  fmt::print("through the table: Rec.709 at most {:.4f}, Rec.2020 at most {:.2f}, mean {:.3f}\n",
             worst, worst_of_all, mean);
}

TEST(ColorResponse, GraysAreFlatLightIsScaledManyAreAsOne) {
  const std::array<Spectrum, 3> camera = some_camera();
  const ColorResponse response(illuminant_d65, camera);
  for (const float gray : {1e-4F, 0.18F, 0.5F, 1.F, 20.F})
    for (int k = 0; k < 3; ++k)
      EXPECT_NEAR(response(gray, gray, gray)[k] / integral(illuminant_d65, camera[k]), gray,
                  2e-4 * gray);
  const auto one = response(1, 0.5F, 0.25F), four = response(4, 2, 1);
  for (int k = 0; k < 3; ++k) EXPECT_FLOAT_EQ(4 * one[k], four[k]);
  EXPECT_EQ(response(-1, -0.5F, 0), (std::array<float, 3>{}));
  EXPECT_EQ(response(0.3F, -0.5F, 0.1F), response(0.3F, 0, 0.1F));

  // Many at once are the same.
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(-0.1F, 1.3F);
  std::array<std::vector<float>, 3> in, out;
  for (int k = 0; k < 3; ++k) {
    for (int i = 0; i < 1001; ++i) in[k].push_back(uniform(random));
    out[k].resize(in[k].size());
  }
  response({in[0], in[1], in[2]}, {out[0], out[1], out[2]});
  for (int i = 0; i < 1001; ++i) {
    const auto alone = response(in[0][i], in[1][i], in[2][i]);
    for (int k = 0; k < 3; ++k) EXPECT_EQ(out[k][i], alone[k]);
  }
}

}  // namespace
}  // namespace lichtbild
