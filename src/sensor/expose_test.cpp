#include "sensor/expose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "sensor/distributions.h"
#include "sensor/philox.h"
#include "sensor/poisson_law.h"

namespace lichtbild {
namespace {

using Numbers = Image<std::uint16_t>;

Image<float> flat(int width, int height, float mean_e) {
  Image<float> image(width, height);
  image.fill(mean_e);
  return image;
}

// One number for each electron, nothing but shot noise.
Sensor counter() {
  Sensor sensor;
  sensor.bits = 16, sensor.black_dn = 35;
  sensor.full_well_e = sensor.white_dn() - sensor.black_dn;
  return sensor;
}

// Like a sensor of one inch at 2.96 um.
Sensor phone_sensor() {
  Sensor sensor;
  sensor.full_well_e = 30000;
  sensor.read_noise_e = 1.6;
  sensor.converter_noise_dn = 0.7;
  sensor.dark_current_e_s = 3;
  sensor.prnu = 0.006, sensor.dsnu_e = 1.1;
  sensor.hot_pixel_share = 2e-4;
  return sensor;
}

struct Moments {
  double mean = 0, variance = 0;
};

// Of the pixels of a pair of frames: the mean of both, half the variance of the difference, so that
// the fixed pattern is out.
Moments of_pair(const Numbers& a, const Numbers& b) {
  double sum = 0, difference = 0, squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = double(a.samples()[i]) - b.samples()[i];
    sum += double(a.samples()[i]) + b.samples()[i];
    difference += d, squares += d * d;
  }
  const auto n = double(a.size());
  return {sum / (2 * n), (squares - difference * difference / n) / (2 * (n - 1))};
}

Moments pair_moments(const Sensor& sensor, double mean_e, double iso, int side = 700) {
  const Image<float> light = flat(side, side, float(mean_e));
  ExposureSettings settings{.iso = iso, .seed = 5, .frame = 0};
  const Numbers first = expose(light, sensor, settings);
  settings.frame = 1;
  return of_pair(first, expose(light, sensor, settings));
}

TEST(Expose, CountsFollowThePoissonLaw) {
  for (const float mean : {0.05f, 0.7f, 3.0f, 11.0f, 19.9f, 20.1f, 45.0f, 300.0f, 5000.0f, 6e4f}) {
    const Sensor sensor = counter();
    const Numbers numbers = expose(flat(1000, 1000, mean), sensor, {.seed = 11});
    std::vector<long> counts(testing_sensor::last_value(mean) + 1);
    for (const std::uint16_t n : numbers.samples())
      ++counts[std::min<std::size_t>(n - sensor.black_dn, counts.size() - 1)];
    // A right generator fails one of the ten in 30000 runs; the seed is fixed.
    EXPECT_LT(testing_sensor::chi_square_sigmas(counts, 0, mean), 4.5) << mean;
  }
}

TEST(Expose, PhotonTransferGivesTheSensorBack) {
  const Sensor sensor = phone_sensor();
  for (const double iso : {100.0, 400.0, 3200.0}) {
    const double per_dn = sensor.electrons_per_dn(iso);
    const double range_e = per_dn * (sensor.white_dn() - sensor.black_dn);
    const Moments dark = pair_moments(sensor, 0, iso);
    // Slope of variance over mean by least squares, weighted by what its variance is worth.
    double top = 0, bottom = 0;
    for (const double level : {0.1, 0.3, 0.5, 0.7}) {
      const Moments m = pair_moments(sensor, level * range_e, iso);
      const double rise = m.mean - dark.mean, weight = 1 / (m.variance * m.variance);
      top += weight * rise * (m.variance - dark.variance), bottom += weight * rise * rise;
    }
    const double gain = bottom / top;  // electrons per number
    EXPECT_NEAR(gain / per_dn, 1, 0.02) << iso;
    // The dark current's shot noise and the converter's rounding are no read noise.
    const double dark_e = sensor.dark_current_e_s * 0.01;
    const double read_e = std::sqrt((dark.variance - 1 / 12.0) * gain * gain - dark_e);
    const double expected_e = std::hypot(sensor.read_noise_e, sensor.converter_noise_dn * per_dn);
    EXPECT_NEAR(read_e / expected_e, 1, 0.02) << iso;
  }
}

// The mean beyond which nothing more comes, in electrons of the measured gain.
TEST(Expose, FullWellByPhotonTransfer) {
  const Sensor sensor = phone_sensor();
  // Where the converter has room above the well.
  const double iso = 0.8 * sensor.base_iso;
  const Moments dark = pair_moments(sensor, 0, iso), half = pair_moments(sensor, 15000, iso);
  const double gain = (half.mean - dark.mean) / (half.variance - dark.variance);
  const Moments full = pair_moments(sensor, 40000, iso);
  EXPECT_NEAR((full.mean - dark.mean) * gain / sensor.full_well_e, 1, 0.02);
  EXPECT_LT(full.mean, 0.85 * sensor.white_dn());
  // What is left of the noise is the converter's.
  EXPECT_NEAR(full.variance / dark.variance, 1, 0.02);
}

TEST(Expose, ConverterIsWhiteWhereTheWellIsFull) {
  Sensor sensor = phone_sensor();
  sensor.read_noise_e = sensor.converter_noise_dn = 0;
  for (const double iso : {100.0, 400.0}) {
    const Numbers numbers = expose(flat(64, 64, 1e9f), sensor, {.iso = iso});
    EXPECT_THAT(numbers.samples(), testing::Each(sensor.white_dn()));
  }
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float nothing : {0.0f, -5.0f, nan}) {
    sensor.dsnu_e = 0, sensor.dark_current_e_s = 0, sensor.hot_pixel_share = 0;
    const Numbers numbers = expose(flat(64, 64, nothing), sensor, {});
    EXPECT_THAT(numbers.samples(), testing::Each(sensor.black_dn));
  }
}

