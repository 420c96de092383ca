#include "burst/align.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace lichtbild {
namespace {

// A scene that can be sampled anywhere: bandlimited texture of many random waves, plus a flat half
// if asked for.
class Waves {
 public:
  explicit Waves(unsigned seed, double shortest_px = 6) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (int k = 0; k < 60; ++k) {
      const double wavelength = shortest_px * std::pow(40.0, uniform(random)),
                   angle = 2 * M_PI * uniform(random);
      waves_.push_back({2 * M_PI / wavelength * std::cos(angle),
                        2 * M_PI / wavelength * std::sin(angle), 2 * M_PI * uniform(random),
                        0.02 * std::sqrt(wavelength / shortest_px)});
    }
  }
  double operator()(double x, double y) const {
    double sum = 0.5;
    for (const Wave& w : waves_) sum += w.amplitude * std::cos(w.kx * x + w.ky * y + w.phase);
    return sum;
  }

 private:
  struct Wave {
    double kx, ky, phase, amplitude;
  };
  std::vector<Wave> waves_;
};

struct Motion {
  double dx = 0, dy = 0, rotation_deg = 0;
};

constexpr int width = 512, height = 384;

// Where mosaic sample (x, y) of the reference lies in the moved frame.
std::pair<double, double> moved(const Motion& m, double x, double y) {
  const double a = m.rotation_deg * M_PI / 180, cx = width / 2.0, cy = height / 2.0;
  return {cx + std::cos(a) * (x - cx) - std::sin(a) * (y - cy) + m.dx,
          cy + std::sin(a) * (x - cx) + std::cos(a) * (y - cy) + m.dy};
}

Image<float> picture(const Waves& scene, const Motion& m, double noise, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, noise);
  Image<float> mosaic(width, height);
  // frame(moved(p)) = scene(p), so the frame at q shows the scene at the inverse of the motion.
  const double a = m.rotation_deg * M_PI / 180, cx = width / 2.0, cy = height / 2.0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double u = x - cx - m.dx, v = y - cy - m.dy;
      mosaic(x, y) = float(
          scene(cx + std::cos(a) * u + std::sin(a) * v, cy - std::sin(a) * u + std::cos(a) * v) +
          (noise > 0 ? normal(random) : 0));
    }
  return mosaic;
}

// Root mean square error of the field in mosaic samples, over tiles whose content is inside both
// frames.
double error_px(const Motion& m, double noise, const Waves& scene = Waves(7)) {
  const GrayPyramid a = gray_pyramid(picture(scene, {}, noise, 1)),
                    b = gray_pyramid(picture(scene, m, noise, 2));
  const MotionField field = align(a, b, 0, float(2 * noise * noise / 4));
  double sum = 0;
  int count = 0;
  for (int j = 0; j < field.u.height(); ++j)
    for (int i = 0; i < field.u.width(); ++i) {
      const double x = (i + 0.5) * 2 * align_tile, y = (j + 0.5) * 2 * align_tile;
      const auto [mx, my] = moved(m, x, y);
      if (mx < 32 || my < 32 || mx > width - 32 || my > height - 32) continue;
      sum += std::pow(x + 2 * field.u(i, j) - mx, 2) + std::pow(y + 2 * field.v(i, j) - my, 2);
      ++count;
    }
  return std::sqrt(sum / count);
}

TEST(Align, SubpixelShifts) {
  EXPECT_LT(error_px({0, 0, 0}, 0), 1e-3);
  EXPECT_LT(error_px({3.3, -7.6, 0}, 0), 0.03);
  EXPECT_LT(error_px({-11.75, 0.5, 0}, 0), 0.03);
}

TEST(Align, LargeShifts) {
  EXPECT_LT(error_px({64, -64, 0}, 0), 0.05);
  EXPECT_LT(error_px({-40.3, 57.1, 0}, 0.01), 0.15);
}

TEST(Align, Rotation) {
  EXPECT_LT(error_px({2.5, 1.5, 0.5}, 0), 0.06);
  EXPECT_LT(error_px({-30, 20, 1.0}, 0), 0.1);
}

