#include "sensor/photons.h"

#include <numbers>

namespace lichtbild {
namespace {

constexpr double lumens_per_watt = 683;

}  // namespace

double electrons_per_second(const Spectrum& radiance_w_m2_sr_nm, const Spectrum& efficiency,
                            double pixel_um, double f_number, double transmission) {
  const double area_m2 = pixel_um * pixel_um * 1e-12;
  const double irradiance_of_radiance = std::numbers::pi * transmission / (4 * f_number * f_number);
  return irradiance_of_radiance * area_m2 *
         integral(radiance_w_m2_sr_nm * photons_per_joule(), efficiency);
}

Spectrum radiance_of_white(const Spectrum& illuminant, double luminance_cd_m2,
                           const Spectrum& luminosity) {
  const double luminance = lumens_per_watt * integral(illuminant, luminosity);
  return (luminance > 0 ? luminance_cd_m2 / luminance : 0) * illuminant;
}

}  // namespace lichtbild
