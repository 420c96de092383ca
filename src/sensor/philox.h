// Philox 4x32-10: four random words from a counter and a key, without any state between calls.
//
// The same counter and key always give the same words; other counters give words that are
// statistically independent of them. Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011, section 3.3: ten rounds of a bijection whose mixing is the high and the low
// half of two products.
#pragma once

#include <array>
#include <cstdint>

namespace lichtbild {

using PhiloxWords = std::array<std::uint32_t, 4>;

// Inlined by force so that loops over it vectorize.
[[gnu::always_inline]] inline PhiloxWords philox(PhiloxWords counter, std::uint32_t key_low,
                                                 std::uint32_t key_high) {
  constexpr std::uint32_t multiplier_0 = 0xD2511F53, multiplier_1 = 0xCD9E8D57;
  constexpr std::uint32_t golden_ratio = 0x9E3779B9, sqrt_3_minus_1 = 0xBB67AE85;
  std::uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product_0 = std::uint64_t(multiplier_0) * c0;
    const std::uint64_t product_1 = std::uint64_t(multiplier_1) * c2;
    c0 = std::uint32_t(product_1 >> 32) ^ c1 ^ key_low;
    c1 = std::uint32_t(product_1);
    c2 = std::uint32_t(product_0 >> 32) ^ c3 ^ key_high;
    c3 = std::uint32_t(product_0);
    key_low += golden_ratio, key_high += sqrt_3_minus_1;
  }
  return {c0, c1, c2, c3};
}

}  // namespace lichtbild
