#include "look/local_range.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lichtbild {
namespace {

Image<float> base_at_cells(const Image<float>& log_luminance, int radius) {
  const Image<float> maps = local_base(log_luminance, radius);
  Image<float> base(log_luminance.width(), log_luminance.height());
  for (int y = 0; y < base.height(); ++y)
    for (int x = 0; x < base.width(); ++x)
      base(x, y) = maps(x, y, 0) * log_luminance(x, y) + maps(x, y, 1);
  return base;
}

// The guided filter as it is written down: a window's own sums at every cell.
class Twin {
 public:
  Twin(const Image<float>& in, int radius) : in_(in), radius_(radius) {}

  double a(int x, int y) const {
    return mean(x, y, [&](int i, int j) { return window(i, j).a; });
  }
  double b(int x, int y) const {
    return mean(x, y, [&](int i, int j) { return window(i, j).b; });
  }

 private:
  struct Line {
    double a, b;
  };
  template <class Value>
  double mean(int x, int y, const Value& value) const {
    double sum = 0;
    int count = 0;
    for (int j = std::max(y - radius_, 0); j <= std::min(y + radius_, in_.height() - 1); ++j)
      for (int i = std::max(x - radius_, 0); i <= std::min(x + radius_, in_.width() - 1); ++i) {
        sum += value(i, j);
        ++count;
      }
    return sum / count;
  }
  Line window(int x, int y) const {
    const double m = mean(x, y, [&](int i, int j) { return double(in_(i, j)); });
    const double variance = mean(x, y, [&](int i, int j) { return std::pow(in_(i, j) - m, 2); });
    const double a = variance / (variance + 0.7 * 0.7);
    return {a, m * (1 - a)};
  }
  const Image<float>& in_;
  int radius_;
};

TEST(LocalRange, EqualsItsTwin) {
  struct Case {
    int width, height, radius;
  };
  std::mt19937 random(3);
  std::normal_distribution<float> normal(-3, 1.5f);
  for (const Case& k : {Case{1, 1, 1}, Case{2, 3, 4}, Case{37, 21, 1}, Case{29, 40, 5}}) {
    Image<float> in(k.width, k.height);
    for (float& v : in.samples()) v = normal(random);
    const Image<float> maps = local_base(in, k.radius);
    const Twin twin(in, k.radius);
    // Squares of up to 8 stops in float: the variance errs by 64 * 2^-22, a by twice that, b by
    // |mean| times as much.
    constexpr double a_error = 4e-5, b_error = 2e-4;
    for (int y = 0; y < k.height; ++y)
      for (int x = 0; x < k.width; ++x) {
        ASSERT_NEAR(maps(x, y, 0), twin.a(x, y), a_error) << x << " " << y;
        ASSERT_NEAR(maps(x, y, 1), twin.b(x, y), b_error) << x << " " << y;
      }
  }
}

TEST(LocalRange, AConstantStays) {
  Image<float> in(40, 30);
  in.fill(-4.3f);
  const Image<float> base = base_at_cells(in, 3);
  for (float v : base.samples()) EXPECT_NEAR(v, -4.3f, 1e-5);
}

TEST(LocalRange, AStepGetsNoHalo) {
  constexpr int radius = 8;
  constexpr float step_stops = 4;
  Image<float> in(64, 20);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 64; ++x) in(x, y) = x < 32 ? -2 : -2 + step_stops;
  const Image<float> base = base_at_cells(in, radius);
  constexpr float rounding = 1e-4f;
  float farthest = 0;
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 64; ++x) {
      // A halo is a base that turns round before the edge.
      ASSERT_GE(base(x, y), base(std::max(x - 1, 0), y) - rounding) << x;
      farthest = std::max(farthest, std::abs(base(x, y) - in(x, y)));
    }
  // At the edge the base is the mean over windows of which a share f, 0..1, lies beyond: with steps
  // of 4 stops and c = 0.7^2 the integral of 4 f c / (16 f (1 - f) + c), 0.41 stops.
  EXPECT_LT(farthest, 0.41f);
  RecordProperty("farthest_stops", std::to_string(farthest));
}

TEST(LocalRange, TextureIsNotInTheBase) {
  constexpr float amplitude = 0.2f;
  Image<float> in(60, 60);
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 60; ++x) in(x, y) = -3 + ((x + y) % 2 ? amplitude : -amplitude);
  const Image<float> base = base_at_cells(in, 5);
  // a = variance / (variance + 0.49) = 0.04 / 0.53.
  const float left = amplitude * 0.04f / 0.53f;
  for (float v : base.samples()) EXPECT_LT(std::abs(v + 3), 1.1f * left);
}

}  // namespace
}  // namespace lichtbild
