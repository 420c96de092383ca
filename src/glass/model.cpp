// Glasses known by nd and vd only: model glasses and glass codes.
#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <string_view>

#include "glass/glass.h"

namespace lichtbild {
namespace {

// The normal line of K7 and F2: Schott TIE-29.
double normal_pgf(double vd) { return 0.6438 - 0.001682 * vd; }

// Conrady's n = n0 + A/L + B/L^3.5 through nd, nF - nC and ng - nF.
Dispersion conrady_through(double nd, double vd, double pgf) {
  const auto first = [](double l) { return 1 / l; };
  const auto second = [](double l) { return std::pow(l, -3.5); };
  const double main = (nd - 1) / vd;
  const double fc1 = first(line_f_um) - first(line_c_um),
               fc2 = second(line_f_um) - second(line_c_um);
  const double gf1 = first(line_g_um) - first(line_f_um),
               gf2 = second(line_g_um) - second(line_f_um);
  const double determinant = fc1 * gf2 - fc2 * gf1;
  const double a = main * (gf2 - fc2 * pgf) / determinant;
  const double b = main * (fc1 * pgf - gf1) / determinant;
  return {Formula::conrady, {nd - a * first(line_d_um) - b * second(line_d_um), a, b}};
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

Glass model_glass(double nd, double vd, double dpgf) {
  Glass glass = constant_index(nd);
  glass.name = fmt::format("{:.6g}/{:.5g}", nd, vd);
  glass.vd = vd;
  if (vd == 0) return glass;
  glass.dpgf = dpgf;
  glass.shortest_um = 0.4;
  glass.longest_um = 0.7;
  glass.dispersion = conrady_through(nd, vd, normal_pgf(vd) + dpgf);
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
