#include "photo/orientation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace lichtbild {
namespace {

// A picture of 3 x 2, row by row: abc, def; and what each orientation makes of it, by hand from
// EXIF's definition
// ("the 0th row is the visual top, the 0th column the visual left-hand side", and so on).
struct Case {
  int orientation, width;
  const char* upright;
};
constexpr std::array<Case, 8> table{{{1, 3, "abcdef"},
                                     {2, 3, "cbafed"},
                                     {3, 3, "fedcba"},
                                     {4, 3, "defabc"},
                                     {5, 2, "adbecf"},
                                     {6, 2, "daebfc"},
                                     {7, 2, "fcebda"},
                                     {8, 2, "cfbead"}}};

TEST(Orientation, TableByHand) {
  for (const Case& c : table) {
    Image<std::uint8_t> picture(3, 2);
    std::copy_n("abcdef", 6, picture.row(0));
    const Image<std::uint8_t> upright = oriented(picture, c.orientation, 1);
    EXPECT_EQ(upright.width(), c.width);
    EXPECT_EQ(upright.height(), 6 / c.width);
    EXPECT_EQ(std::string(upright.samples().begin(), upright.samples().end()), c.upright);
    for (int y = 0; y < upright.height(); ++y)
      for (int x = 0; x < upright.width(); ++x) {
        const PixelPlace before = place_before_turning({x, y}, c.orientation, 3, 2);
        EXPECT_EQ(upright(x, y), picture(before.x, before.y)) << c.orientation;
      }
  }
}

// Large enough for several blocks and threads, interleaved and planar: each sample where the
// table's rule puts it.
TEST(Orientation, BlocksAgreeWithTheRuleForOnePixel) {
  constexpr int width = 101, height = 67;
  Image<std::uint16_t> rgb(3 * width, height);
  Image<float> planar(width, height, 3);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        planar(x, y, c) = rgb(3 * x + c, y) = std::uint16_t(3 * (y * width + x) + c);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto turned = oriented(rgb, orientation, 3);
    const auto turned_planar = oriented(planar, orientation, 1);
    ASSERT_EQ(turned.width(), 3 * (orientation >= 5 ? height : width));
    for (int y = 0; y < turned.height(); ++y)
      for (int x = 0; x < turned.width() / 3; ++x) {
        int from_x = orientation >= 5 ? y : x, from_y = orientation >= 5 ? x : y;
        if (std::string("2378").find(char('0' + orientation)) != std::string::npos)
          from_x = width - 1 - from_x;
        if (std::string("3467").find(char('0' + orientation)) != std::string::npos)
          from_y = height - 1 - from_y;
        for (int c = 0; c < 3; ++c) {
          ASSERT_EQ(turned(3 * x + c, y), rgb(3 * from_x + c, from_y)) << orientation;
          ASSERT_EQ(turned_planar(x, y, c), planar(from_x, from_y, c)) << orientation;
        }
      }
  }
}

TEST(Orientation, UnknownMeansUpright) {
  Image<std::uint8_t> picture(2, 1);
  picture(0, 0) = 1, picture(1, 0) = 2;
  for (const int orientation : {0, 9, -3}) EXPECT_EQ(oriented(picture, orientation, 1)(0, 0), 1);
}

}  // namespace
}  // namespace lichtbild
