#include "develop/inverse_filter.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "core/invariant.h"
#include "core/parallel.h"

namespace lichtbild {
namespace {

using Complex = std::complex<double>;

// Frequencies 0 ... of a quarter plane: the blur is even in s, its spectrum conjugate in t.
constexpr int frequencies = 19;
constexpr double frequency_step = 1.0 / 32;  // cycles per sample
// More would ripple within so few samples.
constexpr double greatest_gain = 2.4;
// The impulse response along s and t, oversampled.
constexpr int response_per_px = 4;
constexpr int response_reach = (InverseFilters::radius + 2) * response_per_px;
constexpr int response_size = 2 * response_reach + 1;

double sinc(double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); }
double faded(double x, double from, double to) {
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return 0.5 + 0.5 * std::cos(M_PI * t);
}

std::vector<float> kernel_at(const PsfField& psf, int channel, double radius) {
  const auto& kernels = psf.kernel[channel];
  if (kernels.size() == 1) return kernels[0].cell;
  const auto above = std::upper_bound(psf.radius.begin(), psf.radius.end(), radius);
  const int hi = std::clamp(int(above - psf.radius.begin()), 1, int(psf.radius.size()) - 1);
  const float t = float(
      std::clamp((radius - psf.radius[hi - 1]) / (psf.radius[hi] - psf.radius[hi - 1]), 0.0, 1.0));
  std::vector<float> mixed(kernels[hi].cell.size());
  for (std::size_t i = 0; i < mixed.size(); ++i)
    mixed[i] = (1 - t) * kernels[hi - 1].cell[i] + t * kernels[hi].cell[i];
  return mixed;
}

// Transfer function at [frequency along s][along t].
using Spectrum = std::array<std::array<Complex, frequencies>, frequencies>;
Spectrum spectrum_of(const std::vector<float>& cells, int size, double cell_px) {
  Spectrum spectrum{};
  double sum = 0;
  for (float c : cells) sum += c;
  for (int fs = 0; fs < frequencies; ++fs) {
    std::vector<double> row(size);
    for (int i = 0; i < size; ++i) {
      const double wave = std::cos(2 * M_PI * fs * frequency_step * (i - size / 2) * cell_px);
      for (int j = 0; j < size; ++j) row[j] += cells[std::size_t(j) * size + i] * wave;
    }
    for (int ft = 0; ft < frequencies; ++ft) {
      Complex at = 0;
      for (int j = 0; j < size; ++j)
        at += row[j] * std::polar(1.0, -2 * M_PI * ft * frequency_step * (j - size / 2) * cell_px);
      // The cells are integrals: their own square is not the lens's.
      spectrum[fs][ft] =
          at / (sum * sinc(fs * frequency_step * cell_px) * sinc(ft * frequency_step * cell_px));
    }
  }
  return spectrum;
}

// W - 1.
Spectrum inverse_of(const Spectrum& lens, double e) {
  Spectrum inverse{};
  for (int fs = 0; fs < frequencies; ++fs)
    for (int ft = 0; ft < frequencies; ++ft) {
      const Complex h = lens[fs][ft];
      const double f = std::hypot(fs, ft) * frequency_step;
      const double pixel = sinc(fs * frequency_step) * sinc(ft * frequency_step);
      const double target = std::min(std::max(faded(f, 0.4, 0.85), std::abs(h)) / pixel,
                                     greatest_gain * std::abs(h));
      const Complex w = (1 + e) * target * std::conj(h) / (std::norm(h) + e);
      inverse[fs][ft] = (w - 1.0) * faded(f, 0.42, 0.6);
    }
  return inverse;
}

// The impulse response of a spectrum at [t][s].
std::vector<double> response_of(const Spectrum& spectrum) {
  const auto weight = [](int f) { return (f == 0 ? 1 : 2) * frequency_step; };
  std::vector<double> along_t(std::size_t(response_size) * frequencies),
      response(std::size_t(response_size) * response_size);
  for (int j = 0; j < response_size; ++j)
    for (int ft = 0; ft < frequencies; ++ft) {
      const Complex wave = std::polar(
          weight(ft), 2 * M_PI * ft * frequency_step * (j - response_reach) / response_per_px);
      for (int fs = 0; fs < frequencies; ++fs)
        along_t[std::size_t(j) * frequencies + fs] += (spectrum[fs][ft] * wave).real();
    }
  for (int i = 0; i < response_size; ++i)
    for (int fs = 0; fs < frequencies; ++fs) {
      const double wave = weight(fs) * std::cos(2 * M_PI * fs * frequency_step *
                                                (i - response_reach) / response_per_px);
      for (int j = 0; j < response_size; ++j)
        response[std::size_t(j) * response_size + i] +=
            along_t[std::size_t(j) * frequencies + fs] * wave;
    }
  return response;
}

// Between the response's samples by Catmull-Rom cubics.
double response_at(const std::vector<double>& response, double s_px, double t_px) {
  const auto cubic = [](double f) {
    return std::array{f * (-0.5 + f * (1 - 0.5 * f)), 1 + f * f * (-2.5 + 1.5 * f),
                      f * (0.5 + f * (2 - 1.5 * f)), f * f * (-0.5 + 0.5 * f)};
  };
  const double s = s_px * response_per_px + response_reach,
               t = t_px * response_per_px + response_reach;
  const int i = int(s), j = int(t);
  const auto ws = cubic(s - i), wt = cubic(t - j);
  double sum = 0;
  for (int v = 0; v < 4; ++v)
    for (int u = 0; u < 4; ++u)
      sum += wt[v] * ws[u] * response[std::size_t(j + v - 1) * response_size + i + u - 1];
  return sum;
}

InverseFilters::Taps turned(const std::vector<double>& response, double angle) {
  constexpr int reach = InverseFilters::radius;
  constexpr double fade_from = reach - 2, fade_to = reach + 0.5;
  const double tx = std::cos(angle), ty = std::sin(angle), sx = ty, sy = -tx;
  InverseFilters::Taps taps{};
  double sum = 0;
  for (int y = -reach; y <= reach; ++y)
    for (int x = -reach; x <= reach; ++x) {
      const double r = std::hypot(x, y);
      if (r >= fade_to) continue;
      // Correlated: what stands at +n is weighed by the response at -n.
      const double tap = response_at(response, -(x * sx + y * sy), -(x * tx + y * ty)) *
                         faded(r, fade_from, fade_to);
      taps[std::size_t(y + reach) * InverseFilters::size + x + reach] = float(tap);
      sum += tap;
    }
  taps[taps.size() / 2] += float(1 - sum);
  return taps;
}

}  // namespace

