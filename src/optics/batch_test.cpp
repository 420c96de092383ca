#include "optics/batch.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>
#include <random>

#include "optics/wide_phone_lens.h"

namespace lichtbild::optics {
namespace {

using nlohmann::json;

constexpr double degree = std::numbers::pi / 180;
// The twins round differently, by 1e-16 a surface times what the rest of the lens makes of it.
constexpr double position_tolerance_mm = 1e-11, direction_tolerance = 1e-12,
                 optical_path_tolerance_mm = 1e-10;

struct Case {
  std::string name;
  Path<double> path;
  double pupil_mm = 1, half_field_deg = 20;
};

double number(const json& row, const char* key, double otherwise) {
  return row.contains(key) && row[key].is_number() ? row[key].get<double>() : otherwise;
}

Case case_of(const json& lens) {
  Case out;
  out.name = lens.value("patent", lens.value("source", ""));
  out.pupil_mm = number(lens, "f_mm", 1) / number(lens, "f_number", 2);
  out.half_field_deg = number(lens, "half_field_deg", 20);
  double index = 1;
  for (const json& row : lens["surfaces"]) {
    const double radius = number(row, "radius_mm", 0);
    Shape shape{radius == 0 ? 0 : 1 / radius, number(row, "conic", 0), Conic{}};
    if (row.contains("asphere")) {
      EvenAsphere asphere{std::vector<double>(15)};
      for (const auto& [power, value] : row["asphere"].items())
        asphere.coefficients[std::stoul(power.substr(1)) / 2 - 1] = value;
      shape.form = asphere;
    }
    Element<double> e;
    e.shape = shape_of(shape);
    e.slopes = slopes_of(e.shape);
    e.thickness = number(row, "thickness_mm", 0);
    e.index_before = index;
    e.index = index = number(row, "nd", 1);
    e.clear_radius_mm = number(row, "diameter_mm", 0) / 2;
    out.path.push_back(e);
  }
  return out;
}

std::vector<Case> patent_lenses() {
  std::vector<Case> out;
  for (const char* file : {"phone-lenses.jsonl", "photo-lenses.jsonl"}) {
    std::ifstream in(std::filesystem::path(LICHTBILD_ROOT) / "../shared/data/optics" / file);
    for (std::string line; std::getline(in, line);) out.push_back(case_of(json::parse(line)));
  }
  return out;
}

// Rays over `spread` times the pupil and the field.
RayBatch random_rays(const Case& lens, double spread, int count, std::mt19937& random) {
  std::uniform_real_distribution<double> unit(0, 1);
  RayBatch rays;
  for (int i = 0; i < count; ++i) {
    const double r = spread * lens.pupil_mm / 2 * std::sqrt(unit(random)), a = 7 * unit(random);
    const double tilt =
        std::min(89.0, spread * lens.half_field_deg) * degree * std::sqrt(unit(random));
    const double turn = 7 * unit(random);
    rays.add({{r * std::cos(a), r * std::sin(a), 0},
              {std::sin(tilt) * std::cos(turn), std::sin(tilt) * std::sin(turn), std::cos(tilt)}});
  }
  return rays;
}

Ray<double> ray(const RayBatch& rays, int i) {
  return {{rays.x[i], rays.y[i], rays.z[i]}, {rays.l[i], rays.m[i], rays.n[i]}};
}

// The largest differences; those above the tolerances are in units of what the lens itself makes
// of such a difference on the way.
struct Agreement {
  int rays = 0, passed = 0, ill_conditioned = 0;
  int statuses = 0;  // that differ
  double position = 0, direction = 0, optical_path = 0;
};

double length(const Vec3<double>& v) { return std::sqrt(dot(v, v)); }

// How much larger the terms of an asphere are than what is left of them, in thousands, at least 1:
// far outside the lens its powers cancel, and their rounding, 1e-15 each, is all that remains.
double cancellation(const Path<double>& path, const Ray<double>& end) {
  const ShapeOf<double>& shape = path.back().shape;
  const double r = std::hypot(end.position.x, end.position.y);
  double terms = 0, power = 1;
  if (shape.form == Form::even)
    for (std::size_t i = 0; i < shape.coefficients.size(); ++i, power += 2)
      terms += (power + 1) * std::abs(shape.coefficients[i]) * std::pow(r, power) * (1 + r);
  return std::max(1.0, 1e-3 * terms);
}

// How far the end of a ray moves when it is moved at the start of the path, at least 1.
double sensitivity(const Path<double>& path, const Ray<double>& start) {
  constexpr double step = 1e-9;
  const Traced<double> end = trace(path, start);
  double most = 1;
  for (const auto part : {&Vec3<double>::x, &Vec3<double>::y}) {
    for (const auto vector : {&Ray<double>::position, &Ray<double>::direction}) {
      Ray<double> beside = start;
      beside.*vector.*part += step;
      const Traced<double> other = trace(path, beside);
      most = std::max({most, length(other.ray.position - end.ray.position) / step,
                       length(other.ray.direction - end.ray.direction) / step});
    }
  }
  return most;
}

// The worst of all surfaces to the end, for a path that is not moved.
double conditioning(const Path<double>& path, const Ray<double>& start) {
  std::vector<Hit<double>> hits;
  const Traced<double> end = trace(path, start, &hits);
  double most = sensitivity(path, start);
  for (std::size_t i = 0; i + 1 < hits.size(); ++i) {
    Ray<double> on{hits[i].position, hits[i].direction};
    on.position.z -= path[i].thickness;
    most = std::max(most, sensitivity({path.begin() + long(i) + 1, path.end()}, on));
  }
  return most * cancellation(path, end.ray);
}

void compare(const Path<double>& path, const RayBatch& in, const TraceOptions& options,
             Agreement& worst) {
  RayBatch out = in;
  trace_batch(path, out, options);
  for (int i = 0; i < in.size(); ++i) {
    const Traced<double> twin = trace(path, ray(in, i), nullptr, options);
    ++worst.rays;
    worst.statuses += twin.status != out.status[i];
    if (twin.status != RayStatus::ok || out.status[i] != RayStatus::ok) continue;
    ++worst.passed;
    double position = length(ray(out, i).position - twin.ray.position);
    double direction = length(ray(out, i).direction - twin.ray.direction);
    double optical_path = std::abs(out.optical_path[i] - twin.optical_path);
    if (position > position_tolerance_mm || direction > direction_tolerance ||
        optical_path > optical_path_tolerance_mm) {
      const double unit = conditioning(path, ray(in, i));
      position /= unit;
      direction /= unit;
      optical_path /= unit;
      ++worst.ill_conditioned;
    }
    worst.position = std::max(worst.position, position);
    worst.direction = std::max(worst.direction, direction);
    worst.optical_path = std::max(worst.optical_path, optical_path);
  }
}

void expect_agreement(const Agreement& worst) {
  EXPECT_EQ(worst.statuses, 0) << "of " << worst.rays;
  EXPECT_LE(worst.position, position_tolerance_mm);
  EXPECT_LE(worst.direction, direction_tolerance);
  EXPECT_LE(worst.optical_path, optical_path_tolerance_mm);
}

// Every instruction set that this processor has.
class Batch : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }
};
std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> out;
  for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SSE4})
    if (hwy::SupportedTargets() & target) out.push_back(target);
  return out;
}
INSTANTIATE_TEST_SUITE_P(Targets, Batch, testing::ValuesIn(targets()),
                         [](const auto& tested) { return hwy::TargetName(tested.param); });