TEST(Align, NoiseIsAveragedOverNeighborhoods) {
  EXPECT_LT(error_px({3.3, -7.6, 0.2}, 0.02), 0.12);
  EXPECT_LT(error_px({3.3, -7.6, 0}, 0.1), 0.35);  // signal to noise about 1 per sample
}

TEST(Align, FlatPlacesFollowTheirSurroundings) {
  // Texture in the left half only; the right half has nothing but noise.
  const Waves scene(9);
  const Motion m{5.4, -3.2, 0};
  Image<float> a = picture(scene, {}, 0.01, 1), b = picture(scene, m, 0.01, 2);
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0.5f, 0.01f);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      if (x >= width / 2) a(x, y) = normal(random);
      if (x >= width / 2 + 5) b(x, y) = normal(random);
    }
  const MotionField field = align(gray_pyramid(a), gray_pyramid(b), 0, 2 * 0.01f * 0.01f / 4);
  for (int j = 1; j < field.u.height() - 1; ++j) {
    EXPECT_NEAR(2 * field.u(field.u.width() * 3 / 4, j), m.dx, 1.5);
    EXPECT_NEAR(2 * field.v(field.u.width() * 3 / 4, j), m.dy, 1.5);
  }
}

TEST(Align, RepeatedTextureDoesNotJump) {
  // A grating of period 20 over weak texture: shifts by a period look alike.
  const Waves texture(11);
  const Motion m{8.5, 2.0, 0};
  Image<float> a = picture(texture, {}, 0.005, 1), b = picture(texture, m, 0.005, 2);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      a(x, y) += 0.2f * float(std::sin(2 * M_PI * x / 20));
      b(x, y) += 0.2f * float(std::sin(2 * M_PI * (x - m.dx) / 20));
    }
  const MotionField field = align(gray_pyramid(a), gray_pyramid(b), 0, 2 * 0.005f * 0.005f / 4);
  for (int j = 1; j < field.u.height() - 1; ++j)
    for (int i = 1; i < field.u.width() - 1; ++i)
      ASSERT_NEAR(2 * field.u(i, j), m.dx, 0.5) << i << " " << j;
}

TEST(Align, TinyPictures) {
  for (int side : {2, 4, 18, 34}) {
    Image<float> mosaic(side, side);
    mosaic.fill(0.25f);
    const GrayPyramid pyramid = gray_pyramid(mosaic);
    const MotionField field = align(pyramid, pyramid, 1e-4f, 1e-6f);
    EXPECT_EQ(field.u(0, 0), 0) << side;
  }
}

// The plain twin of the two pyramid kernels.
TEST(GrayPyramid, EqualsItsTwin) {
  Image<float> mosaic(118, 74);
  std::mt19937 random(3);
  for (float& s : mosaic.samples()) s = std::uniform_real_distribution<float>(0, 1)(random);
  const GrayPyramid pyramid = gray_pyramid(mosaic, 2);
  const Image<float>& fine = pyramid.levels[0];
  for (int y = 0; y < fine.height(); ++y)
    for (int x = 0; x < fine.width(); ++x)
      ASSERT_NEAR(fine(x, y),
                  0.5f * (mosaic(2 * x, 2 * y) + mosaic(2 * x + 1, 2 * y) +
                          mosaic(2 * x, 2 * y + 1) + mosaic(2 * x + 1, 2 * y + 1)),
                  1e-6);
  ASSERT_GE(pyramid.levels.size(), 1u);
  if (pyramid.levels.size() > 1) {
    const float k[] = {0.125f, 0.375f, 0.375f, 0.125f};
    const Image<float>& coarse = pyramid.levels[1];
    for (int y = 0; y < coarse.height(); ++y)
      for (int x = 0; x < coarse.width(); ++x) {
        double sum = 0;
        for (int j = 0; j < 4; ++j)
          for (int i = 0; i < 4; ++i)
            sum += k[i] * k[j] *
                   fine(std::clamp(2 * x - 1 + i, 0, fine.width() - 1),
                        std::clamp(2 * y - 1 + j, 0, fine.height() - 1));
        ASSERT_NEAR(coarse(x, y), sum, 1e-6);
      }
  }
}

}  // namespace
}  // namespace lichtbild
