#include "develop/lateral_color.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace lichtbild {
namespace {

// What a scene shows at a place of green's picture, linear.
using Scene = double (*)(int channel, double x, double y);

double colored(int channel, double x, double y) {
  constexpr double level[] = {0.5, 0.4, 0.3}, depth[] = {0.3, 0.2, -0.2};
  return level[channel] + depth[channel] * std::sin(0.11 * x + 0.4 * channel) * std::cos(0.09 * y);
}

// Gray stripes in one direction as fine as 3 samples each, coarser in the other.
double fine(int, double x, double y) {
  return 0.4 + 0.2 * std::sin(M_PI / 3 * x) * std::cos(M_PI / 8 * y);
}

// Planes red, green, blue of a warp about the middle with a tangential part.
std::array<RecordedPlaces, 3> places_of(double red, double blue, double tangential, int width,
                                        int height) {
  const RectilinearWarp warp{.planes = {{red, 0, 0.002, 0, tangential, 0},
                                        {0.98, 0.02, 0, 0, 0, 0},
                                        {blue, 0.01, 0, 0, 0, -tangential}}};
  std::array<RecordedPlaces, 3> places;
  for (int c = 0; c < 3; ++c) places[c] = recorded_places(warp, c, width, height);
  return places;
}

// The scene through such a lens: `aligned` has every color where green is.
Image<float> recorded_by(Scene scene, const Cfa& cfa, const std::array<RecordedPlaces, 3>& places,
                         bool aligned, int width, int height) {
  const auto shown_at = [](const RecordedPlaces& of, Point p) {
    Point shown = p;
    for (int step = 0; step < 60; ++step) {
      const Point at = of.at(shown);
      shown = {shown.x + p.x - at.x, shown.y + p.y - at.y};
    }
    return shown;
  };
  Image<float> mosaic(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int color = int(cfa.at(x, y));
      const Point shown = shown_at(places[aligned ? 1 : color], {double(x), double(y)});
      mosaic(x, y) = float(scene(color, shown.x, shown.y));
    }
  return mosaic;
}

double rms(const Image<float>& a, const Image<float>& b, int border) {
  double squares = 0;
  int count = 0;
  for (int y = border; y < a.height() - border; ++y)
    for (int x = border; x < a.width() - border; ++x, ++count)
      squares += std::pow(a(x, y) - b(x, y), 2);
  return std::sqrt(squares / count);
}

constexpr CfaColor R = CfaColor::red, G = CfaColor::green, B = CfaColor::blue;
const Cfa bayer_orders[] = {{{R, G, G, B}}, {{G, R, B, G}}, {{G, B, R, G}}, {{B, G, G, R}}};

TEST(LateralColor, ColorsOfSmoothThingsMeetGreens) {
  for (const Cfa& cfa : bayer_orders)
    for (const auto& [width, height] : {std::pair{300, 260}, {299, 257}}) {
      const auto places = places_of(0.987, 0.977, 0.001, width, height);
      const Image<float> apart = recorded_by(colored, cfa, places, false, width, height),
                         expected = recorded_by(colored, cfa, places, true, width, height),
                         moved = in_register(apart.clone(), cfa, places);
      const double before = rms(apart, expected, 0), after = rms(moved, expected, 8);
      EXPECT_GT(before, 0.004);  // ways of up to 1.5 samples
      // In a picture as small as this one ways bend between the cells of 32 samples at which they
      // are computed; and each is taken to be the same at both its ends.
      EXPECT_LT(after, before / 15);
      EXPECT_LT(rms(moved, expected, 0), before / 6);  // beyond the border nothing is known
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          if (cfa.at(x, y) == G) {
            ASSERT_EQ(moved(x, y), apart(x, y));
          }
    }
}

// Red and blue alone are sampled every other sample: stripes of six samples are at two thirds of
// their Nyquist frequency, where a cubic through their own samples misses half.
TEST(LateralColor, FineGrayStripesMeetGreens) {
  const int width = 400, height = 300;
  const auto places = places_of(0.981, 0.977, 0, width, height);
  const Image<float> apart = recorded_by(fine, bayer_orders[0], places, false, width, height),
                     expected = recorded_by(fine, bayer_orders[0], places, true, width, height),
                     moved = in_register(apart.clone(), bayer_orders[0], places);
  EXPECT_GT(rms(apart, expected, 8), 0.01);
  EXPECT_LT(rms(moved, expected, 8), 0.1 * rms(apart, expected, 8));
}

// A mosaic is done in place, band by band: rows must not see that those above are done. The lower
// part alone has its bands elsewhere; its ways are found at the same places.
TEST(LateralColor, BandsLeaveNoBorders) {
  const int width = 200, height = 1100, cut = 192;
  const auto places = places_of(0.99, 0.985, 0.0005, width, height);
  auto of_lower = places;
  for (RecordedPlaces& of : of_lower) of.center_y -= cut;
  const Image<float> apart = recorded_by(fine, bayer_orders[0], places, false, width, height);
  Image<float> lower(width, height - cut);
  for (int y = cut; y < height; ++y) std::copy_n(apart.row(y), width, lower.row(y - cut));
  const Image<float> moved = in_register(apart.clone(), bayer_orders[0], places),
                     moved_lower = in_register(lower.clone(), bayer_orders[0], of_lower);
  constexpr int border = 32;  // beyond the upper part's last row nothing is known
  double most = 0;
  for (int y = cut + border; y < height; ++y)
    for (int x = 0; x < width; ++x)
      most = std::max(most, double(std::abs(moved(x, y) - moved_lower(x, y - cut))));
  // The search for a place ends within a hundredth of a sample, over which ways change by 2e-4 and
  // the stripes, twice, by 1e-4. A row that was moved twice is off by a thousand times that.
  EXPECT_LT(most, 2e-4);
  EXPECT_GT(rms(moved, apart, 0), 0.01);
}

TEST(LateralColor, NothingMovesWhereColorsMeet) {
  const int width = 64, height = 48;
  const Image<float> mosaic =
      recorded_by(fine, bayer_orders[0], places_of(1, 1, 0, width, height), true, width, height);
  const RectilinearWarp same{.planes = {{0.97, 0.02, 0, 0, 0.01, 0}}};
  std::array<RecordedPlaces, 3> places;
  for (int c = 0; c < 3; ++c) places[c] = recorded_places(same, c, width, height);
  const Image<float> moved = in_register(mosaic.clone(), bayer_orders[0], places);
  EXPECT_TRUE(std::ranges::equal(moved.samples(), mosaic.samples()));
}

// Files may say anything: the search for where a color lies need not come to an end.
TEST(LateralColor, WaysThatNoLensHasLeaveTheMosaic) {
  Image<float> mosaic(600, 400);
  for (std::size_t i = 0; i < mosaic.size(); ++i) mosaic.samples()[i] = float(i % 97);
  for (const auto& [radial, tangential] : {std::pair{3.0, 0.0}, {1.0, 1.0}, {-100.0, 100.0}}) {
    const RectilinearWarp wild{
        .planes = {{1, 0, 0, 0, 0, 0}, {radial, 0, 0, 0, tangential, 0}, {0.2, 0, 0, 100, 0, 0}}};
    std::array<RecordedPlaces, 3> places;
    for (int c = 0; c < 3; ++c) places[c] = recorded_places(wild, c, 600, 400);
    const Image<float> moved = in_register(mosaic.clone(), bayer_orders[0], places);
    EXPECT_TRUE(std::ranges::equal(moved.samples(), mosaic.samples())) << radial;
  }
}

TEST(LateralColor, TheSmallestMosaicsPass) {
  for (const auto& [width, height] : {std::pair{2, 2}, {3, 2}, {2, 5}, {7, 4}, {33, 2}}) {
    Image<float> mosaic(width, height);
    mosaic.fill(0.25f);
    const RectilinearWarp apart{
        .planes = {{3, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0}, {0.2, 0, 0, 0, 0, 0}}};
    std::array<RecordedPlaces, 3> places;
    for (int c = 0; c < 3; ++c) places[c] = recorded_places(apart, c, width, height);
    const Image<float> moved = in_register(mosaic.clone(), bayer_orders[1], places);
    for (const float v : moved.samples()) EXPECT_NEAR(v, 0.25f, 1e-6);
  }
}

}  // namespace
}  // namespace lichtbild
