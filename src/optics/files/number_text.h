// Numbers as text and back, exact to the bit and free of the locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lichtbild::optics {

// The whole of `text` as a number ("1.5", "-3e-4", "+2", "1.2D-5"); "inf" and "nan" are none.
std::optional<double> number_in(std::string_view text);

// The shortest text that reads as exactly this number.
std::string shortest(double value);

// The radius whose reciprocal is exactly `curvature`: infinite for a plane; none if no double is.
std::optional<double> radius_of(double curvature);

bool same_bits(double a, double b);

}  // namespace lichtbild::optics
