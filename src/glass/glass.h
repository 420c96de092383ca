// glass: a wavelength becomes an index of refraction.
//
//   name -> Catalog (catalog.h) -> Glass -> index, internal transmission
//
// A Glass is data: a dispersion formula, thermal coefficients, a table of absorption. Indices are
// relative to air at 20 C and 1 atm, as catalogues print them, unless an Environment is given.
// Wavelengths are in micrometers. What has no catalogue - a patent's nd and vd, a constant, a
// mirror - is made here and used alike.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "glass/air.h"
#include "glass/dispersion.h"

namespace lichtbild {

// Schott's temperature coefficients of the absolute index, see index() below.
struct ThermalDispersion {
  double d0 = 0, d1 = 0, d2 = 0, e0 = 0, e1 = 0, wavelength_tk_um = 0;
  double reference_c = 20;  // the temperature at which the dispersion formula holds
};

struct Absorption {
  double wavelength_um = 0;
  double per_mm = 0;  // internal transmission is exp(-per_mm thickness_mm)
};

struct Glass {
  std::string name, maker;
  Dispersion dispersion;
  double nd = 0, vd = 0;       // as the maker prints them, or by the formula where he does not
  std::optional<double> dpgf;  // deviation of the partial dispersion PgF from the normal line
  double shortest_um = 0, longest_um = 0;  // the dispersion formula's range; 0, 0: not known
  std::optional<ThermalDispersion> thermal;
  std::optional<double> cte_per_k, density_g_cm3;
  std::string status;  // "standard", "preferred", "obsolete", "special", or "" where not known
  std::vector<Absorption> absorption;  // wavelengths ascending; empty: not known

  bool is_mirror() const { return dispersion.formula == Formula::mirror; }
};

// Spectral lines, in micrometers.
inline constexpr double line_d_um = 0.5875618, line_f_um = 0.4861327, line_c_um = 0.6562725,
                        line_g_um = 0.4358343, line_e_um = 0.546074;

// Relative to air at 20 C and 1 atm: the dispersion formula as it stands. A mirror gives -1.
double index(const Glass& glass, double wavelength_um);

// Relative to the air of the environment, the wavelength measured in that air. With T0 the glass's
// reference temperature, L the same light's wavelength in air at T0 and 1 atm, and n = index(glass,
// L), the absolute index n air_index(T0, 1 atm) changes by
//   (n^2 - 1)/(2 n) (D0 dT + D1 dT^2 + D2 dT^3 + (E0 dT + E1 dT^2)/(L^2 -+ Ltk^2)), dT = T - T0,
// (+ for a negative Ltk), and is divided by the air of the environment. A glass without thermal
// coefficients keeps its absolute index; a constant index, and so air itself, stays what it is.
// Source: Schott TIE-19; the OpticStudio user guide.
double index(const Glass& glass, double wavelength_um, const Environment& environment);

// Whether the wavelength lies in the range of the formula; index() extrapolates beyond it. Always
// true where no range is known.
bool covers(const Glass& glass, double wavelength_um);

// The share of light left after `thickness_mm` of glass, 0 to 1, without reflections. The
// absorption is interpolated linearly between the table's wavelengths and held beyond its ends.
// Nothing where the glass has no table.
std::optional<double> internal_transmission(const Glass& glass, double wavelength_um,
                                            double thickness_mm);

// (nd - 1)/(nF - nC), from the formula.
double abbe_number(const Glass& glass);

Glass constant_index(double n);
Glass air();
Glass vacuum();
Glass mirror();

// A glass of which only nd and vd are known, by Buchdahl's quadratic in the visible. `dpgf` is the
// deviation from the normal line, as in lens files of OpticStudio (there 0 if not said otherwise);
// without it, the partial dispersion is that of the shipped glasses and polymers of like nd and vd.
// README.md has the error. vd = 0: no dispersion.
Glass model_glass(double nd, double vd, std::optional<double> dpgf = {});

// The deviation that model_glass() takes where none is given; 0 where vd is.
double expected_dpgf(double nd, double vd);

// A glass code as a model glass: "517642" (nd - 1 and vd, three digits each), "1.5168/64.17", or
// "516800.641700" (as CODE V writes it). Nothing where the text is none.
std::optional<Glass> glass_from_code(const std::string& code);

}  // namespace lichtbild
