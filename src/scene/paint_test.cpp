// What is painted, against closed forms: spectra of edges, means, places.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "core/error.h"
#include "scene/chart.h"
#include "scene/paint_image.h"
#include "scene/scene.h"
#include "scene/soft_step.h"

namespace lichtbild {
namespace {

const std::string spectra = LICHTBILD_ROOT "/data/spectra";

// Responses whose sums over an illuminant of 1 are reflectance times 1, 2, 3.
std::array<Spectrum, 3> even_responses() {
  std::array<Spectrum, 3> responses;
  for (int c = 0; c < 3; ++c)
    responses[c] = Spectrum::constant((c + 1) / integral(Spectrum::constant(1)));
  return responses;
}

PaintGrid grid_over(int frame_width, int frame_height, double step) {
  PaintGrid grid;
  grid.step = step;
  grid.width = int(frame_width / step), grid.height = int(frame_height / step);
  grid.first_x = -(grid.width - 1) / 2.0 * step;
  grid.first_y = -(grid.height - 1) / 2.0 * step;
  grid.frame_width = frame_width, grid.frame_height = frame_height;
  return grid;
}

TEST(SoftStep, KeepsTheLowerHalfOfTheBandAndEndsAtItsEdge) {
  const SoftStep step;
  // The derivative's transform, from the step's own samples a sixteenth of a cell apart.
  const auto transfer = [&](double cycles_per_cell) {
    std::complex<double> sum = 0;
    constexpr int fine = 16;
    for (int i = -9 * fine; i < 9 * fine; ++i) {
      const double a = double(i) / fine, b = double(i + 1) / fine;
      sum += double(step(float(b)) - step(float(a))) *
             std::polar(1.0, -2 * M_PI * cycles_per_cell * (a + b) / 2);
    }
    return std::abs(sum);
  };
  for (double f = 0; f <= 0.25; f += 0.025) EXPECT_NEAR(transfer(f), 1, 0.005) << f;
  for (double f = 0.62; f < 2; f += 0.1) EXPECT_LT(transfer(f), 0.01) << f;
  EXPECT_NEAR(step(0), 0.5f, 1e-4);
  EXPECT_EQ(step(-9), 0);
  EXPECT_EQ(step(9), 1);
}

TEST(Paint, AFlatFieldIsTheIlluminantsLight) {
  const PaintGrid grid = grid_over(64, 48, 0.5);
  const Image<Half> picture =
      paint(read_scene("chart:flat", spectra), Spectrum::constant(1), even_responses(), grid);
  for (int c = 0; c < 3; ++c)
    for (const auto& [x, y] : {std::pair{0, 0}, {127, 95}, {60, 40}})
      EXPECT_NEAR(float_from(picture(x, y, c)), c + 1, 1e-3);
}

TEST(Paint, CheckerPatchesHaveTheirReflectancesWhereTheLayoutSays) {
  const Scene scene = read_scene("chart:color", spectra);
  const PaintGrid grid = grid_over(600, 450, 1);
  const auto table = read_spectra(spectra + "/colorchecker.tsv");
  const Image<Half> picture = paint(scene, Spectrum::constant(1), even_responses(), grid);
  const ChartLayout layout = chart_layout(std::get<Chart>(scene), 600, 450);
  ASSERT_EQ(layout.patches.size(), 25u);  // the board is the first
  for (int i = 0; i < 24; ++i) {
    const ChartPatch& patch = layout.patches[i + 1];
    const int x = int(std::lround(patch.x - grid.first_x)),
              y = int(std::lround(patch.y - grid.first_y));
    const double expected = integral(table[i].spectrum) / integral(Spectrum::constant(1));
    EXPECT_NEAR(float_from(picture(x, y, 0)), expected, 2e-3) << patch.name;
  }
  // Dark skin is at the upper left, black at the lower right.
  EXPECT_LT(layout.patches[1].x, 0);
  EXPECT_LT(layout.patches[1].y, 0);
  EXPECT_GT(layout.patches[24].x, 0);
  EXPECT_GT(layout.patches[24].y, 0);
}

TEST(Paint, ASquaresLightIsItsArea) {
  ChartLayout layout;
  layout.patches.push_back({"square", 1.3, -2.1, 20, 12, 33, Spectrum::constant(1)});
  const PaintGrid grid = grid_over(80, 60, 0.5);
  const Image<Half> picture = paint_chart(layout, even_responses(), grid);
  double sum = 0, x_sum = 0, y_sum = 0;
  for (int y = 0; y < grid.height; ++y)
    for (int x = 0; x < grid.width; ++x) {
      const double v = float_from(picture(x, y, 0));
      sum += v, x_sum += v * (grid.first_x + x * grid.step);
      y_sum += v * (grid.first_y + y * grid.step);
    }
  EXPECT_NEAR(sum * grid.step * grid.step, 20 * 12, 0.5);
  EXPECT_NEAR(x_sum / sum, 1.3, 0.01);
  EXPECT_NEAR(y_sum / sum, -2.1, 0.01);
}

TEST(PaintImage, LargerPicturesAreAveragedSmallerOnesInterpolated) {
  Image<float> light(400, 300, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 300; ++y)
      for (int x = 0; x < 400; ++x)
        light(x, y, c) = float(2 + std::sin((x - 199.5) / 30.0) + (x % 2 == 0 ? 0.5 : -0.5));
  // Four samples to a cell: the checkered part is gone, the wave stays.
  const PaintGrid coarse = grid_over(100, 75, 1);
  const Image<Half> small = paint_image(light, coarse);
  for (int x = 10; x < 90; x += 7) {
    const double at = (coarse.first_x + x) * 4;
    EXPECT_NEAR(float_from(small(x, 30, 1)), 2 + std::sin(at / 30), 0.02);
  }
  Image<float> wave(100, 75, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 75; ++y)
      for (int x = 0; x < 100; ++x) wave(x, y, c) = float(2 + std::sin((x - 49.5) / 3));
  const PaintGrid fine = grid_over(400, 300, 0.5);
  const Image<Half> large = paint_image(wave, fine);
  for (int x = 100; x < 700; x += 31) {
    const double at = (fine.first_x + x * 0.5) / 4;
    EXPECT_NEAR(float_from(large(x, 200, 2)), 2 + std::sin(at / 3), 0.01);
  }
}

TEST(PaintImage, AnEnlargedEdgeOfALampDoesNotRing) {
  Image<float> light(16, 12, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 12; ++y)
      for (int x = 0; x < 16; ++x) light(x, y, c) = x + y < 14 ? 50.f : 0.01f;
  PaintGrid grid;
  grid.width = grid.frame_width = 64, grid.height = grid.frame_height = 48;
  grid.step = 1;
  grid.first_x = -31.5, grid.first_y = -23.5;
  const Image<Half> picture = paint_image(light, grid);
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      EXPECT_GE(float_from(picture(x, y, 1)), 0.0099f) << x << ", " << y;
      EXPECT_LE(float_from(picture(x, y, 1)), 50.05f) << x << ", " << y;
    }
    for (int x = 1; x < 64; ++x)
      EXPECT_LE(float_from(picture(x, y, 1)), float_from(picture(x - 1, y, 1)) + 0.05f)
          << x << ", " << y;
  }
}

TEST(ReadScene, UnknownChartsAndFilesAreErrors) {
  EXPECT_THROW(read_scene("chart:nothing", spectra), Error);
  EXPECT_THROW(read_scene("/nowhere.exr", spectra), Error);
}

}  // namespace
}  // namespace lichtbild
