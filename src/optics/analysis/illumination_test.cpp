// Relative illumination and chief-ray angle where both are closed forms.
#include "optics/analysis/illumination.h"

#include <gtest/gtest.h>

#include "optics/analysis/chief_ray.h"
#include "optics/lens_in_code.h"

namespace lichtbild::optics {
namespace {

using namespace in_code;

double solid_angle(const System& s, double field) {
  Bundle bundle(s, field_y(field), 0);
  bundle.fit_map();
  EXPECT_TRUE(bundle.found()) << field;
  return projected_solid_angle(s, bundle);
}
double illumination(const System& s, double field) {
  return solid_angle(s, field) / solid_angle(s, 0);
}

// A rim of 96 points holds less than its circle by (2 pi / 96)^2 / 6.
constexpr double polygon = 1 - 4 * M_PI * M_PI / (96 * 96 * 6.0);

// An object point at the distance D from a small stop, nothing but a thin plate between it and the
// image: the beam's projected solid angle is that of the stop, area cos^4 / D^2.
constexpr double distance = 200;
Lens pinhole(double diameter_mm, const std::vector<double>& heights) {
  Lens l = lens({stop(10), surface(INFINITY, 2, 1.5), surface(INFINITY, 50)},
                pupil_diameter(diameter_mm), heights);
  l.object_distance_mm = distance;
  l.field_kind = FieldKind::object_height_mm;
  return l;
}
TEST(Illumination, FallsByTheFourthPowerOfTheCosine) {
  const System s = system(pinhole(0.02, {0, 100, 200, 300}));
  EXPECT_NEAR(solid_angle(s, 0), M_PI * 1e-4 / (distance * distance) * polygon,
              1e-6 * M_PI * 1e-4 / (distance * distance));
  // What the size of the stop adds is its angle squared, 2.5e-9.
  for (const double height : {100.0, 200.0, 300.0}) {
    const double cosine = distance / std::hypot(distance, height);
    EXPECT_NEAR(illumination(s, height), std::pow(cosine, 4), 1e-7) << height;
  }
}

// On the axis the rim's direction cosine is sin, whatever the size of the beam: pi sin^2.
TEST(Illumination, OfAWideBeamIsPiSineSquared) {
  const System s = system(pinhole(200, {0, 1}));
  const double sine = 100 / std::hypot(distance, 100);
  EXPECT_NEAR(solid_angle(s, 0), M_PI * sine * sine * polygon, 1e-6);
}

// A spherical mirror with its stop at the center of curvature looks the same from every field; the
// stop is foreshortened, and the beam stands at the angle to the plane image: cos^2.
TEST(Illumination, OfAConcentricMirrorFallsByTheSquareOfTheCosine) {
  const System s =
      system(lens({stop(100), mirror(-100, -50)}, pupil_diameter(0.02), {0, 10, 20, 30}));
  for (const double deg : {10.0, 20.0, 30.0})
    EXPECT_NEAR(illumination(s, deg), std::pow(std::cos(deg * M_PI / 180), 2), 1e-6) << deg;
}

// A thin lens with the stop at it. Coddington: both foci have the oblique power (n cos a' - cos a)
// / (n - 1) of the lens's own; tangentially over cos^2, which the foreshortened stop and the tilted
// beam take back. The area in direction cosines grows by the square.
TEST(Illumination, OfAThinLensIsCoddingtons) {
  const double n = 1.5;
  const System s =
      system(lens({surface(50, 0, n), surface(-50, 50)}, pupil_diameter(0.02), {0, 10, 20, 30}));
  for (const double deg : {10.0, 20.0, 30.0}) {
    const double sine = std::sin(deg * M_PI / 180), cosine = std::cos(deg * M_PI / 180);
    const double power = (n * std::sqrt(1 - sine * sine / (n * n)) - cosine) / (n - 1);
    EXPECT_NEAR(illumination(s, deg), power * power, 1e-6) << deg;
  }
}

// A second aperture 100 mm behind the stop: the beam is what two circles share.
double shared_area(double a, double b, double apart) {
  if (apart >= a + b) return 0;
  if (apart <= std::abs(a - b)) return M_PI * std::min(a, b) * std::min(a, b);
  const double x = (apart * apart + a * a - b * b) / (2 * apart), y = apart - x;
  return a * a * std::acos(x / a) + b * b * std::acos(y / b) -
         apart * std::sqrt(std::max(0.0, a * a - x * x));
}
TEST(Illumination, AClearRadiusTakesItsShare) {
  const double radius = 0.5, clear = 1.2, behind = 40;
  Lens l = lens({stop(behind), surface(INFINITY, 50)}, pupil_diameter(2 * radius), {0, 2, 3, 4});
  l.object_distance_mm = distance;
  l.field_kind = FieldKind::object_height_mm;
  const System open = system(l);
  l.surfaces[1].semi_diameter_mm = clear;
  const System vignetted = system(l);
  const double scale = 1 + behind / distance;  // from the stop to the clear aperture
  EXPECT_NEAR(solid_angle(vignetted, 0), solid_angle(open, 0), 1e-15) << "the axis is open";
  for (const double height : {2.0, 3.0, 4.0}) {
    const double share = shared_area(radius, clear / scale, height * behind / distance / scale) /
                         (M_PI * radius * radius);
    // The corners of the crescent fall between two of the 96 rays.
    EXPECT_NEAR(solid_angle(vignetted, height) / solid_angle(open, height), share, 2e-3) << height;
    if (height > 3) {
      EXPECT_LT(share, 0.9);
    }
  }
}

// ---- The chief ray
// ---------------------------------------------------------------------------------

double angle(const System& s, double field) {
  const auto chiefs = chief_rays(s, field_y(field));
  EXPECT_TRUE(chiefs);
  return chief_ray_angle_deg(chiefs->reference);
}

TEST(ChiefRay, KeepsItsAngleThroughPlates) {
  const System s = system(pinhole(1, {0, 100}));
  EXPECT_NEAR(angle(s, 100), std::atan(0.5) * 180 / M_PI, 1e-10);
}

// A paraboloid turns what comes from its focus parallel to its axis: telecentric at any field.
TEST(ChiefRay, OfAStopAtTheFocusOfAParaboloidIsTelecentric) {
  const System s = system(lens({stop(50), mirror(-100, -50, -1)}, pupil_diameter(1), {0, 10, 25}));
  EXPECT_NEAR(angle(s, 10), 0, 1e-9);
  EXPECT_NEAR(angle(s, 25), 0, 1e-9);
  // It arrives at 2 f tan(half the angle): less than f tan by 1 / (1 + tan^2 a/2)... of a mirror
  // whose image stands as high as the ray meets it.
  const auto chiefs = chief_rays(s, field_y(25));
  const double half = std::tan(12.5 * M_PI / 180), height = 100 * half;
  EXPECT_NEAR(image_height_mm(chiefs->reference, field_y(25)), height, 1e-9);
  const double straight = 50 * std::tan(25 * M_PI / 180);
  EXPECT_NEAR(distortion_percent(s, field_y(25), chiefs->reference), (height / straight - 1) * 100,
              1e-9);
}

// Through the center of a sphere nothing is bent, and a concentric image is f sin high.
TEST(ChiefRay, ThroughTheCenterOfASphereIsStraight) {
  const System s = system(lens({stop(10), surface(-10, 30, 1.6)}, pupil_diameter(1), {0, 20}));
  EXPECT_NEAR(angle(s, 20), 20, 1e-10);
}

}  // namespace
}  // namespace lichtbild::optics
