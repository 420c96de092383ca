#include "burst/merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace lichtbild {
namespace {

const Cfa rggb;

Image<float> random_mosaic(int width, int height, unsigned seed) {
  Image<float> mosaic(width, height);
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 0.02f);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      mosaic(x, y) = 0.3f + 0.2f * std::sin(0.11f * x + 0.07f * y) + 0.05f * float(rggb.at(x, y)) +
                     normal(random);
  return mosaic;
}

// The plain twin of the kernel merge_frame: one loop over quads, everything computed where it is
// needed.
class Twin {
 public:
  Twin(const Quads& reference, const FrameSignal& rs, const Quads& frame, const FrameSignal& fs,
       const MotionField& motion)
      : reference_(reference),
        frame_(frame),
        rs_(rs),
        fs_(fs),
        motion_(motion),
        width_(reference.width),
        height_(reference.height) {}

  void add_to(Image<float>& sums) const {
    for (int y = 0; y < height_; ++y)
      for (int x = 0; x < width_; ++x) add_quad(sums, x, y);
  }

 private:
  struct Place {
    int x, y;
    double fx, fy;
    bool valid;
  };
  Place place(int x, int y) const {
    const int i = x / 8, j = y / 8;
    const float u = sample_grid(motion_.u, (i + 0.5f) / 2 - 0.5f, (j + 0.5f) / 2 - 0.5f);
    const float v = sample_grid(motion_.v, (i + 0.5f) / 2 - 0.5f, (j + 0.5f) / 2 - 0.5f);
    const int bx = i * 8 + int(std::floor(u)), by = j * 8 + int(std::floor(v));
    const int b = Quads::border, w = width_, h = height_;
    const bool valid = bx >= 3 - b && bx <= w + b - 12 && by >= 3 - b && by <= h + b - 12;
    return {std::clamp(bx, 3 - b, w + b - 12) + x % 8, std::clamp(by, 3 - b, h + b - 12) + y % 8,
            u - std::floor(u), v - std::floor(v), valid};
  }
  static std::array<double, 6> taps(double fraction) {
    std::array<double, 6> t{};
    double sum = 0;
    for (int i = 0; i < 6; ++i) {
      const double d = (i - 2 - fraction) * M_PI;
      t[i] = std::abs(d) < 1e-4        ? 1
             : std::abs(d) >= 3 * M_PI ? 0
                                       : 3 * std::sin(d) * std::sin(d / 3) / (d * d);
      sum += t[i];
    }
    for (double& v : t) v /= sum;
    return t;
  }
  double kept(int x, int y) const {
    const Place p = place(x, y);
    double a = 0, b = 0;
    for (double t : taps(p.fx)) a += t * t;
    for (double t : taps(p.fy)) b += t * t;
    return a * b;
  }
  double moved(int x, int y, int c) const {
    const Place p = place(x, y);
    const auto tx = taps(p.fx), ty = taps(p.fy);
    double sum = 0;
    for (int j = 0; j < 6; ++j)
      for (int i = 0; i < 6; ++i) sum += ty[j] * tx[i] * frame_(p.x + i - 2, p.y + j - 2, c);
    return sum * fs_.gain;
  }
  double ref(int x, int y, int c) const { return reference_(x, y, c); }
  static double at(const std::array<double, 3>& v, int c) { return v[int(rggb.colors[c])]; }
  double signal(int x, int y, int c) const {
    double sum = 0;
    for (int j = -1; j <= 1; ++j)
      for (int i = -1; i <= 1; ++i)
        sum += (2 - std::abs(i)) * (2 - std::abs(j)) * ref(x + i, y + j, c);
    return std::max(sum / 16, 0.0);
  }
  double reference_variance(int x, int y, int c) const {
    return at(rs_.noise.scale, c) * signal(x, y, c) + at(rs_.noise.offset, c) + 1e-12;
  }
  double frame_variance(int x, int y, int c) const {
    return at(fs_.noise.scale, c) * fs_.gain * signal(x, y, c) +
           at(fs_.noise.offset, c) * fs_.gain * fs_.gain + 1e-12;
  }
  double aliasing(int x, int y) const {
    double bend[2] = {};
    for (int j = -1; j <= 1; ++j)
      for (int i = -1; i <= 1; ++i)
        for (int axis = 0; axis < 2; ++axis)
          for (int c = 0; c < 4; ++c) {
            const int px = x + i, py = y + j, ax = axis == 0, ay = axis == 1;
            const double d =
                ref(px - ax, py - ay, c) - 2 * ref(px, py, c) + ref(px + ax, py + ay, c);
            bend[axis] += (d * d / reference_variance(px, py, c) - 6) / 36;
          }
    const Place p = place(x, y);
    return 0.02 * (std::pow(std::sin(M_PI * p.fx), 2) * std::max(bend[0], 0.0) +
                   std::pow(std::sin(M_PI * p.fy), 2) * std::max(bend[1], 0.0));
  }
  double moved_variance(int x, int y, int c) const {
    return frame_variance(x, y, c) * kept(x, y) + aliasing(x, y) * reference_variance(x, y, c);
  }
  double variance(int x, int y, int c) const {
    return reference_variance(x, y, c) + moved_variance(x, y, c);
  }
  bool frame_clipped(int x, int y) const {
    for (int c = 0; c < 4; ++c)
      if (moved(x, y, c) >= at(fs_.clip, c) * fs_.gain) return true;
    return false;
  }
  bool open(int x, int y) const {
    if (x < 0 || y < 0 || x >= width_ || y >= height_ || frame_clipped(x, y)) return false;
    for (int c = 0; c < 4; ++c)
      if (ref(x, y, c) >= at(rs_.clip, c)) return false;
    return true;
  }
  double trust(int x, int y) const {
    double energy = 0, count = 0, shift[4] = {}, variances[4] = {};
    for (int j = -2; j <= 2; ++j)
      for (int i = -2; i <= 2; ++i) {
        if (!open(x + i, y + j)) continue;
        ++count;
        for (int c = 0; c < 4; ++c) {
          const double d = moved(x + i, y + j, c) - ref(x + i, y + j, c),
                       v = variance(x + i, y + j, c);
          energy += d * d / v / 4;
          shift[c] += d;
          variances[c] += v;
        }
      }
    if (count < 0.5) return 1;
    double chi_square = 0;
    for (int c = 0; c < 4; ++c) chi_square += shift[c] * shift[c] / (1.5 * variances[c] + 1e-12);
    const double misfit =
        std::max(energy / count - 1.35, 0.0) + std::max(chi_square / 4 - 2.5, 0.0) / 10;
    return std::pow(1 + 3 * misfit, -3.0);
  }
  void add_quad(Image<float>& sums, int x, int y) const {
    double vr = 0, vm = 0;
    for (int c = 0; c < 4; ++c) {
      vr += reference_variance(x, y, c);
      vm += moved_variance(x, y, c);
    }
    const double share = vr / vm;
    const double weight = trust(x, y) * share * place(x, y).valid * !frame_clipped(x, y);
    for (int c = 0; c < 4; ++c) sums(x, y, c) += float(weight * moved(x, y, c));
    sums(x, y, 4) += float(weight);
    sums(x, y, 5) += float(weight * weight / share);
  }
  const Quads &reference_, &frame_;
  FrameSignal rs_, fs_;
  const MotionField& motion_;
  int width_, height_;
};

