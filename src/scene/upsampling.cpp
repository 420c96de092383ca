#include "scene/upsampling.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/cie_tables.h"
#include "core/color.h"
#include "core/parallel.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

constexpr int samples = Spectrum::samples;
// Coefficients are found over -1..1, where the three powers are less alike than over 0..1.
constexpr double centered(int i) { return 2.0 * i / (samples - 1) - 1; }

// Sums over wavelength run in lanes that the processor's vectors take side by side; the samples
// that fill the last have weight 0.
constexpr int lanes = 8, padded = (samples + lanes - 1) / lanes * lanes;

using Samples = std::array<double, padded>;

// What the search needs of the observer under D65, for which white is 1, 1, 1: X, Y and Z of each
// sample, times the powers of its place.
struct Observer {
  std::array<std::array<Samples, 3>, 3> weight{};
  Matrix3 from_rec2020;
};

Observer make_observer() {
  Observer observer;
  for (int k = 0; k < 3; ++k) {
    const Spectrum w = observer_1931[k] * illuminant_d65;
    for (int i = 0; i < samples; ++i)
      for (int power = 0; power < 3; ++power)
        observer.weight[k][power][i] =
            w[i] * Spectrum::step_nm / integral(w) * std::pow(centered(i), power);
  }
  const Vector3 white = xyz_from_chromaticity(white_d65);
  observer.from_rec2020 =
      Matrix3::diagonal({1 / white[0], 1 / white[1], 1 / white[2]}) * xyz_from_rec2020();
  return observer;
}

inline double sigmoid(double x) { return 0.5 + x / (2 * std::sqrt(1 + x * x)); }

// Differences of relative XYZ as differences of Lab near the color: exact where it is met, and the
// way to the nearest where it cannot be.
Matrix3 lab_slopes(const Vector3& target) {
  Vector3 f;
  for (int i = 0; i < 3; ++i) {
    constexpr double edge = 6.0 / 29;
    const double root = std::max(std::cbrt(std::max(target[i], 0.0)), edge);
    f[i] = 1 / (3 * root * root);
  }
  return {{0, 116 * f[1], 0, 500 * f[0], -500 * f[1], 0, 0, 200 * f[1], -200 * f[2]}};
}

struct Fit {
  Vector3 coefficients;  // over -1..1
  double error = 0;      // in units of Lab
};

struct Linearized {
  Vector3 xyz{};
  Matrix3 slope;  // of XYZ by the coefficients
};

inline double dot(const Samples& a, const Samples& b) {
  double lane[lanes] = {};
  for (int first = 0; first < padded; first += lanes)
    for (int i = 0; i < lanes; ++i) lane[i] += a[first + i] * b[first + i];
  return std::accumulate(lane, lane + lanes, 0.0);
}

LICHTBILD_VECTOR_CLONES
void linearize(const Observer& observer, const Vector3& c, Linearized& at) {
  Samples value, slope;
  for (int i = 0; i < padded; ++i) {
    const double t = centered(i), x = (c[0] * t + c[1]) * t + c[2], one = 1 / (1 + x * x),
                 root = std::sqrt(one);
    value[i] = 0.5 + x * root / 2;
    slope[i] = root * one / 2;
  }
  for (int k = 0; k < 3; ++k) {
    at.xyz[k] = dot(observer.weight[k][0], value);
    for (int power = 0; power < 3; ++power)
      at.slope(k, 2 - power) = dot(observer.weight[k][power], slope);
  }
}

double norm(const Vector3& v) { return std::hypot(v[0], v[1], v[2]); }

