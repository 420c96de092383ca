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

// The factor on `picture` that brings it nearest to `reference`, by least squares over all
// channels: taken before comparing scene-linear pictures of unlike exposure. Throws Error for other
// shapes.
double best_scale(const Image<float>& picture, const Image<float>& reference);

struct Ssim {
  std::array<double, 3> channel{};
  double combined = 0;  // mean over the channels
  int channels = 0;
};

// Structural similarity, mean over all places of a Gaussian window of 11 x 11 pixels, sigma 1.5,
// K1 = 0.01, K2 = 0.03, peak 1 (Wang, Bovik, Sheikh and Simoncelli 2004). Throws Error when the
// shapes differ or are smaller than the window.
Ssim ssim(const Image<float>& picture, const Image<float>& reference);

}  // namespace lichtbild
