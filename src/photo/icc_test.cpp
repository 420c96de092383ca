#include "photo/icc.h"

#include <gtest/gtest.h>
#include <lcms2.h>

#include <array>
#include <cmath>

#include "core/color.h"

namespace lichtbild {
namespace {

struct Published {
  ColorSpace space;
  const char* name;
  std::array<Chromaticity, 3> primaries;
};
const Published published[] = {
    {ColorSpace::srgb, "sRGB", {{{0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}}}},
    {ColorSpace::display_p3, "Display P3", {{{0.68, 0.32}, {0.265, 0.69}, {0.15, 0.06}}}}};

Vector3 colorant(cmsHPROFILE profile, cmsTagSignature tag) {
  const auto* xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, tag));
  return {xyz->X, xyz->Y, xyz->Z};
}

// The profile stores colorants adapted to D50 by Bradford; back at D65 they are the published
// primaries. ICC's 16-bit fractions and its rounded D50 leave 1e-4; 1e-3 is what a standard's three
// digits say.
TEST(Icc, PrimariesCurveAndTexts) {
  for (const Published& expected : published) {
    const auto bytes = icc_profile(expected.space);
    EXPECT_LT(bytes.size(), 1000U);
    cmsHPROFILE profile = cmsOpenProfileFromMem(bytes.data(), cmsUInt32Number(bytes.size()));
    ASSERT_NE(profile, nullptr);
    const cmsTagSignature tags[] = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                    cmsSigBlueColorantTag};
    for (int i = 0; i < 3; ++i) {
      const Chromaticity xy =
          chromaticity_from_xyz(adapt(white_d50, white_d65) * colorant(profile, tags[i]));
      EXPECT_NEAR(xy.x, expected.primaries[i].x, 1e-3);
      EXPECT_NEAR(xy.y, expected.primaries[i].y, 1e-3);
    }
    const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile, cmsSigGreenTRCTag));
    for (const float code : {0.02F, 0.2F, 0.5F, 0.9F}) {
      const double linear = code <= 0.04045 ? code / 12.92 : std::pow((code + 0.055) / 1.055, 2.4);
      EXPECT_NEAR(cmsEvalToneCurveFloat(curve, code), linear, 2e-5);
    }
    char text[64]{};
    cmsGetProfileInfoASCII(profile, cmsInfoDescription, "en", "US", text, sizeof text);
    EXPECT_STREQ(text, expected.name);
    cmsGetProfileInfoASCII(profile, cmsInfoCopyright, "en", "US", text, sizeof text);
    EXPECT_STREQ(text, "CC0");
    cmsCloseProfile(profile);
  }
}

TEST(Icc, EqualOnEveryCall) {
  EXPECT_EQ(icc_profile(ColorSpace::srgb), icc_profile(ColorSpace::srgb));
}

}  // namespace
}  // namespace lichtbild
