// First order against the formulas of thin and thick lenses, two mirrors, and Newton's equation.
#include "optics/first_order.h"

#include <gtest/gtest.h>

#include "optics/aim.h"
#include "optics/lens_in_code.h"

namespace lichtbild::optics {
namespace {

using namespace in_code;

const FirstOrder& paraxial(const System& s) { return s.paraxial(); }

TEST(FirstOrder, ThinLens) {
  const double r1 = 40, r2 = -70, n = 1.6;
  const System s = system(lens({surface(r1, 0, n), surface(r2, 50)}, pupil_diameter(5)));
  const double f = 1 / ((n - 1) * (1 / r1 - 1 / r2));
  EXPECT_NEAR(paraxial(s).efl_mm, f, 1e-12);
  EXPECT_NEAR(paraxial(s).bfl_mm, f, 1e-12);
  EXPECT_NEAR(paraxial(s).ffl_mm, -f, 1e-12);
  EXPECT_NEAR(paraxial(s).f_number, f / 5, 1e-13);
  EXPECT_NEAR(paraxial(s).front_principal_plane_mm, 0, 1e-12);
  EXPECT_NEAR(paraxial(s).rear_principal_plane_mm, 0, 1e-12);
}

TEST(FirstOrder, BallLens) {
  const double d = 8, n = 1.7;
  const System s = system(lens({surface(d / 2, d, n), surface(-d / 2, 2)}, pupil_diameter(1)));
  const double f = n * d / (4 * (n - 1));
  EXPECT_NEAR(paraxial(s).efl_mm, f, 1e-13);
  EXPECT_NEAR(paraxial(s).bfl_mm, f - d / 2, 1e-13);
  EXPECT_NEAR(paraxial(s).front_principal_plane_mm, d / 2, 1e-13) << "both in the center";
  EXPECT_NEAR(paraxial(s).rear_principal_plane_mm, -d / 2, 1e-13);
}

TEST(FirstOrder, ThickLens) {
  const double r1 = 30, r2 = 90, t = 12, n = 1.5, power = n - 1;
  const System s = system(lens({surface(r1, t, n), surface(r2, 50)}, pupil_diameter(5)));
  const double f = 1 / (power * (1 / r1 - 1 / r2 + power * t / (n * r1 * r2)));
  EXPECT_NEAR(paraxial(s).efl_mm, f, 1e-12);
  EXPECT_NEAR(paraxial(s).bfl_mm, f * (1 - power * t / (n * r1)), 1e-12);
  EXPECT_NEAR(paraxial(s).ffl_mm, -f * (1 + power * t / (n * r2)), 1e-12);
  EXPECT_NEAR(paraxial(s).total_track_mm, t + 50, 1e-14);
  EXPECT_NEAR(paraxial(s).overall_length_mm, t, 1e-14);
}

TEST(FirstOrder, TwoMirrors) {
  const double f1 = 100, f2 = -40, d = 70;
  const System s = system(lens({mirror(-2 * f1, -d), mirror(2 * f2, 90)}, pupil_diameter(20)));
  const double f = f1 * f2 / (f1 + f2 - d);
  EXPECT_NEAR(paraxial(s).efl_mm, f, 1e-11);
  EXPECT_NEAR(paraxial(s).bfl_mm, f * (f1 - d) / f1, 1e-11);
  EXPECT_NEAR(paraxial(s).f_number, f / 20, 1e-12);
}

// x x' = -f^2, from the focal points; the magnification is f / x.
TEST(FirstOrder, NewtonsEquation) {
  Lens l = lens({surface(30, 12, 1.5), surface(-90, 50)}, pupil_diameter(5));
  const FirstOrder infinite = paraxial(system(l));
  const double f = infinite.efl_mm;
  for (const double distance : {60.0, 90.0, 200.0, 1e4, -70.0}) {
    l.object_distance_mm = distance;
    const System s = system(l);
    const double x = -distance - infinite.ffl_mm;
    EXPECT_NEAR((paraxial(s).paraxial_image_distance_mm - infinite.bfl_mm) * x, -f * f,
                1e-9 * f * f);
    EXPECT_NEAR(paraxial(s).magnification, f / x, 1e-10) << distance;
  }
}

// A stop at the distance d before or behind a thin lens: the other pupil is its image.
TEST(FirstOrder, PupilsOfFrontAndRearStops) {
  const double r = 50, n = 1.5, f = r, d = 15;
  const Surface front = surface(r, 0, n), back = surface(-r, 50);
  const System before = system(lens({stop(d), front, back}, pupil_diameter(6)));
  // 1 / s' = 1 / f - 1 / d: virtual, before the lens.
  const double image = 1 / (1 / f - 1 / d);
  EXPECT_NEAR(paraxial(before).entrance.position_mm, 0, 1e-14);
  EXPECT_NEAR(paraxial(before).entrance.diameter_mm, 6, 1e-14);
  EXPECT_NEAR(paraxial(before).exit.position_mm, image, 1e-12);
  EXPECT_NEAR(paraxial(before).exit.diameter_mm, 6 * std::abs(image / d), 1e-12);

  Surface back_before_stop = back;
  back_before_stop.thickness_mm = d;
  const System behind = system(lens({front, back_before_stop, stop(35)}, pupil_diameter(6)));
  EXPECT_NEAR(paraxial(behind).exit.position_mm, 0, 1e-14);
  EXPECT_NEAR(paraxial(behind).entrance.position_mm, -image, 1e-12);
  EXPECT_NEAR(paraxial(behind).exit.diameter_mm, 6 * std::abs(d / image), 1e-12);
}

// ---- Kinds of aperture: one beam described in every way
// --------------------------------------------

using Kind = SystemAperture::Kind;

double pupil_of(Lens l, Kind kind, double value) {
  l.aperture = {kind, value};
  return system(l).paraxial().entrance.diameter_mm;
}

TEST(FirstOrder, KindsOfApertureOfADistantObject) {
  const Lens l = lens(double_gauss(), pupil_diameter(20));
  const System s = system(l);
  EXPECT_NEAR(pupil_of(l, Kind::f_number, s.paraxial().efl_mm / 20), 20, 1e-12);
  const double slope = 10 / s.paraxial().efl_mm;
  EXPECT_NEAR(pupil_of(l, Kind::image_na, std::sin(std::atan(slope))), 20, 1e-12);
  EXPECT_NEAR(s.paraxial().image_na, std::sin(std::atan(slope)), 1e-14);
}

// A thin lens at twice its focal length: what leaves at u arrives at u.
TEST(FirstOrder, KindsOfApertureOfANearObject) {
  Lens l = lens({surface(50, 0, 1.5), surface(-50, 100)}, pupil_diameter(6));
  l.object_distance_mm = 100;
  const double na = std::sin(std::atan(3.0 / 100));
  EXPECT_NEAR(pupil_of(l, Kind::object_na, na), 6, 1e-13);
  EXPECT_NEAR(pupil_of(l, Kind::image_na, na), 6, 1e-13);
  EXPECT_NEAR(pupil_of(l, Kind::stop_semi_diameter_mm, 3), 6, 1e-13);
  EXPECT_NEAR(system(l).paraxial().paraxial_working_f_number, 100.0 / 6, 1e-12);
}

// Behind a front group the stop's size is met by real rays, as lens.h says.
TEST(FirstOrder, StopSizeIsMetByRealRays) {
  Lens l = lens(double_gauss(), {Kind::stop_semi_diameter_mm, 9}, {0, 10});
  const System s = system(l);
  for (const double deg : {0.0, 10.0}) {
    const Bundle bundle(s, field_y(deg), 0);
    EXPECT_NEAR(bundle.stop_radius_mm(), 9, 1e-12);
    const auto ray = bundle.launch({0, 1});
    ASSERT_TRUE(ray);
    const Traced<double> end = trace(s.path(), *ray, nullptr, {.clip = false, .last = s.stop});
    EXPECT_NEAR(end.ray.position.y, 9, 1e-9);
  }
}

}  // namespace
}  // namespace lichtbild::optics
