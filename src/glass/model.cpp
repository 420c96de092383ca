// Glasses known by nd and vd only: model glasses and glass codes.
#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <string_view>

#include "glass/glass.h"

namespace lichtbild {
namespace {

// The line through K7 and F2 from which catalogues count deviations: Schott TIE-29.
double normal_pgf(double vd) { return 0.6438 - 0.001682 * vd; }

// What PgF is to be expected of a glass or polymer: least squares of the error in n over the
// shipped catalogue, the makers' glasses together weighing as much as the polymers together.
double expected_pgf(double nd, double vd) {
  const double inverse = 1 / vd;
  return 1.1432 + inverse * (9.035 - 4.9811 * inverse - 3.0765 * nd) + nd * (-0.8042 + 0.2437 * nd);
}

// Buchdahl's quadratic through nd, nF - nC and ng - nF.
Dispersion buchdahl_through(double nd, double vd, double pgf) {
  const auto coordinate = [](double wavelength_um) {
    return index({Formula::buchdahl, {0, 1}}, wavelength_um);
  };
  const double f = coordinate(line_f_um), c = coordinate(line_c_um), g = coordinate(line_g_um);
  const double n_fc = (nd - 1) / vd;
  const double fc = f - c, fc2 = f * f - c * c, gf = g - f, gf2 = g * g - f * f;
  const double determinant = fc * gf2 - fc2 * gf;
  return {Formula::buchdahl,
          {nd, n_fc * (gf2 - fc2 * pgf) / determinant, n_fc * (fc * pgf - gf) / determinant}};
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

double number(std::string_view digits) {
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// Digits behind the point that follows `whole` of them.
double with_point(std::string_view digits, int whole) {
  return number(digits) * std::pow(10.0, whole - static_cast<int>(digits.size()));
}

// A code gives nd without its leading 1; only glasses above 2 have so little left.
double nd_from_digits(std::string_view digits) {
  const double fraction = with_point(digits, 0);
  return fraction < 0.2 ? 2 + fraction : 1 + fraction;
}

std::optional<double> plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

}  // namespace

double expected_dpgf(double nd, double vd) {
  return vd == 0 ? 0 : expected_pgf(nd, vd) - normal_pgf(vd);
}

Glass model_glass(double nd, double vd, std::optional<double> dpgf) {
  Glass glass = constant_index(nd);
  glass.name = fmt::format("{:.6g}/{:.5g}", nd, vd);
  glass.vd = vd;
  if (vd == 0) return glass;
  glass.dpgf = dpgf;
  glass.shortest_um = 0.4;
  glass.longest_um = 0.7;
  glass.dispersion =
      buchdahl_through(nd, vd, normal_pgf(vd) + dpgf.value_or(expected_dpgf(nd, vd)));
  return glass;
}

std::optional<Glass> glass_from_code(const std::string& code) {
  const std::string_view text = code;
  if (const auto slash = text.find('/'); slash != text.npos) {
    const auto nd = plain_number(text.substr(0, slash)), vd = plain_number(text.substr(slash + 1));
    if (!nd || !vd || *nd < 1 || *nd > 5 || *vd < 0 || (*vd > 0 && *vd < 5)) return std::nullopt;
    return model_glass(*nd, *vd);
  }
  const auto point = text.find('.');
  const bool six = point == text.npos && text.size() == 6;
  const std::string_view n = text.substr(0, six ? 3 : point),
                         v = text.substr(six ? 3 : n.size() + (point != text.npos));
  if (!all_digits(n) || !all_digits(v) || n.size() < 3 || v.size() < 3 || n.size() > 9 ||
      v.size() > 9)
    return std::nullopt;
  const double vd = with_point(v, 2);
  if (vd < 5) return std::nullopt;
  Glass glass = model_glass(nd_from_digits(n), vd);
  glass.name = code;
  return glass;
}

}  // namespace lichtbild
