#include "glass/dispersion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "glass/air.h"

namespace lichtbild {
namespace {

constexpr double rounding = 1e-14;

double n(Formula formula, std::vector<double> coefficients, double wavelength_um = 0.5) {
  return index({formula, std::move(coefficients)}, wavelength_um);
}

// At L = 0.5 the powers are L^2 = 1/4, L^-2 = 4, L^-4 = 16 and so on; the coefficients are such
// that every term is a short decimal, and the sums are done by hand.
TEST(Dispersion, SeriesOfSchottByHand) {
  const double schott = 2 + 0.1 + 0.04 + 0.08 + 0.064 + 0.0256;
  EXPECT_NEAR(n(Formula::schott, {2, 0.4, 0.01, 0.005, 0.001, 0.0001}), std::sqrt(schott),
              rounding);
  EXPECT_NEAR(n(Formula::extended, {2, 0.4, 0.01, 0.005, 0.001, 0.0001, 1e-5, 1e-6}),
              std::sqrt(schott + 0.01024 + 0.004096), rounding);
  EXPECT_NEAR(n(Formula::extended_2, {2, 0.4, 0.01, 0.005, 0.001, 0.0001, 0.16, 0.64}),
              std::sqrt(schott + 0.01 + 0.01), rounding);
  EXPECT_NEAR(n(Formula::extended_3, {2, 0.4, 0.16, 0.01, 0.005, 0.001, 0.0001, 1e-5, 1e-6}),
              std::sqrt(schott + 0.01 + 0.01024 + 0.004096), rounding);
}

TEST(Dispersion, SellmeierByHand) {
  std::vector<double> c{1, 0.05, 0.4, 0.15, 0.5, -0.25};
  EXPECT_NEAR(n(Formula::sellmeier_1, c), std::sqrt(1 + 1.25 + 1 + 0.25), rounding);
  c.insert(c.end(), {0.3, 0.125});
  EXPECT_NEAR(n(Formula::sellmeier_3, c), std::sqrt(3.5 + 0.6), rounding);
  c.insert(c.end(), {0.2, -0.75});
  EXPECT_NEAR(n(Formula::sellmeier_5, c), std::sqrt(4.1 + 0.05), rounding);
  EXPECT_NEAR(n(Formula::sellmeier_2, {0.2, 1, 0.3, 0.09, 0.4}), std::sqrt(1.2 + 1.5625 + 1),
              rounding);
  EXPECT_NEAR(n(Formula::sellmeier_4, {1.5, 0.8, 0.05, 0.2, 0.125}), std::sqrt(1.5 + 1 + 0.4),
              rounding);
  EXPECT_NEAR(n(Formula::handbook_1, {2.7, 0.02, 0.05, 0.1}), std::sqrt(2.7 + 0.1 - 0.025),
              rounding);
  EXPECT_NEAR(n(Formula::handbook_2, {1.7, 0.8, 0.05, 0.1}), std::sqrt(1.7 + 1 - 0.025), rounding);
}

TEST(Dispersion, OthersByHand) {
  // L^2 = 0.278: Herzberger's M is 4.
  for (const Formula formula : {Formula::herzberger, Formula::rii_herzberger})
    EXPECT_NEAR(n(formula, {1.5, 0.01, 0.001, -0.1, 0.2, 0.3}, std::sqrt(0.278)),
                1.5 + 0.04 + 0.016 - 0.0278 + 0.2 * 0.077284 + 0.3 * 0.021484952, rounding);
  EXPECT_NEAR(n(Formula::conrady, {1.5, 0.01, 0.0005}, 0.25), 1.5 + 0.04 + 0.064, rounding);
  EXPECT_NEAR(n(Formula::buchdahl, {1.5, -0.1, 0.05}, 0.9875618), 1.5 - 0.02 + 0.002, rounding);
  EXPECT_EQ(n(Formula::constant, {1.5}), 1.5);
  EXPECT_EQ(n(Formula::mirror, {}), -1);
  EXPECT_TRUE(std::isnan(n(Formula::sellmeier_1, {1, 0.3})));  // beyond its resonance
}

TEST(Dispersion, RefractiveindexInfoByHand) {
  EXPECT_NEAR(n(Formula::rii_sellmeier, {0.2, 1, 0.3, 0.36, 0.4}), std::sqrt(1.2 + 1.5625 + 1),
              rounding);
  EXPECT_NEAR(n(Formula::rii_sellmeier_2, {0.2, 1, 0.05, 0.4, 0.15}), std::sqrt(1.2 + 1.25 + 1),
              rounding);
  EXPECT_NEAR(n(Formula::rii_polynomial, {2, 0.4, 2, 0.01, -2}), std::sqrt(2 + 0.1 + 0.04),
              rounding);
  EXPECT_NEAR(n(Formula::rii_general, {2, 0.1, 1, 0.3, 2, 0.04, 0, 0.125, 1, 0.01, -2}),
              std::sqrt(2 + 0.3125 + 0.32 + 0.04), rounding);
  EXPECT_NEAR(n(Formula::rii_cauchy, {1.5, 0.01, -2, 0.001, -4}), 1.5 + 0.04 + 0.016, rounding);
  EXPECT_NEAR(n(Formula::rii_gases, {0.001, 0.0584, 150, 0.0016, 20}), 1.001 + 0.0004 + 0.0001,
              rounding);
  EXPECT_NEAR(n(Formula::rii_retro, {0.3, 0.08, 0.05, -0.2}), std::sqrt(1.7 / 0.65), rounding);
  EXPECT_NEAR(n(Formula::rii_exotic, {2.5, 0.02, 0.05, 0.01, 0.4, 0.03}), std::sqrt(2.625),
              rounding);
}

// Fused silica: Malitson, J. Opt. Soc. Am. 55, 1205 (1965), table 1. Conrady: OpticStudio's MISC
// catalogue prints the nd of BASF5 and PYREX. Herzberger: Irtran 1, Handbook of Optics. Handbook of
// Optics 1: BBO, Eimerl et al., J. Appl. Phys. 62, 1968 (1987).
TEST(Dispersion, PublishedIndices) {
  const std::vector<double> silica{0,         0.6961663, 0.0684043, 0.4079426,
                                   0.1162414, 0.8974794, 9.896161};
  EXPECT_NEAR(n(Formula::rii_sellmeier, silica, 0.404656), 1.46962, 5e-6);
  EXPECT_NEAR(n(Formula::rii_sellmeier, silica, 0.587561), 1.45846, 5e-6);
  EXPECT_NEAR(n(Formula::rii_sellmeier, silica, 1.01398), 1.45024, 5e-6);
  EXPECT_NEAR(n(Formula::conrady, {1.57410327, 0.0139786149, 0.00083004511}, 0.5875618), 1.603233,
              5e-7);
  EXPECT_NEAR(n(Formula::conrady, {1.45217, 0.01258, 0.00006659}, 0.5875618), 1.474009, 5e-7);
  const std::vector<double> irtran{1.3776955, 1.3515529e-3, 2.1254394e-4, -1.5041172e-3,
                                   -4.4109708e-6};
  EXPECT_NEAR(n(Formula::herzberger, irtran, 2), 1.3720, 5e-5);
  EXPECT_NEAR(n(Formula::herzberger, irtran, 4), 1.3526, 5e-5);
  EXPECT_NEAR(n(Formula::handbook_1, {2.7405, 0.0184, 0.0179, 0.0155}, 1.064), 1.6551, 5e-5);
  EXPECT_NEAR(n(Formula::handbook_1, {2.7405, 0.0184, 0.0179, 0.0155}, 0.532), 1.6750, 5e-5);
  EXPECT_NEAR(n(Formula::handbook_1, {2.3730, 0.0128, 0.0156, 0.0044}, 1.064), 1.5426, 5e-5);
  EXPECT_NEAR(n(Formula::handbook_1, {2.3730, 0.0128, 0.0156, 0.0044}, 0.532), 1.5555, 5e-5);
}

TEST(Dispersion, Names) {
  EXPECT_EQ(formula_from_name("extended_3"), Formula::extended_3);
  EXPECT_EQ(formula_from_name("rii_exotic"), Formula::rii_exotic);
  EXPECT_EQ(formula_from_name("Schott"), std::nullopt);
}

// Standard air by Ciddor, Appl. Opt. 35, 1566 (1996), eq. 1; it lies below Edlen's of 1953 by some
// 1e-8 (Ciddor, section 6).
TEST(Air, AgreesWithCiddor) {
  const std::vector<double> ciddor{0, 0.05792105, 238.0185, 0.00167917, 57.362};
  for (const double wavelength_um : {0.4, 0.4861327, 0.5875618, 0.6562725, 1.0, 1.5})
    EXPECT_NEAR(air_index(wavelength_um, {.temperature_c = 15}),
                n(Formula::rii_gases, ciddor, wavelength_um), 3e-8)
        << wavelength_um;
}

// NIST Engineering Metrology Toolbox, Ciddor, 633 nm, dry air with 450 ppm of CO2.
TEST(Air, AgreesWithNist) {
  EXPECT_NEAR(air_index(0.633, {.temperature_c = 20}), 1.0002718, 1e-7);
  EXPECT_NEAR(air_index(0.633, {.temperature_c = 20, .pressure_atm = 0}), 1, 0);
}

// The medium VACUUM of OpticStudio's MISC catalogue, a Sellmeier fit to 1 / air at 20 C and 1 atm.
TEST(Air, VacuumAgreesWithOpticStudio) {
  const std::vector<double> vacuum{-0.00009983407, -0.00531510156, -0.0031144725,
                                   0.0103934642,   0.00267863389,  0.0107652513};
  for (const double wavelength_um : {0.35, 0.4861327, 0.5875618, 0.6562725, 1.0, 2.0})
    EXPECT_NEAR(n(Formula::vacuum, {}, wavelength_um),
                n(Formula::sellmeier_1, vacuum, wavelength_um), 5e-8)
        << wavelength_um;
}

}  // namespace
}  // namespace lichtbild
