#include "develop/inverse_filter.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "core/parallel.h"
#include "core/sinc.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

using Complex = std::complex<float>;

// Frequencies k / period_px cycles per pixel, from 0 on: a kernel is real, and even along s.
constexpr int period_px = 24, frequencies = 16;
using ByFrequency = std::array<float, frequencies>;

double frequency(int k) { return double(k) / period_px; }

// Cosines and sines of 2 pi f x at the places x = first_px + j step_px, for every frequency f.
struct Waves {
  std::vector<ByFrequency> cosine, sine;
  std::array<std::vector<float>, frequencies> cosines_of;  // a frequency

  Waves(double first_px, double step_px, int count) : cosine(count), sine(count) {
    for (int j = 0; j < count; ++j)
      for (int k = 0; k < frequencies; ++k) {
        const double angle = 2 * M_PI * frequency(k) * (first_px + j * step_px);
        cosine[j][k] = float(std::cos(angle)), sine[j][k] = float(std::sin(angle));
        cosines_of[k].push_back(cosine[j][k]);
      }
  }
};

// Values at the frequencies (f_s, f_t): rows along t.
struct Spectrum2 {
  std::array<ByFrequency, frequencies> real{}, imaginary{};
};

LICHTBILD_VECTOR_CLONES
Spectrum2 transform(const float* cells, int size, const Waves& waves) {
  Spectrum2 out;
  for (int t = 0; t < size; ++t, cells += size) {
    // Even along s: what lies as far to either side is added up first.
    ByFrequency row{};
    for (int s = 0; s < size / 2; ++s) {
      const float cell = cells[s] + cells[size - 1 - s];
      for (int k = 0; k < frequencies; ++k) row[k] += cell * waves.cosine[s][k];
    }
    for (int k = 0; k < frequencies; ++k) row[k] += cells[size / 2];
    for (int l = 0; l < frequencies; ++l)
      for (int k = 0; k < frequencies; ++k) {
        out.real[l][k] += waves.cosine[t][l] * row[k];
        out.imaginary[l][k] -= waves.sine[t][l] * row[k];
      }
  }
  return out;
}

// Back to `size` x `size` places.
LICHTBILD_VECTOR_CLONES
void transform_back(const Spectrum2& spectrum, const Waves& waves, int size, float* out) {
  // Of every frequency but 0 there is the negative one as well.
  const auto both = [](int k) { return float(k > 0 ? 2 : 1) / period_px; };
  for (int t = 0; t < size; ++t, out += size) {
    ByFrequency row{};
    for (int l = 0; l < frequencies; ++l) {
      const float cosine = both(l) * waves.cosine[t][l], sine = both(l) * waves.sine[t][l];
      for (int k = 0; k < frequencies; ++k)
        row[k] += spectrum.real[l][k] * cosine - spectrum.imaginary[l][k] * sine;
    }
    std::fill_n(out, size, 0.f);
    for (int k = 0; k < frequencies; ++k) {
      const float amplitude = both(k) * row[k];
      const float* cosine = waves.cosines_of[k].data();
      for (int s = 0; s < size; ++s) out[s] += amplitude * cosine[s];
    }
  }
}

