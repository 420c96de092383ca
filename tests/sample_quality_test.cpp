// What nine frames of the sample burst gain over one: noise of the wall, sharpness of the
// lettering.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "burst/burst.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

class SampleQuality : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<RawInfo> infos;
    infos.reserve(9);
    for (int k = 0; k < 9; ++k) infos.push_back(read_info(path(k)));
    merged_ = merge_burst(infos, [](int k) { return read_raw(path(k)); }, estimate_noise,
                          {.reference = 1})
                  .frame.mosaic;
    reference_ = read_raw(path(0)).mosaic;
  }
  static std::string path(int k) {
    return fmt::format(LICHTBILD_ROOT "/samples/bottles/{}.dng", k);
  }
  static inline Image<float> merged_, reference_;
};

// Deviation of one color plane in a window of samples after the best plane is taken out of it.
double deviation(const Image<float>& mosaic, int left, int top, int side) {
  const int quads = side / 2;
  const double middle = (quads - 1) / 2.0;
  double n = 0, sum = 0, sum_x = 0, sum_y = 0, squares = 0, moment = 0;
  for (int y = 0; y < side / 2; ++y)
    for (int x = 0; x < side / 2; ++x) {
      const double s = mosaic(left + 2 * x, top + 2 * y);
      ++n;
      sum += s;
      sum_x += s * (x - middle);
      sum_y += s * (y - middle);
      squares += s * s;
      moment += (x - middle) * (x - middle);
    }
  return std::sqrt(
      std::max(squares - sum * sum / n - (sum_x * sum_x + sum_y * sum_y) / moment, 0.0) / (n - 3));
}

TEST_F(SampleQuality, NoiseOfTheWallFalls) {
  // Windows of 16x16 samples over the paneled wall; the quarter where the reference itself is
  // flattest. Choosing by the merged picture would flatter it; this choice is against it.
  constexpr int side = 16;
  std::vector<std::pair<double, double>> windows;  // reference, and its ratio to merged
  for (int top = 80; top + side < 560; top += side)
    for (int left = 600; left + side < 990; left += side) {
      const double before = deviation(reference_, left, top, side);
      windows.emplace_back(before, before / deviation(merged_, left, top, side));
    }
  std::sort(windows.begin(), windows.end());
  windows.resize(windows.size() / 4);
  std::sort(windows.begin(), windows.end(), [](auto& a, auto& b) { return a.second < b.second; });
  const double ratio = windows[windows.size() / 2].second;
  fmt::print("sample: noise of the wall falls {:.2f} times (median of {} windows)\n", ratio,
             windows.size());
  EXPECT_GE(ratio, 2.5);
}

// Mean squared step between neighboring quads, across and down.
double gradient_energy(const Image<float>& mosaic, const Crop& crop) {
  const auto gray = [&](int x, int y) {
    return (mosaic(x, y) + mosaic(x + 1, y) + mosaic(x, y + 1) + mosaic(x + 1, y + 1)) / 4;
  };
  double sum = 0;
  int count = 0;
  for (int y = crop.y; y < crop.y + crop.height; y += 2)
    for (int x = crop.x; x < crop.x + crop.width; x += 2, ++count)
      sum += std::pow(gray(x + 2, y) - gray(x, y), 2) + std::pow(gray(x, y + 2) - gray(x, y), 2);
  return sum / count;
}

TEST_F(SampleQuality, LetteringStaysSharp) {
  // The word on the card, and blank card below the script line with the same light: its steps are
  // noise.
  const Crop word{278, 656, 134, 24}, blank{240, 722, 200, 16};
  const double before = gradient_energy(reference_, word) - gradient_energy(reference_, blank);
  const double after = gradient_energy(merged_, word) - gradient_energy(merged_, blank);
  const double kept = std::sqrt(after / before);
  fmt::print("sample: edges of the lettering keep {:.1f} % of their contrast\n", 100 * kept);
  EXPECT_GE(kept, 0.9);
}

}  // namespace
}  // namespace lichtbild
