// Air: its refractive index by wavelength, temperature and pressure.
#pragma once

namespace lichtbild {

struct Environment {
  double temperature_c = 20;
  double pressure_atm = 1;
};

// Absolute index of dry air (vacuum is 1), wavelength in vacuum, micrometers:
//   n - 1 = (n15 - 1) P / (1 + 0.0034785 (T - 15)),
//   (n15 - 1) 1e8 = 6432.8 + 2949810 L^2/(146 L^2 - 1) + 25540 L^2/(41 L^2 - 1)
// Kohlrausch, Praktische Physik (1968), after Edlen (1953); the formula of OpticStudio.
double air_index(double wavelength_um, const Environment& environment = {});

}  // namespace lichtbild
