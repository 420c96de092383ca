#include "sensor/tremor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

namespace lichtbild {
namespace {

double coordinate(const CameraPose& pose, int axis) {
  return axis < 3 ? pose.rotation_rad[axis] : pose.translation_mm[axis - 3];
}

// Power of an axis between two frequencies, averaged over many hands: the squares of a Fourier
// transform over 16 seconds under a Hann window (whose power is 3/8), at multiples of 1/16 Hz.
double band_power(int axis, double low_hz, double high_hz, int hands) {
  constexpr int samples = 768;
  constexpr double seconds = 16;
  double power = 0;
  for (int seed = 0; seed < hands; ++seed) {
    const HandTremor hand(seed);
    std::vector<double> windowed(samples);
    double mean = 0;
    for (int i = 0; i < samples; ++i) {
      windowed[i] = coordinate(hand.at(seconds * i / samples), axis);
      mean += windowed[i] / samples;
    }
    for (int i = 0; i < samples; ++i)
      windowed[i] =
          (windowed[i] - mean) * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * (i + 0.5) / samples));
    for (int k = int(low_hz * seconds); k < int(high_hz * seconds); ++k) {
      std::complex<double> sum = 0;
      for (int i = 0; i < samples; ++i)
        sum += windowed[i] * std::polar(1.0, -2 * std::numbers::pi * k * i / samples);
      power += 2 * std::norm(sum) / (double(samples) * samples * 0.375) / hands;
    }
  }
  return power;
}

// The deviation of the estimates: a band holds at least 30 independent sinusoids of exponentially
// distributed power for each hand, but the tremor's cosine favors half of them: sqrt(1 / (15 x 40))
// = 4 % for 40 hands, of the power.
TEST(HandTremor, SpectrumIsDriftAndTremor) {
  for (const int axis : {0, 4}) {
    const TremorStrength strength;
    const double tremor = axis < 3 ? strength.tremor_rad : strength.tremor_mm;
    const double drift = axis < 3 ? strength.drift_rad_s : strength.drift_mm_s;
    const double power = band_power(axis, 7.5, 12.5, 40);
    EXPECT_NEAR(power / (tremor * tremor), 1, 0.16) << axis;
    // Speed of even spectrum: its part from 1 to 4 Hz, of 0.1 to 5, as angles over (2 pi f)^2.
    const double expected =
        drift * drift / (4.9 * 4 * std::numbers::pi * std::numbers::pi) * (1 / 1.0 - 1 / 4.0);
    EXPECT_NEAR(band_power(axis, 1, 4, 40) / expected, 1, 0.2) << axis;
    // The gap between the bands, and what is above: the window's skirts only.
    EXPECT_LT(band_power(axis, 5.5, 7.5, 10), 0.02 * power);
    EXPECT_LT(band_power(axis, 12.5, 23, 10), 1e-3 * power);
  }
}

TEST(HandTremor, SpeedsAreThoseStated) {
  const TremorStrength strength;
  // 1e-4 rad at 10 Hz are 6.3 mrad/s; the raised cosine's spread adds half a percent.
  const double tremor_rad_s = strength.tremor_rad * 2 * std::numbers::pi * 10;
  const double expected = std::hypot(strength.drift_rad_s, tremor_rad_s);
  double squares = 0;
  int count = 0;
  for (int seed = 0; seed < 100; ++seed) {
    const HandTremor hand(seed);
    for (double t = 0; t < 20; t += 0.61) {
      const double step = 1e-4;
      for (int axis = 0; axis < 3; ++axis) {
        const double speed =
            (coordinate(hand.at(t + step), axis) - coordinate(hand.at(t), axis)) / step;
        squares += speed * speed, ++count;
      }
    }
  }
  // 300 hands' axes of some tens of sinusoids each: 1 % deviation.
  EXPECT_NEAR(std::sqrt(squares / count) / expected, 1, 0.04);
}

TEST(HandTremor, FirstExposureHasItsMeanAtZero) {
  for (const double exposure_s : {0.0, 1e-3, 0.05, 2.0}) {
    const HandTremor hand(7, 1, exposure_s);
    for (int axis = 0; axis < 6; ++axis) {
      double mean = 0, largest = 1e-12;
      constexpr int steps = 4000;  // midpoint rule: an error of the order 1e-7 of the largest
      for (int i = 0; i < steps; ++i) {
        const double value = coordinate(hand.at(exposure_s * (i + 0.5) / steps), axis);
        mean += value / steps;
        largest = std::max(largest, std::abs(value));
      }
      EXPECT_NEAR(mean / largest, 0, 1e-5) << exposure_s << ' ' << axis;
    }
  }
}

TEST(HandTremor, SeedsAndStrengths) {
  const HandTremor hand(1), same(1), other(2), twice(1, 2), tripod(1, 0);
  for (const double t : {-0.3, 0.0123, 5.0}) {
    for (int axis = 0; axis < 6; ++axis) {
      const double value = coordinate(hand.at(t), axis);
      EXPECT_EQ(value, coordinate(same.at(t), axis));
      EXPECT_NE(value, coordinate(other.at(t), axis));
      EXPECT_NEAR(coordinate(twice.at(t), axis), 2 * value, 1e-12);
      EXPECT_EQ(coordinate(tripod.at(t), axis), 0);
      // Within a degree, and a few millimeters.
      EXPECT_LT(std::abs(value), axis < 3 ? 0.0175 : 5.0);
    }
  }
}

}  // namespace
}  // namespace lichtbild
