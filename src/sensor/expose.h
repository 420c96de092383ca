// expose_rows: expose() for some of the rows; what the others hold does not matter.
#pragma once

#include "sensor/sensor.h"

namespace lichtbild {

// Writes the rows first <= y < last of `numbers`, which has the size of `mean_e`.
void expose_rows(const Image<float>& mean_e, const Sensor& sensor, const ExposureSettings& settings,
                 int first, int last, Image<std::uint16_t>& numbers);

}  // namespace lichtbild
