#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "look/curve.h"
#include "look/local_range.h"
#include "look/look.h"
#include "look/oklab.h"
#include "look/parameters.h"

namespace lichtbild::render_test {
namespace {

const std::string look_folder = std::string(LICHTBILD_ROOT) + "/data/looks";
const NoiseModel typical_noise{{4e-4, 3e-4, 5e-4}, {1e-6, 1e-6, 1e-6}};

Rendition render(const Image<float>& picture, const Look& look, const NoiseModel& noise,
                 double exposure_stops, const RenderParams& params = {}) {
  return lichtbild::render(halves(picture), look, noise, exposure_stops, params);
}

double encoded(double v) {
  v = std::clamp(v, 0.0, 1.0);
  return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
}
double linear(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }

// A picture with shadows, highlights above 1, all hues, edges, noise, and colors outside of every
// display.
Image<float> test_picture(int width, int height, unsigned seed) {
  Image<float> picture(width, height, 3);
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 0.02f);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double level = std::exp2(-7 + 9.5 * x / width + (x / 9 + y / 7) % 2);
      for (int c = 0; c < 3; ++c)
        picture(x, y, c) = float(level * (1 + 0.95 * std::sin(0.31 * y + 2.094 * c + 0.05 * x)) +
                                 level * normal(random));
    }
  picture(0, 0, 0) = -0.01f;
  return floats(halves(picture));  // as kernels take it
}

Image<float> constant(int width, int height, const Vector3& rgb) {
  Image<float> picture(width, height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y) std::fill_n(picture.row(y, c), width, float(rgb[c]));
  return picture;
}

Look busy_look() {
  Look look;
  look.bias_stops = 0.3;
  look.contrast = 1.2;
  look.toe = 1.8;
  look.shadows = 0.25;
  look.highlights = 0.35;
  look.detail = 0.1;
  look.chroma = 1.1;
  look.vibrance = 0.2;
  look.sharpening = 0.8;
  look.hues = {
      {.center_deg = 50, .width_deg = 25, .chroma = 0.8, .shift_deg = 6},
      {.center_deg = 250, .width_deg = 35, .chroma = 1.2, .shift_deg = -8, .lightness = -0.01}};
  return look;
}

// The plain twin of the kernels log_luminance and render: one function of a pixel, in double, the
// curve and the hue rules computed where they are needed. Without grain.
class Twin {
 public:
  Twin(const Image<float>& picture, const Look& look, const NoiseModel& noise,
       double exposure_stops, ColorSpace space)
      : picture_(picture),
        look_(look),
        gamut_(gamut_table(space)),
        lms_from_rec2020_(lms_from_rgb(xyz_from_rec2020())),
        rgb_from_lms_(lms_from_rgb(xyz_from_linear(space)).inverse()),
        threshold_(look.sharpening_threshold * 0.5 * 0.6 *
                   std::sqrt(noise.scale[1] * std::exp2(exposure_stops))) {
    Image<float> cells((picture.width() + 7) / 8, (picture.height() + 7) / 8);
    for (int y = 0; y < cells.height(); ++y)
      for (int x = 0; x < cells.width(); ++x) {
        double sum = 0;
        for (int j = 0; j < 8; ++j)
          for (int i = 0; i < 8; ++i) sum += luminance(8 * x + i, 8 * y + j);
        cells(x, y) = float(std::log2(std::max(sum / 64, 1e-6)));
      }
    const double longer = std::max(cells.width(), cells.height());
    base_ = local_base(cells, std::max(1, int(std::lround(look.radius_percent / 100 * longer))));
  }

