// What the verbs of `lichtbild measure` look at.
#include <algorithm>

#include "cli/measure_verbs.h"
#include "core/color.h"
#include "core/parallel.h"
#include "core/suffix.h"
#include "picture/picture.h"
#include "raw/raw.h"

namespace lichtbild::cli {
bool is_raw_path(const std::string& path) {
  for (const char* known : {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".exr", ".hdr", ".pic"})
    if (suffix_of(path) == known) return false;
  return true;
}

bool is_exr_path(const std::string& path) { return suffix_of(path) == ".exr"; }

MeasuredPicture read_light(const std::string& path) {
  MeasuredPicture picture;
  picture.is_raw = is_raw_path(path);
  if (picture.is_raw) {
    RawFrame frame = read_raw(path);
    picture.channels = channels_of(frame.info.cfa);
    picture.light = std::move(frame.mosaic);
    return picture;
  }
  picture.light = read_image(path);
  picture.channels = channels_of(picture.light);
  if (is_exr_path(path)) return picture;
  if (picture.light.planes() == 3) {
    picture.light = light_of(picture.light, picture_colors(path), path);
    return picture;
  }
  parallel_rows(picture.light.height() * picture.light.planes(), [&](int first, int last) {
    const int width = picture.light.width();
    for (int row = first; row < last; ++row) {
      float* samples = picture.light.samples().data() + std::size_t(row) * width;
      std::transform(samples, samples + width, samples, linear_from_srgb);
    }
  });
  return picture;
}

Matrix3 xyz_d50_from_light(const std::string& path) {
  const auto primaries =
      is_exr_path(path) ? picture_colors(path).primaries : std::optional<Primaries>();
  if (!primaries) return adapt(white_d65, white_d50) * xyz_from_rec2020();
  return adapt(primaries->white, white_d50) *
         xyz_from_rgb(primaries->red, primaries->green, primaries->blue, primaries->white);
}

CLI::Option* add_crop(CLI::App& verb, std::vector<int>& crop) {
  return verb.add_option("--crop", crop, "X,Y,WIDTH,HEIGHT of the part to look at, in pixels")
      ->expected(4)
      ->delimiter(',');
}

std::optional<Crop> crop_of(const std::vector<int>& crop) {
  if (crop.empty()) return {};
  return Crop{crop[0], crop[1], crop[2], crop[3]};
}

}  // namespace lichtbild::cli
