#include "develop/deblur.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <random>

#include "develop/develop.h"

namespace lichtbild {
namespace {

constexpr int width = 360, height = 300;
constexpr double half = 234.3;  // of the diagonal

// A blur known in closed form: a Gaussian that widens with the radius, and a wider, fainter one
// beside it, outwards: coma. In samples.
struct Blur {
  double sigma(double r, int c) const { return 0.65 + 0.4 * r * r + 0.05 * c; }
  double coma_share(double r) const { return 0.3 * r; }
  double coma_shift(double r) const { return 1.2 * r; }
};

double gauss(double x, double sigma) {
  return std::exp(-x * x / (2 * sigma * sigma)) / (sigma * std::sqrt(2 * M_PI));
}
double edge_of_gauss(double x, double sigma) { return 0.5 * std::erfc(-x / (sigma * M_SQRT2)); }

LensProfile lens_of(const Blur& blur) {
  LensProfile lens;
  lens.sensor = {.pixel_um = 2, .width_px = width, .height_px = height};
  for (int i = 0; i <= 8; ++i) {
    const double r = i / 8.0;
    lens.geometry.ideal.push_back(1.5 * r);
    for (auto& real : lens.geometry.real) real.push_back(1.5 * r);
    lens.shading.radius.push_back(r);
    for (auto& light : lens.shading.illumination) light.push_back(1);
    lens.psf.radius.push_back(r);
    lens.psf.size = 33;
    for (int c = 0; c < 3; ++c) {
      PsfKernel kernel;
      for (int j = -16; j <= 16; ++j)
        for (int k = -16; k <= 16; ++k) {
          // Cells of half a sample, four by four points in each.
          double cell = 0;
          for (int v = 0; v < 4; ++v)
            for (int u = 0; u < 4; ++u) {
              const double s = (k + (u - 1.5) / 4) / 2, t = (j + (v - 1.5) / 4) / 2;
              const double w = blur.sigma(r, c);
              cell +=
                  (1 - blur.coma_share(r)) * gauss(s, w) * gauss(t, w) +
                  blur.coma_share(r) * gauss(s, 1.5 * w) * gauss(t - blur.coma_shift(r), 1.5 * w);
            }
          kernel.cell.push_back(float(cell / 64));
        }
      lens.psf.kernel[c].push_back(std::move(kernel));
    }
  }
  return lens;
}

// An edge through a place, its normal at an angle; light on the side of the normal.
struct Edge {
  double x, y, angle_deg, dark, light;
};

// The mosaic that the lens makes of it: no kernel, no convolution.
double recorded(const Edge& edge, const Blur& blur, int c, double x, double y) {
  const double nx = std::cos(edge.angle_deg * M_PI / 180),
               ny = std::sin(edge.angle_deg * M_PI / 180);
  const double dx = x + 0.5 - width / 2.0, dy = y + 0.5 - height / 2.0, d = std::hypot(dx, dy);
  const double r = d / half, w = blur.sigma(r, c);
  const double outwards = d > 0 ? (nx * dx + ny * dy) / d : 0;
  double sum = 0;
  for (int v = 0; v < 4; ++v)
    for (int u = 0; u < 4; ++u) {
      const double at = (x + (u - 1.5) / 4 - edge.x) * nx + (y + (v - 1.5) / 4 - edge.y) * ny;
      sum += (1 - blur.coma_share(r)) * edge_of_gauss(at, w) +
             blur.coma_share(r) * edge_of_gauss(at - outwards * blur.coma_shift(r), 1.5 * w);
    }
  return edge.dark + (edge.light - edge.dark) * sum / 16;
}

template <class F>
RawFrame frame_of(F&& value, double deviation_at_gray, unsigned seed = 1) {
  RawFrame frame{{}, Image<float>(width, height)};
  RawInfo& info = frame.info;
  info.width = width, info.height = height;
  info.crop = {0, 0, width, height};
  info.color.illuminants[0].temperature_kelvin = 6504;
  info.color.illuminants[0].camera_from_xyz = xyz_from_rec2020().inverse();
  const double scale = deviation_at_gray * deviation_at_gray / 0.2;
  info.noise = NoiseModel{{scale, scale, scale}, {scale / 100, scale / 100, scale / 100}};
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 1);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double s = value(int(info.cfa.at(x, y)), x, y);
      frame.mosaic(x, y) = float(s + std::sqrt(scale * (s + 0.01)) * normal(random));
    }
  return frame;
}

