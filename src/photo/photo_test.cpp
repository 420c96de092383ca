// Whole files: written by photo, read back by other programs' libraries and, where it is installed,
// by exiftool.
#include "photo/photo.h"

#include <ImathBox.h>
#include <ImfChannelList.h>
#include <ImfChromaticitiesAttribute.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfInputFile.h>
#include <ImfStandardAttributes.h>
#include <ImfStringAttribute.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <sys/resource.h>
#include <tiffio.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "core/error.h"
#include "core/temporary_folder.h"

namespace lichtbild::photo_test {
namespace {

class Photo : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return folder_.file(name); }
  bool folder_is_empty() const { return folder_.empty(); }

 private:
  TemporaryFolder folder_;
};

template <class T>
Rendition rendition(int width, int height) {
  Image<T> rgb(3 * width, height);
  std::uint32_t state = 1;
  for (T& sample : rgb.samples()) sample = T((state = state * 1664525 + 1013904223) >> 16);
  return {std::move(rgb), ColorSpace::display_p3};
}

const Image<std::uint16_t>& deep(const Rendition& r) {
  return std::get<Image<std::uint16_t>>(r.rgb);
}

Metadata metadata() {
  Metadata m;
  m.make = "Maker";
  m.model = "Model";
  m.date_time = "2026:11:22 10:11:12";
  m.exposure_time_s = 1 / 125.0;
  m.iso = 100;
  m.f_number = 1.8;
  m.focal_length_mm = 4.38;
  m.gps = GpsPosition{48.137154, -11.576124, 519.5};
  return m;
}

constexpr int sizes[][2] = {{1, 1}, {17, 33}, {61, 200}};

TEST_F(Photo, PngKeepsEverySample) {
  for (const auto& [width, height] : sizes) {
    const Rendition written = rendition<std::uint16_t>(width, height);
    write_photo(written, metadata(), file("a.png"));
    std::FILE* stream = std::fopen(file("a.png").c_str(), "rb");
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, stream);
    png_read_info(png, info);
    ASSERT_EQ(png_get_image_width(png, info), png_uint_32(width));
    ASSERT_EQ(png_get_bit_depth(png, info), 16);
    EXPECT_TRUE(png_get_valid(png, info, PNG_INFO_iCCP));
    EXPECT_TRUE(png_get_valid(png, info, PNG_INFO_eXIf));
    png_set_swap(png);
    std::vector<std::uint16_t> row(std::size_t(3) * width);
    for (int y = 0; y < height; ++y) {
      png_read_row(png, reinterpret_cast<png_bytep>(row.data()), nullptr);
      ASSERT_TRUE(std::equal(row.begin(), row.end(), deep(written).row(y))) << y;
    }
    png_read_end(png, nullptr);
    png_destroy_read_struct(&png, &info, nullptr);
    std::fclose(stream);
  }
}

TEST_F(Photo, TiffKeepsEverySampleAndExif) {
  for (const auto& [width, height] : sizes) {
    const Rendition written = rendition<std::uint16_t>(width, height);
    write_photo(written, metadata(), file("a.tif"));
    TIFF* tiff = TIFFOpen(file("a.tif").c_str(), "r");
    ASSERT_NE(tiff, nullptr);
    ASSERT_EQ(TIFFScanlineSize(tiff), 6 * width);
    std::vector<std::uint16_t> row(std::size_t(3) * width);
    for (int y = 0; y < height; ++y) {
      ASSERT_EQ(TIFFReadScanline(tiff, row.data(), y, 0), 1);
      ASSERT_TRUE(std::equal(row.begin(), row.end(), deep(written).row(y))) << y;
    }
    std::uint32_t count = 0;
    void* icc = nullptr;
    EXPECT_EQ(TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &count, &icc), 1);
    toff_t place = 0;
    ASSERT_EQ(TIFFGetField(tiff, TIFFTAG_EXIFIFD, &place), 1);
    ASSERT_EQ(TIFFReadEXIFDirectory(tiff, place), 1);
    float exposure = 0;
    EXPECT_EQ(TIFFGetField(tiff, EXIFTAG_EXPOSURETIME, &exposure), 1);
    EXPECT_FLOAT_EQ(exposure, 1 / 125.0F);
    TIFFClose(tiff);
  }
}

TEST_F(Photo, ExrKeepsHalves) {
  Image<float> light(61, 40, 3);
  for (int i = 0; float& sample : light.samples()) sample = 0.001F * float(i++);
  light(0, 0, 0) = 1e9F;
  Metadata m = metadata();
  m.orientation = 6;  // upright x is 39 - the source's y
  write_exr(halves(light), m, file("a.exr"));
  Imf::InputFile exr(file("a.exr").c_str());
  const Imath::Box2i window = exr.header().dataWindow();
  ASSERT_EQ(window.max, Imath::V2i(39, 60));
  Image<float> read(40, 61);
  Imf::FrameBuffer buffer;
  buffer.insert("R", Imf::Slice::Make(Imf::FLOAT, read.row(0), window));
  exr.setFrameBuffer(buffer);
  exr.readPixels(0, 60);
  EXPECT_EQ(read(39, 0), 65504);  // the greatest half, not infinity
  constexpr double half_rounding = 1 / 2048.0, least_half = 6e-8;
  for (int y = 0; y < 40; ++y)
    for (int x = y == 0; x < 61; ++x)
      ASSERT_NEAR(read(39 - y, x), light(x, y), light(x, y) * half_rounding + least_half);
  EXPECT_NEAR(Imf::chromaticities(exr.header()).green.y, 0.797, 1e-6);
  EXPECT_FALSE(Imf::hasWhiteLuminance(exr.header()));
  EXPECT_NEAR(Imf::expTime(exr.header()), 0.008, 1e-6);
  EXPECT_EQ(exr.header().typedAttribute<Imf::StringAttribute>("cameraModel").value(), "Model");
}

