// What a parted kernel does to gratings, against what the kernel does.
#include "optical_image/parted_kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numeric>

namespace lichtbild {
namespace {

constexpr int step = PartedKernel::coarse_step;

// A sharp spot in a wide veil, the spot off center: neither is even.
CellKernel spot_in_veil(int radius, double veil) {
  CellKernel kernel(radius);
  const auto gaussian = [](double x, double y, double deviation) {
    return std::exp(-(x * x + y * y) / (2 * deviation * deviation)) /
           (2 * M_PI * deviation * deviation);
  };
  for (int y = -radius, i = 0; y <= radius; ++y)
    for (int x = -radius; x <= radius; ++x, ++i)
      kernel.weight[i] =
          float((1 - veil) * gaussian(x - 0.7, y + 0.4, 1.5) + veil * gaussian(x + 2, y, 8));
  return kernel;
}

// Of a grating along the rows, cycles per cell; the transfer of an uneven kernel is complex.
std::complex<double> transfer(const CellKernel& kernel, double frequency) {
  std::complex<double> sum = 0;
  for (int y = -kernel.radius, i = 0; y <= kernel.radius; ++y)
    for (int x = -kernel.radius; x <= kernel.radius; ++x, ++i)
      sum += double(kernel.weight[i]) * std::polar(1.0, 2 * M_PI * frequency * x);
  return sum;
}

// What means of cells and the lines between coarse cells leave of a grating.
double kept_by_coarse_cells(double frequency) {
  if (frequency == 0) return 1;
  const double mean = std::sin(M_PI * frequency * step) / (step * std::sin(M_PI * frequency));
  return std::pow(mean, 3);
}

double sum(const CellKernel& kernel) {
  return std::accumulate(kernel.weight.begin(), kernel.weight.end(), 0.0);
}

TEST(PartedKernel, DoesToGratingsWhatTheKernelDoes) {
  constexpr double veil = 0.2, skirt_lost = 0.01;
  const CellKernel across = spot_in_veil(36, veil);
  for (const CellKernel& kernel : {across, across.transposed()}) {
    const PartedKernel parted = KernelParting(36)(kernel);
    EXPECT_LT(parted.core.radius, 20);
    EXPECT_GT(sum(parted.skirt), 0.02);
    for (int i = 0; i <= 32; ++i) {
      const double f = i / 128.0;
      EXPECT_LT(std::abs(transfer(parted.core, f) +
                         kept_by_coarse_cells(f) * transfer(parted.skirt, step * f) -
                         transfer(kernel, f)),
                skirt_lost)
          << f;
    }
  }
}

TEST(PartedKernel, KeepsAllLight) {
  constexpr double rounding = 1e-5;  // of thousands of floats
  const CellKernel kernel = spot_in_veil(36, 0.2);
  const PartedKernel parted = KernelParting(36)(kernel);
  EXPECT_NEAR(sum(parted.core) + sum(parted.skirt), sum(kernel), rounding);
}

TEST(PartedKernel, ASharpKernelIsAllCore) {
  const CellKernel kernel = spot_in_veil(6, 0);
  const PartedKernel parted = KernelParting(6)(kernel);
  EXPECT_EQ(parted.core.weight, kernel.weight);
  EXPECT_EQ(sum(parted.skirt), 0);
}

}  // namespace
}  // namespace lichtbild
