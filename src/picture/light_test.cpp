// Colors of files against the published matrices of their color spaces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>

// libjpeg's headers need <cstdio> before them.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include "core/error_message.h"
#include "picture/icc_bytes.h"
#include "picture/picture.h"

namespace lichtbild {
namespace {

using testing::HasSubstr;

class Light : public testing::Test {
 protected:
  Light() { std::filesystem::create_directories(folder_); }
  ~Light() override { std::filesystem::remove_all(folder_); }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::string file(const std::string& name, const std::string& bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
    return file(name);
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("lichtbild-light-" + std::to_string(::getpid()));
};

// Linear Rec.2020 from linear values, as published (Display P3: CSS Color 4; Adobe RGB (1998),
// 4.3.5.3, then ITU-R BT.2020's inverse; sRGB: ITU-R BT.2087).
constexpr Matrix3 from_p3{
    {0.753833, 0.198597, 0.047570, 0.045744, 0.941777, 0.012479, -0.001210, 0.017602, 0.983609}};
constexpr Matrix3 from_srgb{
    {0.6274, 0.3293, 0.0433, 0.0691, 0.9195, 0.0114, 0.0164, 0.0880, 0.8956}};
Matrix3 from_adobe() {
  return Matrix3{{1.716651, -0.355671, -0.253366, -0.666684, 1.616481, 0.015769, 0.017640,
                  -0.042771, 0.942103}} *
         Matrix3{{0.57667, 0.18556, 0.18823, 0.29734, 0.62736, 0.07529, 0.02703, 0.07069, 0.99134}};
}

// Pixels of the test picture in 8-bit code values: primaries, white, dark and a mixture.
constexpr std::array<std::array<std::uint8_t, 3>, 6> codes{
    {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}, {9, 3, 6}, {200, 120, 40}}};

double srgb(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }
struct Power {
  double exponent;
  double operator()(double v) const { return std::pow(v, exponent); }
};

// Published matrices have four digits, profiles have 16 bits.
constexpr double digits = 2e-4;

template <class Curve>
void expect_light(const std::string& path, const Matrix3& matrix, Curve curve,
                  double tolerance = digits) {
  const Image<float> light = light_of(read_image(path), picture_colors(path), path);
  ASSERT_EQ(light.planes(), 3);
  ASSERT_EQ(light.width(), int(codes.size()));
  for (int i = 0; i < int(codes.size()); ++i) {
    const Vector3 expected =
        matrix *
        Vector3{curve(codes[i][0] / 255.0), curve(codes[i][1] / 255.0), curve(codes[i][2] / 255.0)};
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR(light(i, 0, c), expected[c], tolerance)
          << path << " pixel " << i << " plane " << c;
  }
}

std::string chunk(const std::string& name, const std::string& data) {
  std::string bytes;
  put_number(bytes, std::uint32_t(data.size()));
  bytes += name + data;
  put_number(bytes, std::uint32_t(crc32(0, reinterpret_cast<const Bytef*>((name + data).data()),
                                        uInt(name.size() + data.size()))));
  return bytes;
}

std::string deflated(const std::string& data) {
  uLongf size = compressBound(data.size());
  std::string bytes(size, '\0');
  compress(reinterpret_cast<Bytef*>(bytes.data()), &size,
           reinterpret_cast<const Bytef*>(data.data()), data.size());
  bytes.resize(size);
  return bytes;
}

std::string png(const std::string& color_chunks) {
  std::string header;
  put_number(header, std::uint32_t(codes.size()));
  put_number(header, 1);
  header += std::string("\10\2\0\0\0", 5);  // 8 bits, RGB
  std::string row(1, '\0');
  for (const auto& code : codes)
    for (const std::uint8_t value : code) row += char(value);
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", header) + color_chunks + chunk("IDAT", deflated(row)) +
         chunk("IEND", "");
}

std::string iccp(const std::string& profile) {
  return chunk("iCCP", std::string("test\0\0", 6) + deflated(profile));
}
std::string hundred_thousandths(std::initializer_list<double> values) {
  std::string bytes;
  for (const double v : values) put_number(bytes, std::uint32_t(std::lround(v * 1e5)));
  return bytes;
}
std::string gama(double gamma) { return chunk("gAMA", hundred_thousandths({gamma})); }
const std::string chrm_p3 =
    chunk("cHRM", hundred_thousandths({0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060}));

void write_tiff(const std::string& path, const std::string& profile) {
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, int(codes.size()));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 1);
  if (!profile.empty())
    TIFFSetField(tiff, TIFFTAG_ICCPROFILE, std::uint32_t(profile.size()), profile.data());
  std::vector<std::uint16_t> row;
  row.reserve(codes.size() * 3);
  for (const auto& code : codes)
    for (const std::uint8_t value : code) row.push_back(value * 257);
  TIFFWriteScanline(tiff, row.data(), 0, 0);
  TIFFClose(tiff);
}

// Sixteen columns and rows of one color: what JPEG keeps to one code value.
void write_jpeg(const std::string& path, const std::string& profile,
                const std::array<std::uint8_t, 3>& color) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  std::FILE* file = std::fopen(path.c_str(), "wb");
  jpeg_stdio_dest(&jpeg, file);
  jpeg.image_width = jpeg.image_height = 16;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 100, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  if (!profile.empty())
    jpeg_write_icc_profile(&jpeg, reinterpret_cast<const JOCTET*>(profile.data()),
                           unsigned(profile.size()));
  std::vector<JSAMPLE> row;
  row.reserve(std::size_t(16) * 3);
  for (int x = 0; x < 16; ++x) row.insert(row.end(), color.begin(), color.end());
  JSAMPROW start = row.data();
  while (jpeg.next_scanline < 16) jpeg_write_scanlines(&jpeg, &start, 1);
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::fclose(file);
}