MotionField random_motion(int width, int height, double size, unsigned seed) {
  const int columns = (width + align_tile - 1) / align_tile,
            rows = (height + align_tile - 1) / align_tile;
  MotionField motion{Image<float>(columns, rows), Image<float>(columns, rows)};
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(float(-size), float(size));
  for (float& s : motion.u.samples()) s = uniform(random);
  for (float& s : motion.v.samples()) s = uniform(random);
  return motion;
}

// The kernel's quick reciprocals err by up to 1.5 x 2^-12; about six of them act one upon the
// other.
constexpr double tolerance = 6 * 1.5 / 4096;

TEST(Merge, KernelEqualsItsTwin) {
  const double never = std::numeric_limits<double>::infinity();
  const FrameSignal same{{{4e-4, 4e-4, 5e-4}, {1e-6, 1e-6, 2e-6}}, {never, never, never}, 1};
  const FrameSignal low{{{4e-4, 4e-4, 5e-4}, {1e-6, 1e-6, 2e-6}}, {0.5, 0.45, 0.5}, 1};
  const FrameSignal brighter{{{8e-4, 8e-4, 9e-4}, {4e-6, 4e-6, 4e-6}}, {0.4, 0.4, 0.4}, 1.3};
  struct Case {
    int width, height;
    double motion;
    FrameSignal reference, frame;
  };
  for (const Case& k :
       {Case{64, 48, 0.4, same, same}, Case{70, 34, 3, same, same}, Case{2, 2, 0.5, same, same},
        Case{130, 66, 1, low, brighter}, Case{38, 90, 40, same, same}}) {
    const Image<float> a = random_mosaic(k.width, k.height, 1),
                       b = random_mosaic(k.width, k.height, 2);
    const MotionField motion = random_motion(k.width / 2, k.height / 2, k.motion, 3);
    const Quads reference = split_quads(a), frame = split_quads(b);
    Image<float> ours = begin_sums(reference, rggb, k.reference, true), twins = ours.clone();
    PlacedFrame(reference, k.reference, frame, k.frame, rggb, motion).add_to(ours);
    Twin(reference, k.reference, frame, k.frame, motion).add_to(twins);
    for (int c = 0; c < 6; ++c)
      for (int y = 0; y < ours.height(); ++y)
        for (int x = 0; x < ours.width(); ++x)
          ASSERT_NEAR(ours(x, y, c), twins(x, y, c), tolerance * (1 + std::abs(twins(x, y, c))))
              << k.width << "x" << k.height << " at " << x << " " << y << " " << c;
  }
}