InverseFilters::InverseFilters(const LensProfile& lens, int width, double regularization) {
  invariant(!lens.psf.radius.empty());
  const double cell_px = double(width) / lens.sensor.width_px / lens.psf.oversampling;
  for (auto& channel : table_) channel.resize(std::size_t(radii) * angles);
  parallel_blocks(3 * radii, 1, [&](int k, int) {
    const int channel = k / radii, r = k % radii;
    const auto cells = kernel_at(lens.psf, channel, double(r) / (radii - 1));
    const auto response =
        response_of(inverse_of(spectrum_of(cells, lens.psf.size, cell_px), regularization));
    for (int a = 0; a < angles; ++a)
      table_[channel][std::size_t(r) * angles + a] = turned(response, 2 * M_PI * a / angles);
  });
}

InverseFilters::Taps InverseFilters::at(int channel, double x, double y) const {
  const double r = std::min(std::hypot(x, y), 1.0) * (radii - 1);
  const double a = (std::atan2(y, x) / (2 * M_PI) + 1) * angles;
  const int r0 = std::min(int(r), radii - 2), a0 = int(a);
  const float ar = float(r - r0), aa = float(a - a0);
  const auto corner = [&](int i, int j) -> const Taps& {
    return table_[channel][std::size_t(r0 + i) * angles + (a0 + j) % angles];
  };
  const Taps &p = corner(0, 0), &q = corner(0, 1), &s = corner(1, 0), &t = corner(1, 1);
  Taps taps;
  for (std::size_t k = 0; k < taps.size(); ++k)
    taps[k] = (1 - ar) * ((1 - aa) * p[k] + aa * q[k]) + ar * ((1 - aa) * s[k] + aa * t[k]);
  return taps;
}

}  // namespace lichtbild
