// Sizes of the look's tables, shared between their makers and the kernel that reads them.
#pragma once

namespace lichtbild {

// The tone table runs over these stops relative to 1.0, with curve_steps entries to the stop.
inline constexpr int curve_lowest_stops = -14, curve_highest_stops = 8, curve_steps = 128;

// For eight bits the table is looked up by the bits of the number itself, exponent and the first
// curve_bits of the mantissa.
inline constexpr int curve_bits = 8;

// Hue tables run over the diamond angle in hue_steps columns, and the last column repeats the
// first.
inline constexpr int hue_steps = 512;

// Three hue rules in 32 bits, for eight bits: chroma, turn, lightness from the lowest bit, the last
// two around half their range.
inline constexpr int hue_chroma_bits = 11, hue_turn_bits = 11, hue_lightness_bits = 10;

// The gamut table has a row for every 1 / lightness_steps of Oklab lightness.
inline constexpr int lightness_steps = 64;

// No color that a display shows has more Oklab chroma.
inline constexpr double most_chroma = 0.5;

// The sides of the tile of grain.
inline constexpr int grain_side = 256;

}  // namespace lichtbild
