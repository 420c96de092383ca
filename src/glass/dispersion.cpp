#include "glass/dispersion.h"

#include <cmath>
#include <span>
#include <utility>

#include "glass/air.h"

namespace lichtbild {
namespace {

// Coefficients by number; those that are not given are 0.
struct Coefficients {
  std::span<const double> given;
  double operator[](std::size_t i) const { return i < given.size() ? given[i] : 0; }
  std::size_t size() const { return given.size(); }
};

// Pairs (strength, squared resonance) from `first` on.
double sellmeier(const Coefficients& c, std::size_t first, double squared) {
  double sum = 0;
  for (std::size_t i = first; i < c.size(); i += 2)
    if (c[i] != 0) sum += c[i] * squared / (squared - c[i + 1]);
  return sum;
}

// Pairs (factor, power of the wavelength) from `first` on.
double powers(const Coefficients& c, std::size_t first, double wavelength_um) {
  double sum = 0;
  for (std::size_t i = first; i < c.size(); i += 2)
    if (c[i] != 0) sum += c[i] * std::pow(wavelength_um, c[i + 1]);
  return sum;
}

// c[first] L^-2 + c[first + 1] L^-4 + ..., `terms` of them.
double inverse_series(const Coefficients& c, std::size_t first, std::size_t terms, double squared) {
  double sum = 0;
  for (std::size_t i = first + terms; i-- > first;) sum = (sum + c[i]) / squared;
  return sum;
}

double schott_squared(const Coefficients& c, double squared) {
  return c[0] + c[1] * squared + inverse_series(c, 2, 4, squared);
}

double herzberger(const Coefficients& c, double squared) {
  const double m = 1 / (squared - 0.028);
  return c[0] + m * (c[1] + m * c[2]) + squared * (c[3] + squared * (c[4] + squared * c[5]));
}

double conrady(const Coefficients& c, double wavelength_um) {
  return c[0] + c[1] / wavelength_um + c[2] / std::pow(wavelength_um, 3.5);
}

double general_squared(const Coefficients& c, double wavelength_um) {
  double sum = c[0] + powers(c, 9, wavelength_um);
  for (std::size_t i : {1, 5})
    if (c[i] != 0)
      sum += c[i] * std::pow(wavelength_um, c[i + 1]) /
             (wavelength_um * wavelength_um - std::pow(c[i + 2], c[i + 3]));
  return sum;
}

double first_sellmeier_squared(const Coefficients& c, double squared) {
  double sum = 1 + c[0];
  for (std::size_t i = 1; i < c.size(); i += 2)
    if (c[i] != 0) sum += c[i] * squared / (squared - c[i + 1] * c[i + 1]);
  return sum;
}

double gases(const Coefficients& c, double squared) {
  double sum = 1 + c[0];
  for (std::size_t i = 1; i < c.size(); i += 2)
    if (c[i] != 0) sum += c[i] / (c[i + 1] - 1 / squared);
  return sum;
}

double retro_squared(const Coefficients& c, double squared) {
  const double s = c[0] + c[1] * squared / (squared - c[2]) + c[3] * squared;
  return (1 + 2 * s) / (1 - s);
}

double exotic_squared(const Coefficients& c, double wavelength_um) {
  const double offset = wavelength_um - c[4];
  return c[0] + c[1] / (wavelength_um * wavelength_um - c[2]) +
         c[3] * offset / (offset * offset + c[5]);
}

double buchdahl(const Coefficients& c, double wavelength_um) {
  const double offset = wavelength_um - 0.5875618;
  const double chromatic = offset / (1 + 2.5 * offset);
  return c[0] + chromatic * (c[1] + chromatic * c[2]);
}

// The square of the index, for the formulas that are written so.
double index_squared(Formula formula, const Coefficients& c, double wavelength_um) {
  const double squared = wavelength_um * wavelength_um;
  switch (formula) {
    case Formula::schott:
      return schott_squared(c, squared);
    case Formula::sellmeier_1:
    case Formula::sellmeier_3:
    case Formula::sellmeier_5:
      return 1 + sellmeier(c, 0, squared);
    case Formula::sellmeier_2:
      return 1 + c[0] + c[1] * squared / (squared - c[2] * c[2]) + c[3] / (squared - c[4] * c[4]);
    case Formula::handbook_1:
      return c[0] + c[1] / (squared - c[2]) - c[3] * squared;
    case Formula::handbook_2:
      return c[0] + c[1] * squared / (squared - c[2]) - c[3] * squared;
    case Formula::sellmeier_4:
      return c[0] + sellmeier(c, 1, squared);
    case Formula::extended:
      return c[0] + c[1] * squared + inverse_series(c, 2, 6, squared);
    case Formula::extended_2:
      return schott_squared(c, squared) + squared * squared * (c[6] + c[7] * squared);
    case Formula::extended_3:
      return c[0] + squared * (c[1] + c[2] * squared) + inverse_series(c, 3, 6, squared);
    case Formula::rii_sellmeier:
      return first_sellmeier_squared(c, squared);
    case Formula::rii_sellmeier_2:
      return 1 + c[0] + sellmeier(c, 1, squared);
    case Formula::rii_polynomial:
      return c[0] + powers(c, 1, wavelength_um);
    case Formula::rii_general:
      return general_squared(c, wavelength_um);
    case Formula::rii_retro:
      return retro_squared(c, squared);
    case Formula::rii_exotic:
      return exotic_squared(c, wavelength_um);
    default:
      return std::nan("");
  }
}

}  // namespace

double index(const Dispersion& dispersion, double wavelength_um) {
  const Coefficients c{dispersion.coefficients};
  switch (dispersion.formula) {
    case Formula::herzberger:
    case Formula::rii_herzberger:
      return herzberger(c, wavelength_um * wavelength_um);
    case Formula::conrady:
      return conrady(c, wavelength_um);
    case Formula::rii_cauchy:
      return c[0] + powers(c, 1, wavelength_um);
    case Formula::rii_gases:
      return gases(c, wavelength_um * wavelength_um);
    case Formula::constant:
      return c[0];
    case Formula::buchdahl:
      return buchdahl(c, wavelength_um);
    case Formula::vacuum:
      return 1 / air_index(wavelength_um);
    case Formula::mirror:
      return -1;
    default:
      return std::sqrt(index_squared(dispersion.formula, c, wavelength_um));
  }
}

std::optional<Formula> formula_from_name(std::string_view name) {
  constexpr std::pair<std::string_view, Formula> names[] = {
      {"schott", Formula::schott},
      {"sellmeier_1", Formula::sellmeier_1},
      {"herzberger", Formula::herzberger},
      {"sellmeier_2", Formula::sellmeier_2},
      {"conrady", Formula::conrady},
      {"sellmeier_3", Formula::sellmeier_3},
      {"handbook_1", Formula::handbook_1},
      {"handbook_2", Formula::handbook_2},
      {"sellmeier_4", Formula::sellmeier_4},
      {"extended", Formula::extended},
      {"sellmeier_5", Formula::sellmeier_5},
      {"extended_2", Formula::extended_2},
      {"extended_3", Formula::extended_3},
      {"rii_sellmeier", Formula::rii_sellmeier},
      {"rii_sellmeier_2", Formula::rii_sellmeier_2},
      {"rii_polynomial", Formula::rii_polynomial},
      {"rii_general", Formula::rii_general},
      {"rii_cauchy", Formula::rii_cauchy},
      {"rii_gases", Formula::rii_gases},
      {"rii_herzberger", Formula::rii_herzberger},
      {"rii_retro", Formula::rii_retro},
      {"rii_exotic", Formula::rii_exotic},
      {"constant", Formula::constant},
      {"buchdahl", Formula::buchdahl},
      {"vacuum", Formula::vacuum},
      {"mirror", Formula::mirror},
  };
  for (const auto& [known, formula] : names)
    if (known == name) return formula;
  return std::nullopt;
}

}  // namespace lichtbild