// Gauss-Newton with Levenberg's damping, which lets saturated spectra creep on where the slopes
// vanish.
Fit fit(const Observer& observer, const Vector3& target, Vector3 start, int iterations = 20) {
  constexpr double close_enough = 1e-4;
  const Matrix3 lab = lab_slopes(target);
  const auto residual = [&](const Vector3& xyz) {
    return lab * Vector3{xyz[0] - target[0], xyz[1] - target[1], xyz[2] - target[2]};
  };
  Linearized at;
  linearize(observer, start, at);
  Vector3 error = residual(at.xyz);
  Fit best{start, norm(error)};
  double damping = 1e-6;
  for (int i = 0; i < iterations && best.error > close_enough && damping < 1e6; ++i) {
    const Matrix3 j = lab * at.slope;
    Matrix3 normal;
    Vector3 gradient{};
    for (int r = 0; r < 3; ++r)
      for (int p = 0; p < 3; ++p) {
        gradient[p] += j(r, p) * error[r];
        for (int q = 0; q < 3; ++q) normal(p, q) += j(r, p) * j(r, q);
      }
    for (int p = 0; p < 3; ++p) normal(p, p) += damping * normal(p, p) + 1e-12;
    const Vector3 step = normal.inverse() * gradient;
    Vector3 next;
    for (int p = 0; p < 3; ++p) next[p] = best.coefficients[p] - step[p];
    Linearized there;
    linearize(observer, next, there);
    const Vector3 error_there = residual(there.xyz);
    if (norm(error_there) < best.error) {
      at = there, error = error_there, best = {next, norm(error)};
      damping = std::max(damping / 10, 1e-12);
    } else {
      damping *= 10;
    }
  }
  return best;
}

constexpr double reached = 1e-2;  // of Lab: nobody sees it

// Toward the color from the gray of the same luminance, as far as there are spectra.
struct Reached {
  Vector3 coefficients, xyz;
};
Reached toward(const Observer& observer, const Vector3& target) {
  const double y = std::clamp(target[1], 1e-5, 1 - 1e-5);
  Reached at{{0, 0, (y - 0.5) / std::sqrt(y * (1 - y))}, {y, y, y}};
  double share = 0;
  for (double step = 0.25; step > 1e-3 && share < 1;) {
    const double next = std::min(share + step, 1.0);
    Vector3 xyz;
    for (int k = 0; k < 3; ++k) xyz[k] = y + next * (target[k] - y);
    const Fit there = fit(observer, next < 1 ? xyz : target, at.coefficients);
    if (there.error < reached)
      share = next, at = {there.coefficients, xyz};
    else
      step /= 2;
  }
  return at;
}

// Colors of one chromaticity at rising brightness: the coefficients of each, and the brightness
// that they were found for, which stays behind where no reflectance is so bright.
struct Brighter {
  Vector3 coefficients;
  double brightness;
};
std::vector<Brighter> rising(const Observer& observer, const Vector3& rec2020,
                             std::span<const double> brightness) {
  const auto scaled = [](double s, const Vector3& v) {
    return Vector3{s * v[0], s * v[1], s * v[2]};
  };
  const Reached first = toward(observer, observer.from_rec2020 * scaled(brightness[0], rec2020));
  const Vector3 unit = scaled(1 / brightness[0], first.xyz);
  std::vector<Brighter> found{{first.coefficients, brightness[0]}};
  bool more = true;
  for (const double wanted : brightness.subspan(1)) {
    Brighter last = found.back();
    for (double step = wanted - last.brightness; more && last.brightness < wanted;) {
      const double next = std::min(last.brightness + step, wanted);
      const Fit there = fit(observer, scaled(next, unit), last.coefficients);
      if (there.error < reached)
        last = {there.coefficients, next};
      else
        more = (step /= 2) > 1e-3;
    }
    found.push_back(last);
  }
  return found;
}

SpectrumCoefficients from_centered(const Vector3& c) {  // t = 2 l - 1
  return {4 * c[0], 2 * c[1] - 4 * c[0], c[0] - c[1] + c[2]};
}

constexpr int ratios = 33, levels = 33;
constexpr double darkest = 1.0 / 64;  // stands for 0: below, spectra keep their shape

struct Place {
  int cell;
  float share;
};
Place place(float position, int nodes) {
  const float scaled = position * static_cast<float>(nodes - 1);
  const int cell = std::min(static_cast<int>(scaled), nodes - 2);
  return {cell, scaled - static_cast<float>(cell)};
}

