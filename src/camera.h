// camera: both directions of the path of light, each on one page.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "burst/burst.h"
#include "develop/develop.h"
#include "look/look.h"
#include "photo/photo.h"

namespace lichtbild {

struct DevelopOptions {
  BurstParams burst;
  DevelopParams develop;
  Look look;
  PhotoParams photo;
  ColorSpace space = ColorSpace::srgb;
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

}  // namespace lichtbild
