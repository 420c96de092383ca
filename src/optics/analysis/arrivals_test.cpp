// Wavefronts of defocused perfect imagers, whose path differences are closed forms.
#include "optics/analysis/arrivals.h"

#include <gtest/gtest.h>

#include "optics/analysis/chief_ray.h"
#include "optics/lens_in_code.h"

namespace lichtbild::optics {
namespace {

using namespace in_code;

// A wave that converges at a point, counted from a sphere of the radius r about a point d behind
// it: d (1 - cos a) - (r - sqrt(r^2 - d^2 sin^2 a)) at the angle a. Rounding: 1e-16 of 200 mm.
void expect_defocus(const System& s, double d) {
  const ChiefRays chiefs = *chief_rays(s, {});
  const ReferenceSphere sphere = reference_sphere(s, 0, chiefs.reference, chiefs.reference);
  const double r = std::abs(sphere.radius_mm);
  const Bundle bundle(s, {}, 0);
  double largest = 0;
  for (const PupilPoint p : {PupilPoint{0, 0}, {0, 1}, {-0.5, 0.5}, {0.3, -0.9}}) {
    const Arrival a = *arrive(s, 0, *bundle.launch(p));
    const double cosine = std::abs(a.direction.z),
                 across = d * std::hypot(a.direction.x, a.direction.y);
    const double sag =
        std::isinf(r) ? 0 : across * across / (r + std::sqrt(r * r - across * across));
    EXPECT_NEAR(sphere.path_difference_mm(a), d * (1 - cosine) - sag, 1e-13);
    largest = std::max(largest, std::abs(sphere.path_difference_mm(a)));
  }
  EXPECT_GT(largest, 1e-3 * std::abs(d));
}

TEST(Wavefront, OfADefocusedLens) {
  for (const double d : {-0.5, 0.2, 2.0}) {
    std::vector<Surface> surfaces = plano_hyperbolic(100, 1.7, 5);
    surfaces[1].thickness_mm += d;
    expect_defocus(system(lens(surfaces, pupil_diameter(30))), d);
  }
}
TEST(Wavefront, OfADefocusedMirror) {
  for (const double d : {-0.5, 0.2})
    expect_defocus(system(lens({mirror(-200, -100 - d, -1)}, pupil_diameter(30))), d);
}
// A stop in the front focal plane has its image at infinity: the sphere is a plane.
TEST(Wavefront, CountedFromAPlane) {
  for (const double d : {-0.5, 0.2})
    expect_defocus(system(lens({stop(100), mirror(-200, -100 - d, -1)}, pupil_diameter(30))), d);
}

// In focus nothing is left, at any aperture: 60 mm wide at f = 50.
TEST(Wavefront, OfAPerfectImagerIsNone) {
  const System s = system(lens({mirror(-100, -50, -1)}, pupil_diameter(60)));
  const ChiefRays chiefs = *chief_rays(s, {});
  const ReferenceSphere sphere = reference_sphere(s, 0, chiefs.reference, chiefs.reference);
  const Bundle bundle(s, {}, 0);
  for (const PupilPoint p : {PupilPoint{0, 0.5}, {1, 0}, {-0.6, -0.8}})
    EXPECT_NEAR(sphere.path_difference_mm(*arrive(s, 0, *bundle.launch(p))), 0, 1e-13);
}

// The grid's points stand for equal squares of the disk.
TEST(PupilGrid, CoversTheDisk) {
  for (const int across : {16, 64, 256}) {
    const double cell = 2.0 / across;
    EXPECT_NEAR(double(pupil_grid(across).size()) * cell * cell, M_PI, 2 * cell);
  }
}

}  // namespace
}  // namespace lichtbild::optics