TEST_F(Light, OfPngWithAProfile) {
  expect_light(file("p3.png", png(iccp(display_p3_profile()))), from_p3, srgb);
  expect_light(file("adobe.png", png(iccp(adobe_rgb_profile()))), from_adobe(), Power{563.0 / 256});
}

TEST_F(Light, OfPngWithChunksOfNumbers) {
  expect_light(file("none.png", png("")), from_srgb, srgb);
  expect_light(file("linear.png", png(gama(1) + chrm_p3)), from_p3, Power{1});
  expect_light(file("mac.png", png(gama(0.55556))), from_srgb, Power{1.8});
  expect_light(file("p3.png", png(chrm_p3)), from_p3, srgb);
  // A gamma of 1/2.2 stands for sRGB's curve; a chunk sRGB is above the others, a profile above
  // all.
  expect_light(file("stand_in.png", png(gama(0.45455) + chrm_p3)), from_p3, srgb);
  const std::string srgb_chunk = chunk("sRGB", std::string(1, '\0'));
  expect_light(file("srgb.png", png(srgb_chunk + gama(0.45455))), from_srgb, srgb);
  expect_light(file("both.png", png(iccp(display_p3_profile()) + gama(0.45455))), from_p3, srgb);
}

TEST_F(Light, OfTiff) {
  write_tiff(file("p3.tif"), display_p3_profile());
  expect_light(file("p3.tif"), from_p3, srgb);
  write_tiff(file("adobe.tif"), adobe_rgb_profile());
  expect_light(file("adobe.tif"), from_adobe(), Power{563.0 / 256});
  write_tiff(file("plain.tif"), "");
  expect_light(file("plain.tif"), from_srgb, srgb);
}

TEST_F(Light, OfJpeg) {
  for (const auto& code : codes) {
    write_jpeg(file("p3.jpg"), display_p3_profile(), code);
    write_jpeg(file("plain.jpg"), "", code);
    for (const auto& [name, matrix] :
         {std::pair{"p3.jpg", from_p3}, std::pair{"plain.jpg", from_srgb}}) {
      const Image<float> light =
          light_of(read_image(file(name)), picture_colors(file(name)), file(name));
      const Vector3 expected =
          matrix * Vector3{srgb(code[0] / 255.0), srgb(code[1] / 255.0), srgb(code[2] / 255.0)};
      // One code value is at most 2.4/255 of light; YCbCr's rounding moves each color by one.
      for (int c = 0; c < 3; ++c) EXPECT_NEAR(light(8, 8, c), expected[c], 0.01 + digits) << name;
    }
  }
}

TEST_F(Light, AboveOneIsLinear) {
  Image<float> samples(1, 1, 3);
  samples.fill(4);
  const Image<float> light = light_of(samples, {}, "floats");
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(light(0, 0, c), 4, 4 * digits);
  // A profile's formula goes on above 1.
  const std::string profile = adobe_rgb_profile();
  const PictureColors adobe{{profile.begin(), profile.end()}, {}, {}};
  const double expected = std::pow(4, 563.0 / 256);
  EXPECT_NEAR(light_of(samples, adobe, "floats")(0, 0, 1), expected, expected * 1e-3);
}

TEST_F(Light, OfGray) {
  Image<float> samples(1, 1, 1);
  samples.fill(0.5);
  const std::string gray =
      icc_bytes("GRAY", {{"wtpt", xyz_tag({0.9642, 1, 0.8249})}, {"kTRC", gamma_tag(1.8)}});
  const std::string rgb = adobe_rgb_profile();
  for (const auto& [profile, exponent] : {std::pair{gray, 1.8}, std::pair{rgb, 563.0 / 256}}) {
    const Image<float> light =
        light_of(samples, {{profile.begin(), profile.end()}, {}, {}}, "gray");
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(light(0, 0, c), std::pow(0.5, exponent), 3e-4);
  }
}

TEST_F(Light, SaysWhatIsWrong) {
  Image<float> samples(1, 1, 3);
  samples.fill(0.5);
  const auto cause = [&](const PictureColors& colors) {
    return error_message([&] { light_of(samples, colors, "a.png"); });
  };
  const auto with = [](const std::string& profile) {
    return PictureColors{{profile.begin(), profile.end()}, {}, {}};
  };
  const std::string p3 = display_p3_profile();
  EXPECT_THAT(cause(with("no profile")), HasSubstr("a.png: its ICC profile is not sound"));
  EXPECT_THAT(cause(with(p3.substr(0, 200))), HasSubstr("not sound"));
  EXPECT_THAT(cause(with(icc_bytes("CMYK", {}))), HasSubstr("for CMYK, the picture is RGB"));
  EXPECT_THAT(cause(with(icc_bytes("GRAY", {}))), HasSubstr("for GRAY, the picture is RGB"));
  EXPECT_THAT(cause(with(icc_bytes("RGB ", {}))), HasSubstr("cannot be used"));
  const Chromaticity zero{};
  EXPECT_THAT(cause({{}, Primaries{zero, zero, zero, zero}, {}}), HasSubstr("no color space"));
  EXPECT_THAT(cause({{}, Primaries{{0.3, 0.3}, {0.3, 0.3}, {0.3, 0.3}, white_d65}, {}}),
              HasSubstr("no color space"));
  const std::string broken = file("broken.png", png(iccp(p3.substr(0, 200))));
  EXPECT_THAT(error_message([&] { picture_colors(broken); }),
              HasSubstr(broken + ": its ICC profile is not sound: iCCP"));
}

}  // namespace
}  // namespace lichtbild
