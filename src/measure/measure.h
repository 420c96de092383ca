// measure: what an image is worth, in numbers. Stands beside the path of light and looks at files
// only.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/image.h"
#include "core/raw_frame.h"

namespace lichtbild {

struct Psnr {
  std::array<double, 3> channel_db{};  // red, green, blue; of gray pictures only the first
  double combined_db = 0;              // from the mean squared error over all channels (CPSNR)
  int channels = 0;
};

// Peak signal-to-noise ratio of `picture` against `reference`, peak 1.0, inside `crop` (default:
// everything). Equal pictures give infinity. Throws Error when the shapes differ or the crop leaves
// the picture.
Psnr psnr(const Image<float>& picture, const Image<float>& reference,
          std::optional<Crop> crop = {});

// Multiplies the picture by the one number that makes its squared error against the reference
// least, inside the crop: exposure is no error.
void scale_to(const Image<float>& reference, std::optional<Crop> crop, Image<float>& picture);

}  // namespace lichtbild
