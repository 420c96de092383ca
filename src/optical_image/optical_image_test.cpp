// Closed forms: gratings through Gaussian kernels, ramps through known distortion, a turned camera.
#include "optical_image/optical_image.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace lichtbild {
namespace {

constexpr double pixel_um = 2;
constexpr int frame_width = 640, frame_height = 480;

// Kernels are Gaussians of the deviations (pixels) along and across the radius, which grow to
// the corner; the channels' distortion is ideal (1 + d ideal^2).
LensProfile gaussian_lens(double axis_px, double radial_px, double tangential_px,
                          std::array<double, 3> distortion = {}) {
  LensProfile lens;
  lens.sensor = {pixel_um, frame_width, frame_height};
  lens.focal_length_mm = 1;
  lens.psf.oversampling = 8;
  lens.psf.size = 8 * 2 * 5 + 1;
  for (int i = 0; i <= 80; ++i) {
    lens.geometry.ideal.push_back(i / 64.0);
    for (int c = 0; c < 3; ++c)
      lens.geometry.real[c].push_back(i / 64.0 * (1 + distortion[c] * std::pow(i / 64.0, 2)));
  }
  for (int i = 0; i <= 16; ++i) {
    const double r = i / 16.0;
    lens.psf.radius.push_back(r);
    lens.shading.radius.push_back(r);
    for (int c = 0; c < 3; ++c) {
      lens.shading.illumination[c].push_back(1 - 0.5 * r * r);
      PsfKernel kernel;
      double sum = 0;
      const double st = (axis_px + (radial_px - axis_px) * r) * 8,
                   ss = (axis_px + (tangential_px - axis_px) * r) * 8;
      const auto share = [](double x, double deviation) {
        return std::erf((x + 0.5) / deviation / M_SQRT2) -
               std::erf((x - 0.5) / deviation / M_SQRT2);
      };
      for (int t = -40; t <= 40; ++t)
        for (int s = -40; s <= 40; ++s) {
          kernel.cell.push_back(float(share(t, st) * share(s, ss)));
          sum += kernel.cell.back();
        }
      for (float& cell : kernel.cell) cell /= float(sum);
      lens.psf.kernel[c].push_back(kernel);
    }
  }
  return lens;
}

Image<Half> painted(const PaintGrid& grid,
                    const std::function<double(double, double, int)>& value) {
  Image<Half> picture(grid.width, grid.height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < grid.height; ++y)
      for (int x = 0; x < grid.width; ++x)
        picture(x, y, c) =
            half_from(float(value(grid.first_x + x * grid.step, grid.first_y + y * grid.step, c)));
  return picture;
}

Image<float> photographed(const LensProfile& lens, const PaintGrid& grid, const Image<Half>& ideal,
                          const std::vector<CameraPose>& path = {{}}, double distance_mm = 0) {
  return pixel_light(blurred(ideal.clone(), grid, lens), grid, lens, {Cfa{}, path, distance_mm});
}

double shading(double dx, double dy) {
  return 1 - 0.5 * (dx * dx + dy * dy) / (320.0 * 320 + 240.0 * 240);
}

// The amplitude of a grating around a pixel, from the pixels of one channel, its own light taken
// out.
double amplitude(const Image<float>& light, int at_x, int at_y, double fx, double fy) {
  double a = 0, b = 0;
  int count = 0;
  constexpr int half = 24;
  for (int y = at_y - half; y < at_y + half; ++y)
    for (int x = at_x - half; x < at_x + half; ++x) {
      const double dx = x + 0.5 - frame_width / 2.0, dy = y + 0.5 - frame_height / 2.0;
      const double v = light(x, y) / shading(dx, dy) - 1, phase = 2 * M_PI * (fx * dx + fy * dy);
      a += v * std::cos(phase), b += v * std::sin(phase), ++count;
    }
  return 2 * std::hypot(a, b) / count;
}

double sinc(double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); }
double gaussian_mtf(double deviation_px, double cycles_per_px) {
  return std::exp(-2 * std::pow(M_PI * deviation_px * cycles_per_px, 2));
}

class Grating : public testing::TestWithParam<double> {};

