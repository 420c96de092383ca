// measure: what an image is worth, in numbers. Stands beside the path of light and looks at files
// only.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/image.h"
#include "core/raw_frame.h"

namespace lichtbild {

// Any image file this program writes or reads beside RAW (JPEG, PNG, TIFF 8/16/float, EXR), as
// planar float. Integer formats are scaled so that the largest code value is 1. Gray pictures have
// one plane, color three; alpha is dropped. Throws Error.
Image<float> read_image(const std::string& path);

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

}  // namespace lichtbild