  struct Answer {
    Vector3 encoded;  // 0..1
    bool is_pressed;
  };
  Answer operator()(int x, int y) const {
    const double gain = local_gain(x, y) * sharp_gain(x, y);
    Vector3 scene, toned;
    const double weighted = look_.mono_red * picture_(x, y, 0) +
                            look_.mono_green * picture_(x, y, 1) +
                            look_.mono_blue * picture_(x, y, 2);
    for (int c = 0; c < 3; ++c) {
      const double mixed = picture_(x, y, c) * (1 - look_.mono) + weighted * look_.mono;
      scene[c] = std::max(mixed * gain, 0.0);
      toned[c] = tone(look_, std::clamp(scene[c], std::exp2(curve_lowest_stops),
                                        std::exp2(curve_highest_stops)));
    }
    const Vector3 lab = oklab_from_lms(lms_from_rec2020_ * toned),
                  before = oklab_from_lms(lms_from_rec2020_ * scene);
    const double hue = std::atan2(before[2], before[1]), chroma = std::hypot(lab[1], lab[2]);
    const HueRule rule = rule_at(hue);
    const double muted = 1 / (1 + 12 * chroma + 72 * chroma * chroma);
    const double wished = chroma * rule.chroma * (1 + look_.vibrance * muted);
    const double lightness = std::clamp(lab[0] + rule.lightness / 0.1 * chroma, 0.0, 1.0),
                 hue_new = hue + rule.shift_deg * M_PI / 180;
    const double pressed = pressed_chroma(wished, gamut_edge(lightness, hue_new));
    const double midtone = 4 * lab[0] * std::max(1 - lab[0], 0.0),
                 tint = look_.tint_chroma * midtone, tint_hue = look_.tint_hue_deg * M_PI / 180;
    const Vector3 rgb =
        rgb_from_lms_ *
        lms_from_oklab({lightness, pressed * std::cos(hue_new) + tint * std::cos(tint_hue),
                        pressed * std::sin(hue_new) + tint * std::sin(tint_hue)});
    return {{encoded(rgb[0]), encoded(rgb[1]), encoded(rgb[2])}, pressed < wished};
  }

 private:
  double luminance(int x, int y) const {
    x = std::clamp(x, 0, picture_.width() - 1);
    y = std::clamp(y, 0, picture_.height() - 1);
    return 0.2627 * picture_(x, y, 0) + 0.6780 * picture_(x, y, 1) + 0.0593 * picture_(x, y, 2);
  }
  double root(int x, int y) const { return std::sqrt(std::max(luminance(x, y), 0.0)); }
  double sharp_gain(int x, int y) const {
    if (look_.sharpening == 0) return 1;
    double blur = 0;
    for (int j = -1; j <= 1; ++j)
      for (int i = -1; i <= 1; ++i)
        blur += (2 - std::abs(i)) * (2 - std::abs(j)) * root(x + i, y + j) / 16;
    const double r = root(x, y), fine = r - blur, most = 0.12 * r + 0.01;
    const double kept = std::clamp((std::abs(fine) - threshold_) / (threshold_ + 1e-6), 0.0, 1.0);
    const double sharper = std::clamp(fine * kept * look_.sharpening, -most, most);
    return std::pow(std::max(r + sharper, 0.0) / std::max(r, 1e-4), 2);
  }
  double coefficient(int x, int y, int plane) const {
    const double cx = (x + 0.5) / 8 - 0.5, cy = (y + 0.5) / 8 - 0.5;
    const int i = int(std::floor(cx)), j = int(std::floor(cy));
    const auto at = [&](int column, int row) {
      return double(base_(std::clamp(column, 0, base_.width() - 1),
                          std::clamp(row, 0, base_.height() - 1), plane));
    };
    const double ax = cx - i, ay = cy - j;
    return (1 - ay) * ((1 - ax) * at(i, j) + ax * at(i + 1, j)) +
           ay * ((1 - ax) * at(i, j + 1) + ax * at(i + 1, j + 1));
  }
  double local_gain(int x, int y) const {
    const double stops = std::log2(std::max(luminance(x, y), 1e-6));
    const double base = coefficient(x, y, 0) * stops + coefficient(x, y, 1);
    const double over_gray = base + look_.bias_stops - std::log2(0.18);
    return std::exp2(look_.bias_stops -
                     over_gray * (over_gray > 0 ? look_.highlights : look_.shadows) +
                     look_.detail * (stops - base));
  }
  HueRule rule_at(double hue) const {
    HueRule sum{.chroma = look_.chroma};
    for (const HueRule& rule : look_.hues) {
      const double distance = std::remainder(hue * 180 / M_PI - rule.center_deg, 360);
      const double weight = std::exp2(-std::pow(distance / rule.width_deg, 2));
      sum.chroma *= std::pow(rule.chroma, weight);
      sum.shift_deg += weight * rule.shift_deg;
      sum.lightness += weight * rule.lightness;
    }
    return sum;
  }
  double gamut_edge(double lightness, double hue) const {
    const double column = diamond_angle(std::cos(hue), std::sin(hue)) * hue_steps / 4,
                 row = lightness * lightness_steps;
    const int i = std::min(int(column), hue_steps - 1), j = std::min(int(row), lightness_steps - 1);
    const double ax = column - i, ay = row - j;
    return std::max((1 - ay) * ((1 - ax) * gamut_(i, j) + ax * gamut_(i + 1, j)) +
                        ay * ((1 - ax) * gamut_(i, j + 1) + ax * gamut_(i + 1, j + 1)),
                    1e-5);
  }
  static double pressed_chroma(double chroma, double edge) {
    constexpr double knee = 0.8;
    const double ratio = chroma / edge, beyond = (ratio - knee) / (1 - knee);
    return edge * (ratio < knee ? ratio : knee + (1 - knee) * beyond / (1 + beyond));
  }