// Frequencies are multiples of 1/48: whole periods in the window.
TEST_P(Grating, HasTheMtfOfTheKernelTimesThePixel) {
  const double f = GetParam();
  const LensProfile lens = gaussian_lens(0.5, 0.5, 0.5);
  const PaintGrid grid = grid_of(lens, 8);
  for (const auto& direction : {std::pair{f, 0.0}, std::pair{0.0, f}}) {
    const double fx = direction.first, fy = direction.second;
    const auto ideal = painted(grid, [&](double x, double y, int) {
      return 1 + 0.5 * std::cos(2 * M_PI * (fx * x + fy * y));
    });
    const double mtf = 2 * amplitude(photographed(lens, grid, ideal), 360, 250, fx, fy);
    const double tolerance = 0.002 + 0.01 * sinc(f);  // halves; the compensation
    EXPECT_NEAR(mtf, gaussian_mtf(0.5, f) * sinc(f), tolerance) << fx << " " << fy;
  }
}

TEST_P(Grating, SeesTheKernelTurnedToItsPlace) {
  const double f = GetParam();
  const LensProfile lens = gaussian_lens(0.4, 1.0, 0.4);  // long along the radius
  const PaintGrid grid = grid_of(lens, 8);
  const int at_x = 600, at_y = 240;  // right of the middle: the radius is x
  const double r = 280 / lens.sensor.half_diagonal_px(), radial_px = 0.4 + 0.6 * r;
  for (const auto& [fx, fy, deviation] : {std::tuple{f, 0.0, radial_px}, std::tuple{0.0, f, 0.4}}) {
    const auto ideal = painted(grid, [&, fx = fx, fy = fy](double x, double y, int) {
      return 1 + 0.5 * std::cos(2 * M_PI * (fx * x + fy * y));
    });
    const double mtf = 2 * amplitude(photographed(lens, grid, ideal), at_x, at_y, fx, fy);
    constexpr double tolerance = 0.01;  // the kernel changes over the window
    EXPECT_NEAR(mtf, gaussian_mtf(deviation, f) * sinc(f), tolerance) << fx << " " << fy;
  }
}

INSTANTIATE_TEST_SUITE_P(UpToNyquist, Grating,
                         testing::Values(2 / 48.0, 6 / 48.0, 12 / 48.0, 18 / 48.0, 23 / 48.0));

TEST(OpticalImage, PixelsLookWhereDistortionAndLateralColorSay) {
  const std::array<double, 3> distortion{-0.05, -0.052, -0.055};
  const LensProfile lens = gaussian_lens(0.3, 0.3, 0.3, distortion);
  const PaintGrid grid = grid_of(lens, 8);
  ASSERT_EQ(corrected_scale(lens), 1);
  const auto across = painted(grid, [](double x, double, int) { return 2 + x / 400; }),
             down = painted(grid, [](double, double y, int) { return 2 + y / 400; });
  const Image<float> light_x = photographed(lens, grid, across),
                     light_y = photographed(lens, grid, down);
  const double half = lens.sensor.half_diagonal_px();
  const Cfa cfa;
  for (const auto& [x, y] :
       {std::pair{2, 3}, {637, 2}, {320, 240}, {501, 77}, {100, 478}, {30, 31}}) {
    const double dx = x + 0.5 - 320, dy = y + 0.5 - 240, real = std::hypot(dx, dy) / half;
    double ideal = real;  // real = ideal (1 + d ideal^2)
    const double d = distortion[int(cfa.at(x, y))];
    for (int i = 0; i < 50; ++i) ideal = real / (1 + d * ideal * ideal);
    const double found_x = (light_x(x, y) / shading(dx, dy) - 2) * 400,
                 found_y = (light_y(x, y) / shading(dx, dy) - 2) * 400;
    constexpr double tolerance_px = 0.4;  // halves of 2.8: steps of 1/512, of 400 px: 0.4 at worst
    EXPECT_NEAR(found_x, dx * ideal / real, tolerance_px) << x << " " << y;
    EXPECT_NEAR(found_y, dy * ideal / real, tolerance_px) << x << " " << y;
  }
}

