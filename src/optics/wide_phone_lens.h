// A phone lens of seven aspheric elements and a filter, for tests and benches of the trace.
//
// US 11,982,791 B2, 8th embodiment: f = 2.49 mm, f/1.75, half field 55.5 degrees.
#pragma once

#include "optics/trace.h"

namespace lichtbild::optics {

struct WidePhoneLens {
  static constexpr double f_number = 1.75, focal_length_mm = 2.49, half_field_deg = 55.5;
  static constexpr int stop = 4;
  // The radius of the stop that the f-number asks for: from the ray that comes in parallel to the
  // axis at the height focal_length_mm / f_number / 2.
  static constexpr double stop_radius_mm = 1.0598158524;

  // At the d line; the stop clips, no other surface does.
  static Path<double> path();
};

inline Path<double> WidePhoneLens::path() {
  struct Row {
    double radius_mm, thickness_mm, index, conic;
    std::vector<double> from_r4{};
  };
  // clang-format off
  const Row rows[] = {
    {74.047, 0.25, 1.566, -32.187, {0.12415, -0.10249, 0.052246, -0.016084, 0.0017548, 0.00064109, -0.00028752, 4.5236e-05, -2.6624e-06}},
    {2.236, 0.905, 1, 1.2195, {0.14893, -0.11654, 0.2535, -0.73213, 1.2296, -1.1874, 0.66172, -0.19848, 0.0247}},
    {5.5, 0.275, 1.66, 1.239, {-0.051575, -0.16683, 0.55417, -1.218, 1.6451, -1.3721, 0.68446, -0.18535, 0.020865}},
    {10.883, 0.875, 1, -80.468, {-0.069567, -0.14395, 0.60153, -1.5119, 2.3745, -2.3266, 1.3838, -0.45704, 0.064638}},
    {0, -0.266, 1, 0},
    {2.032, 0.684, 1.544, -3.9812, {0.032102, -0.03107, 0.046532, -0.046294, 0.014714, 0.017977, -0.0068544, -0.01307, 0.0096697}},
    {-2.739, 0.337, 1, -1.4055, {0.0077091, -0.059502, 0.072972, -0.064541, 0.048411, -0.0038134, 0.00022218, -0.030881, 0.021708}},
    {17.563, 0.2, 1.688, -90, {0.11357, -0.41155, 0.46638, -0.26185, 0.035931, 0.050792, -0.0035277, -0.033116, 0.014266}},
    {2.491, 0.085, 1, 2.6419, {0.092493, -0.47951, 1.2195, -2.6563, 4.2081, -4.4053, 2.8591, -1.0398, 0.16121}},
    {2.168, 0.297, 1.544, -15.484, {0.0023518, -0.13776, 0.56434, -0.85387, 0.52322, 0.1657, -0.4718, 0.28117, -0.059039}},
    {2.833, 0.687, 1, -11.961, {-0.11766, 0.10823, -0.16733, 0.40328, -0.61365, 0.57053, -0.32174, 0.10119, -0.013693}},
    {-30.59, 0.578, 1.544, -90, {-0.053645, 0.45953, -1.0707, 1.3946, -1.1316, 0.58994, -0.19524, 0.037793, -0.0032999}},
    {-0.785, 0.123, 1, -6.234, {-0.085137, 0.58174, -1.224, 1.4014, -0.9457, 0.38813, -0.095609, 0.013008, -0.00075089}},
    {8.684, 0.25, 1.574, 12.876, {0.19012, -0.51293, 0.46558, -0.2351, 0.070917, -0.012316, 0.0010399, -1.3414e-05, -2.4178e-06}},
    {0.749, 0.6, 1, -5.6542, {0.021612, -0.1593, 0.15989, -0.089131, 0.031158, -0.0069938, 0.00097875, -7.7576e-05, 2.6512e-06}},
    {0, 0.145, 1.517, 0},
    {0, 0.477, 1, 0},
    {0, 0, 1, 0},
  };
  // clang-format on
  Path<double> path;
  double index = 1;
  for (const Row& row : rows) {
    Shape shape{row.radius_mm == 0 ? 0 : 1 / row.radius_mm, row.conic, Conic{}};
    if (!row.from_r4.empty()) {
      EvenAsphere asphere{{0}};
      asphere.coefficients.insert(asphere.coefficients.end(), row.from_r4.begin(),
                                  row.from_r4.end());
      shape.form = asphere;
    }
    Element<double> e;
    e.shape = shape_of(shape);
    e.slopes = slopes_of(e.shape);
    e.thickness = row.thickness_mm;
    e.index_before = index;
    e.index = index = row.index;
    path.push_back(e);
  }
  path[stop].clear_radius_mm = stop_radius_mm;
  return path;
}

}  // namespace lichtbild::optics
