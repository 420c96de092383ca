// MovingScene: a clean linear full-color picture photographed again and again by an unsteady hand.
// For tests only.
//
// The picture is resampled at each frame's exact motion (Lanczos-4, full color), then the mosaic
// takes one color per place: the truth of every frame is known. `patch` moves by itself on top: a
// region of another place in the picture.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "core/raw_frame.h"

namespace lichtbild {

struct SceneMotion {
  double dx = 0, dy = 0, rotation_deg = 0;  // in mosaic samples, about the center of the picture
};

class MovingScene {
 public:
  // Linear, planes red, green, blue; cropped by `margin` on every side so that motion does not run
  // out of picture.
  MovingScene(Image<float> linear, int margin) : picture_(std::move(linear)), margin_(margin) {}

  int width() const { return (picture_.width() - 2 * margin_) & ~1; }
  int height() const { return (picture_.height() - 2 * margin_) & ~1; }

  Image<float> mosaic(const SceneMotion& m, const Cfa& cfa) const {
    Image<float> out(width(), height());
    const double angle = m.rotation_deg * M_PI / 180, cx = width() / 2.0, cy = height() / 2.0;
    for (int y = 0; y < height(); ++y)
      for (int x = 0; x < width(); ++x) {
        // frame(p moved) = scene(p), so the frame shows at q the scene at the inverse motion.
        const double u = x - cx - m.dx, v = y - cy - m.dy;
        out(x, y) =
            sample(cx + std::cos(angle) * u + std::sin(angle) * v + margin_,
                   cy - std::sin(angle) * u + std::cos(angle) * v + margin_, int(cfa.at(x, y)));
      }
    return out;
  }

  float sample(double x, double y, int plane) const {
    constexpr int reach = 4;
    const int x0 = int(std::floor(x)), y0 = int(std::floor(y));
    std::array<double, 2 * reach> wx, wy;
    double sum_x = 0, sum_y = 0;
    for (int k = 0; k < 2 * reach; ++k) {
      sum_x += wx[k] = lanczos(x0 + k - reach + 1 - x);
      sum_y += wy[k] = lanczos(y0 + k - reach + 1 - y);
    }
    double sum = 0;
    for (int j = 0; j < 2 * reach; ++j) {
      const float* row =
          picture_.row(std::clamp(y0 + j - reach + 1, 0, picture_.height() - 1), plane);
      double line = 0;
      for (int i = 0; i < 2 * reach; ++i)
        line += wx[i] * row[std::clamp(x0 + i - reach + 1, 0, picture_.width() - 1)];
      sum += wy[j] * line;
    }
    return float(sum / (sum_x * sum_y));
  }

 private:
  static double lanczos(double t) {
    t *= M_PI;
    if (std::abs(t) < 1e-9) return 1;
    return std::abs(t) >= 4 * M_PI ? 0 : 4 * std::sin(t) * std::sin(t / 4) / (t * t);
  }
  Image<float> picture_;
  int margin_;
};

// Poisson-Gauss noise of the model (normal approximation of the photon count), 12 bit.
inline void add_noise(Image<float>& mosaic, const Cfa& cfa, const NoiseModel& noise,
                      unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 1);
  for (int y = 0; y < mosaic.height(); ++y)
    for (int x = 0; x < mosaic.width(); ++x) {
      const int c = int(cfa.at(x, y));
      const double s = mosaic(x, y),
                   sigma = std::sqrt(noise.scale[c] * std::max(s, 0.0) + noise.offset[c]);
      mosaic(x, y) = float(std::round((s + sigma * normal(random)) * 4095) / 4095);
    }
}

}  // namespace lichtbild
