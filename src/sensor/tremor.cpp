#include "sensor/tremor.h"

#include <cmath>
#include <numbers>

#include "sensor/distributions.h"
#include "sensor/philox.h"

namespace lichtbild {
namespace {

constexpr int sinusoids = 32;  // of each of the two motions of an axis
constexpr double two_pi = 2 * std::numbers::pi;
constexpr std::uint32_t tremor_stream = 3;

// A sinusoid's frequency, and its share of the motion's variance (all add up to 1).
struct Share {
  double hz, variance;
};

// `place`: 0..1. Strata even in the logarithm of the frequency; the speed's spectrum is even, so
// that of a stratum's angle is the integral of 1 / f^2.
Share drift_share(int stratum, double place) {
  constexpr double first_hz = 0.1, last_hz = 5;
  const double ratio = std::pow(last_hz / first_hz, 1.0 / sinusoids);
  const double low = first_hz * std::pow(ratio, stratum), high = low * ratio;
  // Placed as the variance lies in the stratum: evenly in 1 / f.
  const double hz = 1 / (1 / low + place * (1 / high - 1 / low));
  return {hz, (1 / low - 1 / high) / (1 / first_hz - 1 / last_hz)};
}

// Strata of even width under a raised cosine.
Share tremor_share(int stratum, double place) {
  constexpr double first_hz = 8, last_hz = 12;
  const double u = (stratum + place) / sinusoids;
  return {first_hz + u * (last_hz - first_hz), (1 - std::cos(two_pi * u)) / sinusoids};
}

// Angle over speed of the drift, in deviations: sqrt(1 / (4 pi^2 first last)).
const double drift_seconds = 1 / (two_pi * std::sqrt(0.1 * 5));

}  // namespace

HandTremor::HandTremor(std::uint64_t seed, double strength, double first_exposure_s,
                       const TremorStrength& of_one) {
  for (std::uint32_t axis = 0; axis < 6; ++axis) {
    const double drift =
        drift_seconds * (axis < 3 ? of_one.drift_rad_s : of_one.drift_mm_s) * strength;
    const double tremor = (axis < 3 ? of_one.tremor_rad : of_one.tremor_mm) * strength;
    for (std::uint32_t i = 0; i < 2 * sinusoids; ++i) {
      const auto [a, b, place, unused] =
          philox({i, axis, 0, tremor_stream}, std::uint32_t(seed), std::uint32_t(seed >> 32));
      const bool is_drift = i < sinusoids;
      const double at = (place + 0.5) * 0x1p-32;
      const Share share = is_drift ? drift_share(int(i), at) : tremor_share(int(i) - sinusoids, at);
      const double amplitude = (is_drift ? drift : tremor) * std::sqrt(share.variance);
      motions_[axis].push_back(
          {two_pi * share.hz, amplitude * normal_quantile(a), amplitude * normal_quantile(b)});
    }
    // The mean of a sinusoid over the exposure, in closed form.
    for (const auto& [w, cosine, sine] : motions_[axis]) {
      const double turn = w * first_exposure_s;
      rest_[axis] +=
          turn > 0 ? (cosine * std::sin(turn) + sine * (1 - std::cos(turn))) / turn : cosine;
    }
  }
}

CameraPose HandTremor::at(double seconds) const {
  std::array<double, 6> place{};
  for (int axis = 0; axis < 6; ++axis) {
    for (const auto& [w, cosine, sine] : motions_[axis])
      place[axis] += cosine * std::cos(w * seconds) + sine * std::sin(w * seconds);
    place[axis] -= rest_[axis];
  }
  return {{place[0], place[1], place[2]}, {place[3], place[4], place[5]}};
}

}  // namespace lichtbild
