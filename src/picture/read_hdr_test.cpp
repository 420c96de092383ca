// Radiance pictures put together here, against the format's rules; and ImageMagick's, both ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/error_message.h"
#include "picture/readers.h"

namespace lichtbild {
namespace {

using testing::HasSubstr;
using Pixel = std::array<std::uint8_t, 4>;

const std::string rgbe = "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n";

// Whatever is repeated, in every component.
Pixel pixel_at(int x, int y) {
  return {std::uint8_t(x / 3 * 7 + 40), std::uint8_t(y * 5 + 3), std::uint8_t(x % 4 == 0 ? 9 : 200),
          std::uint8_t(126 + y / 2)};
}
double number(const Pixel& pixel, int c) { return std::ldexp(pixel[c] + 0.5, pixel[3] - 136); }

std::string flat(int width, int y) {
  std::string bytes;
  for (int x = 0; x < width; ++x)
    for (const std::uint8_t v : pixel_at(x, y)) bytes += char(v);
  return bytes;
}

std::string new_runs(int width, int y) {
  std::string bytes{2, 2, char(width >> 8), char(width & 255)};
  for (int c = 0; c < 4; ++c)
    for (int x = 0; x < width;) {
      int run = 1;
      while (run < 127 && x + run < width && pixel_at(x + run, y)[c] == pixel_at(x, y)[c]) ++run;
      // Runs and single values, in turn with what is there.
      bytes += char(run > 1 ? 128 + run : 1);
      bytes += char(pixel_at(x, y)[c]);
      x += run;
    }
  return bytes;
}

TEST(ReadHdr, FlatAndNewRunsAreTheSame) {
  for (const int width : {7, 8, 40, 300}) {
    const std::string size = "\n-Y 6 +X " + std::to_string(width) + "\n";
    std::string plain = rgbe + size, runs = rgbe + size;
    for (int y = 0; y < 6; ++y) {
      plain += flat(width, y);
      runs += width < 8 ? flat(width, y) : new_runs(width, y);
    }
    for (const std::string& file : {plain, runs}) {
      const Image<float> image = parse_hdr(file, "a.hdr");
      ASSERT_EQ(image.width(), width);
      ASSERT_EQ(image.height(), 6);
      for (int y = 0; y < 6; ++y)
        for (int x = 0; x < width; ++x)
          for (int c = 0; c < 3; ++c)
            ASSERT_FLOAT_EQ(image(x, y, c), float(number(pixel_at(x, y), c)));
    }
  }
}

// A pixel, 5 + 2 x 256 times itself, another; and black, whose exponent is 0.
TEST(ReadHdr, OldRuns) {
  const std::string file =
      rgbe + "\n-Y 1 +X 520\n" +
      std::string("\x80\x40\x20\x81\1\1\1\5\1\1\1\2\x10\x20\x30\x80\7\7\7\0", 20);
  const Image<float> image = parse_hdr(file, "a.pic");
  for (int x = 0; x < 518; ++x) ASSERT_FLOAT_EQ(image(x, 0, 0), 128.5F / 128);
  EXPECT_FLOAT_EQ(image(517, 0, 2), 32.5F / 128);
  EXPECT_FLOAT_EQ(image(518, 0, 1), 32.5F / 256);
  EXPECT_EQ(image(519, 0, 0), 0);
}

// The pixel of the picture's corner, top left, is at another place in each of the eight files.
TEST(ReadHdr, EveryOrientation) {
  struct Case {
    const char* resolution;
    bool columns, bottom_first, right_first;
  };
  constexpr int width = 3, height = 2;
  for (const Case& c :
       {Case{"-Y 2 +X 3", false, false, false}, Case{"-Y 2 -X 3", false, false, true},
        Case{"+Y 2 +X 3", false, true, false}, Case{"+Y 2 -X 3", false, true, true},
        Case{"+X 3 -Y 2", true, false, false}, Case{"+X 3 +Y 2", true, true, false},
        Case{"-X 3 -Y 2", true, false, true}, Case{"-X 3 +Y 2", true, true, true}}) {
    std::string file = rgbe + "\n" + c.resolution + "\n";
    for (int i = 0; i < width * height; ++i) {
      int x = c.columns ? i / height : i % width, y = c.columns ? i % height : i / width;
      if (c.right_first) x = width - 1 - x;
      if (c.bottom_first) y = height - 1 - y;
      file += std::string{char(10 * x), char(10 * y), 0, char(128)};
    }
    const Image<float> image = parse_hdr(file, c.resolution);
    ASSERT_EQ(image.width(), width);
    ASSERT_EQ(image.height(), height);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        EXPECT_FLOAT_EQ(image(x, y, 0), float((10 * x + 0.5) / 256)) << c.resolution;
        EXPECT_FLOAT_EQ(image(x, y, 1), float((10 * y + 0.5) / 256)) << c.resolution;
      }
  }
}

// One pixel of mantissas 128, 64, 32 at 2^0.
Image<float> one_pixel(const std::string& lines, const std::string& format = "rgbe") {
  return parse_hdr("#?RGBE\n# made by hand\n" + lines + "FORMAT= 32-bit_rle_" + format +
                       " \n\n-Y 1 +X 1\n" + std::string("\x80\x40\x20\x88"),
                   "a.hdr");
}

TEST(ReadHdr, WhatItWasMultipliedByIsTakenBack) {
  EXPECT_FLOAT_EQ(one_pixel("")(0, 0, 0), 128.5);
  EXPECT_FLOAT_EQ(one_pixel("EXPOSURE=2\r\n\tEXPOSURE=9\nEXPOSURE= +5e-1\nEXPOSURE=4\n")(0, 0, 0),
                  128.5 / 4);
  const Image<float> corrected = one_pixel("COLORCORR= 1 2 4\nCOLORCORR=2 2 2\nEXPOSURE=2\n");
  EXPECT_FLOAT_EQ(corrected(0, 0, 0), 128.5 / 4);
  EXPECT_FLOAT_EQ(corrected(0, 0, 1), 64.5 / 8);
  EXPECT_FLOAT_EQ(corrected(0, 0, 2), 32.5 / 16);
}

class HdrFile {
 public:
  explicit HdrFile(const std::string& bytes = {}) {
    if (!bytes.empty()) std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~HdrFile() { std::filesystem::remove(path_); }
  HdrFile(const HdrFile&) = delete;
  HdrFile& operator=(const HdrFile&) = delete;
  const std::string& path() const { return path_; }
  Vector3 light() const {
    const Image<float> light = light_of(read_image(path_), picture_colors(path_), path_);
    return {light(0, 0, 0), light(0, 0, 1), light(0, 0, 2)};
  }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() /
                       ("lichtbild-read-hdr-" + std::to_string(::getpid()) + ".hdr"))
                          .string();
};

std::string one_color(const std::string& lines, const Pixel& pixel) {
  return "#?RADIANCE\n" + lines + "\n-Y 1 +X 1\n" + std::string(pixel.begin(), pixel.end());
}

// Published matrices: Display P3 (CSS Color 4). Mantissas are 8 bits.
TEST(ReadHdr, Primaries) {
  constexpr Pixel red{255, 0, 0, 128}, white{200, 200, 200, 128};
  const HdrFile p3(one_color(
      "PRIMARIES= 0.68 0.32 0.265 0.69 0.15 0.06 0.3127 0.329\nFORMAT=32-bit_rle_rgbe\n", red));
  const std::array<double, 3> expected{0.753833, 0.045744, -0.00121};
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(p3.light()[c], expected[c], 3e-3);
  // White is neutral, whatever it is called: 1/3, 1/3 without PRIMARIES.
  for (const char* lines : {"", "FORMAT=32-bit_rle_rgbe\n", "PRIMARIES=0 0 0 0 0 0 0 0\n"}) {
    const HdrFile plain(one_color(lines, white));
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(plain.light()[c], 200.5 / 256, 1e-5);
  }
}

// Equal-energy white of 179 lumens is one watt of each color; and a color of Radiance's own
// primaries, as XYZ by the matrix that SMPTE RP 177 makes of them, is the same light as in RGB.
TEST(ReadHdr, Xyz) {
  const std::string xyz = "FORMAT=32-bit_rle_xyze\n";
  const HdrFile white(one_color("EXPOSURE=0.00558659\n" + xyz, {127, 127, 127, 129}));
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(white.light()[c], 127.5 / 128, 1e-3);

  // r, g, b = 1/2, 1/4, 1/8 of the primaries 0.64 0.33, 0.29 0.6, 0.15 0.06, white 1/3 1/3.
  const Matrix3 radiance_xyz{
      {0.514145, 0.323884, 0.161971, 0.265106, 0.670106, 0.064788, 0.024101, 0.122853, 0.853047}};
  const Vector3 color = radiance_xyz * Vector3{0.5, 0.25, 0.125};
  Pixel pixel{0, 0, 0, 127};
  for (int c = 0; c < 3; ++c) pixel[c] = std::uint8_t(color[c] * 512);
  const HdrFile as_xyz(one_color("EXPOSURE=0.00558659\n" + xyz, pixel));
  const Vector3 seen = as_xyz.light();
  const HdrFile as_rgb(one_color("FORMAT=32-bit_rle_rgbe\n", {128, 64, 32, 128}));
  const Vector3 expected = as_rgb.light();
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(seen[c], expected[c], 0.01);  // five mantissa steps
}

TEST(ReadHdr, SaysWhatIsWrong) {
  const auto cause = [](const std::string& file) {
    return error_message([&] { parse_hdr(file, "a.hdr"); });
  };
  const std::string size = "\n-Y 1 +X 8\n";
  EXPECT_THAT(cause("#?RADIANCE"), HasSubstr("a.hdr: is not a sound Radiance picture: its header"));
  EXPECT_THAT(cause("RADIANCE\n\n-Y 1 +X 1\n1234"), HasSubstr("start with #?"));
  EXPECT_THAT(cause("#?RADIANCE\nFORMAT=ascii\n" + size), HasSubstr("FORMAT=ascii"));
  for (const char* line : {"EXPOSURE=0", "EXPOSURE=-1", "EXPOSURE=nan", "EXPOSURE=", "EXPOSURE=1 2",
                           "EXPOSURE=1e31", "COLORCORR=1 2", "COLORCORR=1 1 0",
                           "PRIMARIES=1 2 3 4 5 6 7", "PRIMARIES=0 0 0 0 0 0 0 inf"})
    EXPECT_THAT(cause(std::string(rgbe).append(line).append("\n" + size + "1234")),
                HasSubstr(line));
  EXPECT_THAT(cause(rgbe + "PIXASPECT=2\n" + size), HasSubstr("PIXASPECT 2"));
  EXPECT_THAT(cause(rgbe + "GAMMA=0.454545\n" + size), HasSubstr("GAMMA=0.454545"));
  for (const char* line : {"-Y 1", "-Y 1 +Y 1", "-Z 1 +X 1", "Y 1 X 1", "-Y 1.5 +X 1", "-Y +X",
                           "-Y 1 +X 1 2", "-Y 1 +X 8x", "-Y 1 +X nan"})
    EXPECT_THAT(cause(rgbe + "\n" + line + "\n1234"), HasSubstr(line));
  EXPECT_THAT(cause(rgbe + "\n-Y 0 +X 8\n"), HasSubstr("no pixels"));
  EXPECT_THAT(cause(rgbe + "\n-Y -5 +X 8\n"), HasSubstr("-Y -5"));
  EXPECT_THAT(cause(rgbe + "\n-Y 1000000 +X 1000000\n"), HasSubstr("1000000 x 1000000"));
  EXPECT_THAT(cause(rgbe + "\n-Y 100000 +X 5000\n1234"), HasSubstr("cut off"));
  const auto scanline = [&](const std::string& bytes) { return cause(rgbe + size + bytes); };
  EXPECT_THAT(scanline("12345678"), HasSubstr("cut off"));
  EXPECT_THAT(scanline(std::string("\2\2\0\7", 4) + "12345678"), HasSubstr("another length"));
  EXPECT_THAT(scanline(std::string("\2\2\0\10", 4) + "\x89\1"), HasSubstr("leaves the scanline"));
  EXPECT_THAT(scanline(std::string("\2\2\0\10\0", 5)), HasSubstr("leaves the scanline"));
  EXPECT_THAT(scanline("\1\1\1\4"), HasSubstr("repeats nothing"));
  EXPECT_THAT(scanline("1234\1\1\1\10"), HasSubstr("leaves the scanline"));
  std::string zeros = "1234";
  for (int i = 0; i < 5; ++i) zeros += std::string("\1\1\1\0", 4);
  EXPECT_THAT(scanline(zeros), HasSubstr("too long"));
}

bool have_imagemagick() { return std::system("command -v convert > /dev/null 2>&1") == 0; }

// Its mantissas are rounded by other rules: one step of 8 bits.
TEST(ReadHdr, ImageMagickWritesTheSameColors) {
  if (!have_imagemagick()) GTEST_SKIP() << "ImageMagick is not installed";
  const HdrFile file;
  const std::string command =
      "convert -size 64x5 -define gradient:direction=east "
      "gradient:'rgb(10%,20%,90%)-rgb(90%,60%,30%)' "
      "-set colorspace RGB HDR:" +
      file.path();
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "ImageMagick writes no HDR";
  const Image<float> image = read_image(file.path());
  ASSERT_EQ(image.width(), 64);
  ASSERT_EQ(image.height(), 5);
  const std::array<double, 3> from{0.1, 0.2, 0.9}, to{0.9, 0.6, 0.3};
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 64; ++x)
      for (int c = 0; c < 3; ++c)
        EXPECT_NEAR(image(x, y, c), from[c] + (to[c] - from[c]) * x / 63, 1.0 / 256) << x;
}

// ImageMagick takes mantissas as they are, Radiance and we the middle of what they leave open: half
// a step.
TEST(ReadHdr, ImageMagickReadsTheSameNumbers) {
  if (!have_imagemagick()) GTEST_SKIP() << "ImageMagick is not installed";
  constexpr int width = 40, height = 4;
  std::string bytes = rgbe + "GAMMA=1\n\n-Y 4 +X 40\n";
  for (int y = 0; y < height; ++y) bytes += new_runs(width, y);
  const HdrFile file(bytes);
  const std::string tiff = file.path() + ".tif";
  const std::string command =
      "convert HDR:" + file.path() + " -set colorspace sRGB -depth 16 -compress none TIFF:" + tiff;
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "ImageMagick reads no HDR";
  const Image<float> ours = read_image(file.path()), theirs = read_image(tiff);
  std::filesystem::remove(tiff);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        const double half_step = std::ldexp(0.5, pixel_at(x, y)[3] - 136);
        EXPECT_NEAR(ours(x, y, c) - half_step, theirs(x, y, c), 2.0 / 65535) << x << ' ' << y;
      }
}

}  // namespace
}  // namespace lichtbild
