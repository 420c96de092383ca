// The tone curve and the tables that the rendering looks things up in.
#pragma once

#include "core/image.h"
#include "core/rendition.h"
#include "look/curve_sizes.h"
#include "look/look.h"

namespace lichtbild {

// The display luminance (0..1) of a scene luminance. In stops from middle gray e, the encoded value
// v = luminance^(1/2.2) runs through v(0) = gray^(1/2.2) with the slope contrast x ln 2 / 2.2 x
// v(0), and to both sides as t / (1 + t^p)^(1/p), scaled so that it reaches 0 at -black_stops and 1
// at +white_stops: a sigmoid whose toe and shoulder are chosen apart.
double tone(const Look& look, double scene_luminance);

// tone() at the stops from curve_lowest_stops to curve_highest_stops relative to 1.0, curve_steps
// to the stop.
Image<float> tone_table(const Look& look);

// tone() in the middle of the numbers that share their exponent and the first curve_bits of the
// mantissa, from 2^curve_lowest_stops to 2^curve_highest_stops.
Image<float> tone_table_by_bits(const Look& look);

// Hues are looked up by the diamond angle, 0..4: a monotonic stand-in for the polar angle without
// trigonometry.
double diamond_angle(double a, double b);

// Rows: factor on chroma, rotation of the hue in radians, lightness per chroma.
Image<float> hue_table(const Look& look);

// The same in one number for each hue (curve_sizes.h), and what a step of each rule is worth.
struct PackedHues {
  Image<std::uint32_t> table;
  float chroma_step, turn_step, lightness_step;
};
PackedHues packed_hues(const Image<float>& hue_table);

// The largest Oklab chroma that the display space holds, at lightness 0..1 (rows) and diamond angle
// (columns).
Image<float> gamut_table(ColorSpace space);

// Each entry and the one right of it, in 16 bits each, 65535 for most_chroma.
Image<std::uint32_t> packed_gamut(const Image<float>& gamut_table);

}  // namespace lichtbild
