// Sizes of the look's tables, shared between their makers and the kernel that reads them.
#pragma once

namespace lichtbild {

// The tone table runs over these stops relative to 1.0, with curve_steps entries to the stop.
inline constexpr int curve_lowest_stops = -14, curve_highest_stops = 8, curve_steps = 128;

// Hue tables run over the diamond angle in hue_steps columns, and the last column repeats the
// first.
inline constexpr int hue_steps = 512;

// The gamut table has a row for every 1 / lightness_steps of Oklab lightness.
inline constexpr int lightness_steps = 64;

}  // namespace lichtbild