// Every surface by itself, the rays as the scalar twin brings them there: the whole of a lens
// magnifies the last digit of a stray ray without limit.
void compare_surfaces(const Case& lens, RayBatch rays, Agreement& worst) {
  for (const Element<double>& e : lens.path) {
    Path<double> alone{e};
    compare(alone, rays, {}, worst);
    RayBatch next;
    for (int i = 0; i < rays.size(); ++i) {
      Traced<double> end = trace(alone, ray(rays, i));
      end.ray.position.z -= e.thickness;
      if (end.status == RayStatus::ok) next.add(end.ray);
    }
    rays = std::move(next);
  }
}

TEST_P(Batch, IsTheScalarTwinOnEverySurfaceOfAllPatentLenses) {
  const std::vector<Case> lenses = patent_lenses();
  if (lenses.empty()) GTEST_SKIP() << "needs ../shared/data";
  EXPECT_EQ(lenses.size(), 83u);
  std::mt19937 random(7);
  int passed = 0, ill_conditioned = 0;
  for (Case lens : lenses) {
    SCOPED_TRACE(lens.name);
    Agreement worst;
    compare_surfaces(lens, random_rays(lens, 1, 300, random), worst);
    // Beyond pupil and field, many fail, each for the twin's reason.
    compare_surfaces(lens, random_rays(lens, 2.5, 300, random), worst);
    lens.path[lens.path.size() / 2].clear_radius_mm = lens.pupil_mm / 4;
    compare_surfaces(lens, random_rays(lens, 1.5, 300, random), worst);
    expect_agreement(worst);
    passed += worst.passed;
    ill_conditioned += worst.ill_conditioned;
  }
  EXPECT_GT(passed, 450000);
  EXPECT_LT(ill_conditioned, passed / 100);
  RecordProperty("ill_conditioned", ill_conditioned);
}

