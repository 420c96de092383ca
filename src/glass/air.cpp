#include "glass/air.h"

namespace lichtbild {

double air_index(double wavelength_um, const Environment& environment) {
  const double squared = wavelength_um * wavelength_um;
  const double at_15_c = 1e-8 * (6432.8 + 2949810 * squared / (146 * squared - 1) +
                                 25540 * squared / (41 * squared - 1));
  return 1 +
         at_15_c * environment.pressure_atm / (1 + 3.4785e-3 * (environment.temperature_c - 15));
}

}  // namespace lichtbild
