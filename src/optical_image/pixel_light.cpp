#include <algorithm>
#include <cmath>

#include "core/invariant.h"
#include "core/parallel.h"
#include "optical_image/ideal_place.h"
#include "optical_image/lookup.h"
#include "optical_image/optical_image.h"

namespace lichtbild {
namespace {

// Where a pixel looks when the camera is not where it should be: (x, y, 1) of the ideal photograph
// becomes (u, v, w), the place is (u / w, v / w).
struct View {
  double m[3][3];
};

View view_of(const CameraPose& pose, double focal_px, double object_px_per_mm) {
  const auto [pitch, yaw, roll] = pose.rotation_rad;
  const double cp = std::cos(pitch), sp = std::sin(pitch), cy = std::cos(yaw), sy = std::sin(yaw),
               cr = std::cos(roll), sr = std::sin(roll);
  // Roll, then pitch around x, then yaw around y.
  const double r[3][3] = {{cy * cr + sy * sp * sr, sy * sp * cr - cy * sr, sy * cp},
                          {cp * sr, cp * cr, -sp},
                          {cy * sp * sr - sy * cr, sy * sr + cy * sp * cr, cy * cp}};
  View view{};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      view.m[i][j] = r[i][j] * (i < 2 ? focal_px : 1) * (j < 2 ? 1 : focal_px) / focal_px;
  // The scene's plane moves against the camera.
  const double shift[] = {pose.translation_mm[0] * object_px_per_mm,
                          pose.translation_mm[1] * object_px_per_mm};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) view.m[i][j] += shift[i] * view.m[2][j];
  return view;
}

// One over the whole mosaic, tabulated over the squared relative radius.
class Shading {
 public:
  Shading(const LensProfile& lens, int channel) {
    for (int i = 0; i <= entries; ++i)
      table_.push_back(float(lens.shading.at(channel, std::sqrt(double(i) / per_unit))));
  }
  float at(float squared_radius) const {
    const float place = squared_radius * per_unit;
    const int i = std::min(int(place), entries - 1);
    return table_[i] + (place - float(i)) * (table_[i + 1] - table_[i]);
  }

 private:
  static constexpr int entries = 4096;
  static constexpr float per_unit = entries / 2.25f;
  std::vector<float> table_;
};

}  // namespace

PaintGrid grid_of(const LensProfile& lens, double margin_px) {
  // The farthest that a pixel of the frame's border looks.
  const double half_x = lens.sensor.width_px / 2.0, half_y = lens.sensor.height_px / 2.0,
               axis_x = (2 * lens.center_x - 1) * half_x, axis_y = (2 * lens.center_y - 1) * half_y,
               half = lens.sensor.half_diagonal_px();
  double reach_x = half_x, reach_y = half_y;
  constexpr int steps = 32;
  for (int c = 0; c < 3; ++c) {
    const IdealPlace place(lens, c);
    for (int i = -steps; i <= steps; ++i)
      for (const int side : {-1, 1}) {
        const double along = double(i) / steps;
        const std::pair<double, double> border[] = {{side * half_x, along * half_y},
                                                    {along * half_x, side * half_y}};
        for (const auto& [x, y] : border) {
          const double dx = x - axis_x, dy = y - axis_y;
          const double ratio = place.ratio(float((dx * dx + dy * dy) / (half * half)));
          reach_x = std::max(reach_x, std::abs(axis_x + dx * ratio));
          reach_y = std::max(reach_y, std::abs(axis_y + dy * ratio));
        }
      }
  }
  constexpr double step = 0.5;
  constexpr int whole = 64;  // cells of a tile
  PaintGrid grid;
  const auto cells = [&](double reach) {
    return int(std::ceil(2 * (reach + margin_px + 4) / step / whole)) * whole;
  };
  grid.width = cells(reach_x);
  grid.height = cells(reach_y);
  grid.step = step;
  grid.first_x = -(grid.width - 1) / 2.0 * step;
  grid.first_y = -(grid.height - 1) / 2.0 * step;
  grid.frame_width = lens.sensor.width_px;
  grid.frame_height = lens.sensor.height_px;
  return grid;
}

Image<float> pixel_light(const Image<Half>& blurred, const PaintGrid& grid, const LensProfile& lens,
                         const Exposure& exposure) {
  invariant(!exposure.path.empty());
  const ProfileSensor& sensor = lens.sensor;
  const double focal_px = lens.focal_length_mm * 1000 / sensor.pixel_um / corrected_scale(lens);
  const bool near = std::isfinite(exposure.object_distance_mm) && exposure.object_distance_mm > 0;
  std::vector<Lookup> looks;
  for (const CameraPose& pose : exposure.path) {
    const View view = view_of(pose, focal_px, near ? focal_px / exposure.object_distance_mm : 0);
    // From pixels of the photograph to cells.
    Lookup look;
    for (int j = 0; j < 3; ++j) {
      look.u[j] = float((view.m[0][j] - grid.first_x * view.m[2][j]) / grid.step);
      look.v[j] = float((view.m[1][j] - grid.first_y * view.m[2][j]) / grid.step);
      look.w[j] = float(view.m[2][j]);
    }
    looks.push_back(look);
  }
  const IdealPlace places[] = {{lens, 0}, {lens, 1}, {lens, 2}};
  const Shading shading[] = {{lens, 0}, {lens, 1}, {lens, 2}};
  const double half = sensor.half_diagonal_px();
  const auto per_half = float(1 / (half * half));
  const auto axis_x = float(lens.center_x * sensor.width_px),
             axis_y = float(lens.center_y * sensor.height_px);
  const auto from_middle_x = float(axis_x - sensor.width_px / 2.0),
             from_middle_y = float(axis_y - sensor.height_px / 2.0);
  const Sampler sampler(blurred);

  Image<float> light(sensor.width_px, sensor.height_px);
  parallel_blocks(light.height(), 16, [&](int first, int last) {
    std::vector<IdealPoint> points(light.width());
    std::vector<float> gains(light.width());
    for (int y = first; y < last; ++y) {
      for (int x = 0; x < light.width(); ++x) {
        const int c = int(exposure.cfa.at(x, y));
        const float dx = float(x) + 0.5f - axis_x, dy = float(y) + 0.5f - axis_y;
        const float squared = (dx * dx + dy * dy) * per_half, ratio = places[c].ratio(squared);
        points[x] = {from_middle_x + dx * ratio, from_middle_y + dy * ratio};
        gains[x] = shading[c].at(squared) / float(looks.size());
      }
      const int even = int(exposure.cfa.at(0, y)), odd = int(exposure.cfa.at(1, y));
      sampler.add_up(points, gains, looks, even, odd, light.row(y));
    }
  });
  return light;
}

}  // namespace lichtbild
