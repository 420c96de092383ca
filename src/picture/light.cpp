// light_of(): what a file's numbers mean.
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/parallel.h"
#include "picture/icc_light.h"
#include "picture/picture.h"

namespace lichtbild {
namespace {

Matrix3 rec2020_from(const Primaries& p, const std::string& where) {
  const Matrix3 matrix = xyz_from_rec2020().inverse() * adapt(p.white, white_d65) *
                         xyz_from_rgb(p.red, p.green, p.blue, p.white);
  constexpr double greatest = 1e3;  // of a color space that was meant
  if (!std::ranges::all_of(matrix.m, [](double v) { return std::abs(v) < greatest; }))
    throw Error(where, "the primaries that it names make no color space",
                "name others, or take them out");
  return matrix;
}

float decoded(float code, const std::optional<double>& exponent) {
  if (!exponent) return linear_from_srgb(code);
  return *exponent == 1 ? code : std::copysign(std::pow(std::abs(code), float(*exponent)), code);
}

}  // namespace

float linear_from_srgb(float value) {
  return value <= 0.04045f ? value / 12.92f : std::pow((value + 0.055f) / 1.055f, 2.4f);
}

Image<float> light_of(const Image<float>& samples, const PictureColors& colors,
                      const std::string& where) {
  if (!colors.icc_profile.empty()) return icc_light(samples, colors.icc_profile, where);
  std::optional<double> exponent = colors.exponent;
  if (std::ranges::any_of(samples.samples(), [](float v) { return v > 1; })) exponent = 1;
  const Matrix3 matrix = rec2020_from(colors.primaries.value_or(rec709_primaries), where);
  const int last_plane = samples.planes() - 1;
  Image<float> light(samples.width(), samples.height(), 3);
  parallel_rows(samples.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y)
      for (int x = 0; x < samples.width(); ++x) {
        Vector3 rgb;
        for (int c = 0; c < 3; ++c)
          rgb[c] = decoded(samples(x, y, std::min(c, last_plane)), exponent);
        const Vector3 color = matrix * rgb;
        for (int c = 0; c < 3; ++c) light(x, y, c) = float(color[c]);
      }
  });
  return light;
}

}  // namespace lichtbild
