// A simulated DNG in other programs: LibRaw's dcraw_emu, darktable and RawTherapee, where they are
// installed, open it right side up and in right colors.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/color.h"
#include "core/matrix.h"
#include "core/temporary_folder.h"
#include "measure/measure.h"
#include "picture/picture.h"
#include "raw/opcodes.h"
#include "raw/raw.h"
#include "sensor/sensor.h"

namespace lichtbild {
namespace {

constexpr int width = 640, height = 480;

// Four quarters of linear sRGB: red and green above, blue and gray below.
constexpr std::array<Vector3, 4> quarters{
    {{0.4, 0.05, 0.05}, {0.06, 0.35, 0.06}, {0.05, 0.06, 0.4}, {0.2, 0.2, 0.2}}};

// A camera with overlapping filters: XYZ to camera, as ColorMatrix wants it.
constexpr Matrix3 camera_from_xyz{{0.75, -0.2, -0.08, -0.42, 1.25, 0.19, -0.06, 0.17, 0.55}};

Vector3 camera_values(const Vector3& srgb) {
  return camera_from_xyz * (xyz_from_linear(ColorSpace::srgb) * srgb);
}

Sensor sensor() {
  Sensor s;
  s.cfa.colors = {CfaColor::green, CfaColor::blue, CfaColor::red, CfaColor::green};
  s.full_well_e = 20000, s.read_noise_e = 2, s.prnu = 0.004;
  return s;
}

// Gains of one of the four phases, all alike: 1.25 in the corners, 1 in the middle.
GainMap corner_gains(int phase) {
  GainMap map{.top = phase / 2, .left = phase % 2, .bottom = height, .right = width};
  map.row_pitch = map.column_pitch = 2;
  map.rows = map.columns = 3;
  map.spacing_y = map.spacing_x = 0.5;
  map.gains = {1.25f, 1.1f, 1.25f, 1.1f, 1, 1.1f, 1.25f, 1.1f, 1.25f};
  return map;
}

void write_quarters(const std::string& path, int orientation) {
  const Sensor s = sensor();
  const ExposureSettings settings{.iso = 100, .exposure_s = 1 / 60.0};
  const Vector3 white = camera_values({1, 1, 1});
  Image<float> mean_e(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const Vector3 color = camera_values(quarters[2 * (y >= height / 2) + (x >= width / 2)]);
      mean_e(x, y) = float(s.full_well_e * color[int(s.cfa.at(x, y))]);
    }
  RawInfo info;
  info.width = width, info.height = height;
  info.cfa = s.cfa;
  info.crop = {8, 8, width - 16, height - 16};
  info.black.fill(s.black_dn), info.white.fill(s.white_dn());
  info.noise = noise_model(s, settings);
  const Matrix3 forward =
      adapt(white_d65, white_d50) * camera_from_xyz.inverse() * Matrix3::diagonal(white);
  info.color.illuminants[0] = {2850, camera_from_xyz, forward, Matrix3::identity()};
  info.color.illuminants[1] = {6500, camera_from_xyz, forward, Matrix3::identity()};
  info.color.as_shot_neutral = {white[0] / white[1], 1, white[2] / white[1]};
  info.metadata.make = "Lichtbild", info.metadata.model = "Quarters";
  info.metadata.iso = settings.iso, info.metadata.exposure_time_s = settings.exposure_s;
  info.metadata.f_number = 1.65, info.metadata.focal_length_mm = 8.42;
  info.metadata.focal_length_35mm = 24, info.metadata.lens_model = "8.42 mm f/1.65";
  info.metadata.orientation = orientation;
  info.lens.opcode_list_2 =
      opcode_list_2(std::array{corner_gains(0), corner_gains(1), corner_gains(2), corner_gains(3)});
  info.lens.opcode_list_3 =
      opcode_list_3({}, RectilinearWarp{.planes = {{0.99, 0.01, 0, 0, 0, 0}}});
  write_dng(expose(mean_e, s, settings), info, path);
}

struct Program {
  const char* name;
  const char* arguments;  // {0} the DNG, {1} the picture
  const char* suffix;
};

Vector3 mean_at(const Image<float>& picture, double relative_x, double relative_y) {
  constexpr int half = 20;
  const int cx = int(relative_x * picture.width()), cy = int(relative_y * picture.height());
  Vector3 mean{};
  for (int plane = 0; plane < 3; ++plane)
    for (int y = cy - half; y < cy + half; ++y)
      for (int x = cx - half; x < cx + half; ++x)
        mean[plane] += picture(x, y, plane) / (4.0 * half * half);
  return mean;
}

void expect_quarters(const Image<float>& picture, const std::array<int, 4>& order) {
  for (int place = 0; place < 4; ++place) {
    const Vector3 is = mean_at(picture, place % 2 ? 0.75 : 0.25, place / 2 ? 0.75 : 0.25);
    const int quarter = order[place];
    if (quarter == 3) {
      // Neutral: within three hundredths of the encoded value.
      EXPECT_NEAR(is[0] / is[1], 1, 0.03);
      EXPECT_NEAR(is[2] / is[1], 1, 0.03);
      EXPECT_GT(is[1], 0.2);
    } else {
      for (const int other : {(quarter + 1) % 3, (quarter + 2) % 3})
        EXPECT_GT(is[quarter], 1.4 * is[other]) << "quarter " << quarter;
    }
  }
}

class DngPrograms : public testing::TestWithParam<Program> {};

TEST_P(DngPrograms, OpenRightSideUpInRightColors) {
  const Program& program = GetParam();
  if (std::system(fmt::format("which {} >/dev/null 2>&1", program.name).c_str()) != 0)
    GTEST_SKIP() << program.name << " is not installed";
  const TemporaryFolder folder;
  const std::string dng = folder.file("quarters.dng"),
                    picture = folder.file(std::string("picture") + program.suffix);
  // 6: to be turned clockwise by 90 degrees, so that what lies left comes to the top.
  for (const int orientation : {1, 6}) {
    write_quarters(dng, orientation);
    const std::string command =
        fmt::format("cd {} && HOME={} {} {} >log 2>&1", folder.path(), folder.path(), program.name,
                    fmt::format(fmt::runtime(program.arguments), dng, picture));
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    const Image<float> result = read_image(picture);
    EXPECT_EQ(result.width() > result.height(), orientation == 1);
    expect_quarters(result, orientation == 1 ? std::array{0, 1, 2, 3} : std::array{2, 0, 3, 1});
    std::filesystem::remove(picture);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Installed, DngPrograms,
    testing::Values(Program{"dcraw_emu", "-w -T -o 1 -Z {1} {0}", ".tiff"},
                    Program{"darktable-cli",
                            "{0} {1} --core --configdir . --cachedir . --disable-opencl", ".png"},
                    Program{"rawtherapee-cli", "-n -o {1} -Y -c {0}", ".png"}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::ranges::replace(name, '-', '_');
      return name;
    });

}  // namespace
}  // namespace lichtbild
