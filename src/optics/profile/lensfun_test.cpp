// Our own writer's files read back, and models by their formulas from lensfun's manual.
#include "optics/profile/lensfun.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "optics/profile/profile_files.h"

namespace lichtbild::optics {
namespace {

const ProfileSensor full_frame{6, 6000, 4000};

LensfunShot shot(double focal_mm) {
  return {.model = {}, .focal_length_mm = focal_mm, .f_number = 2.8, .sensor = full_frame};
}

// Barrel distortion, lateral color and fall-off as functions of the ideal radius.
LensProfile traced() {
  LensProfile p;
  p.title = "Some <lens>";
  p.sensor = full_frame;
  p.focal_length_mm = 24;
  p.f_number = 2.8;
  p.object_distance_mm = INFINITY;
  for (int i = 0; i <= 80; ++i) {
    const double u = i / 64.0, r = u * (1 - 0.04 * u * u + 0.01 * u * u * u);
    p.geometry.ideal.push_back(u);
    p.geometry.real[0].push_back(r * (1.0004 + 0.0003 * r * r));
    p.geometry.real[1].push_back(r);
    p.geometry.real[2].push_back(r * (0.9995 - 0.0002 * r * r));
  }
  for (int i = 0; i <= 64; ++i) {
    const double r2 = std::pow(i / 64.0, 2);
    p.shading.radius.push_back(i / 64.0);
    for (auto& channel : p.shading.illumination) channel.push_back(1 - 0.5 * r2 + 0.1 * r2 * r2);
  }
  return p;
}

TEST(Lensfun, OurOwnFilesComeBack) {
  const LensProfile p = traced();
  const LensfunModel fit = fit_lensfun(p);
  const LensProfile back = parse_lensfun(lensfun_xml(p), "own.xml", shot(24));
  EXPECT_EQ(back.title, p.title);
  const double half_px = p.sensor.half_diagonal_px(), rounding_px = 0.01;
  for (double u = 0.05; u < 1; u += 0.05) {
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR(half_px * back.geometry.real_from_ideal(c, u),
                  half_px * p.geometry.real_from_ideal(c, u),
                  fit.distortion_residual_px + fit.tca_residual_px + rounding_px)
          << u << " " << c;
    EXPECT_NEAR(back.shading.at(1, u), p.shading.at(1, u), fit.vignetting_residual + 1e-4);
  }
  EXPECT_TRUE(back.psf.radius.empty());
}

std::string database(const std::string& calibration) {
  return "<lensdatabase version=\"2\"><lens><maker>M</maker><model>Zoom</model>"
         "<cropfactor>1.5</cropfactor><calibration>" +
         calibration + "</calibration></lens></lensdatabase>";
}

TEST(Lensfun, Poly3OnASmallerSensorBetweenTwoFocalLengths) {
  const std::string text = database(
      "<distortion model=\"poly3\" focal=\"20\" k1=\"-0.02\"/>"
      "<distortion model=\"poly3\" focal=\"40\" k1=\"0.01\"/>");
  const LensProfile p = parse_lensfun(text, "t.xml", shot(30));
  // k1 = -0.005 in units of half the short side of a sensor of 24 x 16 mm; the radius that is
  // scaled by 1 - k1 is the ideal one.
  const double unit_px = 8 / 0.006, half_px = p.sensor.half_diagonal_px(), k1 = -0.005;
  for (const double u : {0.3, 1.0, 1.7}) {
    const double real = u * (1 - k1 + k1 * u * u), ideal = u * (1 - k1);
    EXPECT_NEAR(p.geometry.real_from_ideal(1, ideal * unit_px / half_px) * half_px / unit_px, real,
                2e-4);
  }
}

TEST(Lensfun, VignettingOfTheNearestAperture) {
  const std::string text = database(
      "<vignetting model=\"pa\" focal=\"30\" aperture=\"2.8\" distance=\"1000\" k1=\"-0.3\"/>"
      "<vignetting model=\"pa\" focal=\"30\" aperture=\"11\" distance=\"1000\" k1=\"-0.1\"/>");
  LensfunShot open = shot(30), closed = shot(30);
  open.f_number = 3.2, closed.f_number = 8;
  open.sensor = closed.sensor = {4, 6000, 4000};  // 24 x 16 mm, as the calibrated one
  const double calibrated_per_taken = std::hypot(36, 24) / 1.5 / std::hypot(24, 16);
  const double r2 = std::pow(0.5 / calibrated_per_taken, 2);
  EXPECT_NEAR(parse_lensfun(text, "t.xml", open).shading.at(0, 0.5), 1 - 0.3 * r2, 1e-4);
  EXPECT_NEAR(parse_lensfun(text, "t.xml", closed).shading.at(2, 0.5), 1 - 0.1 * r2, 1e-4);
}

TEST(Lensfun, WhatIsWrongIsSaid) {
  const std::string one = database("<distortion model=\"poly3\" focal=\"20\" k1=\"-0.02\"/>");
  LensfunShot other = shot(20);
  other.model = "Another";
  EXPECT_THROW(parse_lensfun("<lensdatabase", "t.xml", shot(20)), Error);
  EXPECT_THROW(parse_lensfun("<html/>", "t.xml", shot(20)), Error);
  EXPECT_THROW(parse_lensfun(one, "t.xml", other), Error);
  EXPECT_THROW(parse_lensfun(database(""), "t.xml", shot(20)), Error);
  EXPECT_THROW(
      parse_lensfun(database("<distortion model=\"fisheye\" focal=\"20\"/>"), "t.xml", shot(20)),
      Error);
  EXPECT_THROW(parse_lensfun(database("<distortion model=\"poly3\" focal=\"20\" k1=\"nan\"/>"),
                             "t.xml", shot(20)),
               Error);
  EXPECT_THROW(parse_lensfun(database("<distortion model=\"poly3\" focal=\"20\" k1=\"-0.9\"/>"),
                             "t.xml", shot(20)),
               Error);
  EXPECT_THROW(read_lensfun("/nowhere.xml", shot(20)), Error);
}

}  // namespace
}  // namespace lichtbild::optics