TEST(NoiseModel, AgreesWithThePixelsAtEveryIso) {
  const Sensor sensor = phone_sensor();
  for (double iso = sensor.base_iso; iso <= sensor.largest_iso; iso *= 2) {
    const NoiseModel model = noise_model(sensor, {.iso = iso});
    const double range_dn = sensor.white_dn() - sensor.black_dn;
    for (const double level : {0.0, 0.01, 0.1, 0.4, 0.8}) {
      const double mean_e = level * range_dn * sensor.electrons_per_dn(iso);
      const Moments m = pair_moments(sensor, mean_e, iso, 300);
      const double signal = (m.mean - sensor.black_dn) / range_dn;
      const double predicted = model.scale[1] * signal + model.offset[1];
      EXPECT_NEAR(m.variance / (range_dn * range_dn) / predicted, 1, 0.05) << iso << ' ' << level;
    }
  }
}

// Averages of many frames.
Image<float> averaged(const Sensor& sensor, float mean_e, int frames, int first_frame,
                      double exposure_s = 0.01) {
  const Image<float> light = flat(256, 256, mean_e);
  Image<float> sum = flat(256, 256, 0);
  for (int frame = first_frame; frame < first_frame + frames; ++frame) {
    const Numbers numbers =
        expose(light, sensor, {.exposure_s = exposure_s, .seed = 3, .frame = frame});
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum.samples()[i] += float(numbers.samples()[i] - sensor.black_dn) / float(frames);
  }
  return sum;
}

double covariance(const Image<float>& a, const Image<float>& b) {
  double mean_a = 0, mean_b = 0, product = 0;
  const auto n = double(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    mean_a += a.samples()[i] / n, mean_b += b.samples()[i] / n;
  for (std::size_t i = 0; i < a.size(); ++i)
    product += (a.samples()[i] - mean_a) * (b.samples()[i] - mean_b);
  return product / n;
}

// Two averages of other frames share the pattern and nothing else: their covariance is its
// variance. Of 65536 pixels its deviation is 1 / sqrt(32768) = 0.6 %, the noise left adds as much.
TEST(Pattern, RepeatsOverFramesWithItsDeviation) {
  Sensor sensor = counter();
  sensor.prnu = 0.01;
  const float mean_e = 20000;
  const double prnu =
      std::sqrt(covariance(averaged(sensor, mean_e, 4, 0), averaged(sensor, mean_e, 4, 4)));
  EXPECT_NEAR(prnu / (0.01 * mean_e), 1, 0.02);

  sensor.prnu = 0, sensor.dsnu_e = 4;
  const double dsnu =
      std::sqrt(covariance(averaged(sensor, 100, 16, 0), averaged(sensor, 100, 16, 16)));
  EXPECT_NEAR(dsnu / 4, 1, 0.03);
  Sensor other = sensor;
  other.seed = 2;
  EXPECT_NEAR(covariance(averaged(sensor, 100, 16, 0), averaged(other, 100, 16, 16)), 0,
              5 * 16 / 256.0);
}

TEST(Pattern, HotPixelsStayWhereTheyAre) {
  Sensor sensor = counter();
  sensor.hot_pixel_share = 0.01;
  const Image<float> a = averaged(sensor, 0, 1, 0, 0.5), b = averaged(sensor, 0, 1, 1, 0.5);
  int hot = 0;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    hot += a.samples()[i] > 0;
    sum += a.samples()[i];
    // A mean that shows n electrons once shows within 6 deviations of it again.
    EXPECT_LE(std::abs(a.samples()[i] - b.samples()[i]), 6 * std::sqrt(2 * (a.samples()[i] + 4)))
        << i;
  }
  // 655 expected, less those of hardly any current: 6 standard deviations of 26. Their mean is that
  // of an exponential law, 250 e, to its 6 deviations.
  EXPECT_NEAR(hot, 655, 150);
  EXPECT_NEAR(sum / hot, 250, 6 * 250 / 25.0);
}

