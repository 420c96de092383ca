// Every lens of data/lenses: its focal length against the patent's, real aiming at the stop, and
// which rays pass at full field and aperture. Writes docs/lenses.md if LICHTBILD_LENSES names a
// file, and else holds the lenses against it.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "glass/catalog.h"
#include "optics/aim.h"
#include "optics/analysis/arrivals.h"
#include "optics/analysis/chief_ray.h"
#include "optics/analysis/diffraction.h"
#include "optics/clear_radii.h"
#include "optics/files/lens_files.h"

namespace lichtbild::optics {
namespace {

const std::filesystem::path root = LICHTBILD_ROOT;

std::vector<std::filesystem::path> shipped() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(root / "data/lenses"))
    if (entry.path().extension() == ".toml") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

System system_of(const std::filesystem::path& path) {
  return make_system(read_lens(path.string()), Catalog{}, path.filename().string());
}

// The patent's focal length stands in the title: "..., 3.53 mm f/2.25".
double patent_focal_length_mm(const Lens& lens) {
  return std::stod(lens.title.substr(lens.title.rfind(", ") + 2));
}

// Center, four rings of 16, the outermost at the rim.
std::vector<PupilPoint> pupil() {
  std::vector<PupilPoint> points{{0, 0}};
  for (const double r : {0.4, 0.7, 0.9, 1.0})
    for (int i = 0; i < 16; ++i)
      points.push_back({r * std::cos(M_PI * i / 8), r * std::sin(M_PI * i / 8)});
  return points;
}

struct Passing {
  int sent = 0, passed = 0;
  bool chief = false;
  std::map<std::string, int> reasons;
  double worst_aim = 0;  // distance from the point aimed at, over the stop's radius
};

// Surfaces count from 1, as in files.
std::string reason(const System& system, const Traced<double>& end, bool aimed) {
  const std::string where =
      end.surface == system.image() ? "the image" : fmt::format("surface {}", end.surface + 1);
  return fmt::format("{}{} at {}", aimed ? "" : "not aimed: ", name(end.status), where);
}

Passing pass(const System& system, const Field& field) {
  Passing out;
  const Bundle bundle(system, field, system.reference());
  const Bundle guess(system, field, system.reference(), Aiming::chief);
  for (const PupilPoint& p : pupil()) {
    ++out.sent;
    const auto ray = bundle.launch(p);
    if (!ray) {
      // What becomes of the ray that keeps its distance from the chief ray in front of the lens.
      const auto near = guess.launch(p);
      ++out.reasons[near ? reason(system, trace(system.path(), *near), false)
                         : "the chief ray is not found"];
      continue;
    }
    const auto at_stop =
        trace(system.path(), *ray, nullptr, {.clip = false, .last = system.stop}).ray.position;
    const double radius = bundle.stop_radius_mm();
    out.worst_aim = std::max(
        out.worst_aim, std::hypot(at_stop.x - p.x * radius, at_stop.y - p.y * radius) / radius);
    const Traced<double> end = trace(system.path(), *ray);
    if (end.status == RayStatus::ok) {
      ++out.passed;
      if (p.x == 0 && p.y == 0) out.chief = true;
    } else {
      ++out.reasons[reason(system, end, true)];
    }
  }
  return out;
}

// ---- The page
// -------------------------------------------------------------------------------------

constexpr const char* head = R"(# Shipped lenses

Written by tests/shipped_lenses_test.cpp (`LICHTBILD_LENSES=docs/lenses.md`), which holds the lenses
against it. Focal lengths at the d line, ours and the patent's. Rays: 65 points of the stop, from its
center to its rim, at the fields of the file (0, 0.5, 0.7 and 1 of the half field); the share that
reaches the image, in percent, and what stops the others at the largest field. `clipped` is
vignetting by the patent's diameters. A ray that is `not aimed` finds no way to its point of the
stop's rim; the reason is that of the ray at the same place in front of the lens. Surfaces count
from 1, the stop among them.

Why, beyond that, stands in the last column: *found* by the patent's text, by the patent's own radii
or by rays (what is lost meets one surface beyond one radius, and what is not lost does not);
*likely*, where one of these is wanting; *open*, where it is not known. Photographic lenses are
vignetted by the diameters that their patents print.

Many lists of these prescriptions had numbers at wrong places, because the patents' texts drop a
table's blank cells: they were compared with the texts and put right
(tools/lenses/corrections.json says what and by what). By rule, tools/lenses/from_patents leaves out
whole numbers that no design has (the numbers of paragraphs), puts a stop that is listed first back
into its gap, and fills joints that are listed as air gaps without thickness.

| lens | f, ours (mm) | patent (mm) | difference (%) | rays that pass (%) | what stops the others | why |
| --- | ---: | ---: | ---: | --- | --- | --- |
)";

