// Dispersion: a formula and its coefficients, from which the index follows at any wavelength.
//
// Coefficients stand in the order of the catalogue that they come from; L is the wavelength in
// micrometers, c0, c1, ... the coefficients. Those that are not given count as 0. Where a formula
// has no real value (a wavelength beyond a resonance) the index is NaN.
// Source: the glass chapter of the OpticStudio user guide; refractiveindex.info, "Dispersion
// formulas".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace lichtbild {

// The first thirteen carry the numbers of AGF files, which are not the order of the user guide.
enum class Formula {
  schott = 1,        // n^2 = c0 + c1 L^2 + c2 L^-2 + c3 L^-4 + c4 L^-6 + c5 L^-8
  sellmeier_1 = 2,   // n^2 = 1 + c0 L^2/(L^2 - c1) + c2 L^2/(L^2 - c3) + c4 L^2/(L^2 - c5)
  herzberger = 3,    // n = c0 + c1 M + c2 M^2 + c3 L^2 + c4 L^4 + c5 L^6, M = 1/(L^2 - 0.028)
  sellmeier_2 = 4,   // n^2 = 1 + c0 + c1 L^2/(L^2 - c2^2) + c3/(L^2 - c4^2)
  conrady = 5,       // n = c0 + c1/L + c2/L^3.5
  sellmeier_3 = 6,   // Sellmeier 1 with a fourth term
  handbook_1 = 7,    // n^2 = c0 + c1/(L^2 - c2) - c3 L^2
  handbook_2 = 8,    // n^2 = c0 + c1 L^2/(L^2 - c2) - c3 L^2
  sellmeier_4 = 9,   // n^2 = c0 + c1 L^2/(L^2 - c2) + c3 L^2/(L^2 - c4)
  extended = 10,     // Schott and c6 L^-10 + c7 L^-12
  sellmeier_5 = 11,  // Sellmeier 1 with a fourth and a fifth term
  extended_2 = 12,   // Schott and c6 L^4 + c7 L^6
  extended_3 = 13,   // n^2 = c0 + c1 L^2 + c2 L^4 + c3 L^-2 + c4 L^-4 + ... + c8 L^-12
  // refractiveindex.info 1 to 9; formula 7 is herzberger, 2 to 5 take any number of terms.
  rii_sellmeier = 101,    // n^2 = 1 + c0 + c1 L^2/(L^2 - c2^2) + ...
  rii_sellmeier_2 = 102,  // n^2 = 1 + c0 + c1 L^2/(L^2 - c2) + ...
  rii_polynomial = 103,   // n^2 = c0 + c1 L^c2 + c3 L^c4 + ...
  rii_general = 104,      // n^2 = c0 + c1 L^c2/(L^2 - c3^c4) + c5 L^c6/(L^2 - c7^c8) + c9 L^c10...
  rii_cauchy = 105,       // n = c0 + c1 L^c2 + c3 L^c4 + ...
  rii_gases = 106,        // n = 1 + c0 + c1/(c2 - L^-2) + ...
  rii_herzberger = 107,   // herzberger
  rii_retro = 108,        // (n^2 - 1)/(n^2 + 2) = c0 + c1 L^2/(L^2 - c2) + c3 L^2
  rii_exotic = 109,       // n^2 = c0 + c1/(L^2 - c2) + c3 (L - c4)/((L - c4)^2 + c5)
  constant = 201,         // n = c0
  buchdahl = 204,         // n = c0 + c1 w + c2 w^2, w = (L - d)/(1 + 2.5 (L - d)), d = 0.5875618
  vacuum = 202,           // 1 over the index of air
  mirror = 203,           // -1: the medium before, traversed backwards
};

struct Dispersion {
  Formula formula = Formula::constant;
  std::vector<double> coefficients;
};

// Relative to air at 20 C and 1 atm, as catalogues give it.
double index(const Dispersion& dispersion, double wavelength_um);

// "schott", "rii_polynomial", ...: the formula of that name, written as above.
std::optional<Formula> formula_from_name(std::string_view name);

}  // namespace lichtbild
