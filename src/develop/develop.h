// develop: a linear mosaic becomes a scene-linear picture.
//
//   mosaic -> white balance, highlights -> lens shading, lateral color -> square-root encoding
//          -> demosaic -> noise reduction -> exposure -> blur of the lens -> its distortion, crop
//          -> linear Rec.2020
//
// In: a RawFrame (0 black, 1 white) and, of a burst, how its noise varies over the picture. Out:
// planes red, green, blue of linear Rec.2020, D65; 1.0 is diffuse white at the metered exposure,
// brighter things are above 1.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/color.h"
#include "core/half.h"
#include "core/lens_profile.h"
#include "core/raw_frame.h"

namespace lichtbild {

// "as-shot", "auto", a preset ("daylight", "shade", "cloudy", "tungsten", "fluorescent", "flash"),
// kelvin and tint, or a thing in the picture that is to be neutral.
struct WhiteBalance {
  enum class Kind { as_shot, automatic, temperature, picked };
  Kind kind = Kind::as_shot;
  Temperature temperature{};
  int x = 0, y = 0;  // picked: a pixel of the developed picture, before it is turned upright
};

// As written on the command line: a name, "5200" or "5200,+8", "pick:1200,840". Throws Error naming
// the known ones.
WhiteBalance white_balance_from(const std::string& text);

// Throws Error if the pixel that is to be neutral is not in the frame's picture.
void check_pick(const WhiteBalance& choice, const RawInfo& info);

struct DevelopParams {
  WhiteBalance white_balance;
  std::optional<double> exposure_stops;  // over the file's own exposure; absent: automatic
  double luma_noise_reduction = 1;       // 0..2, 1 follows the noise model
  double chroma_noise_reduction = 1;     // 0..2
  double falloff_kept = 0;               // share of the lens's fall-off of brightness left in, 0..1
  bool lens_corrections = true;          // the file's own distortion, lateral color and shading
  // What the lens did, its blur too; takes the place of the file's own corrections. It must be of a
  // sensor with the frame's aspect ratio, else develop() throws Error. Without a PSF blur stays.
  std::shared_ptr<const LensProfile> lens;
  bool deconvolve = true;  // take the blur out too
};

struct DevelopReport {
  Vector3 white_gains{};    // of camera red, green, blue; the smallest is 1
  Temperature temperature;  // of the white that was taken
  bool automatic_exposure = false;
  double exposure_stops = 0;  // applied, BaselineExposure included
  double clipped_share = 0;   // of samples at their channel's clip
  double shading_s = 0, highlights_s = 0, lateral_color_s = 0, demosaic_s = 0, denoise_s = 0,
         deconvolve_s = 0, geometry_s = 0;
};

struct Developed {
  Image<Half> rec2020;
  NoiseModel noise;  // of the frame as it was developed
  DevelopReport report;
};

// `variance_ratio` (half size) may be empty: 1 everywhere. The frame's noise model must be set.
Developed develop(RawFrame frame, const Image<float>& variance_ratio,
                  const DevelopParams& params = {});

}  // namespace lichtbild
