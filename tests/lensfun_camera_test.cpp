// develop --camera with an entry of lensfun's database: frames are distorted, colored and darkened
// here by the formulas of lensfun's manual, and come out straight, neutral and even.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <functional>

#include "camera.h"
#include "core/atomic_file.h"
#include "core/error_message.h"
#include "develop/some_camera.h"
#include "picture/picture.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int width = 384, height = 256;  // 3:2, as the database's full frames

// Distorted radius of an undistorted one, in half short sides; one of lensfun's models.
using Formula = std::function<double(double)>;

struct Lens {
  std::string calibration;
  Formula distortion;
  double slope;       // on the axis
  Formula red, blue;  // of green's radius
  Formula light;      // of the radius in half diagonals
};

// What stands before the lens: places in pixels from the middle.
double scene(double x, double y) {
  return 0.3 + 0.12 * std::sin(0.11 * x + 0.4) * std::cos(0.13 * y);
}

double solved(const Formula& formula, double value) {
  double low = 0, high = 4;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (formula(middle) < value ? low : high) = middle;
  }
  return low;
}

// The straight radius, f tan(theta), of a recorded one, in half short sides.
double straight_radius(const Lens& lens, CfaColor color, double at) {
  const double green = color == CfaColor::red    ? solved(lens.red, at)
                       : color == CfaColor::blue ? solved(lens.blue, at)
                                                 : at;
  return solved(lens.distortion, green) * lens.slope;
}

// The recorded sample: whose light falls there, and how much of it arrives.
double recorded(const Lens& lens, CfaColor color, int column, int row) {
  const double x = column + 0.5 - width / 2.0, y = row + 0.5 - height / 2.0;
  const double half_short = height / 2.0, half_diagonal = std::hypot(width, height) / 2;
  const double at_px = std::hypot(x, y), at = at_px / half_short;
  const double straight = straight_radius(lens, color, at);
  return scene(x * straight / at, y * straight / at) * lens.light(at_px / half_diagonal);
}

// What is shown is enlarged until no color looks beyond the corner, which is the worst place here.
double shown_scale(const Lens& lens) {
  const double corner = std::hypot(width - 1, height - 1) / height;
  double scale = 1;
  for (const CfaColor color : {CfaColor::red, CfaColor::green, CfaColor::blue})
    scale = std::min(scale, straight_radius(lens, color, corner) / corner);
  return scale;
}

class LensfunCamera : public testing::Test {
 protected:
  LensfunCamera() { fs::create_directory(folder_); }
  ~LensfunCamera() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  void write_camera(const std::string& lens_part) const {
    write_file(path("my.camera.toml"), "model = \"Model\"\n[lens]\n" + lens_part);
  }
  void write_database(const std::string& calibration) const {
    write_file(path("db.xml"),
               "<lensdatabase><camera><maker>Maker</maker><model>Model</model><mount>M</mount>"
               "<cropfactor>1</cropfactor></camera><lens><maker>Maker</maker><model>Zoom</model>"
               "<mount>M</mount><cropfactor>1</cropfactor><calibration>" +
                   calibration + "</calibration></lens></lensdatabase>");
  }
  void write_frame(const Lens& lens, const Metadata& said = {"Maker", "Model"}) const {
    RawFrame frame;
    frame.info.width = width, frame.info.height = height;
    frame.info.crop = {0, 0, width, height};
    frame.info.black.fill(0), frame.info.white.fill(65535);
    frame.info.bits = 16;
    frame.info.color = some_camera({1, 1, 1});
    frame.info.noise = NoiseModel{{1e-7, 1e-7, 1e-7}, {1e-9, 1e-9, 1e-9}};
    frame.info.metadata = said;
    frame.mosaic = Image<float>(width, height);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        frame.mosaic(x, y) = float(recorded(lens, frame.info.cfa.at(x, y), x, y));
    write_dng(frame, path("frame.dng"));
  }
  Image<float> developed() const {
    DevelopOptions options;
    options.camera = path("my.camera.toml");
    options.data_folder = LICHTBILD_ROOT "/data";
    options.develop.exposure_stops = 0;
    options.develop.luma_noise_reduction = options.develop.chroma_noise_reduction = 0;
    develop_photo({path("frame.dng")}, path("p.exr"), options);
    return read_image(path("p.exr"));
  }

 private:
  fs::path folder_ =
      fs::temp_directory_path() / fmt::format("lichtbild-lensfun-camera-{}", ::getpid());
};