TEST(OpticalImage, ATurnedCameraSeesTheTurnedScene) {
  const LensProfile lens = gaussian_lens(0.3, 0.3, 0.3);
  const PaintGrid grid = grid_of(lens, 16);
  const auto ideal = painted(
      grid, [](double x, double y, int) { return 1 + 0.4 * std::sin(x / 9) * std::cos(y / 11); });
  const auto expected = [&](double x, double y) {
    // The grating's own blur: kernel and pixel, per axis.
    const double fx = 1 / (9 * 2 * M_PI), fy = 1 / (11 * 2 * M_PI);
    const double kept = gaussian_mtf(0.3, fx) * sinc(fx) * gaussian_mtf(0.3, fy) * sinc(fy);
    return 1 + 0.4 * kept * std::sin(x / 9) * std::cos(y / 11);
  };
  const double focal_px = 1000 / pixel_um;
  const auto compare = [&](const CameraPose& pose, auto place, double distance_mm = 0) {
    const Image<float> light = photographed(lens, grid, ideal, {pose}, distance_mm);
    for (const auto& [x, y] : {std::pair{20, 30}, {400, 300}, {600, 450}}) {
      const double dx = x + 0.5 - 320, dy = y + 0.5 - 240;
      const auto [u, v] = place(dx, dy);
      EXPECT_NEAR(light(x, y) / shading(dx, dy), expected(u, v), 0.003) << x << " " << y;
    }
  };
  const double turn = 0.01;
  compare({.rotation_rad = {0, 0, turn}}, [&](double x, double y) {
    return std::pair{x * std::cos(turn) - y * std::sin(turn),
                     x * std::sin(turn) + y * std::cos(turn)};
  });
  compare({.rotation_rad = {0, turn, 0}}, [&](double x, double y) {
    const double depth = focal_px * std::cos(turn) - x * std::sin(turn);
    return std::pair{focal_px * (x * std::cos(turn) + focal_px * std::sin(turn)) / depth,
                     focal_px * y / depth};
  });
  compare({.rotation_rad = {turn, 0, 0}}, [&](double x, double y) {
    const double depth = focal_px * std::cos(turn) + y * std::sin(turn);
    return std::pair{focal_px * x / depth,
                     focal_px * (y * std::cos(turn) - focal_px * std::sin(turn)) / depth};
  });
  constexpr double distance_mm = 500;
  compare(
      {.translation_mm = {2, -3, 0}},
      [&](double x, double y) {
        return std::pair{x + 2 * focal_px / distance_mm, y - 3 * focal_px / distance_mm};
      },
      distance_mm);
}

TEST(OpticalImage, AnExposureIsTheMeanOfItsMoments) {
  const LensProfile lens = gaussian_lens(0.5, 0.5, 0.5);
  const PaintGrid grid = grid_of(lens, 16);
  const auto ideal =
      painted(grid, [](double x, double y, int) { return 1 + 0.4 * std::sin(x / 5 + y / 7); });
  const CameraPose one{.rotation_rad = {0, 0.004, 0}}, other{.rotation_rad = {-0.003, 0, 0}};
  const auto a = photographed(lens, grid, ideal, {one}),
             b = photographed(lens, grid, ideal, {other}),
             both = photographed(lens, grid, ideal, {one, other});
  for (int y = 0; y < frame_height; y += 7)
    for (int x = 0; x < frame_width; x += 7) ASSERT_NEAR(both(x, y), (a(x, y) + b(x, y)) / 2, 1e-5);
}

TEST(OpticalImage, LightFarFromALampIsThatOfTheKernel) {
  // All of a wide kernel's light arrives: the skirt on coarse cells loses none.
  const LensProfile lens = gaussian_lens(1.5, 1.5, 1.5);
  const PaintGrid grid = grid_of(lens, 8);
  const auto ideal = painted(
      grid, [](double x, double y, int) { return std::abs(x) < 4 && std::abs(y) < 4 ? 1000 : 0; });
  const Image<float> light = photographed(lens, grid, ideal);
  const auto profile = [](double x) {  // of the lamp along one axis, per pixel
    double sum = 0;
    constexpr int steps = 64;
    for (int i = 0; i < steps; ++i) {
      const double u = x - 0.5 + (i + 0.5) / steps;
      sum += (std::erf((u + 4) / 1.5 / M_SQRT2) - std::erf((u - 4) / 1.5 / M_SQRT2)) / 2 / steps;
    }
    return sum;
  };
  double total = 0, wanted = 0;
  for (int y = 220; y < 260; ++y)
    for (int x = 300; x < 340; ++x) {
      const double dx = x + 0.5 - 320, dy = y + 0.5 - 240;
      const double expected = 1000 * profile(dx) * profile(dy);
      total += light(x, y) / shading(dx, dy), wanted += expected;
      EXPECT_NEAR(light(x, y) / shading(dx, dy), expected, 12) << dx << " " << dy;
    }
  EXPECT_NEAR(total / wanted, 1, 0.005);
}

}  // namespace
}  // namespace lichtbild
