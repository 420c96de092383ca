#include <cmath>

#include "core/error.h"
#include "measure/channel.h"
#include "measure/measure.h"

namespace lichtbild {
namespace {

constexpr int window = 11;

// Means under the window wherever it lies inside: the picture loses 10 columns and rows.
std::vector<double> windowed(const std::vector<double>& plane, int width, int height) {
  std::array<double, window> weight;
  double sum = 0;
  for (int i = 0; i < window; ++i) sum += weight[i] = std::exp(-0.5 * (i - 5) * (i - 5) / 2.25);
  const int columns = width - window + 1, rows = height - window + 1;
  std::vector<double> across(std::size_t(columns) * height), out(std::size_t(columns) * rows);
  for (int y = 0; y < height; ++y)
    for (int i = 0; i < window; ++i)
      for (int x = 0; x < columns; ++x)
        across[std::size_t(y) * columns + x] +=
            weight[i] / sum * plane[std::size_t(y) * width + x + i];
  for (int y = 0; y < rows; ++y)
    for (int i = 0; i < window; ++i)
      for (int x = 0; x < columns; ++x)
        out[std::size_t(y) * columns + x] +=
            weight[i] / sum * across[std::size_t(y + i) * columns + x];
  return out;
}

double ssim_of_plane(const float* a, const float* b, int width, int height) {
  const std::size_t size = std::size_t(width) * height;
  std::vector<double> x(size), y(size), xx(size), yy(size), xy(size);
  for (std::size_t i = 0; i < size; ++i) {
    x[i] = a[i], y[i] = b[i];
    xx[i] = x[i] * x[i], yy[i] = y[i] * y[i], xy[i] = x[i] * y[i];
  }
  for (std::vector<double>* plane : {&x, &y, &xx, &yy, &xy})
    *plane = windowed(*plane, width, height);
  constexpr double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;  // peak 1
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double mx = x[i], my = y[i];
    sum += (2 * mx * my + c1) * (2 * (xy[i] - mx * my) + c2) /
           ((mx * mx + my * my + c1) * (xx[i] - mx * mx + yy[i] - my * my + c2));
  }
  return sum / double(x.size());
}

}  // namespace

Ssim ssim(const Image<float>& picture, const Image<float>& reference) {
  if (picture.width() != reference.width() || picture.height() != reference.height() ||
      picture.planes() != reference.planes())
    throw Error("ssim", "the pictures differ in shape", "compare pictures of one size and kind");
  if (picture.width() < window || picture.height() < window)
    throw Error("ssim", "the pictures are smaller than the window of 11 x 11 pixels");
  Ssim result{.channels = picture.planes()};
  for (int plane = 0; plane < result.channels; ++plane) {
    result.channel[plane] = ssim_of_plane(picture.row(0, plane), reference.row(0, plane),
                                          picture.width(), picture.height());
    result.combined += result.channel[plane] / result.channels;
  }
  return result;
}

double best_scale(const Image<float>& picture, const Image<float>& reference) {
  if (picture.size() != reference.size())
    throw Error("psnr", "the pictures differ in shape", "compare pictures of one size and kind");
  double product = 0, square = 0;
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const double a = picture.samples()[i], b = reference.samples()[i];
    product += a * b, square += a * a;
  }
  return square > 0 ? product / square : 1;
}

}  // namespace lichtbild