// What is known of why rays are lost, "known: why"; empty for lenses that lose none.
std::string why(const std::string& lens) {
  static const auto reasons = [] {
    std::ifstream file(root / "tests/lenses/lost_rays.json");
    return nlohmann::json::parse(file);
  }();
  const auto found = reasons.find(lens);
  if (found == reasons.end()) return "";
  return fmt::format("*{}*: {}", (*found)["known"].get<std::string>(),
                     (*found)["why"].get<std::string>());
}

bool is_photographic(const System& system) {
  return system.lens.title.find("hotographic") != std::string::npos;
}

std::string line(const std::filesystem::path& path) {
  const System system = system_of(path);
  const double ours = system.paraxial().efl_mm, theirs = patent_focal_length_mm(system.lens);
  std::string shares, stops;
  bool loses = false;
  Passing last;
  for (const Field& field : system.lens.fields) {
    last = pass(system, field);
    loses |= last.passed < last.sent;
    shares += fmt::format("{}{:.0f}", shares.empty() ? "" : " / ", 100.0 * last.passed / last.sent);
  }
  for (const auto& [why, count] : last.reasons)
    stops += fmt::format("{}{} x {}", stops.empty() ? "" : ", ", count, why);
  const std::string name = path.stem().stem().string();
  const std::string reason = why(name);
  EXPECT_EQ(reason.empty(), is_photographic(system) || !loses) << name;
  return fmt::format("| {} | {:.4f} | {:g} | {:+.3f} | {} | {} | {} |\n", name, ours, theirs,
                     (ours / theirs - 1) * 100, shares, stops, reason);
}

TEST(ShippedLenses, AreThoseOfThePage) {
  std::string page = head;
  for (const auto& path : shipped()) page += line(path);
  if (const char* file = std::getenv("LICHTBILD_LENSES")) {
    std::ofstream(file) << page;
    return;
  }
  std::ifstream file(root / "docs/lenses.md");
  std::stringstream written;
  written << file.rdbuf();
  EXPECT_EQ(written.str(), page) << "LICHTBILD_LENSES=docs/lenses.md writes it anew";
}

// ---- What must hold
// -------------------------------------------------------------------------------

TEST(ShippedLenses, HaveThePatentsFocalLength) {
  EXPECT_EQ(shipped().size(), 83u);
  for (const auto& path : shipped()) {
    const System system = system_of(path);
    const double theirs = patent_focal_length_mm(system.lens);
    EXPECT_NEAR(system.paraxial().efl_mm, theirs, 0.003 * theirs) << path.filename();
  }
}

TEST(ShippedLenses, RaysLandWhereTheyAreAimedOnTheStop) {
  for (const auto& path : shipped()) {
    const System system = system_of(path);
    for (const Field& field : system.lens.fields)
      EXPECT_LT(pass(system, field).worst_aim, 1e-9)
          << path.filename() << ", " << field.y << " deg";
  }
}

// The phone lenses that lose even their chief ray stand on the page.
TEST(ShippedLenses, ChiefRaysOfPhotographicLensesArriveAtEveryField) {
  int photographic = 0;
  for (const auto& path : shipped()) {
    const System system = system_of(path);
    if (!is_photographic(system)) continue;
    ++photographic;
    for (const Field& field : system.lens.fields)
      EXPECT_TRUE(pass(system, field).chief) << path.filename() << ", " << field.y << " deg";
  }
  EXPECT_EQ(photographic, 24);
}
TEST(ShippedLenses, AxialChiefRaysArriveInEveryLens) {
  for (const auto& path : shipped())
    EXPECT_TRUE(pass(system_of(path), Field{}).chief) << path.filename();
}

// ---- The lens whose rounded digits are restored
// ---------------------------------------------------------------------

const std::string restored_name = "us-20250314859-a1-example-1.lens.toml";

System restored() {
  const System system = system_of(root / "data/lenses/restored" / restored_name);
  return with_clear_radii(system);
}

