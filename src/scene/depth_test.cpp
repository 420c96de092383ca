#include "scene/depth.h"

#include <ImfChannelList.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfOutputFile.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "core/error_message.h"

namespace lichtbild {
namespace {

using testing::HasSubstr;

class Depth : public testing::Test {
 protected:
  Depth() { std::filesystem::create_directories(folder_); }
  ~Depth() override { std::filesystem::remove_all(folder_); }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }

  // Three samples beside each other.
  std::string exr(const std::string& channel, std::vector<float> meters) const {
    Imf::Header header(3, 1);
    header.channels().insert(channel, Imf::Channel(Imf::FLOAT));
    Imf::OutputFile out(file("d.exr").c_str(), header);
    Imf::FrameBuffer frame;
    frame.insert(channel, Imf::Slice(Imf::FLOAT, reinterpret_cast<char*>(meters.data()),
                                     sizeof(float), 3 * sizeof(float)));
    out.setFrameBuffer(frame);
    out.writePixels(1);
    return file("d.exr");
  }
  std::string png(const std::vector<std::uint16_t>& codes, unsigned format) const {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.format = format;
    image.width = 3, image.height = 1;
    EXPECT_TRUE(
        png_image_write_to_file(&image, file("d.png").c_str(), 0, codes.data(), 0, nullptr));
    return file("d.png");
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("lichtbild-depth-" + std::to_string(::getpid()));
};

constexpr float infinity = std::numeric_limits<float>::infinity();

TEST_F(Depth, OfAnExrIsInMeters) {
  for (const char* channel : {"Z", "depth", "Y"}) {
    const Image<float> depth =
        read_depth(exr(channel, {0.25F, infinity, std::nanf("")}), std::nullopt);
    EXPECT_FLOAT_EQ(depth(0, 0), 250);
    EXPECT_EQ(depth(1, 0), infinity);
    EXPECT_EQ(depth(2, 0), infinity);
  }
}

TEST_F(Depth, OfCodesIsBetweenNearAndFar) {
  const Image<float> depth =
      read_depth(png({0, 13107, 65535}, PNG_FORMAT_LINEAR_Y), DepthRange{0.5, 10.5});
  EXPECT_FLOAT_EQ(depth(0, 0), 500);
  EXPECT_NEAR(depth(1, 0), 2500, 0.1);
  EXPECT_FLOAT_EQ(depth(2, 0), 10500);
}

TEST_F(Depth, SaysWhatIsWrong) {
  const auto cause = [](const std::string& path, const std::optional<DepthRange>& range) {
    return error_message([&] { read_depth(path, range); });
  };
  EXPECT_THAT(cause(exr("Z", {1, 0, 1}), {}), HasSubstr("d.exr: holds a distance of 0 m; "));
  EXPECT_THAT(cause(exr("Z", {1, -2, 1}), {}), HasSubstr("-2 m"));
  EXPECT_THAT(cause(exr("A", {1, 1, 1}), {}), HasSubstr("without a channel Z"));
  const std::string gray = png({1, 2, 3}, PNG_FORMAT_LINEAR_Y);
  EXPECT_THAT(cause(gray, {}), HasSubstr("--depth-range NEAR,FAR"));
  EXPECT_THAT(cause(gray, DepthRange{2, 1}), HasSubstr("2,1 does not grow"));
  EXPECT_THAT(cause(gray, DepthRange{0, 1}), HasSubstr("does not grow"));
  EXPECT_THAT(cause(png(std::vector<std::uint16_t>(9), PNG_FORMAT_LINEAR_RGB), DepthRange{1, 2}),
              HasSubstr("in colors"));
}

// A frame of 6 x 4 pixels, half a pixel to a cell, before a map of 9 x 4: its middle 6 x 4.
TEST_F(Depth, LiesWhereThePictureLies) {
  Image<float> depth(9, 4);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 9; ++x) depth(x, y) = float(10 * x + y + 1);
  const PaintGrid grid{14, 8, -3.25, -1.75, 0.5, 6, 4};
  const Image<float> cells = depth_on(depth, grid);
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 14; ++x) {
      // The cell's middle, in pixels of the map from its left border.
      const double at_x = grid.first_x + 0.5 * x + 4.5, at_y = grid.first_y + 0.5 * y + 2;
      EXPECT_EQ(cells(x, y), depth(int(at_x), int(at_y))) << x << ' ' << y;
    }
}

}  // namespace
}  // namespace lichtbild
