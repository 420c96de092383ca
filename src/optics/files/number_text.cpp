#include "optics/files/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "optics/files/limits.h"

namespace lichtbild::optics {

std::optional<double> number_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 400 || text.find_first_not_of("0123456789.+-eEdD") != text.npos)
    return std::nullopt;
  std::string digits(text);
  for (char& c : digits)  // exponents of FORTRAN
    if (c == 'd' || c == 'D') c = 'e';
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // from_chars says the same of too large and of too small; the latter is nothing to worry about.
    const std::size_t exponent = digits.find_first_of("eE");
    if (exponent == digits.npos || digits[exponent + 1] != '-') return std::nullopt;
    return 0.0;
  }
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::string shortest(double value) { return fmt::format("{}", value); }

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

std::optional<double> radius_of(double curvature) {
  if (same_bits(curvature, 0)) return infinite;
  if (curvature == 0 || !std::isfinite(curvature)) return std::nullopt;
  // Several radii share a reciprocal: the one with the fewest digits was typed.
  constexpr int neighbors = 3;
  double radius = 1 / curvature;
  for (int i = 0; i < neighbors; ++i) radius = std::nextafter(radius, -infinite);
  std::optional<double> best;
  for (int i = -neighbors; i <= neighbors; ++i, radius = std::nextafter(radius, infinite)) {
    if (!std::isfinite(radius) || !same_bits(1 / radius, curvature)) continue;
    if (!best || shortest(radius).size() < shortest(*best).size()) best = radius;
  }
  return best;
}

}  // namespace lichtbild::optics
