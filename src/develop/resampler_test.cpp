// Against plain sums of 8 x 8 samples, the way the field writes it down.
#include "develop/resampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "core/band_limited_taps.h"

namespace lichtbild::resampler_test {
namespace {

constexpr int width = 400, height = 90;

// Waves in all directions, up to `highest` cycles per sample.
class Waves {
 public:
  explicit Waves(double highest) {
    std::mt19937 random(5);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (Wave& wave : waves_) {
      const double f = highest * std::sqrt(uniform(random)), angle = 2 * M_PI * uniform(random);
      wave = {f * std::cos(angle), f * std::sin(angle), 2 * M_PI * uniform(random)};
    }
  }
  double at(double x, double y, int plane) const {
    double sum = 0.5;
    for (const Wave& wave : waves_)
      sum += 0.4 / double(waves_.size()) *
             std::sin(2 * M_PI * (wave.fx * x + wave.fy * y) + wave.phase + plane);
    return sum;
  }
  Image<Half> picture() const {
    Image<float> out(width, height, 3);
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) out(x, y, c) = float(at(x, y, c));
    return halves(out);
  }

 private:
  struct Wave {
    double fx, fy, phase;
  };
  std::array<Wave, 12> waves_;
};

double plain(const Image<Half>& picture, int plane, double x, double y) {
  static const std::vector<float> taps =
      band_limited_taps(Resampler::band, Resampler::taps, Resampler::phases);
  x = std::clamp(x, 0.0, width - 1.0), y = std::clamp(y, 0.0, height - 1.0);
  const int column = int(x), row = int(y);
  const float* across = &taps[8 * std::size_t(std::lround((x - column) * Resampler::phases))];
  const float* down = &taps[8 * std::size_t(std::lround((y - row) * Resampler::phases))];
  double sum = 0, least = 1e9, most = -1e9;
  for (int j = 0; j < 8; ++j)
    for (int i = 0; i < 8; ++i) {
      const float v = float_from(picture(std::clamp(column + i - 3, 0, width - 1),
                                         std::clamp(row + j - 3, 0, height - 1), plane));
      sum += double(across[i]) * down[j] * v;
      if ((i == 3 || i == 4) && (j == 3 || j == 4))
        least = std::min<double>(least, v), most = std::max<double>(most, v);
    }
  return std::clamp(sum, least, most);
}

std::vector<float> resampled(const Image<Half>& picture, const std::vector<float>& at_x,
                             const std::vector<float>& at_y) {
  const RecordedPlanes planes{
      {picture.row(0, 0), picture.row(0, 1), picture.row(0, 2)}, width, width, height};
  std::vector<float> value(3 * at_x.size());
  Resampler().row(planes, at_x, at_y,
                  {value.data(), value.data() + at_x.size(), value.data() + 2 * at_x.size()});
  return value;
}

double farthest_from_plain(const Image<Half>& picture, const std::vector<float>& at_x,
                           const std::vector<float>& at_y) {
  const std::vector<float> value = resampled(picture, at_x, at_y);
  double farthest = 0;
  for (int c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < at_x.size(); ++i)
      farthest = std::max(
          farthest, std::abs(value[c * at_x.size() + i] - plain(picture, c, at_x[i], at_y[i])));
  return farthest;
}

// Five blocks on a line, evenly.
void line(double x, double y, double step_x, double step_y, std::vector<float>& at_x,
          std::vector<float>& at_y) {
  for (int i = 0; i < 5 * Resampler::block; ++i) {
    at_x.push_back(float(x + i * step_x));
    at_y.push_back(float(y + i * step_y));
  }
}

// Phases of the table err by half of 1/256 in each direction: the waves' slope is below 2, times
// 0.4.
constexpr double phase_error = 4e-3;

TEST(Resampler, AlongARowIsThePlainSum) {
  const Image<Half> picture = Waves(0.35).picture();
  for (const double step : {0.4, 0.97, 1.0, 1.03}) {
    std::vector<float> x, y;
    line(20.3, 41.7, step, 0, x, y);
    EXPECT_LT(farthest_from_plain(picture, x, y), phase_error) << step;
  }
}

TEST(Resampler, SlantedRowsAreAsNearTheTruthAsThePlainSum) {
  constexpr double worse = 1.01;
  for (const double highest : {0.2, 0.3, 0.4})
    for (const double slant : {0.005, 0.02, -0.04}) {
      const Waves waves(highest);
      const Image<Half> picture = waves.picture();
      std::vector<float> x, y;
      for (int row = 0; row < 20; ++row) line(10.1, 35.2 + 0.33 * row, 1.01, slant, x, y);
      const std::vector<float> value = resampled(picture, x, y);
      double ours = 0, of_plain = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double truth = waves.at(x[i], y[i], 0);
        ours += std::pow(value[i] - truth, 2);
        of_plain += std::pow(plain(picture, 0, x[i], y[i]) - truth, 2);
      }
      EXPECT_LT(std::sqrt(ours), worse * std::sqrt(of_plain)) << highest << ", " << slant;
    }
}

TEST(Resampler, TheBorderIsRepeated) {
  const Image<Half> picture = Waves(0.3).picture();
  for (const double y : {-3.0, 0.2, 88.9, 95.0}) {
    std::vector<float> at_x, at_y;
    line(-1.7, y, 1.27, 0.001, at_x, at_y);
    EXPECT_LT(farthest_from_plain(picture, at_x, at_y), phase_error) << y;
  }
}

// Where a block's places are moved to the border they no longer lie evenly on a line.
TEST(Resampler, ASlantedBlockAcrossTheBorderIsThePlainSum) {
  const Image<Half> picture = Waves(0.3).picture();
  constexpr double rounding = 1e-5;
  for (const double x : {-5.0, width - 40.0}) {
    std::vector<float> at_x, at_y;
    for (int i = 0; i < Resampler::block; ++i) {
      at_x.push_back(float(x + 1.02 * i));
      at_y.push_back(float(30 + 0.04 * i));
    }
    EXPECT_LT(farthest_from_plain(picture, at_x, at_y), rounding) << x;
  }
}

TEST(Resampler, AnyPlacesAtAllAreThePlainSum) {
  const Image<Half> picture = Waves(0.45).picture();
  std::mt19937 random(9);
  std::uniform_real_distribution<float> uniform(-20, width + 20);
  std::vector<float> x(2 * Resampler::block), y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = uniform(random), y[i] = uniform(random) / 4;
  constexpr double rounding = 1e-5;
  EXPECT_LT(farthest_from_plain(picture, x, y), rounding);
  // Steep, backwards, wide: none of it is a straightened row.
  for (const auto& [step_x, step_y] : {std::pair{0.05, 1.0}, {-1.0, 0.0}, {2.5, 0.1}, {0.0, 0.2}}) {
    x.clear(), y.clear();
    line(step_x < 0 ? 390 : 3, 5, step_x, step_y, x, y);
    EXPECT_LT(farthest_from_plain(picture, x, y), rounding) << step_x;
  }
}

}  // namespace
}  // namespace lichtbild::resampler_test
