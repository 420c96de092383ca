#include "develop/inverse_filter.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "core/parallel.h"

namespace lichtbild {
namespace {

using Complex = std::complex<float>;

// Frequencies k / period_px cycles per pixel: along s from 0 on, the other half is conjugate.
constexpr int period_px = 24, most_s = 15, most_t = 15, count_s = most_s + 1,
              count_t = 2 * most_t + 1;
using Spectrum2 = std::array<Complex, std::size_t(count_s) * count_t>;  // [t][s]

double frequency(int k) { return double(k) / period_px; }

std::vector<Complex> turns(double step_px, int count, double first_px) {
  // exp(2 pi i k x) for the places x = first_px + j step_px, j major.
  std::vector<Complex> turn;
  for (int j = 0; j < count; ++j)
    for (int k = 0; k < count_t; ++k)
      turn.push_back(std::complex<float>(
          std::polar(1.0, 2 * M_PI * frequency(k - most_t) * (first_px + j * step_px))));
  return turn;
}

// Around the kernel's core, which so stays where it is: moved, the tail that is beyond the filter's
// means would take the light's center along.
Spectrum2 transfer(const PsfField& psf, const PsfKernel& kernel) {
  constexpr double core_px = 3;
  const double step_px = 1.0 / psf.oversampling, first_px = -(psf.size - 1) / 2.0 * step_px;
  const auto turn_s = turns(step_px, psf.size, first_px),
             turn_t = turns(step_px, psf.size, first_px - center_px(psf, kernel, core_px));
  Spectrum2 h{};
  std::array<Complex, count_s> row;
  for (int t = 0; t < psf.size; ++t) {
    row.fill({});
    for (int s = 0; s < psf.size; ++s)
      for (int k = 0; k < count_s; ++k)
        row[k] += kernel.cell[std::size_t(t) * psf.size + s] *
                  std::conj(turn_s[std::size_t(s) * count_t + most_t + k]);
    for (int l = 0; l < count_t; ++l)
      for (int k = 0; k < count_s; ++k)
        h[std::size_t(l) * count_s + k] += row[k] * std::conj(turn_t[std::size_t(t) * count_t + l]);
  }
  return h;
}

// What the inverse adds to a frequency.
Complex added(Complex lens, double f_s, double f_t, double noise_to_signal) {
  const double f = std::hypot(f_s, f_t);
  const Complex h = lens * float(f > 0 ? std::sin(M_PI * f) / (M_PI * f) : 1);
  const double size = std::abs(h);
  // The upper end of the band is taken out softly, symmetric about the Nyquist frequency: what the
  // sampled taps fold back there completes it.
  constexpr double full = 0.4, none = 0.6;
  const double beyond = std::clamp((f - full) / (none - full), 0.0, 1.0);
  const double share = 0.5 + 0.5 * std::cos(M_PI * beyond);
  if (share == 0 || size == 0) return 0;
  constexpr double lost = 0.1;  // below this nothing is known of the phase either
  const double gain = std::max(size * (1 + noise_to_signal) / (size * size + noise_to_signal), 1.0);
  const Complex phase = std::conj(h) / float(size);
  return float(share * std::min(size / lost, 1.0)) * (float(gain) * phase - 1.f);
}

// Taps fade out to the rim.
const InverseTaps& window() {
  static const InverseTaps weights = [] {
    InverseTaps w;
    for (int v = -inverse_reach, i = 0; v <= inverse_reach; ++v)
      for (int u = -inverse_reach; u <= inverse_reach; ++u, ++i) {
        constexpr double flat = inverse_reach - 2, end = inverse_reach + 1;
        const double t = std::clamp((std::hypot(u, v) - flat) / (end - flat), 0.0, 1.0);
        w[i] = float(0.5 + 0.5 * std::cos(M_PI * t));
      }
    return w;
  }();
  return weights;
}

}  // namespace

InverseFilter::InverseFilter(const PsfField& psf, int channel, double noise_to_signal)
    : radius_(psf.radius), table_(psf.radius.size()) {
  parallel_blocks(int(table_.size()), 1, [&](int index, int) {
    Spectrum2 spectrum = transfer(psf, psf.kernel[channel][index]);
    for (int l = 0; l < count_t; ++l)
      for (int k = 0; k < count_s; ++k) {
        Complex& value = spectrum[std::size_t(l) * count_s + k];
        value = added(value, frequency(k), frequency(l - most_t), noise_to_signal);
        if (k > 0) value *= 2;  // for its conjugate
      }
    const auto turn = turns(1.0 / steps, table_size, -double(table_radius) / steps);
    std::vector<float>& table = table_[index].value;
    table.resize(std::size_t(table_size) * table_size);
    for (int t = 0; t < table_size; ++t) {
      std::array<Complex, count_s> row{};
      for (int l = 0; l < count_t; ++l)
        for (int k = 0; k < count_s; ++k)
          row[k] += spectrum[std::size_t(l) * count_s + k] * turn[std::size_t(t) * count_t + l];
      for (int s = 0; s < table_size; ++s) {
        float sum = 0;
        for (int k = 0; k < count_s; ++k) {
          const Complex to = turn[std::size_t(s) * count_t + most_t + k];
          sum += row[k].real() * to.real() - row[k].imag() * to.imag();
        }
        table[std::size_t(t) * table_size + s] = sum / (period_px * period_px);
      }
    }
  });
}

InverseTaps InverseFilter::at(double x, double y) const {
  const double radius = std::hypot(x, y);
  const double tx = radius > 0 ? x / radius : 0, ty = radius > 0 ? y / radius : 1;
  const double sx = ty, sy = -tx;  // t turned by -90 degrees
  const int last = int(radius_.size()) - 1;
  const int above =
      std::clamp(int(std::upper_bound(radius_.begin(), radius_.end(), radius) - radius_.begin()),
                 std::min(1, last), last);
  const int below = std::max(above - 1, 0);
  const double between =
      above > below ? (radius - radius_[below]) / (radius_[above] - radius_[below]) : 0;
  const auto share = float(std::clamp(between, 0.0, 1.0));
  const float *low = table_[below].value.data(), *high = table_[above].value.data();

  InverseTaps taps{};
  const InverseTaps& weight = window();
  float sum = 0, weights = 0;
  for (int v = -inverse_reach, i = 0; v <= inverse_reach; ++v)
    for (int u = -inverse_reach; u <= inverse_reach; ++u, ++i) {
      if (weight[i] == 0) continue;
      // A convolution: the light that a sample gave to its neighbor is found at the opposite side.
      const double s = table_radius - steps * (u * sx + v * sy),
                   t = table_radius - steps * (u * tx + v * ty);
      const int s0 = int(s), t0 = int(t);
      const auto fs = float(s - s0), ft = float(t - t0);
      const std::size_t k = std::size_t(t0) * table_size + s0;
      const auto bilinear = [&](const float* table) {
        const float near = table[k] + fs * (table[k + 1] - table[k]),
                    far = table[k + table_size] +
                          fs * (table[k + table_size + 1] - table[k + table_size]);
        return near + ft * (far - near);
      };
      const float a = bilinear(low), b = bilinear(high);
      taps[i] = weight[i] * (a + share * (b - a));
      sum += taps[i], weights += weight[i];
    }
  for (std::size_t i = 0; i < taps.size(); ++i) taps[i] -= weight[i] * sum / weights;
  return taps;
}

}  // namespace lichtbild
