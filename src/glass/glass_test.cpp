#include "glass/glass.h"

#include <gtest/gtest.h>

#include "glass/catalog.h"

namespace lichtbild {
namespace {

const Catalog& shipped_glasses() {
  static const Catalog shipped = read_catalog(LICHTBILD_ROOT "/data/glass");
  return shipped;
}

Glass glass(const std::string& name) { return shipped_glasses().find(name).glass; }

constexpr double five_digits = 5.1e-6;  // half of the last printed digit

// Schott's data sheet of N-BK7 517642.251.
TEST(Glass, NBk7AsItsDataSheetPrintsIt) {
  const Glass bk7 = glass("SCHOTT:N-BK7");
  const std::pair<double, double> printed[] = {
      {2.3254, 1.48921},    {1.9701, 1.49495},    {1.5296, 1.50091},    {1.0600, 1.50669},
      {1.01398, 1.50731},   {0.85211, 1.50980},   {0.7065188, 1.51289}, {line_c_um, 1.51432},
      {0.6438469, 1.51472}, {0.6328, 1.51509},    {0.5892938, 1.51673}, {line_d_um, 1.51680},
      {line_e_um, 1.51872}, {line_f_um, 1.52238}, {0.4799914, 1.52283}, {line_g_um, 1.52668},
      {0.4046561, 1.53024}, {0.3650146, 1.53627}, {0.3341478, 1.54272}, {0.3125663, 1.54862}};
  for (const auto& [wavelength_um, n] : printed)
    EXPECT_NEAR(index(bk7, wavelength_um), n, five_digits) << wavelength_um;
  EXPECT_NEAR(abbe_number(bk7), 64.17, 0.005);
}

// What index() wants for the light whose wavelength at catalogue conditions is `wavelength_um`.
double in_air_of(const Environment& environment, double wavelength_um) {
  return wavelength_um * air_index(wavelength_um) / air_index(wavelength_um, environment);
}

// The same sheet, dn/dT in 1e-6/K over 20 kelvin: at 1060 nm, e and g.
TEST(Glass, NBk7WarmsAsItsDataSheetPrintsIt) {
  const Glass bk7 = glass("SCHOTT:N-BK7");
  struct Row {
    double from_c;
    double relative[3], absolute[3];
  };
  const Row rows[] = {{-40, {2.4, 2.9, 3.3}, {0.3, 0.8, 1.2}},
                      {20, {2.4, 3.0, 3.5}, {1.1, 1.6, 2.1}},
                      {60, {2.5, 3.1, 3.7}, {1.5, 2.1, 2.7}}};
  const double wavelengths_um[] = {1.06, line_e_um, line_g_um};
  constexpr double half_a_digit = 0.051;
  for (const Row& row : rows)
    for (int i = 0; i < 3; ++i) {
      const double l = wavelengths_um[i];
      const Environment cold{.temperature_c = row.from_c}, warm{.temperature_c = row.from_c + 20};
      const double n_cold = index(bk7, in_air_of(cold, l), cold);
      const double n_warm = index(bk7, in_air_of(warm, l), warm);
      const double relative = (n_warm - n_cold) / 20;
      const double absolute = (n_warm * air_index(l, warm) - n_cold * air_index(l, cold)) / 20;
      EXPECT_NEAR(relative * 1e6, row.relative[i], half_a_digit) << row.from_c << " C, " << l;
      EXPECT_NEAR(absolute * 1e6, row.absolute[i], half_a_digit) << row.from_c << " C, " << l;
    }
}

TEST(Glass, CatalogueConditionsLeaveTheIndexAlone) {
  const Glass bk7 = glass("N-BK7");
  EXPECT_NEAR(index(bk7, 0.55, {}), index(bk7, 0.55), 1e-15);
  const Glass bsl7 = glass("OHARA:S-BSL7");  // Ohara measures at 25 C
  EXPECT_NEAR(index(bsl7, 0.55, {.temperature_c = 25}), index(bsl7, 0.55), 1e-15);
  EXPECT_GT(index(bsl7, 0.55), index(bsl7, 0.55, {}));
}

TEST(Glass, InVacuumTheIndexIsAbsolute) {
  const Glass bk7 = glass("N-BK7");
  const double absolute = index(bk7, 0.55, {.temperature_c = 20, .pressure_atm = 0});
  // The same light has a shorter wavelength in air, and air_index() wants that in vacuum.
  EXPECT_NEAR(absolute, index(bk7, 0.55 / air_index(0.55)) * air_index(0.55), 1e-15);
  EXPECT_EQ(index(vacuum(), 0.55, {.pressure_atm = 0}), 1);
  EXPECT_EQ(index(air(), 0.55, {.temperature_c = 50, .pressure_atm = 0.8}), 1);
  EXPECT_EQ(index(mirror(), 0.55, {.temperature_c = 50}), -1);
  EXPECT_TRUE(mirror().is_mirror());
}

// The data sheet's internal transmission of 10 and 25 mm, printed to three digits; k has five.
TEST(Glass, NBk7TransmitsAsItsDataSheetPrintsIt) {
  const Glass bk7 = glass("N-BK7");
  const double printed[][3] = {{0.350, 0.967, 0.920},
                               {0.365, 0.988, 0.971},
                               {0.380, 0.993, 0.983},
                               {0.400, 0.997, 0.992},
                               {0.420, 0.997, 0.993}};
  for (const auto& [wavelength_um, through_10_mm, through_25_mm] : printed) {
    EXPECT_NEAR(*internal_transmission(bk7, wavelength_um, 10), through_10_mm, 6e-4)
        << wavelength_um;
    EXPECT_NEAR(*internal_transmission(bk7, wavelength_um, 25), through_25_mm, 6e-4)
        << wavelength_um;
  }
  EXPECT_EQ(*internal_transmission(bk7, 0.5, 0), 1);
  EXPECT_NEAR(*internal_transmission(bk7, 0.47, 20),
              *internal_transmission(bk7, 0.47, 15) * *internal_transmission(bk7, 0.47, 5), 1e-15);
  EXPECT_EQ(*internal_transmission(bk7, 0.2, 10), *internal_transmission(bk7, 0.35, 10));
  EXPECT_EQ(internal_transmission(constant_index(1.5), 0.5, 10), std::nullopt);
}

TEST(Glass, KnowsItsRange) {
  const Glass bk7 = glass("N-BK7");
  EXPECT_TRUE(covers(bk7, 0.3));
  EXPECT_FALSE(covers(bk7, 0.29));
  EXPECT_FALSE(covers(bk7, 2.6));
  EXPECT_TRUE(covers(constant_index(1.5), 20));
}

}  // namespace
}  // namespace lichtbild
