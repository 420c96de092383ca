// The color model that `calibrate` makes, undone by `develop`: what is left of ColorChecker's
// colors.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "cli/color_calibration.h"
#include "develop/camera_color.h"

namespace lichtbild {
namespace {

const std::string data = LICHTBILD_ROOT "/data";

std::array<Spectrum, 3> camera(const std::string& name) {
  return read_quantum_efficiency(data + "/sensitivities/" + name + ".tsv");
}

void print(const std::string& name, const cli::JudgedLight& light) {
  fmt::print(
      "{:12} {:8} training {:.2f} (max {:.2f}), ColorChecker {:.2f} ({:.2f}), limit {:.2f}\n", name,
      light.name, light.training.mean, light.training.max, light.chart.mean, light.chart.max,
      light.chart_limit.mean);
}

// The bars of docs/numbers.md: mean CIEDE2000 of ColorChecker.
TEST(CameraCalibration, ColorCheckerThroughTheDevelopersModel) {
  const std::pair<const char*, double> bars[] = {
      {"one-inch", 2.0}, {"imx219", 3.5}, {"insta360-x5", 3.5}, {"ov5647", 3.5}};
  for (const auto& [name, bar] : bars) {
    const cli::ColorCalibration calibration = cli::color_calibration(camera(name), {}, data);
    ASSERT_EQ(calibration.lights.size(), 3u);
    for (const cli::JudgedLight& light : calibration.lights) {
      print(name, light);
      EXPECT_LE(light.chart.mean, bar) << name << " under " << light.name;
      EXPECT_GE(light.chart.mean, light.chart_limit.mean - 1e-3) << name << " under " << light.name;
    }
  }
}

TEST(CameraCalibration, TheDeveloperFindsTheWhitesOfBothLights) {
  const CameraColor color = cli::color_calibration(camera("imx219"), {}, data).color;
  const std::string path = data + "/spectra/illuminants.tsv";
  for (const char* name : {"A", "D65"}) {
    const SeenSurfaces seen =
        seen_surfaces(camera("imx219"), find_spectrum(read_spectra(path), name, path), {});
    const Chromaticity white = white_from_neutral(color, seen.neutral);
    EXPECT_NEAR(white.x, seen.white.x, 1e-6) << name;
    EXPECT_NEAR(white.y, seen.white.y, 1e-6) << name;
    // There its matrix is the ForwardMatrix of that light.
    const Matrix3 developed = xyz_from_rec2020() * rec2020_from_balanced(color, white);
    const Matrix3 forward = adapt(white_d50, white_d65) *
                            *color.illuminants[name[0] == 'A' ? 0 : 1].xyz_d50_from_camera;
    for (int i = 0; i < 9; ++i) EXPECT_NEAR(developed.m[i], forward.m[i], 1e-4) << name << i;
  }
}

TEST(CameraCalibration, AlsoServedLightsPull) {
  const auto mean = [](const std::vector<std::string>& also, int light) {
    const auto calibration = cli::color_calibration(camera("one-inch"), {.also = also}, data);
    return calibration.lights[light].training.mean;
  };
  // A weight of zero lights, judged under A and D65; with one, that light gains and they give.
  EXPECT_LT(mean({}, 0), mean({"LED-B3"}, 0));
  EXPECT_LT(mean({}, 1), mean({"LED-B3"}, 1));
  EXPECT_LT(mean({"LED-B3"}, 2), 2.3);  // 2.55 without it
}

}  // namespace
}  // namespace lichtbild
