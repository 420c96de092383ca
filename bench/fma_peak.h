// How many double multiply-adds a second one core can do, in the vectors that Highway dispatches
// to.
#pragma once

namespace lichtbild {

// Runs `rounds` times `fma_round` multiply-adds of one lane; returns a number that depends on all.
inline constexpr long fma_round = 8 * 1024;
double run_fmas(long rounds);

}  // namespace lichtbild
