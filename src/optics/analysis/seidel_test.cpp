// Seidel's sums against real rays of a small aperture and field, and color against paraxial rays.
#include "optics/analysis/seidel.h"

#include <gtest/gtest.h>

#include "optics/analysis/arrivals.h"
#include "optics/analysis/chief_ray.h"
#include "optics/lens_in_code.h"

namespace lichtbild::optics {
namespace {

using namespace in_code;

System in_focus(Lens l) {
  l.surfaces.back().thickness_mm = system(l).paraxial().paraxial_image_distance_mm;
  return system(l);
}

// Transverse errors of the real rays of aperture and field shrunk to `share`, divided by share^3
// and by 1 / (2 n' u'): combinations that leave one sum each, and the fifth order times share^2.
SeidelTerms by_rays(const System& s, double share) {
  const FirstOrder& f = s.paraxial();
  const std::size_t last = s.path().size() - 2;
  const double scale =
      2 * f.signed_index[last + 1] * f.marginal.slope[last] / (share * share * share);
  const double tangent = share * f.chief.slope_before;
  const Field field = field_y(std::atan(tangent) * 180 / M_PI);
  struct Error {
    double x, y;
  };
  const auto error = [&](const Field& at, double px, double py) {
    const Bundle bundle(s, at, s.reference(), Aiming::paraxial);
    const auto a = arrive(s, s.reference(), *bundle.launch({px * share, py * share}), false);
    EXPECT_TRUE(a);
    const double ideal = at.y == 0 ? 0 : share * f.paraxial_image_height_mm;
    return Error{scale * a->position.x, scale * (a->position.y - ideal)};
  };
  const Error chief = error(field, 0, 0), up = error(field, 0, 1), down = error(field, 0, -1);
  const Error side = error(field, 1, 0);
  SeidelTerms t;
  t.s1 = error(field_y(0), 0, 1).y;
  t.s2 = ((up.y + down.y) / 2 - chief.y) / 3;
  const double tangential = (up.y - down.y) / 2 - t.s1;  // 3 S3 + S4
  const double sagittal = side.x - t.s1;                 // S3 + S4
  t.s3 = (tangential - sagittal) / 2;
  t.s4 = sagittal - t.s3;
  t.s5 = chief.y;
  return t;
}

// Extrapolated to no aperture from two shares: what is left is of the fourth power of the share,
// times the ratio of seventh to third order, below a thousand here.
SeidelTerms extrapolated(const System& s, double share) {
  const SeidelTerms wide = by_rays(s, share), narrow = by_rays(s, share / 2);
  const auto limit = [](double a, double b) { return (4 * b - a) / 3; };
  return {limit(wide.s1, narrow.s1),
          limit(wide.s2, narrow.s2),
          limit(wide.s3, narrow.s3),
          limit(wide.s4, narrow.s4),
          limit(wide.s5, narrow.s5),
          0,
          0};
}

void expect_rays_agree(const System& s, double share = 0.04) {
  const SeidelTerms sum = seidel(s).sum, rays = extrapolated(s, share);
  double largest = 0;
  for (const SeidelTerms& t : seidel(s).surfaces)
    largest = std::max(
        {largest, std::abs(t.s1), std::abs(t.s2), std::abs(t.s3), std::abs(t.s4), std::abs(t.s5)});
  const double tolerance = 1e-4 * largest;
  EXPECT_NEAR(rays.s1, sum.s1, tolerance) << "spherical";
  EXPECT_NEAR(rays.s2, sum.s2, tolerance) << "coma";
  EXPECT_NEAR(rays.s3, sum.s3, tolerance) << "astigmatism";
  EXPECT_NEAR(rays.s4, sum.s4, tolerance) << "Petzval";
  EXPECT_NEAR(rays.s5, sum.s5, tolerance) << "distortion";
}

Lens singlet() {
  return lens({surface(60, 6, 1.5168), surface(-110, 4), stop(80)}, pupil_diameter(15), {0, 15});
}
Lens gauss() { return lens(double_gauss(), {SystemAperture::Kind::f_number, 2}, {0, 20}); }

// A phone lens of two elements with aspheres, conics and powers of r^2 among them.
Lens phone() {
  std::vector<Surface> s{stop(0.1), surface(2.2, 0.6, 1.5444, 3), surface(-4, 0.3, 1, 20),
                         surface(-1.9, 0.6, 1.64, 1), surface(-0.9, 1.2, 1, -1)};
  s[1].shape.form = EvenAsphere{{0, -0.05, 0.02, -0.03}};
  s[2].shape.form = EvenAsphere{{0.01, 0.02}};
  s[3].shape.form = OddAsphere{{0, 0.02, 0, -0.03, 0, 0.01}};
  s[4].shape.form = EvenAsphere{{0, 0.05, -0.06, 0.04}};
  return lens(s, pupil_diameter(0.9), {0, 30});
}

TEST(Seidel, SumsOfASingletAreItsRays) { expect_rays_agree(in_focus(singlet())); }
TEST(Seidel, SumsOfADoubleGaussAreItsRays) { expect_rays_agree(in_focus(gauss())); }
TEST(Seidel, SumsOfAspheresAreTheirRays) { expect_rays_agree(in_focus(phone())); }
TEST(Seidel, SumsOfForbesSurfacesAreTheirRays) {
  Lens l = phone();
  l.surfaces[1].shape.form = QBfs{1, {0.02, -0.01, 0.003}};
  l.surfaces[4].shape.form = QCon{1.2, {0.03, -0.01, 0.002}};
  expect_rays_agree(in_focus(l));
}
TEST(Seidel, SumsOfTwoMirrorsAreTheirRays) {
  expect_rays_agree(
      in_focus(lens({mirror(-200, -70, -1.2), mirror(-80, 90, -3)}, pupil_diameter(20), {0, 1})));
}

// The textbook's thin lens at its stop, object at infinity (Welford 1986, section 12): astigmatism
// H^2 K, Petzval H^2 K / n, no distortion.
TEST(Seidel, ThinLensAtTheStop) {
  const double n = 1.5;
  const System s =
      system(lens({surface(80, 0, n), surface(-80 / 0.6, 100)}, pupil_diameter(10), {0, 5}));
  const SeidelTerms sum = seidel(s).sum;
  const double power = 1 / s.paraxial().efl_mm, h = 5 * std::tan(5 * M_PI / 180);
  EXPECT_NEAR(sum.s3, h * h * power, 1e-15);
  EXPECT_NEAR(sum.s4, h * h * power / n, 1e-15);
  EXPECT_NEAR(sum.s5, 0, 1e-15);
}

// A paraboloid has no spherical aberration, an aplanatic sphere none and no coma.
TEST(Seidel, StigmaticSurfaces) {
  const System s = system(lens({mirror(-100, -50, -1)}, pupil_diameter(20), {0, 2}));
  EXPECT_NEAR(seidel(s).sum.s1, 0, 1e-16);
  Lens l = lens({surface(INFINITY, 5, 1), surface(-10, 10)}, pupil_diameter(1), {0, 1});
  l.object_distance_mm = 10 + 10 / 1.5 - 5;
  l.object_material = ConstantIndex{1.5};
  l.surfaces[0].material = ConstantIndex{1.5};
  l.field_kind = FieldKind::object_height_mm;
  const SeidelTerms aplanatic = seidel(system(l)).sum;
  EXPECT_NEAR(aplanatic.s1, 0, 1e-16);
  EXPECT_NEAR(aplanatic.s2, 0, 1e-16);
}

// Foci of thin bundles at a small field: the tangential curve is (3 S3 + S4) / (2 n' u'^2) from the
// plane, the sagittal one (S3 + S4) / (2 n' u'^2).
TEST(Seidel, FieldCurvatureIsThatOfParabasalFoci) {
  for (const Lens& l : {singlet(), gauss(), phone()}) {
    const System s = in_focus(l);
    const FirstOrder& f = s.paraxial();
    const double u = f.marginal.slope[s.path().size() - 2];
    const SeidelTerms sum = seidel(s).sum;
    const auto depth = [&](double share) {
      const Bundle bundle(s, field_y(std::atan(share * f.chief.slope_before) * 180 / M_PI), 0);
      const Foci foci = *parabasal_foci(s, bundle);
      return Foci{foci.tangential_mm / (share * share), foci.sagittal_mm / (share * share)};
    };
    const Foci wide = depth(0.08), narrow = depth(0.04);
    const double tangential = -(3 * sum.s3 + sum.s4) / (2 * u * u);
    const double sagittal = -(sum.s3 + sum.s4) / (2 * u * u);
    const double tolerance = 1e-3 * (std::abs(sum.s3) + std::abs(sum.s4)) / (2 * u * u);
    EXPECT_NEAR((4 * narrow.tangential_mm - wide.tangential_mm) / 3, tangential, tolerance);
    EXPECT_NEAR((4 * narrow.sagittal_mm - wide.sagittal_mm) / 3, sagittal, tolerance);
  }
}

// Color: glasses whose index differs by 1e-6 times a number of their own between two wavelengths.
TEST(Seidel, ColorIsThatOfParaxialRays) {
  for (Lens l : {singlet(), gauss(), phone()}) {
    l.wavelengths = {{500, 1}, {550, 1}, {600, 1}};
    l.reference_wavelength = 1;
    constexpr double small = 1e-6;
    double own = 1;
    for (Surface& s : l.surfaces) {
      const double n = std::get<ConstantIndex>(s.material).index;
      if (n == 1) continue;
      own = own < 2 ? own + 0.4 : 0.7;
      s.material = IndexTable{{500, 550, 600}, {n + own * small, n, n - own * small}};
    }
    const System s = in_focus(l);
    const FirstOrder& f = s.paraxial();
    const std::size_t last = s.path().size() - 2;
    const double slope = f.marginal.slope[last];
    // Heights of each wavelength's own paraxial rays in the image plane; the third order of the
    // index's change is all that is left.
    const FirstOrder &blue = s.first_order[0], &red = s.first_order[2];
    const double axial = blue.marginal.height_mm.back() - red.marginal.height_mm.back();
    const double lateral = blue.chief.height_mm.back() - red.chief.height_mm.back();
    const SeidelTerms sum = seidel(s).sum;
    // Rounding of heights: 1e-15 of millimeters in a difference of 1e-6.
    EXPECT_NEAR(axial * slope, sum.c1, 1e-6 * std::abs(sum.c1) + 1e-14);
    EXPECT_NEAR(lateral * slope, sum.c2, 1e-6 * std::abs(sum.c2) + 1e-14);
  }
}

}  // namespace
}  // namespace lichtbild::optics
