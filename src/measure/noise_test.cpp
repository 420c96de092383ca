#include "measure/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.h"

namespace lichtbild {
namespace {

// A sensor of known numbers: Poisson electrons with a shading and a fixed pattern, read noise, a
// full well, rounding to numbers.
struct Sensor {
  double gain_e_per_dn = 2.5, read_noise_e = 4, full_well_e = 9000, range_dn = 4000;

  Image<float> flat(double electrons, std::mt19937& random) const {
    Image<float> frame(320, 256);
    std::mt19937 pattern(9);
    std::normal_distribution<double> uneven(1, 0.02), read(0, read_noise_e);
    for (int y = 0; y < frame.height(); ++y)
      for (int x = 0; x < frame.width(); ++x) {
        const double mean = electrons * (1 - 0.3 * x / 320) * uneven(pattern);
        const double e =
            std::min(double(std::poisson_distribution<int>(mean)(random)), full_well_e);
        frame(x, y) = float(std::round((e + read(random)) / gain_e_per_dn) / range_dn);
      }
    return frame;
  }
};

TEST(PhotonTransfer, FindsThePlantedNumbers) {
  const Sensor sensor;
  const Channel channel{.name = "green", .step = 2, .phases = {{1, 0}, {0, 1}}};
  std::mt19937 random(4);
  std::vector<TransferPoint> points;
  for (const double electrons : {20.0, 100.0, 400.0, 1500.0, 4000.0, 8000.0, 40000.0}) {
    const Image<float> a = sensor.flat(electrons, random), b = sensor.flat(electrons, random);
    const auto more = transfer_points(a, b, channel);
    points.insert(points.end(), more.begin(), more.end());
  }
  const double clip = sensor.full_well_e / sensor.gain_e_per_dn / sensor.range_dn;
  const PhotonTransfer found = photon_transfer(points, sensor.range_dn, clip);
  // About 100 tiles of 2048 samples: a variance's scatter is 3 % of a tile, 0.3 % of all.
  EXPECT_NEAR(found.gain_e_per_dn, sensor.gain_e_per_dn, 0.015 * sensor.gain_e_per_dn);
  const double with_rounding =
      std::sqrt(std::pow(sensor.read_noise_e, 2) + std::pow(sensor.gain_e_per_dn, 2) / 12);
  EXPECT_NEAR(found.read_noise_e, with_rounding, 0.04 * with_rounding);
  ASSERT_TRUE(found.full_well_e);
  EXPECT_NEAR(*found.full_well_e, sensor.full_well_e, 0.02 * sensor.full_well_e);
}

TEST(PhotonTransfer, OneBrightnessIsNotEnough) {
  const std::vector<TransferPoint> points(40, {0.2, 1e-4});
  EXPECT_THROW(photon_transfer(points, 4000, 1), Error);
  EXPECT_THROW(photon_transfer({}, 4000, 1), Error);
}

}  // namespace
}  // namespace lichtbild
