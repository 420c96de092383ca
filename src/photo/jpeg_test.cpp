#include "photo/jpeg.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

// libjpeg's headers need <cstdio> before them.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include "core/error.h"

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Smooth color and fine texture together, so that all coefficients occur.
Image<std::uint8_t> picture(int width, int height) {
  Image<std::uint8_t> rgb(3 * width, height);
  std::uint32_t state = 1;
  for (int y = 0; y < height; ++y)
    for (int i = 0; i < 3 * width; ++i) {
      state = state * 1664525 + 1013904223;
      const double smooth = std::sin(i * 0.003 + y * 0.01) * std::cos(y * 0.02 - i * 0.001);
      rgb(i, y) = std::uint8_t(128 + 100 * smooth + 20.0 * (state >> 24) / 255);
    }
  return rgb;
}

// The twin: libjpeg used in the plainest way, one piece, one thread; with restarts or without.
Bytes one_piece(const Image<std::uint8_t>& rgb, const PhotoParams& params, int restart_rows) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = rgb.width() / 3;
  jpeg.image_height = rgb.height();
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, params.jpeg_quality, TRUE);
  jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = params.full_chroma ? 1 : 2;
  jpeg.restart_in_rows = restart_rows;
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    JSAMPROW row = const_cast<JSAMPROW>(rgb.row(jpeg.next_scanline));
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  Bytes bytes(memory, memory + size);
  std::free(memory);
  return bytes;
}

struct Decoded {
  Bytes samples;
  long warnings = 0;
};

Decoded decoded(const Bytes& bytes) {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
  jpeg_read_header(&jpeg, TRUE);
  jpeg_start_decompress(&jpeg);
  Decoded result;
  result.samples.resize(std::size_t(jpeg.output_width) * jpeg.output_height * 3);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row =
        result.samples.data() + std::size_t(jpeg.output_scanline) * jpeg.output_width * 3;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  result.warnings = errors.num_warnings;
  jpeg_destroy_decompress(&jpeg);
  return result;
}

double psnr_db(const Bytes& samples, const Image<std::uint8_t>& rgb) {
  double sum = 0;
  for (std::size_t i = 0; i < samples.size(); ++i)
    sum += std::pow(double(samples[i]) - rgb.samples()[i], 2);
  return -10 * std::log10(sum / double(samples.size()) / (255.0 * 255));
}

std::string after_scan_header(const Bytes& jpeg) {
  const std::string text(jpeg.begin(), jpeg.end());
  return text.substr(text.find("\xFF\xDA"));
}

// 1 pixel, odd sizes, one strip exactly (16 * 8 rows), and many strips; RSTn counted past 7 several
// times.
constexpr int sizes[][2] = {{1, 1}, {17, 33}, {40, 128}, {40, 129}, {16, 1000}, {4001, 301}};

TEST(Jpeg, StripsJoinedAreTheOnePieceFile) {
  for (const auto& [width, height] : sizes)
    for (const bool full_chroma : {false, true}) {
      const Image<std::uint8_t> rgb = picture(width, height);
      const PhotoParams params{.jpeg_quality = 93, .full_chroma = full_chroma};
      const Bytes joined = jpeg_bytes(rgb, {}, {}, params, "test.jpg");
      const Bytes whole = one_piece(rgb, params, 1);
      EXPECT_TRUE(after_scan_header(joined) == after_scan_header(whole)) << width << 'x' << height;
      const Decoded picture_of_strips = decoded(joined);
      EXPECT_EQ(picture_of_strips.warnings, 0);
      EXPECT_TRUE(picture_of_strips.samples == decoded(whole).samples);
      const double without_restarts = psnr_db(decoded(one_piece(rgb, params, 0)).samples, rgb);
      EXPECT_NEAR(psnr_db(picture_of_strips.samples, rgb), without_restarts, 0.5);
    }
}

TEST(Jpeg, CarriesProfileAndExif) {
  const Bytes icc(70000, 42), exif(1000, 7);  // a profile that needs two segments
  const Bytes bytes = jpeg_bytes(picture(300, 300), icc, exif, {}, "test.jpg");
  const std::string text(bytes.begin(), bytes.end());
  EXPECT_NE(text.find(std::string("Exif\0\0", 6) + std::string(1000, 7)), std::string::npos);
  EXPECT_NE(text.find(std::string("ICC_PROFILE\0\1\2", 14)), std::string::npos);
  EXPECT_NE(text.find(std::string("ICC_PROFILE\0\2\2", 14)), std::string::npos);
  EXPECT_EQ(decoded(bytes).warnings, 0);
}

TEST(Jpeg, RefusesWhatTheFormatCannotHold) {
  EXPECT_THROW(jpeg_bytes(Image<std::uint8_t>(3 * 70000, 1), {}, {}, {}, "wide.jpg"), Error);
  EXPECT_THROW(jpeg_bytes(Image<std::uint8_t>(3, 70000), {}, {}, {}, "high.jpg"), Error);
  EXPECT_THROW(jpeg_bytes(picture(8, 8), {}, Bytes(70000), {}, "exif.jpg"), Error);
}

}  // namespace
}  // namespace lichtbild
