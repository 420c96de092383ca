#include "develop/camera_color.h"

#include <algorithm>
#include <cmath>

namespace lichtbild {
namespace {

// Share of the first illuminant at a correlated color temperature: linear in its inverse, clamped.
double share_of_first(const CameraColor& color, double kelvin) {
  const double first = color.illuminants[0].temperature_kelvin,
               second = color.illuminants[1].temperature_kelvin;
  if (second <= 0 || first == second) return 1;
  if (first <= 0) return 0;
  return std::clamp((1 / kelvin - 1 / second) / (1 / first - 1 / second), 0.0, 1.0);
}

struct Matrices {
  Matrix3 camera_from_xyz, calibration;
  std::optional<Matrix3> xyz_d50_from_camera;
};

Matrices interpolated(const CameraColor& color, double kelvin) {
  const auto& [first, second] = color.illuminants;
  const double share = share_of_first(color, kelvin);
  if (share == 1) return {first.camera_from_xyz, first.calibration, first.xyz_d50_from_camera};
  if (share == 0) return {second.camera_from_xyz, second.calibration, second.xyz_d50_from_camera};
  const auto mix = [&](const Matrix3& a, const Matrix3& b) { return share * a + (1 - share) * b; };
  Matrices m{mix(first.camera_from_xyz, second.camera_from_xyz),
             mix(first.calibration, second.calibration),
             {}};
  if (first.xyz_d50_from_camera && second.xyz_d50_from_camera)
    m.xyz_d50_from_camera = mix(*first.xyz_d50_from_camera, *second.xyz_d50_from_camera);
  return m;
}

Matrix3 camera_from_xyz(const CameraColor& color, const Matrices& m) {
  return Matrix3::diagonal(color.analog_balance) * m.calibration * m.camera_from_xyz;
}

}  // namespace

Chromaticity white_from_neutral(const CameraColor& color, const Vector3& neutral) {
  Chromaticity white = white_d50;
  for (int iteration = 0; iteration < 30; ++iteration) {
    const Matrices m = interpolated(color, temperature_from_chromaticity(white).kelvin);
    const Chromaticity next = chromaticity_from_xyz(camera_from_xyz(color, m).inverse() * neutral);
    const double change = std::hypot(next.x - white.x, next.y - white.y);
    // Half steps when it does not settle: between the illuminants the iteration can swing.
    white = iteration < 10 ? next : Chromaticity{(white.x + next.x) / 2, (white.y + next.y) / 2};
    if (change < 1e-7) break;
  }
  return white;
}

Vector3 neutral_from_white(const CameraColor& color, Chromaticity white) {
  const Matrices m = interpolated(color, temperature_from_chromaticity(white).kelvin);
  Vector3 neutral = camera_from_xyz(color, m) * xyz_from_chromaticity(white);
  for (double& value : neutral) value = std::max(value, 1e-3);
  return {neutral[0] / neutral[1], 1, neutral[2] / neutral[1]};
}

Matrix3 rec2020_from_balanced(const CameraColor& color, Chromaticity white) {
  const Matrices m = interpolated(color, temperature_from_chromaticity(white).kelvin);
  const Matrix3 rec2020_from_d50 = xyz_from_rec2020().inverse() * adapt(white_d50, white_d65);
  Matrix3 matrix;
  if (m.xyz_d50_from_camera) {
    // The forward matrix takes balanced values of the reference camera; the unit's own calibration
    // is undone first.
    const Matrix3 reference_from_camera =
        (Matrix3::diagonal(color.analog_balance) * m.calibration).inverse();
    const Vector3 neutral = neutral_from_white(color, white),
                  reference = reference_from_camera * neutral;
    const Matrix3 balance =
        Matrix3::diagonal({1 / reference[0], 1 / reference[1], 1 / reference[2]});
    matrix = rec2020_from_d50 * *m.xyz_d50_from_camera * balance * reference_from_camera *
             Matrix3::diagonal(neutral);
  } else {
    const Vector3 neutral = neutral_from_white(color, white);
    matrix = rec2020_from_d50 * adapt(white, white_d50) * camera_from_xyz(color, m).inverse() *
             Matrix3::diagonal(neutral);
  }
  // Printed matrices are rounded: neutral is made exactly neutral.
  const Vector3 white_out = matrix * Vector3{1, 1, 1};
  return Matrix3::diagonal({1 / white_out[0], 1 / white_out[1], 1 / white_out[2]}) * matrix;
}

}  // namespace lichtbild
