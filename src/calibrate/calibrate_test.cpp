#include "calibrate/calibrate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/cie_tables.h"
#include "core/delta_e.h"
#include "core/error.h"

namespace lichtbild {
namespace {

const std::string data = LICHTBILD_ROOT "/data/";

NamedSpectrum light(const std::string& name) {
  const std::string path = data + "spectra/illuminants.tsv";
  return {name, find_spectrum(read_spectra(path), name, path)};
}
std::vector<NamedSpectrum> surfaces() { return read_spectra(data + "spectra/reflectances.tsv"); }
std::vector<NamedSpectrum> chart() { return read_spectra(data + "spectra/colorchecker.tsv"); }
std::array<Spectrum, 3> one_inch() {
  return read_quantum_efficiency(data + "sensitivities/one-inch.tsv");
}

// A camera that meets Luther's condition: its responses are mixtures of the observer's.
const Matrix3 luther{{0.9, 0.2, -0.1, -0.4, 1.3, 0.1, 0.05, -0.1, 0.8}};
std::array<Spectrum, 3> luther_camera() {
  std::array<Spectrum, 3> qe;
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < Spectrum::samples; ++i)
      for (int k = 0; k < 3; ++k)
        qe[c][i] += luther(c, k) * observer_1931[k][i] / photons_per_joule()[i];
  return qe;
}

TEST(Calibrate, ACameraLikeTheObserverIsFoundExactly) {
  const CameraColor color =
      calibrate_color(luther_camera(), {light("D65"), light("A")}, surfaces());
  EXPECT_NEAR(color.illuminants[0].temperature_kelvin, 2856, 8);  // Krystek's fit
  EXPECT_NEAR(color.illuminants[1].temperature_kelvin, 6504, 8);
  for (const CameraColor::Illuminant& set : color.illuminants) {
    const double scale = set.camera_from_xyz(0, 0) / luther(0, 0);
    for (int i = 0; i < 9; ++i)  // BFGS stops at 1e-9 of the error; dark surfaces stretch it
      EXPECT_NEAR(set.camera_from_xyz.m[i] / scale, luther.m[i], 1e-3) << i;
  }
}

TEST(Calibrate, UnderD50ACameraLikeTheObserverMakesNoError) {
  const SeenSurfaces seen = seen_surfaces(luther_camera(), illuminant_d50, surfaces());
  EXPECT_LT(color_error(best_xyz_d50_from_balanced(seen), seen).max, 0.01);
  // An error that is known: everything too bright by half a lightness.
  const Vector3 white = xyz_from_chromaticity(white_d50);
  const Matrix3 best = best_xyz_d50_from_balanced(seen);
  const ColorError brighter = color_error(1.1 * best, seen);
  for (std::size_t i = 0; i < seen.xyz_d50.size(); ++i) {
    Vector3 scaled = seen.xyz_d50[i];
    for (double& v : scaled) v *= 1.1;
    EXPECT_NEAR(brighter.of_surface[i],
                delta_e_2000(lab_from_xyz(scaled, white), lab_from_xyz(seen.xyz_d50[i], white)),
                0.01);
  }
}

TEST(Calibrate, WhiteIsKept) {
  const std::array<NamedSpectrum, 1> also{light("LED-B3")};
  const CameraColor color =
      calibrate_color(one_inch(), {light("A"), light("D65")}, surfaces(), also);
  const char* names[] = {"A", "D65"};
  for (int i = 0; i < 2; ++i) {
    const SeenSurfaces seen = seen_surfaces(one_inch(), light(names[i]).spectrum, {});
    const Vector3 d50 = *color.illuminants[i].xyz_d50_from_camera * Vector3{1, 1, 1},
                  camera = color.illuminants[i].camera_from_xyz * xyz_from_chromaticity(seen.white);
    for (int k = 0; k < 3; ++k) {
      EXPECT_NEAR(d50[k], xyz_from_chromaticity(white_d50)[k], 1e-12);
      EXPECT_NEAR(camera[k] / camera[1], seen.neutral[k], 1e-12);
    }
    EXPECT_NEAR(std::ranges::max(camera), 1, 1e-12);
  }
}

TEST(Calibrate, NoNearbyMatrixIsBetter) {
  const SeenSurfaces seen = seen_surfaces(one_inch(), light("A").spectrum, surfaces());
  const Matrix3 best = best_xyz_d50_from_balanced(seen);
  const double least = color_error(best, seen).mean;
  // The fit rounds its error off by 0.02 where it is 0, which moves the minimum a little.
  constexpr double rounding = 2e-4;
  for (int row = 0; row < 3; ++row)
    for (const int column : {0, 2})
      for (const double by : {-0.1, -0.01, 0.01, 0.1}) {
        Matrix3 other = best;  // green gives what the other takes: white is kept
        other(row, column) += by;
        other(row, 1) -= by;
        const double margin = std::abs(by) == 0.1 ? 0.01 : -rounding;
        EXPECT_GT(color_error(other, seen).mean, least + margin) << row << column << by;
      }
}

TEST(Calibrate, BeatsAdobesMatrixOnTheSameCamera) {
  // ColorMatrix2 of the Sony DSC-RX100M4 as dcraw prints it, for D65: inverted, balanced and
  // adapted as DNG does where there is no ForwardMatrix.
  const Matrix3 adobe{{0.6596, -0.2079, -0.0562, -0.4782, 1.3016, 0.1933, -0.0970, 0.1581, 0.5181}};
  const SeenSurfaces seen = seen_surfaces(one_inch(), light("D65").spectrum, chart());
  const Matrix3 theirs = adapt(seen.white, white_d50) * adobe.inverse() *
                         Matrix3::diagonal(adobe * xyz_from_chromaticity(seen.white));
  const CameraColor color = calibrate_color(one_inch(), {light("A"), light("D65")}, surfaces());
  const double ours = color_error(*color.illuminants[1].xyz_d50_from_camera, seen).mean;
  EXPECT_LT(ours, color_error(theirs, seen).mean);
  EXPECT_LT(color_error(theirs, seen).mean, 5);  // and theirs is of this camera indeed
}

TEST(Calibrate, WhatCannotBeCalibratedIsSaid) {
  std::array<Spectrum, 3> blind = one_inch(), gray = one_inch();
  blind[2] = Spectrum{};
  gray[0] = gray[2] = gray[1];
  const std::array<NamedSpectrum, 2> lights{light("A"), light("D65")};
  EXPECT_THROW(calibrate_color(blind, lights, surfaces()), Error);
  EXPECT_THROW(calibrate_color(gray, lights, surfaces()), Error);
  EXPECT_THROW(calibrate_color(one_inch(), {light("D65"), light("F7")}, surfaces()), Error);
}

}  // namespace
}  // namespace lichtbild