std::array<float, 4> mixed(const std::array<float, 4>& a, const std::array<float, 4>& b, float t) {
  std::array<float, 4> mix;
  for (int c = 0; c < 4; ++c) mix[c] = a[c] + t * (b[c] - a[c]);
  return mix;
}

}  // namespace

Spectrum reflectance(const SpectrumCoefficients& c) {
  Spectrum s;
  for (int i = 0; i < samples; ++i) {
    const double t = double(i) / (samples - 1);
    s[i] = sigmoid((c[0] * t + c[1]) * t + c[2]);
  }
  return s;
}

SpectrumCoefficients spectrum_coefficients(const Vector3& rec2020) {
  const Observer observer = make_observer();
  return from_centered(toward(observer, observer.from_rec2020 * rec2020).coefficients);
}

ColorResponse::ColorResponse(const Spectrum& illuminant, const std::array<Spectrum, 3>& responses)
    : nodes_(3 * ratios * ratios * levels) {
  const Observer observer = make_observer();
  std::array<double, levels> brightness;
  for (int i = 0; i < levels; ++i) brightness[i] = std::max(double(i) / (levels - 1), darkest);
  std::array<Spectrum, 3> seen = responses;
  for (Spectrum& s : seen) s = s * illuminant;
  parallel_blocks(3 * ratios, 1, [&](int first, int last) {
    for (int row = first; row < last; ++row)
      for (int column = 0; column < ratios; ++column) {
        const int largest = row / ratios;
        Vector3 color;
        color[largest] = 1;
        color[(largest + 1) % 3] = double(row % ratios) / (ratios - 1);
        color[(largest + 2) % 3] = double(column) / (ratios - 1);
        const std::vector<Brighter> found = rising(observer, color, brightness);
        for (int level = 0; level < levels; ++level) {
          const Spectrum s = reflectance(from_centered(found[level].coefficients));
          auto& node = nodes_[(long(row) * ratios + column) * levels + level];
          for (int k = 0; k < 3; ++k)
            node[k] = static_cast<float>(integral(s, seen[k]) / found[level].brightness);
        }
      }
  });
}

std::array<float, 3> ColorResponse::operator()(float red, float green, float blue) const {
  const float color[] = {std::max(red, 0.F), std::max(green, 0.F), std::max(blue, 0.F)};
  const int largest =
      color[0] >= color[1] ? (color[0] >= color[2] ? 0 : 2) : (color[1] >= color[2] ? 1 : 2);
  const float brightness = color[largest];
  if (brightness < 1e-30F) return {};
  const float to_ratio = 1 / brightness;
  const Place a = place(color[(largest + 1) % 3] * to_ratio, ratios),
              b = place(color[(largest + 2) % 3] * to_ratio, ratios),
              l = place(std::min(brightness, 1.F), levels);
  const auto* node = &nodes_[((largest * ratios + a.cell) * ratios + b.cell) * levels + l.cell];
  const auto along_level = [&](const std::array<float, 4>* at) {
    return mixed(at[0], at[1], l.share);
  };
  const auto along_both = [&](const std::array<float, 4>* at) {
    return mixed(along_level(at), along_level(at + levels), b.share);
  };
  const std::array<float, 4> sum =
      mixed(along_both(node), along_both(node + ratios * levels), a.share);
  return {brightness * sum[0], brightness * sum[1], brightness * sum[2]};
}

LICHTBILD_VECTOR_CLONES
void ColorResponse::operator()(const std::array<std::span<const float>, 3>& rec2020,
                               const std::array<std::span<float>, 3>& out) const {
  for (std::size_t i = 0; i < rec2020[0].size(); ++i) {
    const std::array<float, 3> response = (*this)(rec2020[0][i], rec2020[1][i], rec2020[2][i]);
    for (int c = 0; c < 3; ++c) out[c][i] = response[c];
  }
}

}  // namespace lichtbild
