// CameraPose: where a hand holds the camera at one moment, against where it meant to: small
// rotations around the entrance pupil and a shift.
#pragma once

namespace lichtbild {

struct CameraPose {
  double pitch_rad = 0, yaw_rad = 0, roll_rad = 0;  // around x (right), y (down), z (forward)
  double x_mm = 0, y_mm = 0;
};

}  // namespace lichtbild