  const Image<float>& picture_;
  const Look& look_;
  const Image<float> gamut_;
  const Matrix3 lms_from_rec2020_, rgb_from_lms_;
  const double threshold_;
  Image<float> base_;
};

// The farthest code value from the twin's: of colors that fit into the display space with ease, and
// of those that are pressed into it.
struct Farthest {
  double fits = 0, pressed = 0;
};

template <class Sample>
void compare_with_twin(const Image<float>& picture, const Look& look, ColorSpace space,
                       Farthest& farthest) {
  const Depth depth = sizeof(Sample) == 1 ? Depth::eight_bit : Depth::sixteen_bit;
  const Rendition rendition =
      render(picture, look, typical_noise, 1.5, {.space = space, .depth = depth});
  const auto& rgb = std::get<Image<Sample>>(rendition.rgb);
  const Twin twin(picture, look, typical_noise, 1.5, space);
  const double full = sizeof(Sample) == 1 ? 255 : 65535;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) {
      const auto [expected, is_pressed] = twin(x, y);
      double& most = is_pressed ? farthest.pressed : farthest.fits;
      for (int c = 0; c < 3; ++c)
        most = std::max(most, std::abs(double(rgb(3 * x + c, y)) - full * expected[c]));
    }
}

std::vector<Look> looks_for_the_twin() {
  std::vector<Look> looks = {Look{}, busy_look()};
  for (const char* name : {"authentic", "vibrant", "mono"}) {
    looks.push_back(read_look(name, look_folder));
    looks.back().grain = 0;
  }
  return looks;
}

struct Size {
  int width, height;
};

void expect_the_twins_answer(std::initializer_list<Size> sizes) {
  Farthest eight, sixteen;
  for (const Look& look : looks_for_the_twin())
    for (const ColorSpace space : {ColorSpace::srgb, ColorSpace::display_p3})
      for (const Size s : sizes) {
        const Image<float> picture = test_picture(s.width, s.height, 11);
        compare_with_twin<std::uint8_t>(picture, look, space, eight);
        compare_with_twin<std::uint16_t>(picture, look, space, sixteen);
      }
  std::printf("farthest from the twin: %.2f of 255 (%.2f where pressed), %.1f of 65535 (%.1f)\n",
              eight.fits, eight.pressed, sixteen.fits, sixteen.pressed);
  // Eight bits: the nearest entry of the curve errs by half a step of 1/128 stop, 0.2 of a code,
  // the weaker channels of a saturated color by up to three times that; half a code is rounding. A
  // pressed color lies at the edge of the display space, where its weakest channel rises steeply
  // from 0 with the edge of the nearest hue column (half a column: 0.2 degrees).
  EXPECT_LT(eight.fits, 1.25);
  EXPECT_LT(eight.pressed, 8);
  // Sixteen bits: the curve's table errs most where the curve ends with a corner, by its slope
  // there, 0.06 a stop, times a quarter of a step of 1/128 stop: 8 code values. Pressed colors, as
  // above, four times that.
  EXPECT_LT(sixteen.fits, 8);
  EXPECT_LT(sixteen.pressed, 32);
}

TEST(Render, EqualsItsTwin) { expect_the_twins_answer({{63, 37}, {130, 70}, {259, 35}}); }

TEST(Render, EqualsItsTwinOnPicturesSmallerThanAVector) {
  expect_the_twins_answer({{1, 1}, {2, 3}, {15, 2}, {1, 40}});
}

// Neutral rendering in 16 bits.
Image<std::uint16_t> rendered(const Image<float>& picture, const Look& look,
                              ColorSpace space = ColorSpace::srgb) {
  return std::get<Image<std::uint16_t>>(
      render(picture, look, typical_noise, 0, {.space = space, .depth = Depth::sixteen_bit}).rgb);
}

bool differ(const Image<std::uint16_t>& a, const Image<std::uint16_t>& b) {
  return !std::ranges::equal(a.samples(), b.samples());
}

// What a parameter needs beside it to be seen.
Look companion_of(const std::string_view name) {
  Look look;
  if (name == "local.radius_percent") look.highlights = look.shadows = 0.5;
  if (name == "mono.red" || name == "mono.green" || name == "mono.blue") look.mono = 1;
  if (name == "mono.tint_hue_deg") look.tint_chroma = 0.05;
  if (name == "sharpening.threshold") look.sharpening = 1;
  if (name == "grain.size_px") look.grain = 0.05;
  return look;
}