Image<float> developed(RawFrame frame, std::shared_ptr<const LensProfile> lens) {
  return floats(
      develop(std::move(frame), {}, {.exposure_stops = 0, .lens = std::move(lens)}).rec2020);
}

// Slanted-edge analysis (ISO 12233) of a square around the edge's place: quarter-sample bins.
struct Analysis {
  double mtf50 = 0;      // cycles per sample
  double overshoot = 0;  // beyond the plateaus, of the edge's height
};
Analysis analyzed(const Image<float>& picture, const Edge& edge, int c) {
  constexpr int reach = 24, bins = 4 * 2 * 16;
  const double nx = std::cos(edge.angle_deg * M_PI / 180),
               ny = std::sin(edge.angle_deg * M_PI / 180);
  std::vector<double> sum(bins), count(bins);
  for (int y = int(edge.y) - reach; y <= int(edge.y) + reach; ++y)
    for (int x = int(edge.x) - reach; x <= int(edge.x) + reach; ++x) {
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const int bin = int(std::floor(((x - edge.x) * nx + (y - edge.y) * ny) * 4 + bins / 2.0));
      if (bin >= 0 && bin < bins) sum[bin] += picture(x, y, c), count[bin] += 1;
    }
  Analysis result;
  double low = 1e9, high = -1e9;
  for (int b = 0; b < bins; ++b) {
    EXPECT_GT(count[b], 0) << edge.angle_deg;
    sum[b] /= count[b];
    low = std::min(low, sum[b]), high = std::max(high, sum[b]);
  }
  result.overshoot = std::max(edge.dark - low, high - edge.light) / (edge.light - edge.dark);
  const auto contrast = [&](double f) {
    std::complex<double> at = 0;
    for (int b = 1; b < bins; ++b) {
      const double hann = 0.5 + 0.5 * std::cos(2 * M_PI * (b - bins / 2.0) / bins);
      at += hann * (sum[b] - sum[b - 1]) * std::polar(1.0, -2 * M_PI * f * b / 4);
    }
    return std::abs(at);
  };
  const double zero = contrast(0);
  while (result.mtf50 < 1 && contrast(result.mtf50) > 0.5 * zero) result.mtf50 += 0.002;
  return result;
}

std::vector<Edge> edges(double dark, double light) {
  std::vector<Edge> list;
  for (const auto& [x, y] :
       {std::pair{180.3, 150.2}, {240.4, 180.1}, {300.2, 220.3}, {60.1, 250.4}, {330.2, 30.3}}) {
    const double outwards = std::atan2(y - 150, x - 180) * 180 / M_PI;
    // A little off, for slopes of small whole numbers leave bins empty.
    for (const double turn : {2.3, 92.3}) list.push_back({x, y, outwards + turn, dark, light});
  }
  return list;
}

