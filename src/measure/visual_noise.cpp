#include "measure/visual_noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <vector>

#include "core/color.h"
#include "core/invariant.h"

namespace lichtbild {
namespace {

using Complex = std::complex<double>;

const Matrix3 opponent_from_xyz{{0, 1, 0, 1, -1, 0, 0, 0.4, -0.4}};

// Each sample's three values times a matrix.
void multiply(const Matrix3& m, Image<double>& planes) {
  const std::size_t count = planes.size() / 3;
  const auto samples = planes.samples();
  for (std::size_t i = 0; i < count; ++i) {
    const Vector3 v = m * Vector3{samples[i], samples[count + i], samples[2 * count + i]};
    for (int c = 0; c < 3; ++c) samples[c * count + i] = v[c];
  }
}

// Takes the slope of the nearest plane away.
void level(Image<double>& planes, int plane) {
  const double middle_x = (planes.width() - 1) / 2.0, middle_y = (planes.height() - 1) / 2.0;
  double xx = 0, yy = 0, xv = 0, yv = 0;
  for (int y = 0; y < planes.height(); ++y)
    for (int x = 0; x < planes.width(); ++x) {
      const double dx = x - middle_x, dy = y - middle_y, v = planes(x, y, plane);
      xx += dx * dx, yy += dy * dy, xv += dx * v, yv += dy * v;
    }
  for (int y = 0; y < planes.height(); ++y)
    for (int x = 0; x < planes.width(); ++x)
      planes(x, y, plane) -= xv / xx * (x - middle_x) + yv / yy * (y - middle_y);
}

// The Fourier transform of every row of `width` values, or its inverse, and rows become columns.
// Surfaces are small: sums do.
std::vector<Complex> transformed(const std::vector<Complex>& in, int width, bool inverse) {
  std::vector<Complex> wave(width);
  for (int k = 0; k < width; ++k) wave[k] = std::polar(1.0, (inverse ? 2 : -2) * M_PI * k / width);
  const int height = int(in.size()) / width;
  std::vector<Complex> out(in.size());
  for (int y = 0; y < height; ++y)
    for (int k = 0; k < width; ++k) {
      Complex sum = 0;
      for (int x = 0, at = 0; x < width; ++x, at = (at + k) % width)
        sum += in[std::size_t(y) * width + x] * wave[at];
      out[std::size_t(k) * height + y] = inverse ? sum / double(width) : sum;
    }
  return out;
}

void see(Image<double>& planes, int channel, double pixels_per_degree) {
  const int width = planes.width(), height = planes.height();
  const double* first = planes.row(0, channel);
  std::vector<Complex> values(first, first + std::size_t(width) * height);
  values = transformed(transformed(values, width, false), height, false);
  const auto cycles_per_pixel = [](int k, int n) { return double(std::min(k, n - k)) / n; };
  for (int v = 0; v < height; ++v)
    for (int u = 0; u < width; ++u)
      values[std::size_t(v) * width + u] *= contrast_sensitivity(
          channel,
          pixels_per_degree * std::hypot(cycles_per_pixel(u, width), cycles_per_pixel(v, height)));
  values = transformed(transformed(values, width, true), height, true);
  std::ranges::transform(values, planes.row(0, channel), [](Complex v) { return v.real(); });
}

struct Luv {
  double l, u, v;
};

Luv luv_of(const Vector3& xyz, const Vector3& white) {
  const auto lightness = [](double y) {
    constexpr double dark = 216.0 / 24389, slope = 24389.0 / 27;
    return y > dark ? 116 * std::cbrt(y) - 16 : slope * y;
  };
  const auto place = [](const Vector3& c) {
    const double sum = c[0] + 15 * c[1] + 3 * c[2];
    return sum > 0 ? std::array{4 * c[0] / sum, 9 * c[1] / sum} : std::array{0.0, 0.0};
  };
  // Black has no chromaticity of its own: the white's.
  const auto at_white = place(white), at = xyz[1] > 0 ? place(xyz) : at_white;
  const double l = lightness(std::max(xyz[1] / white[1], 0.0));
  return {l, 13 * l * (at[0] - at_white[0]), 13 * l * (at[1] - at_white[1])};
}

double standard_deviation(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  for (const double v : values) squares += std::pow(v - sum / double(values.size()), 2);
  return std::sqrt(squares / double(values.size()));
}

}  // namespace

double contrast_sensitivity(int channel, double f) {
  if (channel == 0) {
    constexpr double b = 0.2, c = 0.8, peak = c / b;
    return f <= peak ? 1 : std::pow(f / peak, c) * std::exp(-b * (f - peak));
  }
  struct Parts {
    double a1, b1, c1, a2, b2, c2;
  };
  const Parts p = channel == 1 ? Parts{109.1413, 0.00038, 3.4244, 93.5971, 0.00367, 2.1677}
                               : Parts{7.0328, 0.000004, 4.2582, 40.6910, 0.1039, 1.6487};
  return (p.a1 * std::exp(-p.b1 * std::pow(f, p.c1)) + p.a2 * std::exp(-p.b2 * std::pow(f, p.c2))) /
         (p.a1 + p.a2);
}

VisualNoise visual_noise(const Image<float>& surface, double pixels_per_degree) {
  constexpr int least_side = 8;
  invariant(surface.planes() == 3 && surface.width() >= least_side &&
            surface.height() >= least_side && pixels_per_degree > 0);
  Image<double> planes(surface.width(), surface.height(), 3);
  std::ranges::copy(surface.samples(), planes.samples().begin());
  for (int c = 0; c < 3; ++c) level(planes, c);
  constexpr Chromaticity equal_energy{1.0 / 3, 1.0 / 3};
  const Matrix3 opponent = opponent_from_xyz * adapt(white_d65, equal_energy);
  multiply(opponent, planes);
  for (int c = 0; c < 3; ++c) see(planes, c, pixels_per_degree);
  multiply(opponent.inverse(), planes);

  const Vector3 white = xyz_from_chromaticity(white_d65);
  std::vector<double> l, u, v;
  for (int y = 0; y < planes.height(); ++y)
    for (int x = 0; x < planes.width(); ++x) {
      const Luv luv = luv_of({planes(x, y, 0), planes(x, y, 1), planes(x, y, 2)}, white);
      l.push_back(luv.l), u.push_back(luv.u), v.push_back(luv.v);
    }
  return {standard_deviation(l), standard_deviation(u), standard_deviation(v)};
}

}  // namespace lichtbild