// Root mean squares: of brightness against the scene's, relative; of colors against green's.
struct Differences {
  double brightness = 0, color = 0;
};
Differences differences(const Image<float>& picture, double scale) {
  constexpr int border = 8;  // the demosaicing guesses there
  const int x0 = (width - picture.width()) / 2, y0 = (height - picture.height()) / 2;
  const auto wanted = [&](int x, int y) {
    return scene(scale * (x + x0 + 0.5 - width / 2.0), scale * (y + y0 + 0.5 - height / 2.0));
  };
  const auto sum_over = [&](const auto& term) {
    double sum = 0;
    for (int y = border; y < picture.height() - border; ++y)
      for (int x = border; x < picture.width() - border; ++x) sum += term(x, y);
    return sum;
  };
  const double gain = sum_over([&](int x, int y) { return double(picture(x, y, 1)); }) /
                      sum_over([&](int x, int y) { return wanted(x, y); });
  const double count = sum_over([](int, int) { return 1; });
  const auto rms = [&](const auto& difference) {
    return std::sqrt(sum_over([&](int x, int y) { return std::pow(difference(x, y), 2); }) / count);
  };
  const auto against_green = [&](int c) {
    return rms([&](int x, int y) { return picture(x, y, c) / picture(x, y, 1) - 1; });
  };
  return {rms([&](int x, int y) { return picture(x, y, 1) / gain / wanted(x, y) - 1; }),
          std::max(against_green(0), against_green(2))};
}

double same(double r) { return r; }
double full(double) { return 1; }

// A tenth of a pixel: 0.12 x 0.12 of the scene's 0.3 is its slope, half of it in the mean of
// squares.
constexpr double bar = 0.1 * 0.12 * 0.12 / 0.3 / 2;

TEST_F(LensfunCamera, EveryModelIsUndone) {
  const auto poly3 = [](double k1) { return [=](double u) { return u * (1 - k1 + k1 * u * u); }; };
  const auto tca = [](double v, double c, double b) {
    return [=](double r) { return r * (v + c * r + b * r * r); };
  };
  const std::vector<Lens> lenses{
      {R"(<distortion model="poly3" focal="30" k1="-0.03"/>)", poly3(-0.03), 1.03, same, same,
       full},
      {R"(<distortion model="poly5" focal="30" k1="-0.04" k2="0.005"/>)",
       [](double u) { return u * (1 - 0.04 * u * u + 0.005 * std::pow(u, 4)); }, 1, same, same,
       full},
      {R"(<distortion model="ptlens" focal="30" a="0.01" b="-0.05" c="0.02"/>)",
       [](double u) { return u * (0.01 * u * u * u - 0.05 * u * u + 0.02 * u + 1.02); }, 1.02, same,
       same, full},
      {R"(<tca model="linear" focal="30" kr="1.006" kb="0.995"/>)", same, 1, tca(1.006, 0, 0),
       tca(0.995, 0, 0), full},
      {R"(<tca model="poly3" focal="30" vr="1.002" cr="-0.001" br="0.002" vb="0.998" cb="0.001" bb="-0.003"/>)",
       same, 1, tca(1.002, -0.001, 0.002), tca(0.998, 0.001, -0.003), full},
      {R"(<vignetting model="pa" focal="30" aperture="4" distance="1000" k1="-0.5" k2="0.1" k3="-0.05"/>)",
       same, 1, same, same,
       [](double r) { return 1 - 0.5 * r * r + 0.1 * std::pow(r, 4) - 0.05 * std::pow(r, 6); }}};
  Metadata said{"Maker", "Model"};
  said.focal_length_mm = 30, said.f_number = 4, said.lens_model = "zoom";
  for (const Lens& lens : lenses) {
    write_frame(lens, said);
    write_database(lens.calibration);
    write_camera("lensfun = \"db.xml\"\n");
    const Differences undone = differences(developed(), shown_scale(lens));
    write_database(R"(<distortion model="none" focal="30"/>)");
    const Differences left = differences(developed(), shown_scale(lens));
    fmt::print("{:.60}: brightness {:.4f} (left alone {:.4f}), color {:.4f} ({:.4f})\n",
               lens.calibration, undone.brightness, left.brightness, undone.color, left.color);
    EXPECT_LT(undone.brightness, bar) << lens.calibration;
    EXPECT_LT(undone.color, bar) << lens.calibration;
    EXPECT_GT(std::max(left.brightness, left.color), 5 * bar) << lens.calibration;
  }
}

