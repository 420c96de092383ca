#include "glass/glass.h"

#include <algorithm>
#include <cmath>

namespace lichtbild {
namespace {

// The change of the absolute index, for the wavelength and relative index n at the reference.
double absolute_change(const ThermalDispersion& t, double n, double wavelength_um, double rise_k) {
  const double resonance =
      std::copysign(t.wavelength_tk_um * t.wavelength_tk_um, t.wavelength_tk_um);
  return (n * n - 1) / (2 * n) *
         (rise_k * (t.d0 + rise_k * (t.d1 + rise_k * t.d2)) +
          rise_k * (t.e0 + rise_k * t.e1) / (wavelength_um * wavelength_um - resonance));
}

double absorption_per_mm(const std::vector<Absorption>& table, double wavelength_um) {
  const auto above = std::lower_bound(
      table.begin(), table.end(), wavelength_um,
      [](const Absorption& row, double value) { return row.wavelength_um < value; });
  if (above == table.begin()) return table.front().per_mm;
  if (above == table.end()) return table.back().per_mm;
  const Absorption &low = *(above - 1), &high = *above;
  const double share =
      (wavelength_um - low.wavelength_um) / (high.wavelength_um - low.wavelength_um);
  return std::lerp(low.per_mm, high.per_mm, share);
}

}  // namespace

double index(const Glass& glass, double wavelength_um) {
  return index(glass.dispersion, wavelength_um);
}

double index(const Glass& glass, double wavelength_um, const Environment& environment) {
  const Formula formula = glass.dispersion.formula;
  if (formula == Formula::constant || formula == Formula::mirror)
    return index(glass, wavelength_um);

  const double vacuum_um = wavelength_um * air_index(wavelength_um, environment);
  const double air = air_index(vacuum_um, environment);
  if (formula == Formula::vacuum) return 1 / air;
  const ThermalDispersion thermal = glass.thermal.value_or(ThermalDispersion{});
  const double reference_air =
      air_index(vacuum_um, {.temperature_c = thermal.reference_c, .pressure_atm = 1});
  const double at_reference_um = wavelength_um * (air / reference_air);
  const double relative = index(glass, at_reference_um);
  const double change = absolute_change(thermal, relative, at_reference_um,
                                        environment.temperature_c - thermal.reference_c);
  return (relative * reference_air + change) / air;
}

bool covers(const Glass& glass, double wavelength_um) {
  if (glass.shortest_um == 0 && glass.longest_um == 0) return true;
  return wavelength_um >= glass.shortest_um && wavelength_um <= glass.longest_um;
}

std::optional<double> internal_transmission(const Glass& glass, double wavelength_um,
                                            double thickness_mm) {
  if (glass.absorption.empty()) return std::nullopt;
  return std::exp(-absorption_per_mm(glass.absorption, wavelength_um) * thickness_mm);
}

double abbe_number(const Glass& glass) {
  return (index(glass, line_d_um) - 1) / (index(glass, line_f_um) - index(glass, line_c_um));
}

Glass constant_index(double n) {
  Glass glass;
  glass.name = "constant";
  glass.dispersion = {Formula::constant, {n}};
  glass.nd = n;
  return glass;
}

Glass air() {
  Glass glass = constant_index(1);
  glass.name = "AIR";
  return glass;
}

Glass vacuum() {
  Glass glass;
  glass.name = "VACUUM";
  glass.dispersion.formula = Formula::vacuum;
  glass.nd = index(glass, line_d_um);
  return glass;
}

Glass mirror() {
  Glass glass;
  glass.name = "MIRROR";
  glass.dispersion.formula = Formula::mirror;
  return glass;
}

}  // namespace lichtbild
