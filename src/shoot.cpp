// shoot(): the path of light from the scene to the RAW file.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>

#include "camera.h"
#include "core/atomic_file.h"
#include "core/cie_tables.h"
#include "core/color.h"
#include "core/error.h"
#include "core/parallel.h"
#include "core/stopwatch.h"
#include "develop/white_balance.h"
#include "metering.h"
#include "optical_image/defocus.h"
#include "optical_image/optical_image.h"
#include "raw/raw.h"
#include "scene/depth.h"
#include "scene/scene.h"
#include "sensor/photons.h"
#include "sensor/tremor.h"
#include "shot_info.h"

namespace lichtbild {
namespace {

namespace fs = std::filesystem;

// Room for the hand's movements around the picture.
constexpr double shake_margin_px = 64;

// Distances of the scene in mm; empty without a depth map.
Image<float> depth_of(const Scene& scene, const std::string& scene_name,
                      const ShootOptions& options) {
  if (options.depth.empty()) return {};
  Image<float> depth = read_depth(options.depth, options.depth_range);
  const auto* picture = std::get_if<SceneImage>(&scene);
  constexpr double rounding = 0.01;
  if (picture && std::abs(double(depth.width()) * picture->rec2020.height() /
                              (double(depth.height()) * picture->rec2020.width()) -
                          1) > rounding)
    throw Error(options.depth,
                fmt::format("is {} x {}, {} is {} x {}", depth.width(), depth.height(), scene_name,
                            picture->rec2020.width(), picture->rec2020.height()),
                "a depth map covers its scene: give both the same proportions");
  return depth;
}

struct Light {
  Spectrum illuminant;                // of white, W / (m^2 sr nm)
  std::array<Spectrum, 3> responses;  // of the sensor: a green pixel that sees white is 1
  double electrons_per_second = 0;    // of that pixel, on the axis
};

Spectrum illuminant_of(const ShootOptions& options, const std::string& data_folder) {
  const std::string illuminants = data_folder + "/spectra/illuminants.tsv";
  return radiance_of_white(
      find_spectrum(read_spectra(illuminants), options.illuminant, illuminants),
      options.illuminance_lux / M_PI, observer_1931[1]);
}

Light light_of(const Camera& camera, const LensProfile& lens, const Spectrum& illuminant) {
  Light light;
  light.illuminant = illuminant;
  const Sensor& sensor = *camera.sensor;
  for (int c = 0; c < 3; ++c)
    light.responses[c] = sensor.quantum_efficiency[c] * photons_per_joule();
  const double white = integral(light.illuminant, light.responses[1]);
  for (Spectrum& response : light.responses) response = 1 / white * response;
  light.electrons_per_second =
      electrons_per_second(light.illuminant, sensor.quantum_efficiency[1], sensor.pixel_um,
                           lens.f_number, camera.lens.transmission);
  return light;
}

// The ideal photograph: each pixel the mean of its cells, linear Rec.2020, white 1.
void write_truth(const Scene& scene, const Spectrum& illuminant, const LensProfile& lens,
                 const Metadata& metadata, const std::string& path) {
  const double luminance = integral(illuminant, observer_1931[1]);
  Vector3 white;
  for (int i = 0; i < 3; ++i) white[i] = integral(illuminant, observer_1931[i]) / luminance;
  const Matrix3 rec2020_from_xyz =
      xyz_from_rec2020().inverse() * adapt(chromaticity_from_xyz(white), white_d65);
  std::array<Spectrum, 3> responses;
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 3; ++i)
      responses[c] = responses[c] + rec2020_from_xyz(c, i) / luminance * observer_1931[i];