TEST_P(Batch, IsTheScalarTwinThroughAllPatentLenses) {
  std::mt19937 random(8);
  int passed = 0, ill_conditioned = 0;
  for (const Case& lens : patent_lenses()) {
    SCOPED_TRACE(lens.name);
    Agreement worst;
    compare(lens.path, random_rays(lens, 0.4, 500, random), {}, worst);
    expect_agreement(worst);
    passed += worst.passed;
    ill_conditioned += worst.ill_conditioned;
  }
  EXPECT_GT(passed, 30000);
  EXPECT_LT(ill_conditioned, passed / 100);
  RecordProperty("ill_conditioned", ill_conditioned);
}

TEST_P(Batch, ConvergesOnEverySurface) {
  constexpr double convergence_mm = 1e-12;
  const Path<double> path = WidePhoneLens::path();
  std::mt19937 random(9);
  const Case lens{"", path, 1.4, 30};
  const RayBatch in = random_rays(lens, 1, 1000, random);
  for (int last = 0; last < int(path.size()); ++last) {
    RayBatch before = in, at = in;
    if (last > 0) trace_batch(path, before, {.last = last - 1});
    trace_batch(path, at, {.last = last});
    for (int i = 0; i < in.size(); ++i) {
      if (at.status[i] != RayStatus::ok) continue;
      // The hit, seen from the ray before the surface: off it along z, and off the ray.
      const double drop = last > 0 ? path[last - 1].thickness : 0;
      const Vec3<double> way{at.x[i] - before.x[i], at.y[i] - before.y[i],
                             at.z[i] - (before.z[i] - drop)};
      const Vec3<double> off = cross(way, ray(before, i).direction);
      EXPECT_LE(std::sqrt(dot(off, off)), convergence_mm) << last << ' ' << i;
      EXPECT_NEAR(at.z[i], sag(path[last].shape, at.x[i], at.y[i]).z, convergence_mm);
    }
  }
}

// A paraboloid typed as r^2 alone: all rays along its axis meet in the focus, after equal ways.
TEST_P(Batch, ParaboloidFocuses) {
  constexpr double focal_length_mm = 10, far_mm = 20;
  Element<double> mirror, focus;
  mirror.shape = shape_of({0, 0, EvenAsphere{{-1 / (4 * focal_length_mm)}}});
  mirror.reflects = true;
  mirror.thickness = -focal_length_mm;
  RayBatch rays;
  for (int i = 0; i < 300; ++i) rays.add({{0.03 * i, 0.01 * i, -far_mm}, {0, 0, 1}});
  trace_batch({mirror, focus}, rays);
  for (int i = 0; i < rays.size(); ++i) {
    ASSERT_EQ(rays.status[i], RayStatus::ok);
    EXPECT_NEAR(std::hypot(rays.x[i], rays.y[i]), 0, 1e-12);
    EXPECT_NEAR(rays.optical_path[i], far_mm + focal_length_mm, 1e-12);
  }
}