TEST_F(Photo, OrientationGoesIntoThePixels) {
  Metadata m = metadata();
  m.orientation = 8;
  const Rendition written = rendition<std::uint16_t>(20, 10);
  write_photo(written, m, file("a.tif"));
  TIFF* tiff = TIFFOpen(file("a.tif").c_str(), "r");
  EXPECT_EQ(TIFFScanlineSize(tiff), 6 * 10);
  std::uint16_t orientation = 0;
  TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation);
  EXPECT_EQ(orientation, 1);
  std::uint16_t row[30];
  TIFFReadScanline(tiff, row, 0, 0);
  EXPECT_EQ(row[3], deep(written)(3 * 19, 1));  // the top row is the right-hand column, from above
  TIFFClose(tiff);
}

TEST_F(Photo, ExiftoolFindsNothingWrong) {
  if (std::system("exiftool -ver > /dev/null 2>&1") != 0) GTEST_SKIP() << "no exiftool";
  write_photo(rendition<std::uint8_t>(64, 48), metadata(), file("a.jpg"));
  write_photo(rendition<std::uint16_t>(64, 48), metadata(), file("a.png"));
  for (const char* name : {"a.jpg", "a.png"}) {
    const std::string command = "exiftool -s -validate -warning -error -FNumber -GPSLatitude# " +
                                std::string("-GPSLongitude# -ProfileDescription ") + file(name);
    std::FILE* pipe = popen(command.c_str(), "r");
    std::string text;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += char(c);
    EXPECT_EQ(pclose(pipe), 0);
    EXPECT_THAT(text, testing::ContainsRegex("Validate +: OK"));
    EXPECT_THAT(text, testing::ContainsRegex("FNumber +: 1.8"));
    EXPECT_THAT(text, testing::ContainsRegex("GPSLatitude +: 48.13715"));
    EXPECT_THAT(text, testing::ContainsRegex("GPSLongitude +: -11.57612"));
    EXPECT_THAT(text, testing::ContainsRegex("ProfileDescription +: Display P3"));
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("Warning")));
  }
}

TEST(PhotoKind, BySuffixInAnyCase) {
  EXPECT_EQ(photo_kind("a.JPG"), PhotoKind::jpeg);
  EXPECT_EQ(photo_kind("b/c.d/a.jpeg"), PhotoKind::jpeg);
  EXPECT_EQ(photo_kind("a.tiff"), PhotoKind::tiff);
  EXPECT_EQ(photo_kind("a.Png"), PhotoKind::png);
  EXPECT_EQ(photo_kind("a.exr"), PhotoKind::exr);
  EXPECT_EQ(photo_kind("a.dng"), PhotoKind::dng);
  for (const char* wrong : {"a.bmp", "jpg", "a.jpg/b", ".jpg", ""})
    EXPECT_THROW(photo_kind(wrong), Error) << wrong;
}

// A limit on the size of files stands in for a full disk: write() fails in the middle all the same.
TEST_F(Photo, FullDiskLeavesNothing) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{2000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  Image<float> light(100, 100, 3);
  light.fill(0.18F);
  std::uint32_t state = 1;
  for (float& sample : light.samples()) sample = float((state = state * 1664525 + 1) >> 8) * 1e-6F;
  int errors = 0;
  const auto attempt = [&](auto write) {
    try {
      write();
    } catch (const Error&) {
      ++errors;
    }
  };
  attempt([&] { write_photo(rendition<std::uint8_t>(100, 100), {}, file("a.jpg")); });
  attempt([&] { write_photo(rendition<std::uint16_t>(100, 100), {}, file("a.png")); });
  attempt([&] { write_photo(rendition<std::uint16_t>(100, 100), {}, file("a.tif")); });
  attempt([&] { write_exr(halves(light), {}, file("a.exr")); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(errors, 4);
  EXPECT_TRUE(folder_is_empty());
}

TEST_F(Photo, RefusesWhatItCannotWrite) {
  EXPECT_THROW(write_photo(rendition<std::uint8_t>(4, 4), {}, file("no/folder.jpg")), Error);
  EXPECT_THROW(write_photo(rendition<std::uint8_t>(4, 4), {}, file("a.webp")), Error);
  EXPECT_THROW(write_photo(rendition<std::uint8_t>(4, 4), {}, file("a.dng")), Error);
  EXPECT_TRUE(folder_is_empty());
}

}  // namespace
}  // namespace lichtbild::photo_test
