#include "sensor/sensor.h"

#include "core/parallel.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

LICHTBILD_VECTOR_CLONES
void linear_row(const std::uint16_t* numbers, int width, float black, float scale, float* out) {
  for (int x = 0; x < width; ++x) out[x] = (float(numbers[x]) - black) * scale;
}

}  // namespace

double Sensor::electrons_per_dn(double iso) const {
  return full_well_e / (white_dn() - black_dn) * (base_iso / iso);
}

NoiseModel noise_model(const Sensor& sensor, const ExposureSettings& settings) {
  const double per_dn = sensor.electrons_per_dn(settings.iso);
  const double range_dn = sensor.white_dn() - sensor.black_dn, range_e = range_dn * per_dn;
  // The converter rounds: 1/12 of a number squared.
  const double after_dn2 = sensor.converter_noise_dn * sensor.converter_noise_dn + 1 / 12.0;
  NoiseModel noise;
  noise.scale.fill(1 / range_e);
  noise.offset.fill(sensor.read_noise_e * sensor.read_noise_e / (range_e * range_e) +
                    after_dn2 / (range_dn * range_dn));
  return noise;
}

Image<float> linear(const Image<std::uint16_t>& numbers, const Sensor& sensor) {
  Image<float> signal(numbers.width(), numbers.height());
  const auto scale = float(1.0 / (sensor.white_dn() - sensor.black_dn));
  parallel_rows(numbers.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y)
      linear_row(numbers.row(y), numbers.width(), float(sensor.black_dn), scale, signal.row(y));
  });
  return signal;
}

}  // namespace lichtbild