TEST(Merge, QuadsAreTheMosaicAgain) {
  const Image<float> mosaic = random_mosaic(46, 30, 4);
  const Quads quads = split_quads(mosaic);
  for (int c = 0; c < 4; ++c)
    for (int y = -Quads::border; y < 15 + Quads::border; ++y)
      for (int x = -Quads::border; x < 23 + Quads::border; ++x)
        ASSERT_EQ(quads(x, y, c),
                  mosaic(2 * std::clamp(x, 0, 22) + c % 2, 2 * std::clamp(y, 0, 14) + c / 2));
  const MergedSums same = end_sums(begin_sums(split_quads(mosaic), rggb, {}, false));
  for (std::size_t k = 0; k < mosaic.size(); ++k)
    ASSERT_EQ(same.mosaic.samples()[k], mosaic.samples()[k]);
  EXPECT_EQ(same.variance_ratio(5, 5), 1);
}

// A bright square stands 40 samples further right in the frame than in the reference.
TEST(Merge, TrustKeepsGhostsOut) {
  constexpr int width = 128, height = 64, side = 16, there = 24, moved_to = 64;
  const double never = std::numeric_limits<double>::infinity();
  const NoiseModel noise{{4e-4, 4e-4, 4e-4}, {1e-6, 1e-6, 1e-6}};
  const auto scene = [&](int left, unsigned seed) {
    Image<float> mosaic(width, height);
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const bool inside = x >= left && x < left + side && y >= 24 && y < 24 + side;
        const double signal = inside ? 0.6 : 0.1;
        mosaic(x, y) = float(signal + std::sqrt(4e-4 * signal + 1e-6) * normal(random));
      }
    return split_quads(mosaic);
  };
  const Quads reference = scene(there, 1), frame = scene(moved_to, 2);
  const MotionField still = random_motion(width / 2, height / 2, 0, 3);
  // The mean of the merged quads where the square is only in one of the two.
  const auto merged = [&](const NoiseModel& believed, int left) {
    const FrameSignal signal{believed, {never, never, never}, 1};
    Image<float> sums = begin_sums(reference, rggb, signal, false);
    PlacedFrame(reference, signal, frame, signal, rggb, still).add_to(sums);
    double sum = 0;
    for (int y = 12; y < 12 + side / 2; ++y)
      for (int x = left / 2; x < left / 2 + side / 2; ++x) sum += sums(x, y, 0) / sums(x, y, 4);
    return sum / (0.25 * side * side);
  };
  // On: the reference alone, to 5 deviations of the mean of 64 samples.
  EXPECT_NEAR(merged(noise, there), 0.6, 5 * std::sqrt(4e-4 * 0.6) / 8);
  EXPECT_NEAR(merged(noise, moved_to), 0.1, 5 * std::sqrt(4e-4 * 0.1) / 8);
  // Off - noise that would explain anything leaves nothing to mistrust -: the plain average of
  // both.
  const NoiseModel anything{{4e2, 4e2, 4e2}, {1, 1, 1}};
  EXPECT_NEAR(merged(anything, there), 0.35, 0.02);
  EXPECT_NEAR(merged(anything, moved_to), 0.35, 0.02);
}

}  // namespace
}  // namespace lichtbild
