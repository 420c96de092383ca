// look: the aesthetic direction as data; a scene-linear picture becomes a rendition.
//
//   Rec.2020 -> sharpening, local range -> tone curve -> hue rules, chroma -> gamut -> display code
//   values
//
// A look is a TOML file (NAME.look.toml), never code: one rendering serves all looks, and image
// quality is the same in each. Every parameter is declared once, in parameters.cpp, with its unit,
// range and help; what a file does not say keeps the default, and the defaults are a neutral
// rendering.
#pragma once

#include <string>
#include <vector>

#include "core/half.h"
#include "core/image.h"
#include "core/raw_frame.h"
#include "core/rendition.h"

namespace lichtbild {

// What happens to colors around one hue, in Oklab (Ottosson 2020).
struct HueRule {
  double center_deg = 0;  // Oklab hue: red 29, orange 60, yellow 110, green 142, blue 264
  double width_deg = 40;  // half of the effect is left at this distance
  double chroma = 1;      // factor
  double shift_deg = 0;   // rotation of the hue
  double lightness = 0;   // added to Oklab lightness, per unit of chroma 0.1
};

struct Look {
  std::string name, description;
  // [exposure]
  double bias_stops = 0;
  // [tone]
  double contrast = 1, toe = 1.5, shoulder = 1.5, black_stops = 9, white_stops = 4.5, gray = 0.18;
  // [local]
  double shadows = 0, highlights = 0, detail = 0, radius_percent = 4;
  // [color]
  double chroma = 1, vibrance = 0;
  std::vector<HueRule> hues;
  // [mono]
  double mono = 0, mono_red = 0.3, mono_green = 0.59, mono_blue = 0.11, tint_hue_deg = 60,
         tint_chroma = 0;
  // [lens]
  double falloff_kept = 0;
  // [sharpening]
  double sharpening = 0, sharpening_threshold = 2;
  // [grain]
  double grain = 0, grain_size_px = 1.5;
};

// By name from the folder of shipped looks (authentic, vibrant, mono, ...), or by path when it ends
// in .toml. Throws Error with line and column for unknown keys, wrong types and values out of
// range.
Look read_look(const std::string& name_or_path, const std::string& look_folder);
Look parse_look(const std::string& toml, const std::string& where);

enum class Depth { eight_bit, sixteen_bit };

struct RenderParams {
  ColorSpace space = ColorSpace::srgb;
  Depth depth = Depth::eight_bit;
};

// Planes red, green, blue of linear Rec.2020 (1.0 = diffuse white) to code values of the display
// space. `noise` is that of the balanced mosaic before exposure, for sharpening to know what not to
// sharpen; its scale follows `exposure_stops`.
Rendition render(const Image<Half>& rec2020, const Look& look, const NoiseModel& noise,
                 double exposure_stops, const RenderParams& params = {});

}  // namespace lichtbild