  const int width = lens.sensor.width_px, height = lens.sensor.height_px;
  PaintGrid grid;
  grid.step = 0.5;
  grid.width = 2 * width, grid.height = 2 * height;
  grid.first_x = -(grid.width - 1) / 2.0 * grid.step;
  grid.first_y = -(grid.height - 1) / 2.0 * grid.step;
  grid.frame_width = width, grid.frame_height = height;
  const Image<Half> cells = paint(scene, illuminant, responses, grid);
  Image<Half> truth(width, height, 3);
  for (int c = 0; c < 3; ++c)
    parallel_rows(height, [&](int first, int last) {
      for (int y = first; y < last; ++y)
        for (int x = 0; x < width; ++x)
          truth(x, y, c) = half_from((float_from(cells(2 * x, 2 * y, c)) +
                                      float_from(cells(2 * x + 1, 2 * y, c)) +
                                      float_from(cells(2 * x, 2 * y + 1, c)) +
                                      float_from(cells(2 * x + 1, 2 * y + 1, c))) /
                                     4);
    });
  write_exr(truth, metadata, path);
}

// The camera's poses over one exposure, at least two to a pixel that the picture moves.
std::vector<CameraPose> path_over(const HandTremor& hand, double start_s, double exposure_s,
                                  double focal_px) {
  constexpr int fine = 64, most = 24;
  std::vector<CameraPose> all;
  all.reserve(fine);
  double length_px = 0;
  for (int i = 0; i < fine; ++i) {
    all.push_back(hand.at(start_s + exposure_s * (i + 0.5) / fine));
    if (i > 0)
      length_px += focal_px * std::hypot(all[i].rotation_rad[0] - all[i - 1].rotation_rad[0],
                                         all[i].rotation_rad[1] - all[i - 1].rotation_rad[1]);
  }
  const int count = std::clamp(int(std::ceil(2 * length_px)) + 1, 1, most);
  std::vector<CameraPose> path;
  path.reserve(count);
  for (int i = 0; i < count; ++i) path.push_back(hand.at(start_s + exposure_s * (i + 0.5) / count));
  return path;
}

Image<float> scaled(const Image<float>& light, float factor) {
  Image<float> out(light.width(), light.height());
  parallel_rows(light.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y)
      std::transform(light.row(y), light.row(y) + light.width(), out.row(y),
                     [&](float v) { return v * factor; });
  });
  return out;
}

// What a sensor without noise and defects would say; wells and converter have their ends.
Image<std::uint16_t> without_noise(const Image<float>& mean_e, const Sensor& sensor, double iso) {
  Image<std::uint16_t> numbers(mean_e.width(), mean_e.height());
  const double per_dn = sensor.electrons_per_dn(iso);
  std::transform(
      mean_e.samples().begin(), mean_e.samples().end(), numbers.samples().begin(), [&](float e) {
        const double held = std::min<double>(e, sensor.full_well_e);
        return std::uint16_t(
            std::min<double>(std::lround(held / per_dn + sensor.black_dn), sensor.white_dn()));
      });
  return numbers;
}

std::string now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm time{};
  ::localtime_r(&seconds, &time);
  char text[32];
  std::strftime(text, sizeof text, "%Y:%m:%d %H:%M:%S", &time);
  return text;
}

// A folder that is there as long as this is, and afterwards if something is in it.
class FrameFolder {
 public:
  explicit FrameFolder(const std::string& folder) : folder_(folder) {
    std::error_code failed;
    if (fs::is_directory(folder, failed)) return;
    is_new_ = fs::create_directory(folder, failed);
    if (!is_new_)
      throw Error(folder, "the folder cannot be made",
                  "check that its parent is there and writable");
  }
  ~FrameFolder() {
    std::error_code not_empty;
    if (is_new_) fs::remove(folder_, not_empty);
  }
  FrameFolder(const FrameFolder&) = delete;
  FrameFolder& operator=(const FrameFolder&) = delete;

 private:
  const fs::path folder_;
  bool is_new_ = false;
};

}  // namespace

