// The spectra that ship, against figures that others published of them.
#include <gtest/gtest.h>

#include <map>

#include "core/color.h"
#include "core/matrix.h"
#include "core/spectrum.h"

namespace lichtbild {
namespace {

const std::string data = LICHTBILD_ROOT "/data/";

std::vector<NamedSpectrum> shipped(const std::string& name) { return read_spectra(data + name); }

Vector3 xyz(const Spectrum& reflectance, const Spectrum& illuminant) {
  static const std::vector<NamedSpectrum> observer = shipped("spectra/observer.tsv");
  const double y = integral(illuminant, observer[1].spectrum);
  Vector3 xyz;
  for (int i = 0; i < 3; ++i) xyz[i] = integral(reflectance * illuminant, observer[i].spectrum) / y;
  return xyz;
}

TEST(ShippedSpectra, IlluminantsHaveTheirPublishedChromaticities) {
  // CIE 15:2018, tables 3, 10.1, 10.3 and 12.1; ID50 and ID65: CIE 184.
  const std::map<std::string, Chromaticity> published{
      {"A", {0.44758, 0.40745}},      {"C", {0.31006, 0.31616}},    {"D50", {0.34567, 0.35851}},
      {"D55", {0.33243, 0.34744}},    {"D65", {0.31272, 0.32903}},  {"D75", {0.29903, 0.31488}},
      {"E", {0.33333, 0.33333}},      {"F2", {0.3721, 0.3751}},     {"F7", {0.3129, 0.3292}},
      {"F11", {0.3805, 0.3769}},      {"FL3.15", {0.3127, 0.3288}}, {"HP1", {0.5330, 0.4150}},
      {"LED-B1", {0.4560, 0.4078}},   {"LED-B3", {0.3756, 0.3723}}, {"LED-B5", {0.3118, 0.3236}},
      {"LED-BH1", {0.4474, 0.4066}},  {"LED-V1", {0.4548, 0.4044}}, {"LED-V2", {0.3781, 0.3775}},
      {"LED-RGB1", {0.4557, 0.4211}}, {"ID65", {0.3107, 0.3307}},   {"ID50", {0.3432, 0.3602}}};
  constexpr double rounding = 1e-4;  // the least precise are printed to four places
  const auto illuminants = shipped("spectra/illuminants.tsv");
  for (const auto& [name, white] : published) {
    const Chromaticity c = chromaticity_from_xyz(
        xyz(Spectrum::constant(1), find_spectrum(illuminants, name, "illuminants")));
    EXPECT_NEAR(c.x, white.x, rounding) << name;
    EXPECT_NEAR(c.y, white.y, rounding) << name;
  }
  for (const NamedSpectrum& light : illuminants) EXPECT_NEAR(light.spectrum[36], 1, 1e-6);
}

TEST(ShippedSpectra, ColorCheckerHasItsPublishedColors) {
  // xyY under D50 as BabelColor printed them for the same average of 30 charts, patch by patch.
  const Vector3 published[] = {
      {0.43250, 0.37880, 0.10340}, {0.41910, 0.37480, 0.35250}, {0.27610, 0.30040, 0.18470},
      {0.37000, 0.45010, 0.13350}, {0.30200, 0.28770, 0.23240}, {0.28560, 0.39100, 0.41740},
      {0.52910, 0.40750, 0.31170}, {0.23390, 0.21550, 0.11400}, {0.50080, 0.32930, 0.19790},
      {0.33260, 0.25560, 0.06440}, {0.39890, 0.49980, 0.44350}, {0.49620, 0.44280, 0.43580},
      {0.20400, 0.16960, 0.05790}, {0.32700, 0.50330, 0.23070}, {0.57090, 0.32980, 0.12680},
      {0.46940, 0.47320, 0.60810}, {0.41770, 0.27040, 0.20070}, {0.21510, 0.30370, 0.19030},
      {0.34880, 0.36280, 0.91290}, {0.34510, 0.35960, 0.58850}, {0.34460, 0.35900, 0.35950},
      {0.34380, 0.35890, 0.19120}, {0.34230, 0.35760, 0.08930}, {0.34390, 0.35650, 0.03200}};
  // A step of 5 nm against BabelColor's 10; chromaticity of dark patches is the least sure.
  constexpr double xy_tolerance = 9e-4, y_tolerance = 2e-4;
  const auto patches = shipped("spectra/colorchecker.tsv");
  const auto illuminants = shipped("spectra/illuminants.tsv");
  ASSERT_EQ(patches.size(), std::size(published));
  for (std::size_t i = 0; i < patches.size(); ++i) {
    const Vector3 color = xyz(patches[i].spectrum, find_spectrum(illuminants, "D50", ""));
    const Chromaticity c = chromaticity_from_xyz(color);
    EXPECT_NEAR(c.x, published[i][0], xy_tolerance) << patches[i].name;
    EXPECT_NEAR(c.y, published[i][1], xy_tolerance) << patches[i].name;
    EXPECT_NEAR(color[1], published[i][2], y_tolerance) << patches[i].name;
  }
}

TEST(ShippedSpectra, SurfacesAndSensitivitiesArePossible) {
  EXPECT_EQ(shipped("spectra/reflectances.tsv").size(), 190u);
  for (const char* name : {"one-inch", "insta360-x5", "imx219", "ov5647"}) {
    double highest = 0;
    for (const NamedSpectrum& s : shipped(std::string("sensitivities/") + name + ".tsv"))
      for (const double v : s.spectrum.value) {
        EXPECT_GE(v, 0);
        EXPECT_LE(v, 1);
        if (s.name != "infrared_cut") highest = std::max(highest, v);
      }
    EXPECT_NEAR(highest, 0.6, 1e-6) << name;
  }
}

// Camera values of white, relative to green.
Vector3 neutral(const char* camera, const Spectrum& light) {
  const auto qe = read_quantum_efficiency(data + "sensitivities/" + camera + ".tsv");
  const Spectrum photons = photons_per_joule() * light;
  return {integral(qe[0], photons) / integral(qe[1], photons), 1,
          integral(qe[2], photons) / integral(qe[1], photons)};
}

TEST(ShippedSpectra, CamerasSeeWhiteAsTheRealOnesDo) {
  const auto lights = shipped("spectra/illuminants.tsv");
  const auto light = [&](const char* name) { return find_spectrum(lights, name, "illuminants"); };
  // libcamera's tuning of the IMX219 as Raspberry Pi measured it: red/green and blue/green at
  // 2860 K, and at 5000 K between those of 4650 and 5858 K. Its filter differs from ours.
  constexpr double specimen = 0.08;
  EXPECT_NEAR(neutral("imx219", light("A"))[0] / 0.9514, 1, specimen);
  EXPECT_NEAR(neutral("imx219", light("A"))[2] / 0.4156, 1, specimen);
  EXPECT_NEAR(neutral("imx219", light("D50"))[0] / 0.6563, 1, specimen);
  EXPECT_NEAR(neutral("imx219", light("D50"))[2] / 0.6561, 1, specimen);
  // Adobe's ColorMatrix2 of the Sony DSC-RX100M4 (as dcraw prints it) on white under D65. Red is
  // what tells power from photons: the wrong reading is 14 % off.
  const Matrix3 adobe{{0.6596, -0.2079, -0.0562, -0.4782, 1.3016, 0.1933, -0.0970, 0.1581, 0.5181}};
  const Vector3 white = adobe * xyz_from_chromaticity(white_d65);
  EXPECT_NEAR(neutral("one-inch", light("D65"))[0] / (white[0] / white[1]), 1, 0.05);
  EXPECT_NEAR(neutral("one-inch", light("D65"))[2] / (white[2] / white[1]), 1, 0.15);
}

}  // namespace
}  // namespace lichtbild
