#include "sensor/photons.h"

#include <gtest/gtest.h>

#include "core/cie_tables.h"

namespace lichtbild {
namespace {

Spectrum line_at_555_nm(double w_m2_sr) {
  Spectrum s;
  s[35] = w_m2_sr / Spectrum::step_nm;
  return s;
}

TEST(Photons, OneWavelength) {
  ASSERT_EQ(Spectrum::wavelength_nm(35), 555);
  // By hand: a photon of 555 nm has h c / lambda = 1.98644586e-25 / 5.55e-7 J. At f/2 a radiance of
  // 1 makes an irradiance of pi / 16; a pixel of 10 um has 1e-10 m^2.
  const double photons_s = 0.19634954 * 1e-10 * 5.55e-7 / 1.98644586e-25;
  const double electrons_s =
      electrons_per_second(line_at_555_nm(1), Spectrum::constant(0.5), 10, 2, 0.9);
  EXPECT_NEAR(electrons_s / (photons_s * 0.5 * 0.9), 1, 1e-6);
}

// Lux are photons: at 555 nm one lux is 4.09e11 photons per cm^2 and second (textbook figure, from
// 683 lm/W), and a luminance L makes pi L / (4 N^2) lux on the sensor.
TEST(Photons, OneLuxOf555Nanometers) {
  Spectrum luminosity = observer_1931[1];
  luminosity[35] = 1;  // of 555 nm by definition; the table says 1 as well
  const Spectrum radiance =
      radiance_of_white(line_at_555_nm(123), 4 / 3.14159265, luminosity);  // f/1: 1 lux
  const double electrons_s = electrons_per_second(radiance, Spectrum::constant(1), 1e4, 1);
  EXPECT_NEAR(electrons_s / 4.0907e11, 1, 1e-3);  // of 1 cm^2
}

TEST(Photons, WhiteHasTheLuminanceAskedFor) {
  const Spectrum radiance = radiance_of_white(illuminant_d65, 250, observer_1931[1]);
  EXPECT_NEAR(683 * integral(radiance, observer_1931[1]), 250, 1e-9);
  // Lumens of a watt of daylight between 380 and 780 nm: 203 in the literature, to its spread.
  EXPECT_NEAR(250 / integral(radiance), 203, 3);
  EXPECT_EQ(integral(radiance_of_white(Spectrum{}, 250, observer_1931[1])), 0);
}

}  // namespace
}  // namespace lichtbild