ShootReport shoot(const Camera& camera, const std::string& scene_name, const std::string& folder,
                  const ShootOptions& options, const std::string& data_folder,
                  const Progress& progress) {
  if (!camera.sensor)
    throw Error(camera.path, "the camera has no [sensor]", "only described sensors can be exposed");
  if (!camera.has_color())
    throw Error(camera.path, "the camera has no [color]",
                fmt::format("calibrate it: lichtbild calibrate color {} --write", camera.path));
  const Sensor& sensor = *camera.sensor;
  const auto say = [&](const char* stage, double share) {
    if (progress) progress(stage, share);
  };
  ShootReport report;
  Stopwatch watch;
  const Scene scene = read_scene(scene_name, data_folder + "/spectra");
  if (const auto* picture = std::get_if<SceneImage>(&scene))
    report.not_finite = picture->not_finite, report.negative = picture->negative;
  const Image<float> depth = depth_of(scene, scene_name, options);
  const Spectrum illuminant = illuminant_of(options, data_folder);
  const FrameFolder frames(folder);
  if (!options.truth.empty()) check_folder_of(options.truth);

  say("tracing the lens", 0);
  const LensProfile lens =
      camera_lens(camera, data_folder, [&](double share) { say("tracing the lens", share); });
  report.width = sensor.width, report.height = sensor.height;
  report.lens_s = watch.lap();

  say("painting", 0);
  const Light light = light_of(camera, lens, illuminant);
  report.electrons_per_second = light.electrons_per_second;
  const PaintGrid grid = grid_of(lens, options.shake > 0 ? shake_margin_px : 0);
  Image<Half> picture = paint(scene, light.illuminant, light.responses, grid);
  report.paint_s = watch.lap();
  say("through the lens", 0);
  if (!depth.empty()) picture = defocused(picture, depth_on(depth, grid), grid, lens);
  picture = blurred(std::move(picture), grid, lens);
  report.blur_s = watch.lap();

  const double distance_mm =
      options.distance_mm > 0 ? options.distance_mm : camera.lens.focus_distance_mm;
  const std::vector<CameraPose> still(1);
  Image<float> seen = pixel_light(picture, grid, lens, {sensor.cfa, still, distance_mm});
  const double white_level_s = sensor.full_well_e / light.electrons_per_second;
  const ExposureLimits limits{camera.shortest_exposure_s, 1.0 / 60, camera.longest_exposure_s,
                              sensor.base_iso, sensor.largest_iso};
  const ShutterAndIso base = metered(seen, white_level_s, limits, options.exposure_s, options.iso);
  const double focal_px = lens.focal_length_mm * 1000 / sensor.pixel_um;
  const double first_s =
      base.exposure_s * (options.bracket_stops.empty() ? 1 : std::exp2(options.bracket_stops[0]));
  std::optional<HandTremor> hand;
  if (options.shake > 0) hand.emplace(options.seed, options.shake, first_s);

  Vector3 neutral{1, 1, 1};
  double start_s = 0;
  for (int i = 0; i < options.frames; ++i) {
    say("exposing", double(i) / options.frames);
    ExposureSettings settings;
    settings.iso = base.iso;
    settings.exposure_s = base.exposure_s;
    if (!options.bracket_stops.empty())
      settings.exposure_s *=
          std::exp2(options.bracket_stops[std::size_t(i) % options.bracket_stops.size()]);
    settings.temperature_c = options.temperature_c;
    settings.seed = options.seed;
    settings.frame = i;
    if (hand) {
      const auto path = path_over(*hand, start_s, settings.exposure_s, focal_px);
      seen = pixel_light(picture, grid, lens, {sensor.cfa, path, distance_mm});
    }
    const Image<float> mean = scaled(seen, float(light.electrons_per_second * settings.exposure_s));

    Shot shot{settings.exposure_s, settings.iso, settings.temperature_c,
              options.date_time.empty() ? now() : options.date_time};
    RawFrame frame{shot_info(camera, lens, shot), {}};
    const Image<std::uint16_t> numbers =
        options.noise ? expose(mean, sensor, settings) : without_noise(mean, sensor, settings.iso);
    if (i == 0) {
      frame.mosaic = linear(numbers, sensor);
      neutral = choose_white(frame, {.kind = WhiteBalance::Kind::automatic}).neutral;
    }
    frame.info.color.as_shot_neutral = neutral;
    ShootReport::Frame shot_frame{(fs::path(folder) / fmt::format("frame_{:03}.dng", i)).string(),
                                  settings.exposure_s, settings.iso};
    write_dng(numbers, frame.info, shot_frame.path);
    report.frames.push_back(std::move(shot_frame));
    constexpr double readout_s = 1.0 / 60;
    start_s += settings.exposure_s + readout_s;
  }
  report.frames_s = watch.lap();
  if (!options.truth.empty()) {
    say("painting the truth", 0);
    Metadata metadata;
    metadata.make = camera.make, metadata.model = camera.model;
    write_truth(scene, light.illuminant, lens, metadata, options.truth);
    report.truth = options.truth;
  }
  return report;
}

}  // namespace lichtbild
