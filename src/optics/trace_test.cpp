// Real rays against closed forms: stigmatic surfaces, Snell's law, tilted mirrors, reversed lenses.
#include "optics/trace.h"

#include <gtest/gtest.h>

#include "optics/aim.h"
#include "optics/lens_in_code.h"

namespace lichtbild::optics {
namespace {

using namespace in_code;
using V = Vec3<double>;

// A ray in the plane x = 0 at the angle `sine` with the axis, through (0, y, z).
Ray<double> ray_through(double y, double z, double sine) {
  return {{0, y, z}, {0, sine, std::sqrt(1 - sine * sine)}};
}

Traced<double> traced(const System& s, const Ray<double>& ray) { return trace(s.path(), ray); }

// A sphere refracts without aberration between the points R n' / n and R n / n' behind its center.
// Rounding: 1e-16 of 25 mm, times a few operations and 1 / cos of the steepest incidence, 1.8.
TEST(Trace, AplanaticPointsOfASphereInConvergingLight) {
  const double r = 10, n = 1.5;
  const System s = system(lens({surface(r, r * (1 + 1 / n), n)}, pupil_diameter(1)));
  for (const double sine : {-0.55, -0.2, 0.001, 0.3, 0.55}) {
    const double slope = sine / std::sqrt(1 - sine * sine), from = -5, to = r * (1 + n);
    const Traced<double> end = traced(s, ray_through((from - to) * slope, from, sine));
    ASSERT_EQ(end.status, RayStatus::ok) << sine;
    EXPECT_NEAR(end.ray.position.y, 0, 1e-12) << sine;
    EXPECT_NEAR(end.ray.direction.y, sine * n, 1e-13) << "Abbe's sine condition, at " << sine;
  }
}

TEST(Trace, AplanaticPointsOfASphereInDivergingLight) {
  const double r = 10, n = 1.5;
  Lens l = lens({surface(-r, 1)}, pupil_diameter(1));
  l.object_material = ConstantIndex{n};
  const System s = system(l);
  std::vector<Hit<double>> hits;
  for (const double sine : {-0.6, 0.1, 0.4, 0.6}) {
    trace(s.path(), ray_through(0, -r * (1 + 1 / n), sine), &hits);
    ASSERT_EQ(hits.size(), 2u);
    const Hit<double>& h = hits[0];
    const double back = (-r * (1 + n) - h.position.z) / h.direction.z;
    EXPECT_NEAR(h.position.y + back * h.direction.y, 0, 1e-12 / 0.4) << sine;
  }
}

// Axial bundles that meet in one point, by equal paths: the conics of Descartes.
void expect_focus(const System& s, double largest_height) {
  const double path = traced(s, {{0, 0, -20}, {0, 0, 1}}).optical_path;
  for (double share = -1; share <= 1; share += 0.125) {
    const double h = share * largest_height;
    const Traced<double> end = traced(s, {{0.6 * h, 0.8 * h, -20}, {0, 0, 1}});
    ASSERT_EQ(end.status, RayStatus::ok) << h;
    EXPECT_NEAR(end.ray.position.x, 0, 1e-12) << h;
    EXPECT_NEAR(end.ray.position.y, 0, 1e-12) << h;
    EXPECT_NEAR(end.optical_path, path, 1e-12 * 100) << h;
  }
}
TEST(Trace, ParaboloidFocusesAnAxialBundle) {
  expect_focus(system(lens({mirror(-100, -50, -1)}, pupil_diameter(10))), 60);
}
TEST(Trace, PlanoHyperbolicLensFocusesAnAxialBundle) {
  expect_focus(system(lens(plano_hyperbolic(40, 1.5, 8), pupil_diameter(10))), 25);
}
TEST(Trace, EllipsoidFocusesAnAxialBundleInGlass) {
  const double n = 1.6, f = 30;  // in glass: n R / (n - 1)
  expect_focus(system(lens({surface(f * (n - 1) / n, f, n, -1 / (n * n))}, pupil_diameter(10))),
               12);
}

// An ellipsoidal mirror between its foci at a (1 + e) and a (1 - e), both in front of it.
TEST(Trace, EllipsoidalMirrorCarriesOneFocusToTheOther) {
  const double a = 50, e = 0.6;
  const System s =
      system(lens({mirror(-a * (1 - e * e), -a * (1 - e), -e * e)}, pupil_diameter(1)));
  for (const double sine : {-0.4, 0.0, 0.2, 0.45}) {
    const Traced<double> end = traced(s, ray_through(0, -a * (1 + e), sine));
    ASSERT_EQ(end.status, RayStatus::ok);
    EXPECT_NEAR(end.ray.position.y, 0, 1e-12) << sine;
    EXPECT_NEAR(end.optical_path, 2 * a, 1e-12);
  }
}

TEST(Trace, SnellAtAPlane) {
  const System s = system(lens({surface(INFINITY, 3, 1.5)}, pupil_diameter(1)));
  const Traced<double> end = traced(s, ray_through(-2, -1, 0.5));
  EXPECT_NEAR(end.ray.direction.y, 0.5 / 1.5, 1e-15);
  const double at_plane = -2 + 0.5 / std::sqrt(0.75);
  EXPECT_NEAR(end.ray.position.y, at_plane + 3 * (1.0 / 3) / std::sqrt(8.0 / 9), 1e-14);
  EXPECT_NEAR(end.optical_path, 1 / std::sqrt(0.75) + 1.5 * 3 / std::sqrt(8.0 / 9), 1e-14);
}

TEST(Trace, TotalReflectionBeginsAtTheCriticalAngle) {
  Lens l = lens({surface(INFINITY, 1, 1.5), surface(INFINITY, 3)}, pupil_diameter(1));
  l.object_material = ConstantIndex{1.5};
  const System s = system(l);
  EXPECT_EQ(traced(s, ray_through(0, -1, 1 / 1.5 - 1e-9)).status, RayStatus::ok);
  const Traced<double> lost = traced(s, ray_through(0, -1, 1 / 1.5 + 1e-9));
  EXPECT_EQ(lost.status, RayStatus::total_reflection);
  EXPECT_EQ(lost.surface, 1);
  EXPECT_STREQ(name(lost.status), "total_reflection");
}

TEST(Trace, RaysThatPassASphereMissIt) {
  const System s = system(lens({surface(INFINITY, 1), surface(10, 3, 1.5)}, pupil_diameter(1)));
  EXPECT_EQ(traced(s, {{0, 9.9, -1}, {0, 0, 1}}).status, RayStatus::ok);
  const Traced<double> lost = traced(s, {{0, 10.1, -1}, {0, 0, 1}});
  EXPECT_EQ(lost.status, RayStatus::missed);
  EXPECT_EQ(lost.surface, 1);
}

// The half of a sphere beyond its equator is no part of the surface: a ray that meets only that one
// has missed. This one cuts the sphere at 26 and 53 degrees behind the equator.
TEST(Trace, RaysThatMeetOnlyTheFarHalfOfASphereMissIt) {
  const System s = system(lens({surface(10, 3, 1.5)}, pupil_diameter(1)));
  const V from{0, 15.2, 0}, toward{0, -1.8, 4};
  const double length = std::sqrt(dot(toward, toward));
  EXPECT_EQ(traced(s, {from, (1 / length) * toward}).status, RayStatus::missed);
}

// ---- Reversed lenses
// ------------------------------------------------------------------------------

Path<double> reversed(const System& s) {
  Lens back = s.lens;
  back.surfaces.clear();
  const int count = s.image();
  back.object_material = s.lens.surfaces.back().material;
  for (int i = count - 1; i >= 0; --i) {
    Surface r = s.lens.surfaces[i];
    r.shape.curvature = -r.shape.curvature;
    if (auto* even = std::get_if<EvenAsphere>(&r.shape.form))
      for (double& c : even->coefficients) c = -c;
    r.thickness_mm = i > 0 ? s.lens.surfaces[i - 1].thickness_mm : 0;
    r.material = i > 0 ? s.lens.surfaces[i - 1].material : s.lens.object_material;
    back.surfaces.push_back(r);
  }
  return system(back).path();
}

// Back through the reversed lens a ray returns to where it started. Rounding grows with the lens's
// power to move a ray, a few thousand times 1e-16 of 50 mm: well below 1e-11.
void expect_return(const System& s, const std::vector<double>& angles, double reach_mm) {
  const Path<double> back = reversed(s);
  const double last = s.lens.surfaces.back().thickness_mm;
  for (const double deg : angles) {
    const Bundle bundle(s, field_y(deg), 0);
    ASSERT_TRUE(bundle.found()) << deg;
    for (const PupilPoint p : {PupilPoint{0, 0}, {0.6, 0.7}, {-0.9, 0.1}, {0, -0.95}}) {
      auto ray = bundle.launch(p);
      if (!ray) continue;
      const double to_plane = -ray->position.z / ray->direction.z;
      ray->position = ray->position + to_plane * ray->direction;
      const Traced<double> end = trace(s.path(), *ray, nullptr, {.clip = false});
      if (end.status != RayStatus::ok) continue;
      const V d = end.ray.direction, at = end.ray.position;
      const Traced<double> home =
          trace(back, Ray<double>{{at.x, at.y, -last - at.z}, {-d.x, -d.y, d.z}}, nullptr,
                {.clip = false});
      ASSERT_EQ(home.status, RayStatus::ok);
      EXPECT_LT(std::hypot(ray->position.x, ray->position.y), reach_mm);
      EXPECT_NEAR(home.ray.position.x, ray->position.x, 1e-11);
      EXPECT_NEAR(home.ray.position.y, ray->position.y, 1e-11);
      EXPECT_NEAR(home.ray.direction.y, -ray->direction.y, 1e-12);
      EXPECT_NEAR(home.optical_path, end.optical_path, 1e-11);
    }
  }
}
TEST(Trace, RaysReturnThroughADoubleGauss) {
  const Lens l = lens(double_gauss(), {SystemAperture::Kind::f_number, 2}, {0, 10, 20});
  expect_return(system(l), {0, 10, 20}, 60);
}
TEST(Trace, RaysReturnThroughAspheres) {
  std::vector<Surface> surfaces{stop(0.1), surface(2.2, 0.6, 1.5444, 3), surface(-4, 0.3, 1, 20),
                                surface(-1.9, 0.6, 1.5444, 1), surface(-0.9, 1.2, 1, -1)};
  surfaces[1].shape.form = EvenAsphere{{0, -0.05, 0.02, -0.03}};
  surfaces[4].shape.form = EvenAsphere{{0, 0.05, -0.06, 0.04}};
  expect_return(system(lens(surfaces, pupil_diameter(0.8), {0, 25})), {0, 15, 25}, 3);
}

// ---- What clips
// -----------------------------------------------------------------------------------

RayStatus at(const Surface& clipping, double x, double y) {
  const System s = system(lens({stop(1), clipping}, pupil_diameter(1)));
  const Traced<double> end = traced(s, {{x, y, -1}, {0, 0, 1}});
  if (end.status != RayStatus::ok) {
    EXPECT_EQ(end.surface, 1);
  }
  return end.status;
}
TEST(Trace, ClearRadiusClips) {
  Surface s = surface(30, 2, 1.5);
  s.semi_diameter_mm = 4;
  EXPECT_EQ(at(s, 0, 3.999), RayStatus::ok);
  EXPECT_EQ(at(s, 2.9, 2.9), RayStatus::clipped);
}
TEST(Trace, AperturesClip) {
  Surface s = surface(INFINITY, 2);
  s.aperture = ClearAperture{CircularAperture{1, 3}, 0.5, 0};
  EXPECT_EQ(at(s, 0.5, 0.9), RayStatus::clipped) << "the central obscuration";
  EXPECT_EQ(at(s, 0.5, 1.1), RayStatus::ok);
  EXPECT_EQ(at(s, 3.4, 0), RayStatus::ok);
  EXPECT_EQ(at(s, -2.6, 0), RayStatus::clipped) << "the aperture is decentered";
  s.aperture = ClearAperture{RectangularAperture{2, 1, false}, 0, -1};
  EXPECT_EQ(at(s, 1.9, -1.9), RayStatus::ok);
  EXPECT_EQ(at(s, 1.9, 0.1), RayStatus::clipped);
  EXPECT_EQ(at(s, 2.1, -1), RayStatus::clipped);
  s.aperture = ClearAperture{RectangularAperture{2, 1, true}, 0, 0};
  EXPECT_EQ(at(s, 1.9, 0.9), RayStatus::clipped);
  EXPECT_EQ(at(s, 1.9, 1.1), RayStatus::ok);
}
TEST(Trace, ClippingCanBeLeftOut) {
  Surface s = surface(INFINITY, 2);
  s.semi_diameter_mm = 1;
  const System clipped = system(lens({stop(1), s}, pupil_diameter(1)));
  const Ray<double> ray{{0, 2, -1}, {0, 0, 1}};
  EXPECT_EQ(trace(clipped.path(), ray).status, RayStatus::clipped);
  EXPECT_EQ(trace(clipped.path(), ray, nullptr, {.clip = false}).status, RayStatus::ok);
}

// ---- Tilts
// ----------------------------------------------------------------------------------------

// A plane mirror whose normal is turned by the angle a turns the axis by 2 a. Positive about x: +z
// towards +y, so the normal is (0, sin a, cos a) and the axis goes to (0, -sin 2a, -cos 2a).
V reflected(double tilt_x, double tilt_y, Placement::After after) {
  Surface m = mirror(INFINITY, -5);
  m.placement.emplace();
  m.placement->tilt_x_deg = tilt_x;
  m.placement->tilt_y_deg = tilt_y;
  m.placement->after = after;
  const System s = system(lens({stop(5), m}, pupil_diameter(1)));
  return traced(s, {{0, 0, -1}, {0, 0, 1}}).ray.direction;
}
void expect_direction(const V& d, const V& expected) {
  EXPECT_NEAR(d.x, expected.x, 1e-15);
  EXPECT_NEAR(d.y, expected.y, 1e-15);
  EXPECT_NEAR(d.z, expected.z, 1e-15);
}
TEST(Trace, TiltedMirrorTurnsTheAxis) {
  using After = Placement::After;
  for (const double deg : {-25.0, 10.0, 30.0}) {
    const double a = deg * M_PI / 180;
    expect_direction(reflected(deg, 0, After::restore), {0, -std::sin(2 * a), -std::cos(2 * a)});
    // A positive tilt about y turns +z towards -x: the normal is (-sin a, 0, cos a).
    expect_direction(reflected(0, deg, After::restore), {std::sin(2 * a), 0, -std::cos(2 * a)});
    // In the mirror's own axes the light leaves at the angle it came in at.
    expect_direction(reflected(deg, 0, After::stay), {0, -std::sin(a), -std::cos(a)});
    // Bent axes follow the light.
    expect_direction(reflected(deg, 0, After::bend), {0, 0, -1});
    expect_direction(reflected(0, deg, After::bend), {0, 0, -1});
  }
}

// A plane-parallel plate at the angle a shifts a ray by t sin a (1 - cos a / sqrt(n^2 - sin^2 a)).
TEST(Trace, TiltedPlateShiftsTheAxis) {
  const double a = 30 * M_PI / 180, n = 1.5, t = 4;
  Surface tilt = surface(INFINITY, 0);
  tilt.coordinate_break = true;
  tilt.placement.emplace();
  Surface back = tilt;
  tilt.placement->tilt_x_deg = 30;
  back.placement->tilt_x_deg = -30;
  const System s = system(lens(
      {stop(5), tilt, surface(INFINITY, t, n), surface(INFINITY, 0), back, surface(INFINITY, 20)},
      pupil_diameter(1)));
  const Traced<double> end = traced(s, {{0, 0, -1}, {0, 0, 1}});
  ASSERT_EQ(end.status, RayStatus::ok);
  expect_direction(end.ray.direction, {0, 0, 1});
  const double shift = t * std::sin(a) * (1 - std::cos(a) / std::sqrt(n * n - 0.25));
  // The plate's rear vertex stands t sin a aside of the axis; the axes move on from there.
  EXPECT_NEAR(std::abs(end.ray.position.y + t * std::sin(a)), shift, 1e-14);
}

// ---- Steep aspheres
// -------------------------------------------------------------------------------

// Slopes of 45 degrees and beyond, rays up to 60 degrees: a value or a reason, never a NaN; and a
// value lies on the surface.
TEST(Trace, SteepAspheresStayInTheDomain) {
  Surface s = surface(1.2, 1, 1.54, 2.5);
  s.shape.form = EvenAsphere{{0, 0.2, -0.1, 0.05}};
  const System steep = system(lens({s}, pupil_diameter(0.2)));
  const ShapeOf<double> shape = shape_of(s.shape);
  int ok = 0, failed = 0;
  double steepest = 0;
  std::vector<Hit<double>> hits;
  for (double y = -1.5; y <= 1.5; y += 0.02)
    for (double sine = -0.86; sine <= 0.86; sine += 0.05) {
      const Ray<double> ray = ray_through(y, -0.5, sine);
      const Traced<double> end = trace(steep.path(), ray, &hits);
      if (end.status != RayStatus::ok) {
        ++failed;
        continue;
      }
      ++ok;
      const V p = hits[0].position, d = end.ray.direction;
      ASSERT_TRUE(std::isfinite(p.y) && std::isfinite(d.y) && std::isfinite(end.optical_path));
      EXPECT_NEAR(dot(d, d), 1, 1e-12);
      const double along =
          (p.y - ray.position.y) * ray.direction.z - (p.z - ray.position.z) * ray.direction.y;
      EXPECT_NEAR(along, 0, 1e-11) << "off the ray at y " << y << ", sine " << sine;
      steepest = std::max(steepest, std::abs(sag(shape, p.x, p.y).dy));
    }
  EXPECT_GT(ok, 1000);
  EXPECT_GT(failed, 100);
  EXPECT_GT(steepest, 1) << "slopes of 45 degrees were met";
}

// A rear surface that turns away at its rim (US 20260153713 A1, example 12, surface 10): some rays
// cross it from in front to behind twice, and the crossing near the axis is where they meet glass.
// The other lies nearer to the vertex's plane, where Newton's iteration starts.
TEST(Trace, OfTwoCrossingsTheOneNearTheAxisIsTaken) {
  Surface s = surface(-5.0896, 1, 1.001, -12.97406);
  s.shape.form = EvenAsphere{{0, -0.198398982, 0.564597814, -1.15872239, 1.43859549, -1.12970087,
                              0.562759798, -0.171678548, 0.0290549459, -0.00206972546}};
  const System bent = system(lens({s}, pupil_diameter(0.2)));
  const ShapeOf<double> shape = shape_of(s.shape);
  std::vector<Hit<double>> hits;
  int twice = 0, rays = 0;
  for (double y = 1.2; y <= 1.5; y += 0.005)
    for (double sine = 0.3; sine <= 0.55; sine += 0.01) {
      const Ray<double> ray = ray_through(y, -0.9, sine);
      // In steps of a thousandth, from in front on.
      std::vector<double> crossings;
      double before = -1;
      for (double t = 0; t < 1.6; t += 1e-3) {
        const V p = ray.position + t * ray.direction;
        const double above = p.z - sag(shape, p.x, p.y).z;
        if (before < 0 && above >= 0) crossings.push_back(p.y);
        before = above;
      }
      if (crossings.empty()) continue;
      ++rays;
      twice += crossings.size() > 1;
      trace(bent.path(), ray, &hits);
      ASSERT_FALSE(hits.empty());
      EXPECT_NEAR(hits[0].position.y, crossings[0], 1e-3) << "y " << y << ", sine " << sine;
    }
  EXPECT_GT(rays, 1000);
  EXPECT_GT(twice, 100);
}

}  // namespace
}  // namespace lichtbild::optics