TEST(Pattern, DarkCurrentDoublesWithTemperature) {
  Sensor sensor = counter();
  sensor.dark_current_e_s = 100;
  const auto mean_at = [&](double celsius) {
    const Numbers numbers =
        expose(flat(256, 256, 0), sensor, {.exposure_s = 2, .temperature_c = celsius});
    double sum = 0;
    for (const std::uint16_t n : numbers.samples()) sum += n - sensor.black_dn;
    return sum / double(numbers.size());
  };
  // Five standard errors of the mean.
  EXPECT_NEAR(mean_at(25), 200, 5 * std::sqrt(200) / 256);
  EXPECT_NEAR(mean_at(37), 800, 5 * std::sqrt(800) / 256);
}

Image<float> ramp(int width, int height) {
  Image<float> light(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) light(x, y) = 0.3f * float((x * 37 + y * 911) % 2000);
  return light;
}

std::uint64_t hash_of(const Numbers& numbers) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const std::uint16_t n : numbers.samples()) hash = (hash ^ n) * 1099511628211u;
  return hash;
}

TEST(Expose, TheSameWhateverTheNumberOfThreads) {
  const Image<float> light = ramp(611, 97);
  const Sensor sensor = phone_sensor();
  const ExposureSettings settings{.iso = 800, .seed = 1ull << 40, .frame = 3};
  const std::uint64_t expected = hash_of(expose(light, sensor, settings));
  for (const int threads : {1, 2, 7}) {
    Numbers numbers(611, 97);
    {
      std::vector<std::jthread> running;
      for (int i = 0; i < threads; ++i)
        running.emplace_back([&, i] {
          expose_rows(light, sensor, settings, 97 * i / threads, 97 * (i + 1) / threads, numbers);
        });
    }
    EXPECT_EQ(hash_of(numbers), expected) << threads;
  }
  for (const ExposureSettings& other : {ExposureSettings{.iso = 800, .seed = 1, .frame = 3},
                                        ExposureSettings{.iso = 800, .seed = 1ull << 40}})
    EXPECT_NE(hash_of(expose(light, sensor, other)), expected);
}

// The plain twin: one pixel after the other, from the room's own quantiles.
std::uint16_t expose_pixel(float light, int x, int y, const Sensor& s, const ExposureSettings& e) {
  const auto halves = [](std::uint64_t seed) {
    return std::pair(std::uint32_t(seed), std::uint32_t(seed >> 32));
  };
  const auto [sensor_low, sensor_high] = halves(s.seed);
  const auto [seed_low, seed_high] = halves(e.seed);
  const PhiloxWords pixel =
      philox({std::uint32_t(x), std::uint32_t(y), 0, 1}, sensor_low, sensor_high);
  const PhiloxWords frame =
      philox({std::uint32_t(x), std::uint32_t(y), std::uint32_t(e.frame), 2}, seed_low, seed_high);
  const double hotter = std::exp2((e.temperature_c - 25) / s.dark_doubling_c);
  float mean = std::max(light * (1 + float(s.prnu) * normal_quantile(pixel[0])), 0.0f);
  float dark = float(s.dark_current_e_s * hotter * e.exposure_s);
  if (pixel[2] < s.hot_pixel_share * 0x1p32)
    dark += float(s.hot_current_e_s * hotter * e.exposure_s) * exponential_quantile(pixel[3]);
  mean += dark;
  int electrons = 0;
  if (mean >= smallest_large_mean) {
    electrons = poisson_quantile_large(mean, normal_quantile(frame[0]));
  } else {
    PoissonSum sum = poisson_start(mean, frame[0]);
    for (int k = 1; poisson_step(sum, 1.0 / k); ++k) {
    }
    electrons = int(sum.quantile);
  }
  const double per_dn = s.electrons_per_dn(e.iso);
  const float kept = std::min(float(electrons) + float(s.dsnu_e) * normal_quantile(pixel[1]),
                              float(s.full_well_e));
  const float noise = float(std::hypot(s.read_noise_e / per_dn, s.converter_noise_dn));
  const float dn =
      kept * float(1 / per_dn) + noise * normal_quantile(frame[1]) + float(s.black_dn) + 0.5f;
  return std::uint16_t(std::clamp(dn, 0.0f, float(s.white_dn())));
}

TEST(Expose, PlainTwinAgreesToTheBit) {
  for (const auto& [width, height] : {std::pair(1, 1), std::pair(263, 31)}) {
    const Image<float> light = ramp(width, height);
    const Sensor sensor = phone_sensor();
    const ExposureSettings settings{.iso = 400, .exposure_s = 0.2, .seed = ~9ull, .frame = 1};
    const Numbers numbers = expose(light, sensor, settings);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        ASSERT_EQ(numbers(x, y), expose_pixel(light(x, y), x, y, sensor, settings))
            << x << ' ' << y;
  }
}

TEST(Linear, ZeroIsBlackAndOneIsWhite) {
  const Sensor sensor = phone_sensor();
  Numbers numbers(3, 1);
  numbers(0, 0) = 64, numbers(1, 0) = 4095, numbers(2, 0) = 0;
  const Image<float> signal = linear(numbers, sensor);
  EXPECT_EQ(signal(0, 0), 0);
  EXPECT_NEAR(signal(1, 0), 1, 1e-6);
  EXPECT_NEAR(signal(2, 0), -64.0 / 4031, 1e-7);
}

}  // namespace
}  // namespace lichtbild
