#include "develop/denoise_picture.h"

#include <utility>
#include <vector>

#include "core/halide_buffer.h"
#include "denoise.h"
#include "denoise_half.h"
#include "denoise_planes.h"
#include "denoise_scale.h"
#include "develop/noise_scales.h"

namespace lichtbild {

Image<Half> denoised(Image<std::uint16_t> encoded, const Crop& shown,
                     const Image<float>& variance_ratio, const Image<float>& noise,
                     const Matrix3& matrix, float lift) {
  const auto half_of = [](const auto& picture) {
    return Image<float>((picture.width() + 1) / 2, (picture.height() + 1) / 2, 3);
  };
  auto rgb = halide_buffer(encoded);
  std::vector<Image<float>> planes;  // finest first
  planes.push_back(half_of(encoded));
  auto finest = halide_buffer(planes[0]);
  check(denoise_planes(rgb, finest));
  for (int scale = 0; scale < denoise_levels; ++scale) {
    planes.push_back(half_of(planes[scale]));
    auto fine = halide_buffer(planes[scale]), half = halide_buffer(planes[scale + 1]);
    check(denoise_half(fine, half));
  }

  // The coarsest scale stays as it is; the finest is cleaned within the last kernel's tiles.
  auto ratio = halide_buffer(variance_ratio), levels = halide_buffer(noise);
  Image<float> clean = planes.back().clone();
  for (int scale = denoise_levels - 1; scale > 0; --scale) {
    Image<float> finer(planes[scale].width(), planes[scale].height(), 3);
    auto fine = halide_buffer(planes[scale]), half = halide_buffer(planes[scale + 1]),
         clean_half = halide_buffer(clean), out = halide_buffer(finer);
    check(denoise_scale(fine, half, clean_half, ratio, levels, scale, out));
    clean = std::move(finer);
  }

  Image<float> coefficients(3, 3);
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column)
      coefficients(column, row) = float(matrix(row, column));
  Image<Half> rec2020 = std::move(encoded).reused_as<Half>();
  auto half = halide_buffer(planes[1]), clean_half = halide_buffer(clean),
       m = halide_buffer(coefficients);
  auto out =
      halide_buffer(rec2020).cropped(0, shown.x, shown.width).cropped(1, shown.y, shown.height);
  check(denoise(rgb, finest, half, clean_half, ratio, levels, m, lift, out));
  return rec2020;
}

}  // namespace lichtbild
