// Planted noise: Poisson and Gaussian numbers of the standard library.
#include "measure/photon_transfer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace lichtbild {
namespace {

TEST(PhotonTransfer, FindsThePlantedSensor) {
  constexpr double electrons_per_dn = 2.5, read_noise_e = 3, full_well_e = 30000, scale_dn = 16000;
  std::mt19937 random(3);
  const Cfa cfa;
  const auto frame = [&](double mean_e) {
    Image<float> picture(256, 256);
    std::poisson_distribution<int> photons(mean_e);
    std::normal_distribution<double> read(0, read_noise_e);
    for (float& v : picture.samples())
      v = float((std::min<double>(photons(random), full_well_e) + read(random)) / electrons_per_dn /
                scale_dn);
    return picture;
  };
  std::vector<TransferPoint> points;
  for (const double mean_e : {5.0, 20.0, 100.0, 1000.0, 5000.0, 12000.0, 20000.0, 60000.0})
    points.push_back(transfer_point(frame(mean_e), frame(mean_e), cfa, CfaColor::green, scale_dn));
  const PhotonTransfer found = photon_transfer(points);
  EXPECT_NEAR(found.electrons_per_dn, electrons_per_dn, 0.02 * electrons_per_dn);
  EXPECT_NEAR(found.read_noise_e, read_noise_e, 0.03 * read_noise_e);
  EXPECT_NEAR(found.full_well_e, full_well_e, 0.02 * full_well_e);
}

}  // namespace
}  // namespace lichtbild