Path<double> one_of_each() {
  Path<double> path(9);
  const Shape shapes[] = {{0.02, -0.5, OddAsphere{{0, 1e-3, 1e-4, 1e-5}}},
                          {-0.01, 0, QBfs{8, {0.1, 0.02}}},
                          {0.015, 0.3, QCon{8, {0.05, -0.01}}},
                          {0.01, 0, Biconic{-0.01, 0.5}},
                          {0.012, 0, Toroid{-60, {1e-5}}},
                          {0, 0, XyPolynomial{5, {{2, 1, 0.01}, {0, 3, -0.02}}}},
                          {0.01, -1, EvenAsphere{{0, 1e-5, 1e-7}}},
                          {-0.02, 0.5, Conic{}}};
  for (int i = 0; i < 8; ++i) {
    path[i].shape = shape_of(shapes[i]);
    path[i].thickness = 1;
    path[i].index_before = i % 2 ? 1.5 : 1;
    path[i].index = i % 2 ? 1 : 1.5;
  }
  path[2].aperture = ClearAperture{RectangularAperture{3, 2}, 0.5, 0};
  const double c = std::cos(0.2), s = std::sin(0.2);
  for (const int i : {3, 6, 7}) {
    path[i].moved = true;
    path[i].rotation_before = path[i].rotation_after = {{c, s, 0}, {-s, c, 0}, {0, 0, 1}};
    path[i].shift_before = {0.3, -0.2, 0.1};
    path[i].rotation_before = {{1, 0, 0}, {0, c, s}, {0, -s, c}};
  }
  path[4].is_break = true;
  path[4].moved = true;
  path[4].index = path[4].index_before = path[3].index;
  path[4].shift_before = {0, 0.5, 0};
  path[5].index_before = path[4].index;
  return path;
}

TEST_P(Batch, EveryFormTiltsAndApertures) {
  std::mt19937 random(10);
  const Path<double> path = one_of_each();
  Agreement worst;
  for (int last = 0; last < int(path.size()); ++last)
    compare(path, random_rays({"", path, 8, 15}, 1, 333, random), {.last = last}, worst);
  expect_agreement(worst);
  EXPECT_GT(worst.passed, worst.rays / 4);
  EXPECT_LT(worst.passed, worst.rays);
}

TEST_P(Batch, SizesOrderAndRaysThatHadFailed) {
  const Path<double> path = WidePhoneLens::path();
  std::mt19937 random(11);
  for (const int size : {0, 1, 3, 64, 127, 128, 129, 300}) {
    RayBatch rays = random_rays({"", path, 1, 20}, 1, size, random);
    for (int i = 0; i < size; i += 5) rays.status[i] = RayStatus::clipped;
    const RayBatch in = rays;
    trace_batch(path, rays);
    for (int i = 0; i < size; ++i) {
      if (i % 5 == 0) {
        EXPECT_EQ(rays.status[i], RayStatus::clipped);
        EXPECT_EQ(rays.x[i], in.x[i]);
        EXPECT_EQ(rays.n[i], in.n[i]);
        continue;
      }
      const Traced<double> twin = trace(path, ray(in, i));
      ASSERT_EQ(rays.status[i], twin.status);
      if (twin.status == RayStatus::ok) {
        EXPECT_NEAR(rays.y[i], twin.ray.position.y, position_tolerance_mm);
      }
    }
  }
}

TEST_P(Batch, NonsenseIsAStatus) {
  RayBatch rays;
  rays.add({{0, 0, 0}, {0, 1, 0}});
  rays.add({{std::nan(""), 0, 0}, {0, 0, 1}});
  rays.add({{0, 0, 0}, {0, 0, 0}});
  rays.add({{1e300, 0, 0}, {0, 0, 1}});
  const RayBatch in = rays;
  Path<double> path = WidePhoneLens::path();
  trace_batch(path, rays);
  for (int i = 0; i < rays.size(); ++i)
    EXPECT_EQ(rays.status[i], trace(path, ray(in, i)).status) << i;
}

}  // namespace
}  // namespace lichtbild::optics
