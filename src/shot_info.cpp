#include "shot_info.h"

#include <algorithm>
#include <cmath>

#include "optics/profile/profile_files.h"
#include "raw/opcodes.h"

namespace lichtbild {
namespace {

RectilinearWarp warp_of(const LensProfile& lens) {
  const optics::DngModel model = optics::fit_dng(lens);
  RectilinearWarp warp;
  for (const auto& k : model.warp) warp.planes.push_back({k[0], k[1], k[2], k[3], 0, 0});
  warp.center_x = lens.center_x, warp.center_y = lens.center_y;
  return warp;
}

}  // namespace

std::vector<GainMap> gain_maps(const LensProfile& lens, const Cfa& cfa) {
  const int width = lens.sensor.width_px, height = lens.sensor.height_px;
  const double half = lens.sensor.half_diagonal_px();
  std::vector<GainMap> maps;
  for (int phase = 0; phase < 4; ++phase) {
    GainMap map;
    map.top = phase / 2, map.left = phase % 2;
    map.bottom = height, map.right = width;
    map.row_pitch = map.column_pitch = 2;
    map.rows = 13, map.columns = 17;
    map.spacing_y = 1.0 / (map.rows - 1), map.spacing_x = 1.0 / (map.columns - 1);
    const int channel = int(cfa.at(phase % 2, phase / 2));
    for (int row = 0; row < map.rows; ++row)
      for (int column = 0; column < map.columns; ++column) {
        const double x = (map.spacing_x * column - lens.center_x) * width,
                     y = (map.spacing_y * row - lens.center_y) * height;
        map.gains.push_back(float(1 / lens.shading.at(channel, std::hypot(x, y) / half)));
      }
    maps.push_back(std::move(map));
  }
  return maps;
}

RawInfo shot_info(const Camera& camera, const LensProfile& lens, const Shot& shot) {
  const Sensor& sensor = *camera.sensor;
  RawInfo info;
  info.width = sensor.width, info.height = sensor.height;
  info.cfa = sensor.cfa;
  info.crop = {0, 0, sensor.width, sensor.height};
  info.bits = sensor.bits;
  info.black.fill(sensor.black_dn);
  info.white.fill(sensor.white_dn());
  info.color.illuminants = camera.color;
  info.noise = noise_model(
      sensor,
      {.iso = shot.iso, .exposure_s = shot.exposure_s, .temperature_c = shot.temperature_c});
  info.lens.gain_maps = gain_maps(lens, sensor.cfa);
  info.lens.warp = warp_of(lens);
  info.lens.opcode_list_2 = opcode_list_2(info.lens.gain_maps);
  info.lens.opcode_list_3 = opcode_list_3({}, info.lens.warp);
  Metadata& m = info.metadata;
  m.make = camera.make, m.model = camera.model;
  m.software = "Lichtbild";
  m.date_time = shot.date_time;
  m.exposure_time_s = shot.exposure_s;
  m.iso = shot.iso;
  m.f_number = lens.f_number;
  m.focal_length_mm = lens.focal_length_mm;
  m.focal_length_35mm = lens.focal_length_mm * lens.crop_factor();
  return info;
}

}  // namespace lichtbild