// It differs from the patent's table within the table's rounding: five digits of each coefficient.
TEST(RestoredLens, RoundsToThePrintedTable) {
  const Lens printed = read_lens((root / "data/lenses" / restored_name).string());
  const Lens ours = read_lens((root / "data/lenses/restored" / restored_name).string());
  ASSERT_EQ(printed.surfaces.size(), ours.surfaces.size());
  int coefficients = 0, changed = 0;
  for (std::size_t i = 0; i < ours.surfaces.size(); ++i) {
    const ShapeOf<double> table = shape_of(printed.surfaces[i].shape),
                          shape = shape_of(ours.surfaces[i].shape);
    EXPECT_EQ(table.curvature, shape.curvature) << i;
    EXPECT_EQ(table.conic, shape.conic) << i;
    EXPECT_EQ(printed.surfaces[i].thickness_mm, ours.surfaces[i].thickness_mm) << i;
    ASSERT_EQ(table.coefficients.size(), shape.coefficients.size()) << i;
    for (std::size_t k = 0; k < table.coefficients.size(); ++k) {
      const double digit =
          std::pow(10, std::floor(std::log10(std::abs(table.coefficients[k]))) - 4);
      if (table.coefficients[k] == 0) continue;
      EXPECT_LE(std::abs(shape.coefficients[k] - table.coefficients[k]), 0.50001 * digit)
          << "surface " << i + 1 << ", r^" << 2 * k + 2;
      ++coefficients;
      changed += shape.coefficients[k] != table.coefficients[k];
    }
  }
  EXPECT_EQ(coefficients, 8 * 9 + 6 * 14);
  EXPECT_GT(changed, 100);
}

// 42.125 degrees, where the chief ray of the table as printed does not arrive; the image height
// that it names, 7.6 mm, lies within.
TEST(RestoredLens, PassesItsWholeField) {
  const System printed = system_of(root / "data/lenses" / restored_name), ours = restored();
  Field edge;
  edge.y = 42.125;
  EXPECT_FALSE(chief_rays(printed, edge));
  double last = 0;
  for (int i = 1; i <= 40; ++i) {
    Field field;
    field.y = 42.125 * i / 40;
    const auto chiefs = chief_rays(ours, field);
    ASSERT_TRUE(chiefs) << field.y;
    const double height = chiefs->reference.position.y;
    EXPECT_GT(height, last) << field.y;
    EXPECT_NEAR(height / (8.42 * std::tan(field.y * M_PI / 180)), 1, 0.03) << field.y;
    last = height;
  }
  EXPECT_GT(last, 7.6);
}

// Rays of the outer field cross R13 a second time beyond its clear radius, nearer to the vertex's
// plane: both twins take the crossing within.
TEST(RestoredLens, BatchFindsTheCrossingsOfItsTwin) {
  const System system = restored();
  Field field;
  field.y = 40;
  const Bundle bundle(system, field, system.reference());
  RayBatch batch;
  std::vector<Traced<double>> twin;
  for (const PupilPoint& p : pupil()) {
    const auto ray = bundle.launch(p);
    ASSERT_TRUE(ray);
    batch.add(*ray);
    twin.push_back(trace(system.path(), *ray));
  }
  trace_batch(system.path(), batch);
  int passed = 0;
  for (std::size_t i = 0; i < twin.size(); ++i) {
    ASSERT_EQ(batch.status[i], twin[i].status) << i;
    if (twin[i].status != RayStatus::ok) continue;
    // Of terms of 1e5 mm, 16 digits leave 1e-11.
    EXPECT_NEAR(batch.y[i], twin[i].ray.position.y, 1e-9) << i;
    ++passed;
  }
  EXPECT_GT(passed, 25);
}

// The narrow zone at its rim leads the map of directions astray outside the beam.
TEST(RestoredLens, FourierPointSpreadIsTheHuygensSum) {
  const System system = restored();
  constexpr int size = 61;
  constexpr double spacing_mm = 0.0005;
  for (const double degrees : {0.0, 2.0}) {
    Field field;
    field.y = degrees;
    const auto chiefs = chief_rays(system, field);
    Bundle bundle(system, field, system.reference());
    bundle.fit_map();
    const PupilFunction pupil = pupil_function(system, bundle, *chiefs, 128, M_PI / 2);
    const auto fast = point_spread(pupil, size, spacing_mm);
    const auto sum = huygens_point_spread(system, bundle, *chiefs, 128, size, spacing_mm);
    double enclosed_fast = 0, enclosed_sum = 0, peak = 0, worst = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      enclosed_fast += fast[i];
      enclosed_sum += sum[i];
      peak = std::max(peak, sum[i]);
      worst = std::max(worst, std::abs(fast[i] - sum[i]));
    }
    EXPECT_NEAR(enclosed_fast / enclosed_sum, 1, 0.02) << degrees;
    EXPECT_LT(worst, 0.04 * peak) << degrees;
  }
}

}  // namespace
}  // namespace lichtbild::optics
