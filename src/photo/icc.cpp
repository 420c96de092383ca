#include "photo/icc.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace lichtbild {
namespace {

struct CloseProfile {
  using pointer = cmsHPROFILE;
  void operator()(cmsHPROFILE profile) const { cmsCloseProfile(profile); }
};
struct FreeText {
  void operator()(cmsMLU* text) const { cmsMLUfree(text); }
};
struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
using Profile = std::unique_ptr<void, CloseProfile>;

cmsCIExyYTRIPLE primaries(ColorSpace space) {
  if (space == ColorSpace::srgb) return {{0.640, 0.330, 1}, {0.300, 0.600, 1}, {0.150, 0.060, 1}};
  return {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
}

// IEC 61966-2-1 as ICC's parametric curve of type 3: ((x + 0.055) / 1.055)^2.4, linear below
// 0.04045.
std::unique_ptr<cmsToneCurve, FreeCurve> srgb_curve() {
  constexpr int icc_type_3_in_lcms = 4;
  const double parameters[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return std::unique_ptr<cmsToneCurve, FreeCurve>(
      cmsBuildParametricToneCurve(nullptr, icc_type_3_in_lcms, parameters));
}

bool write_text(const Profile& profile, cmsTagSignature tag, const char* text) {
  const std::unique_ptr<cmsMLU, FreeText> lines(cmsMLUalloc(nullptr, 1));
  return lines && cmsMLUsetASCII(lines.get(), "en", "US", text) &&
         cmsWriteTag(profile.get(), tag, lines.get());
}

Profile make_profile(ColorSpace space) {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE colorants = primaries(space);
  const auto curve = srgb_curve();
  cmsToneCurve* curves[] = {curve.get(), curve.get(), curve.get()};
  Profile profile(cmsCreateRGBProfile(&white, &colorants, curves));
  const char* name = space == ColorSpace::srgb ? "sRGB" : "Display P3";
  if (!profile || !write_text(profile, cmsSigProfileDescriptionTag, name) ||
      !write_text(profile, cmsSigCopyrightTag, "CC0"))
    throw std::runtime_error("LittleCMS makes no profile");
  return profile;
}

}  // namespace

std::vector<std::uint8_t> icc_profile(ColorSpace space) {
  const Profile profile = make_profile(space);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile.get(), nullptr, &size);
  std::vector<std::uint8_t> bytes(size);
  if (size < 128 || !cmsSaveProfileToMem(profile.get(), bytes.data(), &size))
    throw std::runtime_error("LittleCMS does not save a profile");
  // dateTimeNumber at byte 24 of the header: 2026-01-01 00:00:00, so that equal pictures give equal
  // files.
  constexpr std::array<std::uint8_t, 12> date{2026 >> 8, 2026 & 255, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
  std::copy(date.begin(), date.end(), bytes.begin() + 24);
  return bytes;
}

}  // namespace lichtbild