// Focal length and aperture of the RAW choose between calibrations; what the camera file says is
// above them.
TEST_F(LensfunCamera, FocalLengthAndApertureAreTheFrames) {
  write_database(R"(<distortion model="poly3" focal="20" k1="-0.04"/>
    <distortion model="poly3" focal="40" k1="0.02"/>
    <vignetting model="pa" focal="20" aperture="2" distance="1000" k1="-0.6" k2="0" k3="0"/>
    <vignetting model="pa" focal="20" aperture="4" distance="1000" k1="-0.2" k2="0" k3="0"/>)");
  RawInfo frame;
  frame.path = "frame.dng";
  frame.width = width, frame.height = height;
  frame.metadata.model = "Model", frame.metadata.lens_model = "Zoom";
  const auto lens = [&](const std::string& keys) {
    write_camera("lensfun = \"" + path("db.xml") + "\"\n" + keys);
    return camera_lens(read_camera(path("my.camera.toml")), frame, "");
  };
  frame.metadata.focal_length_mm = 20, frame.metadata.f_number = 2;
  EXPECT_NEAR(lens("").shading.at(1, 1), 1 - 0.6, 1e-6);
  EXPECT_NEAR(lens("f_number = 4\n").shading.at(1, 1), 1 - 0.2, 1e-6);
  const double half_short = height / std::hypot(width, height);  // in half diagonals
  const auto at_half_short = [&](const LensProfile& profile, double slope) {
    return profile.geometry.real_from_ideal(1, half_short * slope) / half_short;
  };
  // At a radius of one half short side every poly3 leaves the place alone: 1 - k1 + k1.
  EXPECT_NEAR(at_half_short(lens(""), 1.04), 1, 1e-6);
  EXPECT_NEAR(at_half_short(lens("focal_length_mm = 40\n"), 0.98), 1, 1e-6);
  frame.metadata.focal_length_mm = 30;  // half way: k1 = -0.01
  EXPECT_NEAR(at_half_short(lens(""), 1.01), 1, 1e-6);
  // Half the sensor: its half diagonal is a whole half diagonal's half.
  frame.metadata.focal_length_mm = 20;
  EXPECT_NEAR(lens("crop_factor = 2\n").shading.at(1, 1), 1 - 0.6 / 4, 1e-6);
}

TEST_F(LensfunCamera, SaysWhatIsMissing) {
  write_database(R"(<distortion model="poly3" focal="20" k1="-0.04"/>)");
  RawInfo frame;
  frame.path = "frame.dng";
  frame.width = width, frame.height = height;
  const auto cause = [&](const std::string& keys) {
    write_camera(keys);
    return error_message([&] { camera_lens(read_camera(path("my.camera.toml")), frame, ""); });
  };
  const std::string db = "lensfun = \"db.xml\"\n";
  EXPECT_THAT(cause(db), HasSubstr("frame.dng: does not say which lens took it; name it in"));
  EXPECT_THAT(cause(db + "model = \"Zoom\"\n"), HasSubstr("does not say its focal length; give"));
  EXPECT_THAT(cause(db + "model = \"Zoom\"\nfocal_length_mm = 20\n"),
              HasSubstr("no crop factor of a camera called ''; give"));
  frame.metadata.model = "Model";
  EXPECT_EQ(cause(db + "model = \"Zoom\"\nfocal_length_mm = 20\n"), "no error");
  EXPECT_THAT(cause(db + "model = \"Other\"\nfocal_length_mm = 20\n"), HasSubstr("'Other'"));
  EXPECT_THAT(cause("lensfun = \"absent.xml\"\nmodel = \"A\"\nfocal_length_mm = 20\n"),
              HasSubstr("absent.xml: cannot be read; "));
  EXPECT_THAT(cause(db + "file = \"a\"\n"),
              HasSubstr("[lens] needs one of file, profile and lensfun"));
  EXPECT_THAT(cause(db + "crop_factor = -1\n"), HasSubstr("my.camera.toml:4:15: crop_factor"));
  EXPECT_THAT(cause("file = \"a\"\ncrop_factor = 1\n"), HasSubstr("belongs to lensfun; "));
  write_camera(db);
  EXPECT_THAT(error_message([&] { camera_lens(read_camera(path("my.camera.toml")), ""); }),
              HasSubstr("only a lens file or a profile can be shot through"));
}

}  // namespace
}  // namespace lichtbild
