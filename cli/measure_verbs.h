// The verbs of `lichtbild measure`, one file each, and what they share.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/matrix.h"
#include "core/raw_frame.h"
#include "measure/channel.h"

namespace lichtbild::cli {

void add_measure_color(CLI::App& measure);
void add_measure_distortion(CLI::App& measure);
void add_measure_edge(CLI::App& measure);
void add_measure_noise(CLI::App& measure);
void add_measure_psnr(CLI::App& measure);
void add_measure_ssim(CLI::App& measure);

// Linear light of a file and its channels: a RAW's mosaic; else a picture: an EXR's numbers as they
// are, of others linear Rec.2020 by their own ICC profile, sRGB without one. Throws Error.
struct MeasuredPicture {
  Image<float> light;
  std::vector<Channel> channels;
  bool is_raw = false;
};
MeasuredPicture read_light(const std::string& path);
// XYZ adapted to D50 from read_light()'s colors of a picture: those an EXR names, else Rec.2020.
Matrix3 xyz_d50_from_light(const std::string& path);
bool is_raw_path(const std::string& path);  // by the suffix
bool is_exr_path(const std::string& path);

// `--crop X,Y,WIDTH,HEIGHT`
CLI::Option* add_crop(CLI::App& verb, std::vector<int>& crop);
std::optional<Crop> crop_of(const std::vector<int>& crop);

}  // namespace lichtbild::cli
