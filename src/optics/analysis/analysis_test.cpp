// What an analysis says about itself.
#include "optics/analysis/analysis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "optics/aim.h"
#include "optics/analysis/arrivals.h"
#include "optics/lens_in_code.h"

namespace lichtbild::optics::analysis_test {
namespace {

constexpr int coarse_pupil = 32;

// A ball of glass, the stop through its center: the farther a ray passes from the center, the
// less a polynomial of the pupil follows it.
System ball(double stop_radius_mm) {
  Lens lens;
  lens.wavelengths = {{587.5618, 1}};
  lens.aperture = {SystemAperture::Kind::stop_semi_diameter_mm, stop_radius_mm};
  lens.fields = {{0, 0}, {0, 30}};
  lens.surfaces.resize(3);
  lens.surfaces[0].shape.curvature = 0.1;
  lens.surfaces[0].thickness_mm = 10;
  lens.surfaces[0].material = ConstantIndex{1.5};
  lens.surfaces[1].stop = true;
  lens.surfaces[1].thickness_mm = 10;
  lens.surfaces[1].material = ConstantIndex{1.5};
  lens.surfaces[2].shape.curvature = -0.1;
  lens.surfaces[2].thickness_mm = 5;
  return make_system(lens, {}, "ball");
}

// How far the map's rays are from the aimed ones on the plane of the paraxial entrance pupil, in
// its radii: rays between those that the map was fitted to.
double found_error(const System& system, const Field& field) {
  Bundle bundle(system, field, 0);
  bundle.fit_map();
  const Pupil& pupil = system.paraxial().entrance;
  const auto at_pupil = [&](const Ray<double>& ray) {
    const double t = (pupil.position_mm - ray.position.z) / ray.direction.z;
    return PupilPoint{ray.position.x + t * ray.direction.x, ray.position.y + t * ray.direction.y};
  };
  double worst = 0;
  for (int i = 0; i < 200; ++i) {
    const double radius = std::sqrt((i + 0.5) / 200), angle = 2.399963 * i;  // a sunflower's seeds
    const PupilPoint p{radius * std::cos(angle), radius * std::sin(angle)};
    const auto aimed = bundle.launch(p);
    if (!aimed) continue;  // the glass has no such ray
    const PupilPoint ours = at_pupil(*aimed), mapped = at_pupil(bundle.launch_by_map(p));
    worst = std::max(worst, std::hypot(ours.x - mapped.x, ours.y - mapped.y));
  }
  return worst / (pupil.diameter_mm / 2);
}

// A cylinder, plane side first: rays of the tangential fan cross a circle, those of the sagittal
// one a plane (Snell's law by hand).
TEST(Analysis, FansOfAToroidAreThoseOfItsTwoSections) {
  constexpr double radius = 25, index = 1.5, distance = 30;
  Surface front = in_code::surface(INFINITY, 5, index), back = in_code::surface(-radius, distance);
  back.shape.form = Toroid{};
  const System system = in_code::system(in_code::lens({front, back}, in_code::pupil_diameter(12)));
  const Analysis analysis = analyze(system, {.pupil_samples = coarse_pupil, .ghosts = false});
  const WavelengthAtField& seen = analysis.fields[0].wavelengths[0];
  ASSERT_GT(seen.tangential.pupil.size(), 20u);
  ASSERT_EQ(seen.sagittal.pupil.size(), seen.tangential.pupil.size());
  for (std::size_t i = 0; i < seen.tangential.pupil.size(); ++i) {
    const double h = 6 * seen.tangential.pupil[i];
    const double inside = std::asin(h / radius), outside = std::asin(index * h / radius);
    const double way = distance + radius - std::sqrt(radius * radius - h * h);
    EXPECT_NEAR(seen.tangential.error_y_um[i], 1000 * (h - way * std::tan(outside - inside)), 1e-6);
    EXPECT_NEAR(seen.tangential.error_x_um[i], 0, 1e-9);
    EXPECT_NEAR(seen.sagittal.error_x_um[i], 6000 * seen.sagittal.pupil[i], 1e-6);
    EXPECT_NEAR(seen.sagittal.error_y_um[i], 0, 1e-9);
  }
}

TEST(Analysis, AimErrorIsWhatRaysMissThePupilBy) {
  for (const double stop_radius_mm : {3.0, 6.0}) {
    const System system = ball(stop_radius_mm);
    const Analysis analysis = analyze(system, {.pupil_samples = coarse_pupil, .ghosts = false});
    for (const FieldAnalysis& f : analysis.fields) {
      const double found = found_error(system, f.field);
      EXPECT_LT(found, 3 * f.aim_error + 1e-9) << stop_radius_mm << " mm, " << f.field.y << " deg";
      EXPECT_GT(found, f.aim_error / 10) << stop_radius_mm << " mm, " << f.field.y << " deg";
    }
  }
}

TEST(Analysis, AimErrorThatMattersIsSaid) {
  const AnalysisOptions options{.pupil_samples = coarse_pupil, .ghosts = false};
  EXPECT_TRUE(analyze(ball(1), options).notes.empty());
  const auto notes = analyze(ball(6), options).notes;
  ASSERT_FALSE(notes.empty());
  EXPECT_NE(notes.back().find("field 30 deg: rays are aimed to"), std::string::npos)
      << notes.back();
}

}  // namespace
}  // namespace lichtbild::optics::analysis_test
