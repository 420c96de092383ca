#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/band_limited_taps.h"
#include "core/color.h"
#include "core/error.h"
#include "core/half.h"
#include "core/image.h"

namespace lichtbild {
namespace {

TEST(Color, SrgbMatrixIsThePublishedOne) {
  // IEC 61966-2-1, printed to four places.
  const Matrix3 m = xyz_from_linear(ColorSpace::srgb);
  const double published[] = {0.4124, 0.3576, 0.1805, 0.2126, 0.7152,
                              0.0722, 0.0193, 0.1192, 0.9505};
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(m.m[i], published[i], 1e-4) << i;
}

TEST(Color, Rec2020LuminanceIsThePublishedOne) {
  const Matrix3 m = xyz_from_rec2020();  // ITU-R BT.2020-2, table 4
  EXPECT_NEAR(m(1, 0), 0.2627, 5e-5);
  EXPECT_NEAR(m(1, 1), 0.6780, 5e-5);
  EXPECT_NEAR(m(1, 2), 0.0593, 5e-5);
}

TEST(Color, BradfordTakesWhiteToWhite) {
  const Vector3 d50 = adapt(white_d65, white_d50) * xyz_from_chromaticity(white_d65);
  const Vector3 expected = xyz_from_chromaticity(white_d50);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(d50[i], expected[i], 1e-12);
  // Lindbloom's table, D65 -> D50.
  EXPECT_NEAR(adapt(white_d65, white_d50)(0, 0), 1.0478, 2e-4);
}

TEST(Color, IlluminantAIs2856Kelvin) {
  const Temperature a = temperature_from_chromaticity({0.44757, 0.40745});
  EXPECT_NEAR(a.kelvin, 2856, 8);  // Krystek's fit is good to 8e-5 in uv
  EXPECT_NEAR(a.tint, 0, 0.5);
}

TEST(Color, TemperatureRoundTrip) {
  for (double kelvin : {2000.0, 3200.0, 5003.0, 6504.0, 12000.0})
    for (double tint : {-30.0, 0.0, 25.0}) {
      const Temperature back =
          temperature_from_chromaticity(chromaticity_from_temperature({kelvin, tint}));
      EXPECT_NEAR(back.kelvin, kelvin, kelvin * 1e-4);
      EXPECT_NEAR(back.tint, tint, 1e-3);
    }
  EXPECT_LT(temperature_from_chromaticity({0.3127, 0.3290}).tint,
            -5);  // daylight lies on the green side
}

TEST(Matrix, InverseIsExactEnough) {
  const Matrix3 m{{0.7222, -0.1387, -0.1141, -0.5879, 1.4643, 0.0807, -0.2684, 0.4344, 0.5422}};
  const Matrix3 one = m * m.inverse();
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(one.m[i], i % 4 == 0 ? 1 : 0, 1e-12);
  EXPECT_FALSE(Matrix3{}.is_invertible());
}

TEST(Image, PlanesFollowEachOther) {
  Image<float> image(5, 3, 2);
  image.fill(0);
  image(4, 2, 1) = 7;
  EXPECT_EQ(image.samples().back(), 7);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(image.row(0)) % 64, 0u);
  EXPECT_EQ(image.clone()(4, 2, 1), 7);
}

TEST(Error, SaysWhereWhatAndCure) {
  EXPECT_STREQ(Error("a.dng", "it is empty", "copy it again").what(),
               "a.dng: it is empty; copy it again");
  EXPECT_STREQ(Error("a\nb", "c\x1b[1m").what(), "a?b: c?[1m");
}

// Alike on every instruction set of this machine, in whole vectors and in what is left of a row.
std::uint16_t half_bits(float v) {
  const std::uint16_t bits = half_from(v).bits;
  Image<float> many(67, 1);
  many.fill(v);
  for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SSE4}) {
    if (!(hwy::SupportedTargets() & target)) continue;
    hwy::SetSupportedTargetsForTest(target);
    const Image<Half> narrowed = halves(many);
    for (const Half h : narrowed.samples()) EXPECT_EQ(h.bits, bits) << v;
    hwy::SetSupportedTargetsForTest(0);
  }
  return bits;
}

TEST(Half, IsBinary16) {
  // IEEE 754-2019, 3.4 and 4.3.1.
  EXPECT_EQ(half_bits(0), 0);
  EXPECT_EQ(half_bits(1), 0x3c00);
  EXPECT_EQ(half_bits(-2), 0xc000);
  EXPECT_EQ(half_bits(65504), 0x7bff);
  EXPECT_EQ(half_bits(0x1p-14f), 0x0400);
  EXPECT_EQ(half_bits(0x1p-24f), 0x0001);
  EXPECT_EQ(half_bits(1 + 0x1p-11f), 0x3c00);             // a tie goes to even
  EXPECT_EQ(half_bits(1 + 3 * 0x1p-11f), 0x3c02);         // upwards too
  EXPECT_EQ(half_bits(1 + 0x1p-11f + 0x1p-20f), 0x3c01);  // beyond the tie
  EXPECT_EQ(half_bits(1e6f), 0x7bff);
  EXPECT_EQ(half_bits(-1e6f), 0xfbff);
  EXPECT_EQ(half_bits(std::numeric_limits<float>::infinity()), 0x7bff);
  EXPECT_EQ(half_bits(std::numeric_limits<float>::quiet_NaN()) & 0x7fff, 0x7bff);
}

TEST(BandLimitedTaps, AsPolynomialsTheyAreThoseOfTheTable) {
  constexpr int phases = 256;
  constexpr double differ = 1e-5;
  const std::vector<float> table = band_limited_taps(0.75, 8, phases);
  const EightTaps taps = eight_taps(0.75);
  for (int p = 0; p <= phases; ++p) {
    const double q = double(p) / phases - 0.5, q2 = q * q;
    for (int k = 0; k < 4; ++k) {
      const auto of = [q2](const std::array<float, 4>& c) {
        return c[0] + q2 * (c[1] + q2 * (c[2] + q2 * c[3]));
      };
      const double even = of(taps.pairs[k].even), odd = q * of(taps.pairs[k].odd);
      EXPECT_NEAR(even + odd, table[8 * p + k], differ) << p << " " << k;
      EXPECT_NEAR(even - odd, table[8 * p + 7 - k], differ) << p << " " << k;
    }
  }
}

TEST(Half, EveryNumberComesBack) {
  constexpr int finite = 0x7c00;
  Image<Half> all(finite, 2);
  for (int k = 0; k < finite; ++k) {
    all(k, 0) = {std::uint16_t(k)};
    all(k, 1) = {std::uint16_t(k | 0x8000)};
  }
  const Image<float> wide = floats(all);
  const Image<Half> back = halves(wide);
  for (int k = 0; k < finite; ++k) {
    const double value = k < 0x400 ? k * 0x1p-24 : std::ldexp(1024 + k % 1024, k / 1024 - 25);
    ASSERT_EQ(wide(k, 0), value);
    ASSERT_EQ(wide(k, 1), -value);
    ASSERT_EQ(back(k, 0).bits, all(k, 0).bits);
    ASSERT_EQ(back(k, 1).bits, all(k, 1).bits);
  }
}

}  // namespace
}  // namespace lichtbild
