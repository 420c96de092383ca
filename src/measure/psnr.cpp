#include <cmath>

#include "core/error.h"
#include "measure/measure.h"

namespace lichtbild {
namespace {

std::string shape(const Image<float>& image) {
  return fmt::format("{} x {}, {}", image.width(), image.height(),
                     image.planes() == 1 ? "gray" : "color");
}

void check(const Image<float>& picture, const Image<float>& reference, const Crop& crop) {
  if (shape(picture) != shape(reference))
    throw Error(
        "psnr",
        fmt::format("the pictures differ in shape: {} and {}", shape(picture), shape(reference)),
        "compare pictures of one size and kind");
  if (crop.x < 0 || crop.y < 0 || crop.width < 1 || crop.height < 1 ||
      crop.x > picture.width() - crop.width || crop.y > picture.height() - crop.height)
    throw Error("psnr",
                fmt::format("the crop {},{},{},{} leaves the picture of {}", crop.x, crop.y,
                            crop.width, crop.height, shape(picture)),
                "give X Y WIDTH HEIGHT inside it");
}

double squared_error(const Image<float>& a, const Image<float>& b, const Crop& crop, int plane) {
  double sum = 0;
  for (int y = crop.y; y < crop.y + crop.height; ++y) {
    const float *row_a = a.row(y, plane), *row_b = b.row(y, plane);
    for (int x = crop.x; x < crop.x + crop.width; ++x) {
      const double difference = double(row_a[x]) - row_b[x];
      sum += difference * difference;
    }
  }
  return sum / (double(crop.width) * crop.height);
}

double decibel(double mean_squared_error) { return -10 * std::log10(mean_squared_error); }

}  // namespace

Psnr psnr(const Image<float>& picture, const Image<float>& reference, std::optional<Crop> crop) {
  const Crop area = crop.value_or(Crop{0, 0, picture.width(), picture.height()});
  check(picture, reference, area);
  Psnr result;
  result.channels = picture.planes();
  double sum = 0;
  for (int plane = 0; plane < result.channels; ++plane) {
    const double error = squared_error(picture, reference, area, plane);
    result.channel_db[plane] = decibel(error);
    sum += error;
  }
  result.combined_db = decibel(sum / result.channels);
  return result;
}

}  // namespace lichtbild
