// Files of a LensProfile, chosen by the suffix:
//   .toml, .json   everything, exact to the bit                             read, write
//   .cbor          the same tree in binary (RFC 8949), a third of the size  read, write
//   .xml           lensfun database: distortion, lateral color, vignetting  write
//   .opcodes       DNG OpcodeList3: FixVignetteRadial, WarpRectilinear      write
// The last two hold fits; their residuals stand in the XML's comment and in the structs below.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/lens_profile.h"

namespace lichtbild::optics {

// Throws Error{path: key, ...} for missing, unknown, ill-typed or impossible values.
LensProfile read_profile(const std::string& path);

// Writes beside and renames; throws Error for an unknown suffix.
void write_profile(const LensProfile& profile, const std::string& path);

// The same from and to memory; `where` names the file in errors.
LensProfile parse_profile_toml(std::string_view text, const std::string& where);
LensProfile parse_profile_json(std::string_view text, const std::string& where);
LensProfile parse_profile_cbor(std::string_view bytes, const std::string& where);
std::string profile_toml(const LensProfile& profile);
std::string profile_json(const LensProfile& profile);
std::vector<std::uint8_t> profile_cbor(const LensProfile& profile);

// lensfun's models (lensfun manual, lfDistortionModel, lfTCAModel, lfVignettingModel; coordinates:
// "About coordinate systems" in its modifier.cpp). Radii are relative to half the shorter side for
// distortion and lateral color, to half the diagonal for vignetting.
struct LensfunModel {
  // ptlens, green: r_d = r_u (a r_u^3 + b r_u^2 + c r_u + 1 - a - b - c).
  double a = 0, b = 0, c = 0;
  double real_focal_mm =
      0;  // of the fit near the axis; r_u is ideal / (real focal (1 - a - b - c))
  // poly3, red and blue: r_c = r_d (br r_d^2 + cr r_d + vr), green's r_d in.
  std::array<double, 3> red{}, blue{};  // b, c, v
  // pa: recorded light = light (1 + k1 r^2 + k2 r^4 + k3 r^6).
  std::array<double, 3> vignetting{};
  // Largest differences from the tables.
  double distortion_residual_px = 0, tca_residual_px = 0, vignetting_residual = 0;
};
LensfunModel fit_lensfun(const LensProfile& profile);
std::string lensfun_xml(const LensProfile& profile);

// DNG 1.4 specification, chapter 7. The corrected picture shows the ideal image `magnification`
// times smaller than f tan(theta) would: 1, or as much less as it takes not to look beyond the
// recorded picture's border (pincushion distortion).
struct DngModel {
  std::array<std::array<double, 4>, 3> warp{};  // k_r0 ... k_r3 of red, green, blue
  double magnification = 1;
  double warp_residual_px = 0;  // against the tables
};
DngModel fit_dng(const LensProfile& profile);
std::vector<std::uint8_t> opcode_list_3(const LensProfile& profile);

}  // namespace lichtbild::optics
