// Files written and read again by ourselves, and by the programs for which they are meant.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "camera.h"
#include "core/temporary_folder.h"
#include "measure/measure.h"
#include "picture/picture.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

const std::string bottles = LICHTBILD_ROOT "/samples/bottles/";
constexpr int width = 96, height = 64;

class RoundTrip : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.file(name); }

 private:
  TemporaryFolder folder_;
};

// Smooth colors under a fine pattern, 0..1.
double sample(int x, int y, int c) {
  return 0.5 + 0.3 * std::sin(0.07 * x + c) * std::cos(0.09 * y) +
         0.05 * std::sin(0.9 * x + 0.7 * y);
}

Image<float> picture() {
  Image<float> image(width, height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) image(x, y, c) = float(sample(x, y, c));
  return image;
}

template <class T>
Rendition rendition() {
  Image<T> pixels(3 * width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        pixels(3 * x + c, y) = T(std::lround(sample(x, y, c) * std::numeric_limits<T>::max()));
  Rendition made;
  made.rgb = std::move(pixels);
  return made;
}

TEST_F(RoundTrip, Jpeg) {
  for (const bool full_chroma : {false, true}) {
    write_photo(rendition<std::uint8_t>(), {}, path("p.jpg"), {.full_chroma = full_chroma});
    const double db = psnr(read_image(path("p.jpg")), picture()).combined_db;
    fmt::print("JPEG at the default quality, {}: {:.1f} dB\n", full_chroma ? "4:4:4" : "4:2:0", db);
    EXPECT_GE(db, 38);
  }
}

TEST_F(RoundTrip, SixteenBitsAreExact) {
  for (const char* name : {"p.png", "p.tif"}) {
    const Rendition original = rendition<std::uint16_t>();
    write_photo(original, {}, path(name));
    const Image<float> back = read_image(path(name));
    const auto& pixels = std::get<Image<std::uint16_t>>(original.rgb);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < 3; ++c)
          ASSERT_EQ(std::lround(back(x, y, c) * 65535), pixels(3 * x + c, y)) << name;
  }
}

TEST_F(RoundTrip, ExrKeepsHalfPrecision) {
  Image<float> scene = picture();
  for (float& s : scene.samples()) s *= 20;  // far above diffuse white
  write_exr(halves(scene), {}, path("p.exr"));
  const Image<float> back = read_image(path("p.exr"));
  constexpr double half_rounding = 1.0 / 2048;  // 11 bits of significand
  for (std::size_t k = 0; k < scene.size(); ++k)
    ASSERT_NEAR(back.samples()[k], scene.samples()[k], half_rounding * scene.samples()[k]);
}

// EXIF 6: the first row of the file is the right side of the picture.
TEST_F(RoundTrip, OrientationIsApplied) {
  Metadata turned;
  turned.orientation = 6;
  write_photo(rendition<std::uint16_t>(), turned, path("p.png"));
  write_exr(halves(picture()), turned, path("p.exr"));
  for (const char* name : {"p.png", "p.exr"}) {
    const Image<float> back = read_image(path(name));
    ASSERT_EQ(back.width(), height) << name;
    ASSERT_EQ(back.height(), width) << name;
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(back(height - 1, 0, c), sample(0, 0, c), 1e-3) << name;
      EXPECT_NEAR(back(height - 1 - 5, 9, c), sample(9, 5, c), 1e-3) << name;
    }
  }
}

// The sample burst as a merged DNG.
class MergedDng : public RoundTrip {
 protected:
  void SetUp() override {
    RoundTrip::SetUp();
    std::vector<std::string> frames;
    frames.reserve(9);
    for (int k = 0; k < 9; ++k) frames.push_back(fmt::format("{}{}.dng", bottles, k));
    DevelopOptions options;
    options.burst.reference = 1;
    report_ = develop_photo(frames, path("merged.dng"), options);
  }
  const PhotoReport& report() const { return report_; }