TEST(Render, EveryParameterChangesThePicture) {
  const Image<float> picture = test_picture(160, 120, 5);
  for (const Parameter<Look>& parameter : look_parameters()) {
    Look without = companion_of(parameter.name), with = without;
    with.*parameter.value += 0.3 * (parameter.maximum - with.*parameter.value);
    // The fall-off is the business of the room develop.
    const bool elsewhere = parameter.name == "lens.falloff_kept";
    EXPECT_EQ(differ(rendered(picture, without), rendered(picture, with)), !elsewhere)
        << parameter.name;
  }
}

TEST(Render, EveryParameterOfAHueRuleChangesThePicture) {
  const Image<float> picture = test_picture(160, 120, 5);
  for (const Parameter<HueRule>& parameter : hue_parameters()) {
    Look without, with;
    // Place and width need something that happens there.
    const bool where = parameter.name == "center_deg" || parameter.name == "width_deg";
    without.hues = {{.center_deg = 40, .chroma = where ? 0.5 : 1}};
    with.hues = without.hues;
    with.hues[0].*parameter.value += 0.3 * (parameter.maximum - with.hues[0].*parameter.value);
    EXPECT_TRUE(differ(rendered(picture, without), rendered(picture, with))) << parameter.name;
  }
}

TEST(Render, TheDisplaySpaceAndTheNoiseChangeThePicture) {
  const Image<float> picture = test_picture(64, 48, 5);
  EXPECT_TRUE(differ(rendered(picture, {}), rendered(picture, {}, ColorSpace::display_p3)));
  Look sharp;
  sharp.sharpening = 1;
  const auto at = [&](double stops) {
    return std::get<Image<std::uint8_t>>(render(picture, sharp, typical_noise, stops).rgb);
  };
  EXPECT_FALSE(std::ranges::equal(at(0).samples(), at(4).samples()));
}

TEST(Render, GrayStaysGrayInEveryUntintedLook) {
  Image<float> ramp(256, 20, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 256; ++x) ramp(x, y, c) = float(std::exp2(-8 + 11.0 * x / 256));
  for (Look look : {Look{}, busy_look(), read_look("authentic", look_folder),
                    read_look("vibrant", look_folder)}) {
    look.tint_chroma = 0;
    const Image<std::uint16_t> rgb = rendered(ramp, look);
    // Float matrices leave a chroma of 3e-7: at most two code values of 65535.
    constexpr int rounding = 2;
    for (int x = 0; x < 256; ++x)
      for (int c = 0; c < 3; ++c) ASSERT_NEAR(rgb(3 * x + c, 9), rgb(3 * x + 1, 9), rounding) << x;
  }
}

TEST(Render, MonoWithoutTintHasNoColor) {
  Look look = read_look("mono", look_folder);
  look.tint_chroma = 0;
  const Image<std::uint16_t> rgb = rendered(test_picture(120, 80, 5), look);
  constexpr int rounding = 2;
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 120; ++x)
      for (int c = 0; c < 3; ++c) ASSERT_NEAR(rgb(3 * x + c, y), rgb(3 * x + 1, y), rounding);
}

TEST(Render, MiddleGrayOfTheNeutralLookIsItself) {
  const auto rgb = std::get<Image<std::uint8_t>>(
      render(constant(20, 20, {0.18, 0.18, 0.18}), {}, typical_noise, 0).rgb);
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(rgb(3 * 10 + c, 10), 255 * encoded(0.18), 1);
}

TEST(Render, BiasIsExposure) {
  Look brighter;
  brighter.bias_stops = 1;
  const Image<std::uint16_t> a = rendered(constant(16, 16, {0.2, 0.1, 0.05}), brighter),
                             b = rendered(constant(16, 16, {0.4, 0.2, 0.1}), {});
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(a(24 + c, 8), b(24 + c, 8), 1);
}

// The Oklab of a rendered pixel.
Vector3 seen_lab(const Image<std::uint16_t>& rgb, int x, ColorSpace space) {
  Vector3 light;
  for (int c = 0; c < 3; ++c) light[c] = linear(rgb(3 * x + c, 0) / 65535.0);
  return oklab_from_lms(lms_from_rgb(xyz_from_linear(space)) * light);
}

double hue_deg(const Vector3& lab) { return std::atan2(lab[2], lab[1]) * 180 / M_PI; }

