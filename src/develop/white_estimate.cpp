#include "develop/white_estimate.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/parallel.h"
#include "develop/camera_color.h"

namespace lichtbild {
namespace {

// A frame as at most about 256 x 256 means of camera red, green, blue; clipped ones have green < 0.
Image<float> small_picture(const RawFrame& frame) {
  const Image<float>& mosaic = frame.mosaic;
  const int cell = 2 * std::max(1, std::max(mosaic.width(), mosaic.height()) / 512);
  Image<float> small(mosaic.width() / cell, mosaic.height() / cell, 3);
  parallel_rows(small.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y)
      for (int x = 0; x < small.width(); ++x) {
        Vector3 sum{};
        bool clipped = false;
        for (int j = y * cell; j < (y + 1) * cell; ++j)
          for (int i = x * cell; i < (x + 1) * cell; ++i) {
            const int c = int(frame.info.cfa.at(i, j));
            clipped |= mosaic(i, j) > 0.9 * frame.info.clip[c];
            sum[c] += mosaic(i, j);
          }
        sum[1] = clipped ? -1 : sum[1] / 2;
        for (int c = 0; c < 3; ++c) small(x, y, c) = float(sum[c]);
      }
  });
  return small;
}

// How much of all differences has which ratios of red and blue to green.
struct Difference {
  double red, blue;  // over green
  double share;
};
std::vector<Difference> differences(const Image<float>& picture) {
  constexpr int side = 96;
  constexpr double per_stop = 12, middle = side / 2.0;
  std::vector<double> histogram(side * side);
  double all = 0;
  const auto bin = [](float value, float green) {
    return int(std::floor(per_stop * std::log2(std::max(value, 1e-9f) / green) + middle));
  };
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x + 1 < picture.width(); ++x) {
      if (picture(x, y, 1) < 0 || picture(x + 1, y, 1) < 0) continue;
      std::array<float, 3> step;
      for (int c = 0; c < 3; ++c) step[c] = std::abs(picture(x, y, c) - picture(x + 1, y, c));
      if (!(step[1] > 0)) continue;
      const int red = bin(step[0], step[1]), blue = bin(step[2], step[1]);
      if (std::min(red, blue) < 0 || std::max(red, blue) >= side) continue;
      histogram[blue * side + red] += step[1], all += step[1];
    }
  std::vector<Difference> out;
  out.reserve(histogram.size());
  const auto ratio = [](int at) { return std::exp2((at + 0.5 - middle) / per_stop); };
  for (int i = 0; i < side * side; ++i)
    if (histogram[i] > 0) out.push_back({ratio(i % side), ratio(i / side), histogram[i] / all});
  return out;
}

// The logarithm of how often a difference in photographs has a chromaticity, CIE 1976 u'v' from
// that of white: three normal distributions, fitted to the Kodak and McMaster pictures as two
// cameras see them under D65. The strongest one, of things that are gray, is put on gray: it was
// fitted 0.016 off, for those pictures were rendered warm.
double log_density(double u, double v) {
  struct Normal {
    double weight, u, v, uu, uv, vv;
  };
  constexpr Normal normals[] = {{0.1655, 0.0433, 0.0676, 9.16e-3, -1.33e-3, 5.28e-4},
                                {0.6466, 0.0000, 0.0000, 2.32e-4, 0.98e-4, 3.11e-4},
                                {0.1879, -0.0120, -0.0066, 2.46e-3, -1.17e-3, 6.94e-3}};
  constexpr double rare = -6;  // nothing is impossible
  double sum = 0;
  for (const Normal& n : normals) {
    const double du = u - n.u, dv = v - n.v, determinant = n.uu * n.vv - n.uv * n.uv;
    const double distance = (n.vv * du * du - 2 * n.uv * du * dv + n.uu * dv * dv) / determinant;
    sum += n.weight * std::exp(-distance / 2) / (2 * M_PI * std::sqrt(determinant));
  }
  return std::max(rare, std::log(std::max(sum, 1e-300)));
}

// The same from a table.
class LogDensity {
 public:
  LogDensity() : table_(side * side) {
    for (int i = 0; i < side * side; ++i)
      table_[i] = float(log_density(place(i % side), place(i / side)));
  }
  float operator()(double u, double v) const {
    const auto at = [](double p) { return int(std::clamp((p - lowest) / pitch, 0.0, side - 1.0)); };
    return table_[at(v) * side + at(u)];
  }

 private:
  static constexpr int side = 160;
  static constexpr double lowest = -0.25, pitch = 0.004;
  static double place(int i) { return lowest + (i + 0.5) * pitch; }
  std::vector<float> table_;
};

struct UniformChromaticity {
  double u, v;  // CIE 1976 u'v'
};
UniformChromaticity uniform_from_xyz(double x, double y, double z) {
  const double sum = std::max(x + 15 * y + 3 * z, 1e-9);
  return {4 * x / sum, 9 * y / sum};
}

double mean_log_density(const std::vector<Difference>& seen, const CameraColor& color,
                        Chromaticity white, const LogDensity& log_density) {
  static const Vector3 d65 = xyz_from_chromaticity(white_d65);
  static const UniformChromaticity gray = uniform_from_xyz(d65[0], d65[1], d65[2]);
  const Vector3 neutral = neutral_from_white(color, white);
  const Matrix3 m = xyz_from_rec2020() * rec2020_from_balanced(color, white);
  double sum = 0;
  for (const Difference& d : seen) {
    const double r = d.red / neutral[0], g = 1 / neutral[1], b = d.blue / neutral[2];
    const auto [u, v] = uniform_from_xyz(m(0, 0) * r + m(0, 1) * g + m(0, 2) * b,
                                         m(1, 0) * r + m(1, 1) * g + m(1, 2) * b,
                                         m(2, 0) * r + m(2, 1) * g + m(2, 2) * b);
    sum += d.share * log_density(u - gray.u, v - gray.v);
  }
  return sum;
}

}  // namespace

Chromaticity estimate_white(const RawFrame& frame) {
  // Differences of one picture depend on each other: all of them count as so many free ones.
  constexpr double free_differences = 10;
  constexpr double usual_mired = 190, mired_deviation = 80, tint_deviation = 8;
  const std::vector<Difference> seen = differences(small_picture(frame));
  const LogDensity density;
  struct Light {
    double mired, tint, log_likelihood;
  };
  std::vector<Light> lights;
  for (double mired = 90; mired <= 440; mired += 10)
    for (double tint = -30; tint <= 30; tint += 5) {
      const double from_usual = (mired - usual_mired) / mired_deviation,
                   from_locus = tint / tint_deviation;
      const Chromaticity white = chromaticity_from_temperature({1e6 / mired, tint});
      lights.push_back(
          {mired, tint,
           free_differences * mean_log_density(seen, frame.info.color, white, density) -
               (from_usual * from_usual + from_locus * from_locus) / 2});
    }
  const double best = std::ranges::max_element(lights, {}, &Light::log_likelihood)->log_likelihood;
  double weights = 0, mired = 0, tint = 0;
  for (const Light& light : lights) {
    const double weight = std::exp(light.log_likelihood - best);
    weights += weight, mired += weight * light.mired, tint += weight * light.tint;
  }
  return chromaticity_from_temperature({1e6 * weights / mired, tint / weights});
}

}  // namespace lichtbild
