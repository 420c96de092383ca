// camera: both directions of the path of light, each on one page.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "burst/burst.h"
#include "camera_file.h"
#include "develop/develop.h"
#include "look/look.h"
#include "photo/photo.h"
#include "scene/depth.h"

namespace lichtbild {

struct DevelopOptions {
  BurstParams burst;
  DevelopParams develop;
  Look look;
  PhotoParams photo;
  ColorSpace space = ColorSpace::srgb;
  // A camera file whose lens and colors take the place of what the frames say of themselves. The
  // frames must be of that model, unless forced.
  std::string camera;
  bool force_camera = false;
  std::string data_folder;  // glass, for lenses that must be traced
};

struct PhotoReport {
  std::string photo;
  int width = 0, height = 0, defects = 0;
  BurstReport burst;
  DevelopReport develop;
  double open_s = 0, burst_s = 0, develop_s = 0, look_s = 0, write_s = 0;
};

// Called as work goes on: what is being done, and how much of it (0..1).
using Progress = std::function<void(const std::string& stage, double share)>;

// RAW frames of one scene become a photograph; the suffix of `photo` chooses between JPEG, PNG and
// TIFF (with the look), EXR (scene-linear, before the look) and DNG (the merged mosaic). Throws
// Error.
PhotoReport develop_photo(const std::vector<std::string>& frames, const std::string& photo,
                          const DevelopOptions& options, const Progress& progress = {});

struct ShootOptions {
  int frames = 1;
  std::vector<double> bracket_stops;  // of each frame; fewer than frames: repeated
  double iso = 0, exposure_s = 0;     // 0: metered
  std::string illuminant = "D65";     // a column of data/spectra/illuminants.tsv
  double illuminance_lux = 500;       // on the scene
  double distance_mm = 0;             // of the scene; 0: where the lens is focused
  // A depth map, which the lens's focus is seen in; empty: all of the scene is in focus.
  std::string depth;
  std::optional<DepthRange> depth_range;  // of a depth map that is no EXR
  double shake = 0;                       // of the hand; 1 is a usual one, 0 a tripod
  bool noise = true;
  double temperature_c = 25;  // of the sensor
  std::uint64_t seed = 1;
  std::string truth;      // an EXR of the ideal photograph; empty: none
  std::string date_time;  // as in EXIF; empty: now
};

struct ShootReport {
  struct Frame {
    std::string path;
    double exposure_s = 0, iso = 0;
  };
  std::vector<Frame> frames;
  std::string truth;
  int width = 0, height = 0;
  long not_finite = 0, negative = 0;  // samples of the scene that had to be mended
  double electrons_per_second = 0;    // of a green pixel on the axis that sees white
  double lens_s = 0, paint_s = 0, blur_s = 0, frames_s = 0;
};

// A scene becomes a burst of RAW frames, as the camera would have taken them: frame_000.dng and on
// in a folder, which is made if its parent is there. Throws Error.
ShootReport shoot(const Camera& camera, const std::string& scene, const std::string& folder,
                  const ShootOptions& options, const std::string& data_folder,
                  const Progress& progress = {});

}  // namespace lichtbild
