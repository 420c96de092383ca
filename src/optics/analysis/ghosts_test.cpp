// Ghosts of plane-parallel plates, whose places and energies are closed forms; Fresnel's values.
#include "optics/analysis/ghosts.h"

#include <gtest/gtest.h>

#include "optics/lens_in_code.h"

namespace lichtbild::optics {
namespace {

using namespace in_code;

TEST(Reflectance, Fresnel) {
  EXPECT_NEAR(bare_reflectance(1, 1.5), 0.04, 1e-15);
  EXPECT_NEAR(bare_reflectance(1.5, 1), 0.04, 1e-15);
  EXPECT_NEAR(bare_reflectance(1, 2), 1.0 / 9, 1e-15);
  EXPECT_EQ(bare_reflectance(1.6, 1.6), 0);
}

TEST(Reflectance, QuarterWaveOfMagnesiumFluoride) {
  // Dark where the glass is the square of the layer, at the wavelength of a quarter wave.
  EXPECT_NEAR(coated_reflectance(1, 1.38 * 1.38, 550), 0, 1e-15);
  EXPECT_GT(coated_reflectance(1, 1.38 * 1.38, 450), 1e-3);
  // ((n0 n1 - m^2) / (n0 n1 + m^2))^2.
  const double m2 = 1.38 * 1.38;
  EXPECT_NEAR(coated_reflectance(1, 1.5, 550), std::pow((1.5 - m2) / (1.5 + m2), 2), 1e-15);
  // Half a wave is no layer, nor is one of the glass's own index.
  EXPECT_NEAR(coated_reflectance(1, 1.5, 275), 0.04, 1e-15);
  EXPECT_NEAR(coated_reflectance(1, 1.38, 480), bare_reflectance(1, 1.38), 1e-15);
}

// A perfect lens of f = 100 (surfaces 0 and 1), then two plates of 6 and 3 mm, 10 mm apart
// (surfaces 2 to 5); the image is where the axial rays meet.
constexpr double index = 1.5, first_mm = 6, second_mm = 3, gap_mm = 10;
System two_plates() {
  std::vector<Surface> s = plano_hyperbolic(100, 1.7, 5);
  s[1].thickness_mm = 20;
  s.push_back(surface(INFINITY, first_mm, index));
  s.push_back(surface(INFINITY, gap_mm));
  s.push_back(surface(INFINITY, second_mm, index));
  // Glass of thickness t is worth t / n of air.
  s.push_back(surface(INFINITY, 100 - 20 - gap_mm - (first_mm + second_mm) / index));
  return system(lens(s, pupil_diameter(2), {0, 5}));
}

const Ghost& between(const std::vector<Ghost>& all, int first, int second) {
  for (const Ghost& g : all)
    if (g.first == first && g.second == second) return g;
  static const Ghost none;
  ADD_FAILURE() << "no ghost between " << first << " and " << second;
  return none;
}

TEST(Ghosts, OfTwoPlates) {
  const System s = two_plates();
  const std::vector<Ghost> all = ghosts(s, {.coated = false});
  EXPECT_EQ(all.size(), 15u) << "pairs of six surfaces";
  const double r = 0.04, t = 1 - r;
  struct Expected {
    int first, second;
    double energy, nearer_mm;  // the extra way, in air's worth
  };
  const Expected expected[] = {
      {3, 2, r * r, 2 * first_mm / index},
      {5, 4, r * r, 2 * second_mm / index},
      {4, 3, r * r, 2 * gap_mm},
      {4, 2, r * r * t * t, 2 * (gap_mm + first_mm / index)},
      {5, 3, r * r * t * t, 2 * (gap_mm + second_mm / index)},
      {5, 2, r * r * std::pow(t, 4), 2 * (gap_mm + (first_mm + second_mm) / index)},
  };
  for (const Expected& e : expected) {
    const Ghost& g = between(all, e.first, e.second);
    EXPECT_NEAR(g.energy, e.energy, 1e-12) << e.first << ", " << e.second;
    EXPECT_NEAR(g.focus_distance_mm, -e.nearer_mm, 1e-9) << e.first << ", " << e.second;
    // An evenly lit cone of slope 1 / 100, seen away from its tip: radius / sqrt 2, but for the
    // square of the slope.
    const double rms_mm = e.nearer_mm * 0.01 / std::sqrt(2);
    EXPECT_NEAR(g.rms_spot_radius_um, rms_mm * 1000, rms_mm * 1000 * 2e-4);
  }
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_GE(all[i - 1].irradiance, all[i].irradiance);
}

TEST(Ghosts, CoatingsDimThem) {
  const System s = two_plates();
  const double r = coated_reflectance(1, index, 550);
  EXPECT_NEAR(between(ghosts(s), 3, 2).energy, r * r, 1e-12);
}

TEST(Ghosts, ACementedSurfaceIsNotCoated) {
  const System s = system(lens({surface(60, 5, 1.6), surface(-60, 3, 1.7), surface(-200, 80)},
                               pupil_diameter(2), {0, 1}));
  const double cemented = std::pow(0.1 / 3.3, 2), front = coated_reflectance(1, 1.6, 550);
  EXPECT_NEAR(between(ghosts(s), 1, 0).energy, cemented * front, 1e-12);
}

}  // namespace
}  // namespace lichtbild::optics
