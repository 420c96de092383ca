#include "develop/camera_color.h"

#include <gtest/gtest.h>

#include "develop/some_camera.h"

namespace lichtbild {
namespace {

void expect_near(const Matrix3& a, const Matrix3& b, double tolerance) {
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(a.m[i], b.m[i], tolerance) << i;
}
void expect_near(const Vector3& a, const Vector3& b, double tolerance) {
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(a[i], b[i], tolerance) << i;
}

// A camera whose channels are linear Rec.2020 itself.
CameraColor ideal_camera() {
  CameraColor color;
  color.illuminants[0] = {.temperature_kelvin = 6504,
                          .camera_from_xyz = xyz_from_rec2020().inverse(),
                          .xyz_d50_from_camera = {}};
  return color;
}

CameraColor gopro() { return some_camera({0.522449, 1, 0.571429}); }

TEST(CameraColor, AnIdealCameraSeesRec2020) {
  const CameraColor color = ideal_camera();
  constexpr double rounding = 1e-9;
  expect_near(rec2020_from_balanced(color, white_d65), Matrix3::identity(), rounding);
  expect_near(neutral_from_white(color, white_d65), {1, 1, 1}, rounding);
}

TEST(CameraColor, AnIdealCameraUnderAnotherWhiteIsAdaptedByBradford) {
  const CameraColor color = ideal_camera();
  const Vector3 neutral = xyz_from_rec2020().inverse() * xyz_from_chromaticity(white_d50);
  const Matrix3 expected = xyz_from_rec2020().inverse() * adapt(white_d50, white_d65) *
                           xyz_from_rec2020() *
                           Matrix3::diagonal((1 / neutral[1]) * Matrix3::identity() * neutral);
  // Up to one factor, by which neutral is 1.
  const double factor = 1 / (expected * Vector3{1, 1, 1})[1];
  expect_near(rec2020_from_balanced(color, white_d50), factor * expected, 1e-9);
}

TEST(CameraColor, NeutralIsNeutral) {
  CameraColor forward = gopro();
  for (auto& illuminant : forward.illuminants)
    illuminant.xyz_d50_from_camera = {{0.6, 0.25, 0.11, 0.2, 0.8, 0.0, 0.0, 0.1, 0.72}};
  for (const CameraColor& color : {ideal_camera(), gopro(), forward})
    for (const double kelvin : {2300.0, 2850.0, 3600.0, 5000.0, 6500.0, 9000.0})
      expect_near(rec2020_from_balanced(color, chromaticity_from_temperature({kelvin, 5})) *
                      Vector3{1, 1, 1},
                  {1, 1, 1}, 1e-12);
}

TEST(CameraColor, WhiteFromNeutralInvertsNeutralFromWhite) {
  CameraColor calibrated = gopro();
  calibrated.analog_balance = {1.1, 1, 0.9};
  calibrated.illuminants[0].calibration = Matrix3::diagonal({0.97, 1, 1.02});
  calibrated.illuminants[1].calibration = Matrix3::diagonal({1.01, 1, 0.98});
  for (const CameraColor& color : {ideal_camera(), gopro(), calibrated})
    for (const double kelvin : {2300.0, 2850.0, 3200.0, 4000.0, 4900.0, 5500.0, 7500.0})
      for (const double tint : {-15.0, 0.0, 15.0}) {
        const Chromaticity white = chromaticity_from_temperature({kelvin, tint});
        const Chromaticity back = white_from_neutral(color, neutral_from_white(color, white));
        // The iteration stops at steps below 1e-7, which shrink by half at worst.
        constexpr double iteration = 1e-6;
        EXPECT_NEAR(back.x, white.x, iteration) << kelvin << ", tint " << tint;
        EXPECT_NEAR(back.y, white.y, iteration) << kelvin << ", tint " << tint;
      }
}

TEST(CameraColor, TheGoProsOwnNeutralIsDaylight) {
  const Temperature t =
      temperature_from_chromaticity(white_from_neutral(gopro(), gopro().as_shot_neutral));
  EXPECT_GT(t.kelvin, 4500);
  EXPECT_LT(t.kelvin, 7000);
  EXPECT_LT(std::abs(t.tint), 40);
}

TEST(CameraColor, BetweenTwoIlluminantsMatricesFollowTheInverseTemperature) {
  const CameraColor color = gopro();
  for (const double kelvin : {2850.0, 3300.0, 4200.0, 5000.0}) {
    const Chromaticity white = chromaticity_from_temperature({kelvin, 0});
    const double share = (1 / kelvin - 1 / 5000.0) / (1 / 2850.0 - 1 / 5000.0);
    const Matrix3 camera_from_xyz = share * color.illuminants[0].camera_from_xyz +
                                    (1 - share) * color.illuminants[1].camera_from_xyz;
    const Vector3 neutral = camera_from_xyz * xyz_from_chromaticity(white);
    // The temperature is found again to 1e-4 of itself.
    expect_near(neutral_from_white(color, white),
                {neutral[0] / neutral[1], 1, neutral[2] / neutral[1]}, 1e-3);
  }
}

TEST(CameraColor, BeyondTheIlluminantsTheNearestOneHolds) {
  const CameraColor both = gopro();
  for (int k = 0; k < 2; ++k) {
    CameraColor one;
    one.illuminants[0] = both.illuminants[k];
    for (const double kelvin : {k == 0 ? 2000.0 : 5100.0, k == 0 ? 2700.0 : 12000.0}) {
      const Chromaticity white = chromaticity_from_temperature({kelvin, 0});
      expect_near(rec2020_from_balanced(both, white), rec2020_from_balanced(one, white), 1e-12);
    }
  }
}

TEST(CameraColor, ForwardMatrixByTheFormulaOfDng) {
  // DNG 1.4, chapter 6: CameraToXYZ_D50 = FM D (AB CC)^-1, D = the inverse of
  // diagonal((AB CC)^-1 CameraNeutral). One illuminant, so that nothing is interpolated.
  CameraColor color;
  const Matrix3 forward{{0.7132, 0.1579, 0.0932, 0.2911, 0.7480, -0.0391, 0.0235, -0.1418, 0.9434}};
  color.illuminants[0] = gopro().illuminants[1];
  color.illuminants[0].xyz_d50_from_camera = forward;
  color.illuminants[0].calibration = Matrix3::diagonal({0.95, 1, 1.05});
  color.analog_balance = {1.2, 1, 1.1};
  const Chromaticity white = chromaticity_from_temperature({5600, 4});
  const Vector3 neutral = neutral_from_white(color, white);
  const double ab_cc[] = {1.2 * 0.95, 1, 1.1 * 1.05};
  Matrix3 xyz_from_camera;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      xyz_from_camera(i, j) = forward(i, j) / (neutral[j] / ab_cc[j]) / ab_cc[j];
  Matrix3 expected = xyz_from_rec2020().inverse() * adapt(white_d50, white_d65) * xyz_from_camera *
                     Matrix3::diagonal(neutral);
  // Printed forward matrices take 1, 1, 1 to D50 to four decimals only: rows are scaled to 1.
  const Vector3 rows = expected * Vector3{1, 1, 1};
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(rows[i], 1, 2e-3);
    for (int j = 0; j < 3; ++j) expected(i, j) /= rows[i];
  }
  expect_near(rec2020_from_balanced(color, white), expected, 1e-12);
}

}  // namespace
}  // namespace lichtbild
