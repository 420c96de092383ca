// The fixed point in which the demosaicing network is evaluated; shared by its kernel and its
// weights.
//
// Samples and activations are 16-bit integers, weights too, sums have 32 bits:
//   encoded sample v:  code = 16384 v - 32768    (v from 0 to 4; filters of sum 0 do not see the
//                                                 offset)
//   activation a:      code = activation_one a   (saturated)
//   picture:           sum of (16384 4096) v     (codes times weights, the same for skip and head)
#pragma once

namespace lichtbild::demosaic_codes {

inline constexpr int sample_one = 16384, sample_zero = -32768;
inline constexpr int activation_one[] = {4096, 2048, 2048};
inline constexpr int picture_shift = 12;  // from sums of the last layer to codes of 16384
// Of what the biases may add to a sum; the weights' sums of magnitudes leave room for it in 32
// bits.
inline constexpr int largest_bias = 140'000'000;
inline constexpr int largest_weights = 61'000;  // sum of magnitudes

}  // namespace lichtbild::demosaic_codes