// What the inverse adds to a frequency.
Complex added(Complex lens, double f_s, double f_t, double noise_to_signal) {
  const double f = std::hypot(f_s, f_t);
  const Complex h = lens * float(sinc(f));
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

// The taps that count, as one list: they fade out to the rim of a disk.
struct Disk {
  int count = 0;
  std::array<int, inverse_size * inverse_size> tap;
  std::array<float, inverse_size * inverse_size> u, v, weight;
  float weights = 0;

  Disk() {
    for (int row = -inverse_reach, i = 0; row <= inverse_reach; ++row)
      for (int column = -inverse_reach; column <= inverse_reach; ++column, ++i) {
        constexpr double flat = inverse_reach - 2, end = inverse_reach + 1;
        const double t = (std::hypot(column, row) - flat) / (end - flat);
        if (t >= 1) continue;
        tap[count] = i;
        u[count] = float(column), v[count] = float(row);
        weight[count] = float(0.5 + 0.5 * std::cos(M_PI * std::max(t, 0.0)));
        weights += weight[count++];
      }
  }
};

// Two neighbors of the table, square and as large, and the share of the second.
struct Neighbors {
  const float *low, *high;
  float share;
  int size;
};

// The disk's places in the table, s along (sx, sy) from its middle on, t at a right angle.
LICHTBILD_VECTOR_CLONES
void read_turned(const Neighbors& table, float sx, float sy, float middle, const Disk& disk,
                 InverseTaps& out) {
  const float *low = table.low, *high = table.high;
  const int size = table.size;
  InverseTaps read;  // of our own: what is gathered cannot change by it
  for (int i = 0; i < disk.count; ++i) {
    // A convolution: the light that a sample gave to its neighbor is found at the opposite side.
    const float s = middle - disk.u[i] * sx - disk.v[i] * sy,
                t = middle + disk.u[i] * sy - disk.v[i] * sx;
    const int s0 = int(s), t0 = int(t), k = t0 * size + s0;
    const float fs = s - float(s0), ft = t - float(t0);
    const auto bilinear = [&](const float* of) {
      const float near = of[k] + fs * (of[k + 1] - of[k]),
                  far = of[k + size] + fs * (of[k + size + 1] - of[k + size]);
      return near + ft * (far - near);
    };
    const float a = bilinear(low), b = bilinear(high);
    read[i] = a + table.share * (b - a);
  }
  std::copy_n(read.begin(), disk.count, out.begin());
}

}  // namespace

InverseFilter::InverseFilter(const PsfField& psf, int channel, double noise_to_signal)
    : radius_(psf.radius), table_(psf.radius.size()) {
  const double cell_px = 1.0 / psf.oversampling, entry_px = 1.0 / steps;
  const Waves of_kernel(-(psf.size - 1) / 2.0 * cell_px, cell_px, psf.size),
      of_table(-table_radius * entry_px, entry_px, table_size);
  parallel_blocks(int(table_.size()), 1, [&](int index, int) {
    const PsfKernel& kernel = psf.kernel[channel][index];
    // Around the kernel's core, which so stays where it is: moved, the tail that is beyond the
    // filter's means would take the light's center along.
    constexpr double core_px = 3;
    const double center = center_px(psf, kernel, core_px);
    Spectrum2 spectrum = transform(kernel.cell.data(), psf.size, of_kernel);
    for (int l = 0; l < frequencies; ++l)
      for (int k = 0; k < frequencies; ++k) {
        const Complex lens = Complex(spectrum.real[l][k], spectrum.imaginary[l][k]) *
                             Complex(std::polar(1.0, 2 * M_PI * frequency(l) * center));
        // The table is read by straight lines between its entries, which dampens by sinc^2.
        const double kept =
            std::pow(sinc(frequency(k) * entry_px) * sinc(frequency(l) * entry_px), 2);
        const Complex value =
            added(lens, frequency(k), frequency(l), noise_to_signal) / float(kept);
        spectrum.real[l][k] = value.real(), spectrum.imaginary[l][k] = value.imag();
      }
    table_[index].resize(std::size_t(table_size) * table_size);
    transform_back(spectrum, of_table, table_size, table_[index].data());
  });
}

InverseTaps InverseFilter::at(double x, double y) const {
  const double radius = std::hypot(x, y);
  // t points outwards; s is t turned by -90 degrees.
  const double sx = radius > 0 ? y / radius : 1, sy = radius > 0 ? -x / radius : 0;
  const int last = int(radius_.size()) - 1;
  const int above =
      std::clamp(int(std::upper_bound(radius_.begin(), radius_.end(), radius) - radius_.begin()),
                 std::min(1, last), last);
  const int below = std::max(above - 1, 0);
  const double between =
      above > below ? (radius - radius_[below]) / (radius_[above] - radius_[below]) : 0;
  const auto share = float(std::clamp(between, 0.0, 1.0));
  const float *low = table_[below].data(), *high = table_[above].data();

  static const Disk disk;
  InverseTaps read;
  read_turned({low, high, share, table_size}, float(steps * sx), float(steps * sy),
              float(table_radius), disk, read);
  float sum = 0;
  for (int i = 0; i < disk.count; ++i) sum += read[i] *= disk.weight[i];
  InverseTaps taps{};
  for (int i = 0; i < disk.count; ++i)
    taps[disk.tap[i]] = read[i] - disk.weight[i] * sum / disk.weights;
  return taps;
}

}  // namespace lichtbild