TEST(Deblur, EdgesGainResolutionWithoutOvershootAllOverTheField) {
  const Blur blur;
  const auto lens = std::make_shared<const LensProfile>(lens_of(blur));
  auto without = std::make_shared<LensProfile>(*lens);
  without->psf = {};
  for (const auto& [dark, light] : {std::pair{0.08, 0.5}, {0.2, 0.3}}) {
    double gain = 0, least = 1e9;
    const auto list = edges(dark, light);
    for (const Edge& edge : list) {
      const auto frame = [&] {
        return frame_of([&](int c, int x, int y) { return recorded(edge, blur, c, x, y); }, 0.002);
      };
      const Image<float> off = developed(frame(), without), on = developed(frame(), lens);
      for (int c = 0; c < 3; ++c) {
        const Analysis a = analyzed(off, edge, c), b = analyzed(on, edge, c);
        std::printf(
            "edge at %3.0f %3.0f, %6.1f deg, color %d: MTF50 %.3f -> %.3f (x %.2f), "
            "overshoot %5.1f %% -> %5.1f %%\n",
            edge.x, edge.y, edge.angle_deg, c, a.mtf50, b.mtf50, b.mtf50 / a.mtf50,
            100 * a.overshoot, 100 * b.overshoot);
        gain += b.mtf50 / a.mtf50 / (3 * double(list.size()));
        least = std::min(least, b.mtf50 / a.mtf50);
        EXPECT_LT(b.overshoot, 0.05);
      }
    }
    std::printf("edges %.2f to %.2f: MTF50 times %.3f, at least %.3f\n", dark, light, gain, least);
    EXPECT_GT(gain, 1.3);
    EXPECT_GT(least, 1.0);
  }
}

// A grating's contrast behind a Gaussian is exp(-2 (pi sigma f)^2), and comes back.
TEST(Deblur, TextureRegainsItsContrast) {
  const Blur blur;
  const LensProfile lens = lens_of(blur);
  for (const double f : {0.12, 0.2, 0.25}) {
    const double lost = std::exp(-2 * std::pow(M_PI * blur.sigma(0, 1) * f, 2));
    Image<Half> picture(width, height, 3);
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          picture(x, y, c) = half_from(float(0.3 + 0.1 * lost * std::sin(2 * M_PI * f * x)));
    const Image<float> sharp = floats(deblurred(picture, {0, 0, width, height}, lens,
                                                {{{1e-7, 1e-7, 1e-7}, {1e-9, 1e-9, 1e-9}}, {}}));
    // Whole periods near the axis, where sigma(r) is sigma(0) to 3 %.
    std::complex<double> sum = 0;
    constexpr int reach = 50;
    for (int x = width / 2 - reach; x < width / 2 + reach; ++x)
      sum += double(sharp(x, height / 2, 1)) * std::polar(1.0, 2 * M_PI * f * x) / double(reach);
    std::printf("grating of %.2f cycles per sample: contrast %.3f -> %.3f\n", f, lost,
                std::abs(sum) / 0.1);
    // The response of 13 samples, faded out, ripples by this much around the ideal one.
    constexpr double ripple = 0.1;
    EXPECT_NEAR(std::abs(sum) / 0.1, 1, ripple);
  }
}

TEST(Deblur, FlatNoiseStays) {
  const auto lens = std::make_shared<const LensProfile>(lens_of({}));
  auto without = std::make_shared<LensProfile>(*lens);
  without->psf = {};
  for (const double deviation : {0.002, 0.01, 0.03, 0.06})
    for (const double level : {0.05, 0.2, 0.6}) {
      const auto spread = [&](const std::shared_ptr<const LensProfile>& with) {
        const Image<float> picture =
            developed(frame_of([&](int, int, int) { return level; }, deviation), with);
        std::array<double, 3> result{};
        for (int c = 0; c < 3; ++c) {
          double sum = 0, squares = 0;
          int n = 0;
          for (int y = 10; y < height - 10; ++y)
            for (int x = 10; x < width - 10; ++x, ++n) {
              const double v = picture(x, y, c);
              sum += v, squares += v * v;
            }
          result[c] = std::sqrt(squares / n - sum * sum / n / n);
        }
        return result;
      };
      const auto off = spread(without), on = spread(lens);
      for (int c = 0; c < 3; ++c) {
        std::printf("gray %.2f, noise %.3f, color %d: %.5f -> %.5f (x %.3f)\n", level, deviation, c,
                    off[c], on[c], on[c] / off[c]);
        EXPECT_LT(on[c], 1.1 * off[c]);
      }
    }
}

}  // namespace
}  // namespace lichtbild
