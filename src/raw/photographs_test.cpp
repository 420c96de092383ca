// Real files against what exiftool prints for them.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "raw/mapped_file.h"
#include "raw/raw.h"
#include "raw/read_raw.h"

namespace lichtbild {
namespace {

const std::string data = LICHTBILD_ROOT "/../shared/data/";

class Photographs : public testing::Test {
 protected:
  static RawFrame read(const std::string& name) { return read_raw(data + name); }
  void SetUp() override {
    if (!std::filesystem::exists(data)) GTEST_SKIP() << "no " << data;
  }
};

TEST_F(Photographs, GoPro) {
  const RawFrame frame = read("raw/GOPR0024.DNG");
  const RawInfo& info = frame.info;
  EXPECT_EQ(info.width, 4000);
  EXPECT_EQ(info.height, 3000);
  EXPECT_EQ(info.cfa, Cfa{});
  EXPECT_EQ(info.white[1], 16383);
  EXPECT_EQ(info.black[1], 0);
  EXPECT_NEAR(info.color.as_shot_neutral[0], 0.522449, 1e-6);
  EXPECT_NEAR(info.color.as_shot_neutral[2], 0.571429, 1e-6);
  EXPECT_EQ(info.color.illuminants[0].temperature_kelvin, 2850);
  EXPECT_EQ(info.color.illuminants[1].temperature_kelvin, 5000);
  EXPECT_NEAR(info.color.illuminants[0].camera_from_xyz(0, 0), 1.8331, 1e-9);
  EXPECT_NEAR(info.color.illuminants[1].camera_from_xyz(2, 2), 0.5541, 1e-9);
  ASSERT_TRUE(info.noise);
  EXPECT_NEAR(info.noise->scale[2], 0.000156201, 1e-9);
  EXPECT_NEAR(info.noise->offset[0], 4.88002e-8, 1e-13);
  ASSERT_EQ(info.lens.gain_maps.size(), 4u);
  EXPECT_EQ(info.lens.gain_maps[3].top, 1);
  EXPECT_EQ(info.lens.gain_maps[3].left, 1);
  EXPECT_EQ(info.lens.gain_maps[3].rows, 23);
  EXPECT_EQ(info.lens.opcode_list_2.size(), 8836u);
}

TEST_F(Photographs, GoProMetadata) {
  const Metadata metadata = read_info(data + "raw/GOPR0024.DNG").metadata;
  EXPECT_EQ(metadata.make, "GoPro");
  EXPECT_EQ(metadata.model, "HERO6 Black");
  EXPECT_EQ(metadata.date_time, "2016:01:01 23:07:27");
  EXPECT_NEAR(metadata.exposure_time_s, 0.002197802198, 1e-10);
  EXPECT_EQ(metadata.iso, 100);
  EXPECT_EQ(metadata.f_number, 2.8);
  EXPECT_EQ(metadata.focal_length_mm, 3);
  EXPECT_EQ(metadata.focal_length_35mm, 15);
  EXPECT_EQ(metadata.orientation, 2);
  ASSERT_TRUE(metadata.gps);
  EXPECT_NEAR(metadata.gps->latitude_deg, 33.126891, 1e-6);
  EXPECT_NEAR(metadata.gps->longitude_deg, -117.3266461, 1e-6);
  EXPECT_NEAR(metadata.gps->altitude_m.value_or(0), -14.287, 1e-6);
}

TEST_F(Photographs, Bottles) {
  const RawInfo info = read("bursts/bottles/0.dng").info;
  using enum CfaColor;
  EXPECT_EQ(info.cfa, (Cfa{{green, red, blue, green}}));
  EXPECT_EQ(info.white[0], 960);
  EXPECT_NEAR(info.color.as_shot_neutral[0], 0.422654, 1e-6);
  EXPECT_NEAR(info.color.as_shot_neutral[2], 0.775795, 1e-6);
  EXPECT_EQ(info.metadata.iso, 400);
  EXPECT_NEAR(info.noise->scale[1], 0.000729499, 1e-9);
  // Red stops at 406 and blue at 745 of 960, where the burst was clipped before it was written.
  EXPECT_NEAR(info.clip[0], 406 / 960.0, 0.002);
  EXPECT_NEAR(info.clip[2], 745 / 960.0, 0.002);
  EXPECT_EQ(info.clip[1], 1);
}

TEST_F(Photographs, ColorChart) {
  const RawFrame frame = read("raw/colorchart.dng");
  EXPECT_EQ(frame.mosaic.width(), 1734);
  EXPECT_EQ(frame.mosaic.height(), 1156);
  EXPECT_EQ(frame.info.black[0], 2056);
  EXPECT_EQ(frame.info.white[0], 15000);
  EXPECT_NEAR(frame.info.color.as_shot_neutral[0], 1 / 2.477, 1e-6);
  EXPECT_EQ(frame.info.baseline_exposure_stops, 0);  // the file says 0/0
}

TEST_F(Photographs, BothDecodersAgree) {
  for (const char* name : {"raw/GOPR0024.DNG", "bursts/bottles/0.dng"}) {
    const MappedFile file(data + name);
    const RawFrame direct = read_raw(file.bytes(), name);
    const RawFrame libraw = read_raw(file.bytes(), name, Decoder::libraw);
    EXPECT_TRUE(std::ranges::equal(direct.mosaic.samples(), libraw.mosaic.samples())) << name;
  }
}

}  // namespace
}  // namespace lichtbild