TEST(Render, GamutMappingKeepsTheHue) {
  constexpr int hues = 180, levels = 6, saturations = 3;
  const Matrix3 lms = lms_from_rgb(xyz_from_rec2020());
  Image<float> picture(hues * levels * saturations, 1, 3);
  for (int k = 0; k < picture.width(); ++k) {
    const int step = k / hues % levels, part = 1 + k / (hues * levels);
    const double level = std::exp2(-4.0 + step), saturation = double(part) / saturations;
    for (int c = 0; c < 3; ++c)
      picture(k, 0, c) =
          float(level *
                (1 + 0.99 * saturation * std::sin(2 * M_PI * (double(k % hues) / hues + c / 3.0))));
  }
  for (const ColorSpace space : {ColorSpace::srgb, ColorSpace::display_p3}) {
    const Image<std::uint16_t> rgb = rendered(picture, {}, space);
    double farthest = 0, farthest_clipped = 0;
    for (int k = 0; k < picture.width(); ++k) {
      const Vector3 before =
          oklab_from_lms(lms * Vector3{picture(k, 0, 0), picture(k, 0, 1), picture(k, 0, 2)});
      const Vector3 after = seen_lab(rgb, k, space);
      if (std::hypot(after[1], after[2]) < 0.02) continue;  // hardly a hue left
      const double turned = std::abs(std::remainder(hue_deg(after) - hue_deg(before), 360));
      bool clipped = false;
      for (int c = 0; c < 3; ++c) clipped |= rgb(3 * k + c, 0) == 0 || rgb(3 * k + c, 0) == 65535;
      (clipped ? farthest_clipped : farthest) =
          std::max(clipped ? farthest_clipped : farthest, turned);
    }
    EXPECT_LT(farthest, 1);
    // The table's edge is interpolated: a channel may be cut at the very edge.
    EXPECT_LT(farthest_clipped, 2);
    std::printf("hue turned by at most %.3f degrees, %.3f where a channel is 0 or full\n", farthest,
                farthest_clipped);
  }
}

TEST(Render, AHueRuleTurnsByItsAngle) {
  Look look;
  look.hues = {{.center_deg = 40, .width_deg = 60, .shift_deg = 30}};
  // A dim color of Oklab hue 40.
  const Vector3 rgb =
      lms_from_rgb(xyz_from_rec2020()).inverse() *
      lms_from_oklab({0.5, 0.06 * std::cos(40 * M_PI / 180), 0.06 * std::sin(40 * M_PI / 180)});
  EXPECT_NEAR(hue_deg(seen_lab(rendered(constant(40, 1, rgb), look), 4, ColorSpace::srgb)), 70,
              0.3);
}

TEST(Render, GrainHasItsDeviation) {
  Look look;
  look.grain = 0.03;
  const int side = 256;
  const Image<std::uint16_t> rgb = rendered(constant(side, side, {0.18, 0.18, 0.18}), look);
  const double lightness = std::cbrt(0.18), midtone = 4 * lightness * (1 - lightness);
  double sum = 0, squares = 0;
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const double l = std::cbrt(linear(rgb(3 * x, y) / 65535.0));
      sum += l;
      squares += l * l;
    }
  const double count = side * side, mean = sum / count,
               deviation = std::sqrt(squares / count - mean * mean);
  // A grain covers 4 pi (size / 2)^2 = 7 pixels: the deviation is known to 1 / sqrt(2 count / 7);
  // four of these are allowed.
  const double expected = look.grain * midtone, error = expected / std::sqrt(2 * count / 7);
  EXPECT_NEAR(deviation, expected, 4 * error);
  // The mean of grain has a variance of 7 / count of the grain's.
  EXPECT_NEAR(mean, lightness, 4 * expected * std::sqrt(7 / count));
}

TEST(Render, SharpeningLeavesWhatIsBelowTheThreshold) {
  Image<float> picture = constant(40, 40, {0.2, 0.2, 0.2});
  // A deviation of the root of half the threshold: nothing may happen; ten times that: much.
  Look look;
  look.sharpening = 1;
  const double threshold = 2 * 0.3 * std::sqrt(typical_noise.scale[1]);
  for (const double share : {0.5, 10.0}) {
    const double root = std::sqrt(0.2) + share * threshold;
    for (int c = 0; c < 3; ++c) picture(20, 20, c) = float(root * root);
    EXPECT_EQ(differ(rendered(picture, {}), rendered(picture, look)), share > 1);
  }
}

}  // namespace
}  // namespace lichtbild::render_test