  // Mean red, green, blue of what another program makes of a RAW file, or nothing without it. The
  // command's %1 is the RAW file and %2 the portable pixmap to write.
  std::optional<Vector3> developed_by(const std::string& program, std::string command,
                                      const std::string& raw) {
    if (std::system(("command -v " + program + " > /dev/null").c_str()) != 0) return {};
    const std::string pixmap = path("peer.ppm");
    command.replace(command.find("%1"), 2, "'" + raw + "'");
    command.replace(command.find("%2"), 2, "'" + pixmap + "'");
    EXPECT_EQ(std::system((command + " 2> /dev/null").c_str()), 0) << command;
    return mean_of_pixmap(pixmap);
  }

 private:
  static Vector3 mean_of_pixmap(const std::string& pixmap) {
    std::ifstream file(pixmap, std::ios::binary);
    std::string magic;
    int columns = 0, rows = 0, largest = 0;
    file >> magic >> columns >> rows >> largest;
    file.get();
    EXPECT_EQ(magic, "P6");
    EXPECT_EQ(largest, 65535);
    Vector3 sum{};
    for (long k = 0; k < 3L * columns * rows; ++k) {
      const int high = file.get();
      sum[k % 3] += high * 256 + file.get();
    }
    EXPECT_TRUE(file.good());
    for (double& s : sum) s /= 65535.0 * columns * rows;
    return sum;
  }

  PhotoReport report_;
};

TEST_F(MergedDng, CarriesTheReferencesColorsAndItsOwnNoise) {
  const RawInfo before = read_info(bottles + "0.dng"), after = read_info(path("merged.dng"));
  EXPECT_EQ(after.cfa, before.cfa);
  EXPECT_EQ(after.width, before.width);
  EXPECT_EQ(after.metadata.model, before.metadata.model);
  EXPECT_NEAR(after.metadata.exposure_time_s, before.metadata.exposure_time_s,
              1e-8);  // stored as a rational
  EXPECT_EQ(after.metadata.orientation, before.metadata.orientation);
  constexpr double rational = 1e-5;  // of a stored matrix element
  for (int c = 0; c < 3; ++c)
    EXPECT_NEAR(after.color.as_shot_neutral[c], before.color.as_shot_neutral[c], rational);
  for (int k = 0; k < 9; ++k)
    EXPECT_NEAR(after.color.illuminants[0].camera_from_xyz.m[k],
                before.color.illuminants[0].camera_from_xyz.m[k], rational);
  ASSERT_TRUE(after.noise);
  for (int c = 0; c < 3; ++c)
    EXPECT_NEAR(after.noise->scale[c] / report().burst.merged_noise.scale[c], 1, 1e-6);
  EXPECT_LT(after.noise->scale[1], before.noise->scale[1] / 4);
}

// Linear sRGB with the file's white balance and no automatic brightness: the merged file's mean
// colors are those of one frame, but for what moved at the border (3 %) and for the excess over
// black that the cut-off noise of one frame has and the merged file has not: up to 0.4 deviations
// of the read noise, times the largest gain of the white balance.
TEST_F(MergedDng, OtherProgramsSeeTheSameColors) {
  struct Peer {
    const char *program, *command;
  };
  const Peer peers[] = {{"dcraw_emu", "dcraw_emu -w -W -4 -Z %2 %1 > /dev/null"},
                        {"dcraw", "dcraw -c -w -W -4 %1 > %2"}};
  const NoiseModel noise = *read_info(bottles + "0.dng").noise;
  const double excess = 0.4 * std::sqrt(noise.offset[1]) * 2.4;
  int opened = 0;
  for (const auto& [program, command] : peers) {
    const auto one = developed_by(program, command, bottles + "0.dng");
    const auto nine = developed_by(program, command, path("merged.dng"));
    if (!one || !nine) continue;
    ++opened;
    fmt::print("{}: one frame {:.4f} {:.4f} {:.4f}, merged {:.4f} {:.4f} {:.4f}\n", program,
               (*one)[0], (*one)[1], (*one)[2], (*nine)[0], (*nine)[1], (*nine)[2]);
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR((*nine)[c], (*one)[c], 0.03 * (*one)[c] + excess) << program << " " << c;
  }
  if (opened == 0) GTEST_SKIP() << "neither dcraw_emu nor dcraw is installed";
}

}  // namespace
}  // namespace lichtbild
