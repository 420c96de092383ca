// Lens profiles of real lenses in other programs' clothes: DNG opcodes read by our RAW room and
// evaluated by the developer's warp, lensfun's formulas as its manual states them.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>

#include "develop/geometry.h"
#include "glass/catalog.h"
#include "optics/analysis/chief_ray.h"
#include "optics/analysis/diffraction.h"
#include "optics/files/lens_files.h"
#include "optics/profile/concentric_lens.h"
#include "optics/profile/profile.h"
#include "optics/profile/profile_files.h"
#include "optics/system.h"
#include "raw/opcodes.h"

namespace lichtbild::optics {
namespace {

const std::string root = LICHTBILD_ROOT;

const Catalog& catalog() {
  static const Catalog shipped = read_catalog(root + "/data/glass");
  return shipped;
}

LensProfile profile_of(const std::string& name, const ProfileOptions& options) {
  const std::string path = fmt::format("{}/data/lenses/{}.lens.toml", root, name);
  const Lens lens = read_lens(path);
  ProfileOptions few = without_blur();
  few.geometry_points = few.shading_points = 4;
  const double circle_mm = profile(lens, catalog(), path, {0.1, 4, 3}, few).image_circle_mm;
  // 12.6 megapixels, as large as the image circle of the patent's field allows.
  const double pixel_um = std::floor(circle_mm / 1.005 * 1000 / std::hypot(4096, 3072) * 100) / 100;
  return profile(lens, catalog(), path, {pixel_um, 4096, 3072}, options);
}

// ---- DNG
// ------------------------------------------------------------------------------------------

struct DngCase {
  const char* lens;
  double bound_px;  // see the test
};

// The developer's own reading of the bytes puts every point where the traced table has it, to what
// four even powers can do: `bound_px` is the least possible largest error (Chebyshev) of that form,
// rounded up. It is 0.05 px where the lens allows it.
TEST(LensProfileDng, WarpOfTheBytesIsTheTable) {
  const DngCase cases[] = {
      {"us-12411314-b2-example-3", 0.05},    {"us-12411314-b2-example-4", 0.05},
      {"us-12566315-b2-example-5", 0.05},    {"us-20240012223-a1-example-7", 0.05},
      {"us-20250231379-a1-example-8", 0.05}, {"us-20260063876-a1-example-1", 0.05},
      {"us-3552829-example-1", 0.05},        {"us-12196927-b2-example-3", 0.62},
      {"us-10197774-b1-example-2", 2.0},     {"us-11226472-b2-example-4", 1.5},
  };
  for (const auto& [name, bound_px] : cases) {
    SCOPED_TRACE(name);
    const LensProfile p = profile_of(name, without_blur());
    LensCorrections lens;
    parse_opcodes(opcode_list_3(p), name, lens);
    ASSERT_TRUE(lens.warp);
    ASSERT_EQ(lens.warp->planes.size(), 3u);
    const DngModel model = fit_dng(p);
    const double half = p.sensor.half_diagonal_px();
    double largest = 0;
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i <= 40; ++i) {
        // From the middle to a corner, in samples.
        const double x = 2047.5 * (1 + i / 40.0), y = 1535.5 * (1 - i / 40.0);
        const Point from = warped(*lens.warp, c, {x, y}, 4096, 3072);
        const double ideal = model.magnification * std::hypot(x - 2047.5, y - 1535.5) / half;
        const double real_px = half * CenterOfLight(p, c).from_ideal(ideal);
        EXPECT_NEAR((from.x - 2047.5) * (y - 1535.5), (from.y - 1535.5) * (x - 2047.5), 1e-3);
        const double off = std::hypot(from.x - 2047.5, from.y - 1535.5) - real_px;
        largest = std::max(largest, std::abs(off));
        EXPECT_LE(from.x, 4095 + bound_px);  // nothing from beyond the picture
      }
    EXPECT_LT(largest, bound_px);
    EXPECT_LT(largest, model.warp_residual_px + 1e-3);  // as stated
  }
}

TEST(LensProfileDng, GainOfTheBytesUndoesTheShading) {
  const LensProfile p = profile_of("us-10197774-b1-example-2", without_blur());
  LensCorrections lens;
  parse_opcodes(opcode_list_3(p), "opcodes", lens);
  ASSERT_TRUE(lens.vignette);
  EXPECT_EQ(lens.vignette->center_x, 0.5);
  for (std::size_t i = 0; i < p.shading.radius.size(); ++i) {
    const double r2 = p.shading.radius[i] * p.shading.radius[i];
    double gain = 0;
    for (int k = 4; k >= 0; --k) gain = (gain + lens.vignette->k[k]) * r2;
    const auto& e = p.shading.illumination;
    EXPECT_NEAR((1 + gain) * (e[0][i] + e[1][i] + e[2][i]) / 3, 1,
                p.shading.largest_residual + 1e-9);
  }
}

// ---- lensfun
// --------------------------------------------------------------------------------------

// The number after `name="` behind `from`.
double attribute(const std::string& xml, const std::string& from, const std::string& name) {
  const auto element = xml.find(from);
  const auto at = xml.find(" " + name + "=\"", element);
  return at == xml.npos ? NAN : std::stod(xml.substr(at + name.size() + 3));
}

// lensfun's formulas as its manual states them, with the numbers of the file.
TEST(LensProfileLensfun, FormulasGiveTheTableToTheStatedResidual) {
  for (const char* name : {"us-10197774-b1-example-2", "us-3552829-example-1"}) {
    SCOPED_TRACE(name);
    const LensProfile p = profile_of(name, without_blur());
    const std::string xml = lensfun_xml(p);
    const LensfunModel stated = fit_lensfun(p);
    const double a = attribute(xml, "<distortion", "a"), b = attribute(xml, "<distortion", "b"),
                 c = attribute(xml, "<distortion", "c"), linear = 1 - a - b - c;
    const double focal = attribute(xml, "<distortion", "focal"),
                 real_focal = attribute(xml, "<real-focal-length", "real-focal");
    const double half = p.sensor.half_diagonal_px(), unit = 3072 / 2.0;
    for (int i = 1; i <= 50; ++i) {
      const double ideal = p.geometry.ideal_from_real(1, i / 50.0);
      // Near the axis r_d = linear r_u, and the real focal length is the lens's there.
      const double u = ideal * half / unit * real_focal / focal / linear;
      const double green = u * (a * u * u * u + b * u * u + c * u + linear);
      EXPECT_NEAR(green * unit, i / 50.0 * half, stated.distortion_residual_px + 1e-3);
      const double g = i / 50.0 * half / unit;
      for (const bool red : {true, false}) {
        const auto k = [&](const char* letter) {
          return attribute(xml, "<tca", std::string(letter) + (red ? "r" : "b"));
        };
        const double r = g * (k("b") * g * g + k("c") * g + k("v"));
        EXPECT_NEAR(r * unit, half * p.geometry.real_from_ideal(red ? 0 : 2, ideal),
                    stated.tca_residual_px + 1e-3);
      }
      const double q = i * i / 2500.0;
      const double light =
          1 + q * (attribute(xml, "<vign", "k1") +
                   q * (attribute(xml, "<vign", "k2") + q * attribute(xml, "<vign", "k3")));
      double mean = 0;
      for (int ch = 0; ch < 3; ++ch) mean += p.shading.at(ch, i / 50.0) / 3;
      EXPECT_NEAR(light, mean, stated.vignetting_residual + 1e-4);
    }
  }
}

// ---- Light and blur against plain rays
// ------------------------------------------------------------

// An even scene sends into each direction light in proportion to the beam's cross section in front
// of the lens; it lands on the ring that the chief rays give: E ~ A(theta) sin(theta) dtheta/(r
// dr). No word of solid angles in image space. Cross section: the entrance pupil's outline,
// unclipped.
TEST(LensProfileShading, AgreesWithTheLightThatEntersTheLens) {
  const std::string name = "us-10197774-b1-example-2";
  const std::string path = fmt::format("{}/data/lenses/{}.lens.toml", root, name);
  const LensProfile p = profile_of(name, without_blur());
  Lens lens = read_lens(path);
  lens.wavelengths = {{540, 1}};
  lens.reference_wavelength = 0;
  const System system = make_system(lens, catalog(), path);
  const double f = system.paraxial().efl_mm, half_mm = p.sensor.half_diagonal_mm();
  const auto radius_mm = [&](double theta) {
    Field field;
    field.y = theta * 180 / M_PI;
    return chief_rays(system, field)->reference.position.y;
  };
  const auto light = [&](double theta) {
    Field field;
    field.y = theta * 180 / M_PI;
    Bundle bundle(system, field, 0);
    bundle.fit_map();
    double twice = 0;
    Vec3<double> before{};
    constexpr int rim = 96;
    for (int i = 0; i <= rim; ++i) {
      const Ray<double> ray =
          bundle.launch_by_map({std::cos(2 * M_PI * i / rim), std::sin(2 * M_PI * i / rim)});
      const Vec3<double> on_plane =
          ray.position + (-ray.position.z / ray.direction.z) * ray.direction;
      if (i > 0) twice += before.x * on_plane.y - before.y * on_plane.x;
      before = on_plane;
    }
    constexpr double h = 1e-4;
    const double r = radius_mm(theta),
                 slope = (radius_mm(theta + h) - radius_mm(theta - h)) / 2 / h;
    return twice * std::cos(theta) * (std::sin(theta) / r) / slope;
  };
  const double axis = light(0.01);
  for (const double radius : {0.2, 0.4, 0.6}) {
    const double theta = std::atan(p.geometry.ideal_from_real(1, radius) * half_mm / f);
    // The two differ as the beams offend against the sine condition: 1.2 % here.
    EXPECT_NEAR(p.shading.at(1, radius), light(theta) / axis, 0.02);
  }
}

// The t axis points outwards: the comatic kernel is far nearer to Huygens' sum over rays of a plain
// pupil grid than to its mirror image. Light that would have to move counts (half the sum of
// differences).
TEST(LensProfileBlur, KernelPointsOutwards) {
  const std::string name = "us-10197774-b1-example-2";
  ProfileOptions options;
  for (auto& band : options.bands) band = {{587.5618}, {1}};
  const LensProfile p = profile_of(name, options);
  Lens lens = read_lens(fmt::format("{}/data/lenses/{}.lens.toml", root, name));
  lens.wavelengths = {{587.5618, 1}};
  lens.reference_wavelength = 0;
  const System system = make_system(lens, catalog(), name);
  const int size = p.psf.size;
  constexpr int dense = 4;
  const double spacing_mm = p.sensor.pixel_um / 1000 / p.psf.oversampling / dense;
  for (const int i : {4, 5}) {
    Field field;
    field.y = std::atan(p.geometry.ideal_from_real(1, p.psf.radius[i]) *
                        p.sensor.half_diagonal_mm() / p.focal_length_mm) *
              180 / M_PI;
    Bundle bundle(system, field, 0);
    bundle.fit_map();
    const std::vector<double> image = huygens_point_spread(
        system, bundle, *chief_rays(system, field), 128, size * dense, spacing_mm);
    std::vector<double> cells(std::size_t(size) * size, 0);
    double sum = 0;
    for (int k = 0; k < int(image.size()); ++k) {
      cells[k / (size * dense) / dense * size + k % (size * dense) / dense] += image[k];
      sum += image[k];
    }
    double moved = 0, mirrored = 0;
    for (int t = 0; t < size; ++t)
      for (int s = 0; s < size; ++s) {
        const double cell = double(p.psf.kernel[1][i].cell[t * size + s]);
        moved += std::abs(cells[t * size + s] / sum - cell) / 2;
        mirrored += std::abs(cells[(size - 1 - t) * size + s] / sum - cell) / 2;
      }
    EXPECT_GT(mirrored, 3 * moved);
  }
}

}  // namespace
}  // namespace lichtbild::optics
