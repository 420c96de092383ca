#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libraw/libraw.h>

#include <cmath>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "raw/mapped_file.h"
#include "raw/opcodes.h"
#include "raw/raw.h"
#include "raw/read_raw.h"
#include "raw/small_dng.h"

namespace lichtbild {
namespace {

RawFrame example(double peak) {
  RawFrame frame;
  RawInfo& info = frame.info;
  info.width = 22, info.height = 14;
  using enum CfaColor;
  info.cfa = {{green, blue, red, green}};
  info.crop = {2, 4, 16, 8};
  info.color.illuminants[0] = {2850, Matrix3{{0.9, -0.2, -0.1, -0.4, 1.2, 0.2, -0.1, 0.2, 0.6}},
                               Matrix3{{0.6, 0.2, 0.16, 0.3, 0.6, 0.1, 0, 0.1, 0.72}},
                               Matrix3::diagonal({1.01, 1, 0.99})};
  info.color.illuminants[1] = {
      6500, Matrix3{{1.1, -0.3, -0.1, -0.5, 1.3, 0.2, -0.1, 0.2, 0.5}}, {}, Matrix3::identity()};
  info.color.analog_balance = {1.1, 1, 0.9};
  info.color.as_shot_neutral = {0.51, 1, 0.62};
  info.noise = NoiseModel{{1e-4, 2e-4, 3e-4}, {1e-6, 2e-6, 3e-6}};
  info.baseline_exposure_stops = 0.25;
  info.metadata = {"Maker",
                   "Maker Phone",
                   "",
                   "2026:02:03 04:05:06",
                   0.01,
                   1600,
                   1.8,
                   5.4,
                   26,
                   7,
                   GpsPosition{-33.5, -70.25, 12.5},
                   "Maker 5.4 mm f/1.8"};
  frame.mosaic = Image<float>(22, 14);
  for (int y = 0; y < 14; ++y)
    for (int x = 0; x < 22; ++x)
      frame.mosaic(x, y) = float(-0.007 + (peak + 0.007) * (y * 22 + x) / (22 * 14 - 1));
  return frame;
}

RawFrame round_trip(const RawFrame& frame) {
  const TemporaryFolder folder;
  const std::string path = folder.file("written.dng");
  write_dng(frame, path);
  return read_raw(path);
}

double largest_difference(const RawFrame& a, const RawFrame& b, double gain) {
  double largest = 0;
  for (std::size_t i = 0; i < a.mosaic.size(); ++i)
    largest = std::max(largest, std::abs(a.mosaic.samples()[i] - gain * b.mosaic.samples()[i]));
  return largest;
}

TEST(WriteDng, SamplesComeBackWithinHalfACodeValue) {
  const RawFrame frame = example(1), back = round_trip(frame);
  // Half a step of 65535 - 512, and float's own rounding.
  EXPECT_LE(largest_difference(frame, back, 1), 0.5 / (65535 - 512) + 1e-7);
  EXPECT_NEAR(back.info.baseline_exposure_stops, 0.25, 1e-6);
}

TEST(WriteDng, BracketsAreScaledAndBaselineExposureMakesUp) {
  const RawFrame frame = example(6), back = round_trip(frame);
  const double gain = std::exp2(back.info.baseline_exposure_stops - 0.25);
  EXPECT_NEAR(gain, 6, 1e-5);
  EXPECT_LE(largest_difference(frame, back, 6), 6 * (0.5 / (65535 - 512) + 1e-7));
  EXPECT_NEAR(back.info.noise->scale[1], 2e-4 / 6, 1e-9);
  EXPECT_NEAR(back.info.noise->offset[1], 2e-6 / 36, 1e-12);
}

TEST(WriteDng, SignalsALittleAboveWhiteAreKept) {
  const RawFrame frame = example(1.2), back = round_trip(frame);
  // Half a step of the code values that signal 1 has: (65535 - 512) / 1.2, rounded down.
  EXPECT_LE(largest_difference(frame, back, 1), 0.5 / 54185 + 2e-7);
  EXPECT_EQ(back.info.white[0], 512 + 54185);
  EXPECT_NEAR(back.info.baseline_exposure_stops, 0.25, 1e-6);
  EXPECT_EQ(back.info.noise->scale[1], 2e-4);
}

TEST(WriteDng, ColorsComeBack) {
  const RawFrame frame = example(1), back = round_trip(frame);
  EXPECT_EQ(back.info.cfa, frame.info.cfa);
  EXPECT_EQ(back.info.crop.x, 2);
  EXPECT_EQ(back.info.crop.height, 8);
  for (int i = 0; i < 2; ++i) {
    const auto &a = frame.info.color.illuminants[i], &b = back.info.color.illuminants[i];
    EXPECT_EQ(a.temperature_kelvin, b.temperature_kelvin);
    EXPECT_EQ(a.xyz_d50_from_camera.has_value(), b.xyz_d50_from_camera.has_value());
    for (int k = 0; k < 9; ++k) {
      EXPECT_NEAR(a.camera_from_xyz.m[k], b.camera_from_xyz.m[k], 1e-8);
      EXPECT_NEAR(a.calibration.m[k], b.calibration.m[k], 1e-8);
    }
  }
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(back.info.color.as_shot_neutral[c], frame.info.color.as_shot_neutral[c], 1e-8);
    EXPECT_NEAR(back.info.color.analog_balance[c], frame.info.color.analog_balance[c], 1e-8);
    EXPECT_EQ(back.info.noise->scale[c], frame.info.noise->scale[c]);
  }
}

TEST(WriteDng, MetadataComesBack) {
  const RawFrame frame = example(1);
  const Metadata is = round_trip(frame).info.metadata, should = frame.info.metadata;
  EXPECT_EQ(is.make, should.make);
  EXPECT_EQ(is.model, should.model);
  EXPECT_EQ(is.software, "Lichtbild");
  EXPECT_EQ(is.date_time, should.date_time);
  EXPECT_NEAR(is.exposure_time_s, should.exposure_time_s, 1e-9);
  EXPECT_EQ(is.iso, should.iso);
  EXPECT_NEAR(is.f_number, should.f_number, 1e-8);
  EXPECT_NEAR(is.focal_length_mm, should.focal_length_mm, 1e-8);
  EXPECT_EQ(is.focal_length_35mm, should.focal_length_35mm);
  EXPECT_EQ(is.orientation, 7);
  EXPECT_EQ(is.lens_model, "Maker 5.4 mm f/1.8");
  ASSERT_TRUE(is.gps);
  EXPECT_NEAR(is.gps->latitude_deg, -33.5, 1e-8);
  EXPECT_NEAR(is.gps->longitude_deg, -70.25, 1e-8);
  EXPECT_NEAR(is.gps->altitude_m.value_or(0), 12.5, 1e-8);
}

// Every number that 12 bits have, and a few beyond the white level.
Image<std::uint16_t> every_number() {
  Image<std::uint16_t> numbers(64, 66);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers.samples()[i] = std::uint16_t(i);
  return numbers;
}

RawInfo twelve_bits(const std::array<double, 3>& black) {
  RawInfo info = example(1).info;
  info.width = 64, info.height = 66;
  info.crop = {0, 0, 64, 66};
  info.black = black;
  info.white.fill(4095);
  info.bits = 12;
  return info;
}

void expect_numbers(const RawFrame& frame, const Image<std::uint16_t>& numbers,
                    const std::array<double, 3>& black) {
  for (int y = 0; y < numbers.height(); ++y)
    for (int x = 0; x < numbers.width(); ++x) {
      const double b = black[int(frame.info.cfa.at(x, y))];
      // Less than a hundredth of a number: the rounding of float.
      ASSERT_NEAR(frame.mosaic(x, y) * (4095 - b) + b, numbers(x, y), 0.01) << x << ' ' << y;
    }
}

TEST(WriteDng, NumbersAreStoredAsTheyAre) {
  for (const std::array<double, 3>& black :
       {std::array{64.0, 64.0, 64.0}, std::array{63.0, 64.0, 66.0},
        std::array{63.5, 64.0, 66.25}}) {
    const TemporaryFolder folder;
    const std::string path = folder.file("numbers.dng");
    const Image<std::uint16_t> numbers = every_number();
    write_dng(numbers, twelve_bits(black), path);
    const MappedFile file(path);
    // Black as this room reads it, and as LibRaw decodes it.
    for (const Decoder decoder : {Decoder::automatic, Decoder::libraw}) {
      const RawFrame frame = read_raw(file.bytes(), path, decoder);
      expect_numbers(frame, numbers, black);
      for (int c = 0; c < 3; ++c) EXPECT_NEAR(frame.info.black[c], black[c], 1e-6);
      EXPECT_EQ(frame.info.white[1], 4095);
      EXPECT_EQ(frame.info.bits, 12);
      EXPECT_EQ(frame.info.noise->offset[2], 3e-6);
      EXPECT_NEAR(frame.info.baseline_exposure_stops, 0.25, 1e-6);
    }
  }
}

// What LibRaw makes of the tags by itself, without this room's reader.
TEST(WriteDng, LibRawFindsTheSameLevelsAndColors) {
  const TemporaryFolder folder;
  const std::string path = folder.file("alone.dng");
  write_dng(every_number(), twelve_bits({64, 64, 64}), path);
  LibRaw raw;
  ASSERT_EQ(raw.open_file(path.c_str()), LIBRAW_SUCCESS);
  ASSERT_EQ(raw.unpack(), LIBRAW_SUCCESS);
  const libraw_data_t& data = raw.imgdata;
  EXPECT_EQ(data.sizes.width, 64);
  EXPECT_EQ(data.sizes.height, 66);
  EXPECT_EQ(data.color.black + data.color.cblack[0], 64u);
  EXPECT_EQ(data.color.maximum, 4095u);
  EXPECT_EQ(data.rawdata.raw_image[64 * 65 + 63], 64 * 66 - 1);
  EXPECT_STREQ(data.idata.model, "Phone");
  EXPECT_EQ(data.other.iso_speed, 1600);
  EXPECT_EQ(data.other.focal_len, 5.4f);
  EXPECT_EQ(data.lens.FocalLengthIn35mmFormat, 26);
  EXPECT_STREQ(data.lens.Lens, "Maker 5.4 mm f/1.8");
  EXPECT_NEAR(data.color.cam_mul[1] / data.color.cam_mul[0], 0.51, 1e-6);
  EXPECT_NEAR(data.color.cam_mul[1] / data.color.cam_mul[2], 0.62, 1e-6);
  const RawInfo info = twelve_bits({});
  for (int set = 0; set < 2; ++set)
    for (int i = 0; i < 9; ++i)
      EXPECT_NEAR(data.color.dng_color[set].colormatrix[i / 3][i % 3],
                  info.color.illuminants[set].camera_from_xyz.m[i], 1e-6);
}

TEST(WriteDng, NumbersCarryTheirCorrections) {
  RawInfo info = twelve_bits({64, 64, 64});
  const GainMap map{.bottom = 66, .right = 64, .gains = {1.5f}};
  const RectilinearWarp warp{.planes = {{1, 0.01, 0, 0, 0, 0}}};
  info.lens.opcode_list_2 = opcode_list_2(std::array{map});
  info.lens.opcode_list_3 = opcode_list_3({}, warp);
  const TemporaryFolder folder;
  const std::string path = folder.file("opcodes.dng");
  write_dng(every_number(), info, path);
  const LensCorrections lens = read_info(path).lens;
  ASSERT_EQ(lens.gain_maps.size(), 1u);
  EXPECT_EQ(lens.gain_maps[0].gains[0], 1.5f);
  ASSERT_TRUE(lens.warp);
  EXPECT_EQ(lens.warp->planes, warp.planes);
  EXPECT_FALSE(lens.vignette);
}

TEST(WriteDng, LeavesNothingBehindWhenItCannotWrite) {
  EXPECT_THROW(write_dng(example(1), "/nowhere/at/all.dng"), Error);
}

}  // namespace
}  // namespace lichtbild
