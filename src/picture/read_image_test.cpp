#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <tiffio.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "picture/picture.h"

namespace lichtbild {
namespace {

class ReadImage : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return folder_.file(name); }
  std::string file(const std::string& name, const std::string& bytes) const {
    return folder_.file(name, bytes);
  }

 private:
  TemporaryFolder folder_;
};

struct TiffCase {
  int bits, samples, planar, format;
  bool tiled;
};

// Sample (x, y, channel) of the test picture, in code values.
std::uint32_t code(int x, int y, int channel) { return (7 * x + 31 * y + 101 * channel) % 251; }

void put_sample(std::uint8_t* place, int bits, std::uint32_t value) {
  const auto deep = std::uint16_t(value * 257);
  const float real = float(value) * 4;
  if (bits == 8) *place = std::uint8_t(value);
  if (bits == 16) std::memcpy(place, &deep, 2);
  if (bits == 32) std::memcpy(place, &real, 4);
}

std::vector<std::uint8_t> block(const TiffCase& c, int left, int top, int size, int plane) {
  const int step = c.planar == PLANARCONFIG_CONTIG ? c.samples : 1;
  std::vector<std::uint8_t> bytes(std::size_t(size) * size * step * c.bits / 8);
  for (int i = 0; i < size * size * step; ++i)
    put_sample(&bytes[std::size_t(i) * c.bits / 8], c.bits,
               code(left + i / step % size, top + i / step / size, plane + i % step));
  return bytes;
}

// Tiles of 16 x 16, or one strip of all, for a picture of 16 tiles' worth with a ragged border.
void write_tiff(const std::string& path, const TiffCase& c, int width, int height) {
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, c.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, c.samples);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, c.format);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, c.planar);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
               c.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  const int planes = c.planar == PLANARCONFIG_CONTIG ? 1 : c.samples;
  if (c.tiled) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
    for (int plane = 0; plane < planes; ++plane)
      for (int y = 0; y < height; y += 16)
        for (int x = 0; x < width; x += 16)
          TIFFWriteTile(tiff, block(c, x, y, 16, plane).data(), x, y, 0, plane);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 3);
    const std::size_t row_bytes = TIFFScanlineSize(tiff);
    for (int plane = 0; plane < planes; ++plane)
      for (int y = 0; y < height; ++y) {
        std::vector<std::uint8_t> row = block(c, 0, y, width, plane);
        row.resize(row_bytes);
        TIFFWriteScanline(tiff, row.data(), y, plane);
      }
  }
  TIFFClose(tiff);
}

TEST_F(ReadImage, TiffOfEveryPlainLayout) {
  for (const bool tiled : {false, true})
    for (const int planar : {PLANARCONFIG_CONTIG, PLANARCONFIG_SEPARATE})
      for (const int samples : {1, 3, 4})
        for (const int bits : {8, 16, 32}) {
          const int format = bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT;
          write_tiff(file("a.tif"), {bits, samples, planar, format, tiled}, 37, 21);
          const Image<float> image = read_image(file("a.tif"));
          ASSERT_EQ(image.planes(), samples == 1 ? 1 : 3);
          ASSERT_EQ(image.width(), 37);
          ASSERT_EQ(image.height(), 21);
          const float scale = bits == 32 ? 4 : 1 / 255.0F;
          for (int plane = 0; plane < image.planes(); ++plane)
            for (int y = 0; y < 21; ++y)
              for (int x = 0; x < 37; ++x)
                ASSERT_NEAR(image(x, y, plane), float(code(x, y, plane)) * scale, 1e-6)
                    << bits << ' ' << samples << ' ' << planar << ' ' << tiled;
        }
}

void write_png(const std::string& path, unsigned format, const std::vector<std::uint8_t>& pixels,
               int width, const void* palette = nullptr) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.format = format;
  image.width = width;
  image.height = 1;
  image.colormap_entries = 2;
  ASSERT_TRUE(png_image_write_to_file(&image, path.c_str(), 0, pixels.data(), 0, palette));
}

TEST_F(ReadImage, PngOfEveryKind) {
  write_png(file("gray.png"), PNG_FORMAT_GRAY, {0, 51, 255}, 3);
  const Image<float> gray = read_image(file("gray.png"));
  ASSERT_EQ(gray.planes(), 1);
  EXPECT_FLOAT_EQ(gray(1, 0), 0.2F);

  write_png(file("alpha.png"), PNG_FORMAT_RGBA, {255, 51, 0, 9}, 1);
  const Image<float> alpha = read_image(file("alpha.png"));
  ASSERT_EQ(alpha.planes(), 3);
  EXPECT_FLOAT_EQ(alpha(0, 0, 0), 1);
  EXPECT_FLOAT_EQ(alpha(0, 0, 1), 0.2F);

  const std::uint8_t palette[] = {0, 0, 0, 255, 0, 51};
  write_png(file("palette.png"), PNG_FORMAT_RGB_COLORMAP, {1, 0}, 2, palette);
  const Image<float> colors = read_image(file("palette.png"));
  ASSERT_EQ(colors.planes(), 3);
  EXPECT_FLOAT_EQ(colors(0, 0, 2), 0.2F);
  EXPECT_FLOAT_EQ(colors(1, 0, 0), 0);
}

std::string cause(const std::string& path) {
  try {
    read_image(path);
    return "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.where(), path);
    return error.what();
  }
}

TEST_F(ReadImage, SaysFileAndCause) {
  using testing::HasSubstr;
  EXPECT_THAT(cause(file("absent.png")), HasSubstr("No such file"));
  EXPECT_THAT(cause(std::filesystem::temp_directory_path().string()), HasSubstr("is a folder"));
  EXPECT_THAT(cause(file("empty.jpg", "")), HasSubstr("is empty"));
  EXPECT_THAT(cause(file("text.jpg", "no picture")), HasSubstr("is not an image"));
  EXPECT_THAT(cause(file("short.jpg", "\xFF\xD8\xFF")), HasSubstr("not a sound JPEG"));
  EXPECT_THAT(cause(file("short.png", "\x89PNG\r\n\x1A\n")), HasSubstr("not a sound PNG"));
  EXPECT_THAT(cause(file("short.tif", "II*")), HasSubstr("not a sound TIFF"));
  EXPECT_THAT(cause(file("bad.tif", std::string("II*\0\xFF\xFF\0\0", 8))),
              HasSubstr("not a sound TIFF"));
  EXPECT_THAT(cause(file("bad.exr", "\x76\x2F\x31\x01rest")), HasSubstr("not a sound EXR"));
}

// Whatever a few wrong bytes or an early end make of a file: a picture or an Error.
TEST_F(ReadImage, SurvivesDamage) {
  write_png(file("a.png"), PNG_FORMAT_RGB, std::vector<std::uint8_t>(300, 77), 100);
  write_tiff(file("a.tif"), {16, 3, PLANARCONFIG_CONTIG, SAMPLEFORMAT_UINT, true}, 40, 20);
  std::mt19937 random(1);  // the seed of every run
  for (const char* name : {"a.png", "a.tif"}) {
    std::ifstream stream(file(name), std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(stream), {}};
    for (int i = 0; i < 400; ++i) {
      std::string damaged = whole;
      for (int k = 0; k < 3; ++k) damaged[8 + random() % (damaged.size() - 8)] = char(random());
      if (i % 2) damaged.resize(8 + random() % (damaged.size() - 8));
      try {
        read_image(file("damaged", damaged));
      } catch (const Error&) {
        continue;
      }
    }
  }
}

}  // namespace
}  // namespace lichtbild
