// Against the sum as it is written, on every instruction set of this machine.
#include "core/correlation.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cmath>
#include <random>
#include <vector>

namespace lichtbild {
namespace {

TEST(Correlation, IsTheSumAsItIsWritten) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<std::int64_t> targets;
  for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SSE4})
    if (hwy::SupportedTargets() & target) targets.push_back(target);
  for (const int radius : {0, 1, 7})
    for (const auto& [columns, rows] : {std::pair{16, 4}, {32, 18}, {64, 64}, {80, 7}}) {
      const int n = 2 * radius + 1;
      std::vector<float> weight(std::size_t(n) * n);
      for (float& w : weight) w = uniform(random);
      const int stride = columns + n + 2;
      std::vector<float> in(std::size_t(stride) * (rows + n - 1));
      for (float& cell : in) cell = uniform(random);
      for (const std::int64_t target : targets) {
        hwy::SetSupportedTargetsForTest(target);
        std::vector<float> out(std::size_t(columns) * rows, NAN);
        correlate(in.data(), stride, {weight.data(), n}, columns, rows, out.data());
        for (int y = 0; y < rows; ++y)
          for (int x = 0; x < columns; ++x) {
            double sum = 0;
            for (int v = 0; v < n; ++v)
              for (int u = 0; u < n; ++u)
                sum += double(weight[v * n + u]) * in[(y + v) * stride + x + u];
            ASSERT_NEAR(out[y * columns + x], sum, 1e-5) << x << " " << y << " radius " << radius;
          }
      }
    }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace
}  // namespace lichtbild
