#include "cli/lens_profile.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "camera_file.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "optics/files/lens_files.h"
#include "optics/profile/profile.h"
#include "optics/profile/profile_files.h"
#include "raw/opcodes.h"
#include "shot_info.h"

namespace lichtbild::cli {
namespace {

using namespace optics;

struct ProfileArguments {
  std::string lens, camera, output, gain_maps;
  std::vector<std::string> catalogs;
  ProfileSensor sensor;
  ProfileOptions options;
  bool json = false;
};

constexpr const char* channel_names[] = {"red", "green", "blue"};

// What the profile says at the sensor's corner.
struct Corner {
  double ideal = 0, distortion_percent = 0;
  double lateral_color_px[3] = {};  // against green
};

Corner corner_of(const LensProfile& p) {
  Corner corner;
  corner.ideal = p.geometry.ideal_from_real(1, 1);
  corner.distortion_percent = 100 * (1 / corner.ideal - 1);
  for (int c = 0; c < 3; ++c)
    corner.lateral_color_px[c] =
        (p.geometry.real_from_ideal(c, corner.ideal) - 1) * p.sensor.half_diagonal_px();
  return corner;
}

// Over all kernels of a channel.
double least_enclosed(const LensProfile& p, int channel) {
  double least = 1;
  for (const PsfKernel& kernel : p.psf.kernel[channel]) least = std::min(least, kernel.enclosed);
  return least;
}

nlohmann::ordered_json to_json(const LensProfile& p) {
  const Corner corner = corner_of(p);
  const DngModel dng = fit_dng(p);
  const LensfunModel lensfun = fit_lensfun(p);
  nlohmann::ordered_json out = {{"title", p.title},
                                {"focal_length_mm", p.focal_length_mm},
                                {"f_number", p.f_number},
                                {"crop_factor", p.crop_factor()},
                                {"image_circle_mm", p.image_circle_mm},
                                {"sensor",
                                 {{"pixel_um", p.sensor.pixel_um},
                                  {"width_px", p.sensor.width_px},
                                  {"height_px", p.sensor.height_px},
                                  {"diagonal_mm", 2 * p.sensor.half_diagonal_mm()}}},
                                {"corner_distortion_percent", corner.distortion_percent},
                                {"channels", nlohmann::ordered_json::array()},
                                {"residuals",
                                 {{"geometry_px", p.geometry.largest_residual_px},
                                  {"shading", p.shading.largest_residual},
                                  {"dng_warp_px", dng.warp_residual_px},
                                  {"lensfun_distortion_px", lensfun.distortion_residual_px},
                                  {"lensfun_tca_px", lensfun.tca_residual_px},
                                  {"lensfun_vignetting", lensfun.vignetting_residual}}}};
  for (int c = 0; c < 3; ++c)
    out["channels"].push_back({{"name", channel_names[c]},
                               {"corner_lateral_color_px", corner.lateral_color_px[c]},
                               {"corner_illumination", p.shading.illumination[c].back()},
                               {"least_enclosed_psf", least_enclosed(p, c)}});
  return out;
}

void print(const LensProfile& p, const std::string& name) {
  const Corner corner = corner_of(p);
  fmt::print("{}\n", p.title.empty() ? name : p.title);
  fmt::print("  image circle          {:12.5g} mm, the sensor's diagonal {:.5g} mm\n",
             p.image_circle_mm, 2 * p.sensor.half_diagonal_mm());
  fmt::print("  focal length          {:12.5g} mm, crop factor {:.4g}\n", p.focal_length_mm,
             p.crop_factor());
  fmt::print("  distortion            {:12.4f} % in the corner, polynomial good to {:.3g} px\n",
             corner.distortion_percent, p.geometry.largest_residual_px);
  fmt::print("  lateral color         {:12.4f} px red, {:.4f} px blue in the corner\n",
             corner.lateral_color_px[0], corner.lateral_color_px[2]);
  fmt::print("  illumination          {:12.2f} % in the corner, polynomial good to {:.2g} %\n",
             100 * p.shading.illumination[1].back(), 100 * p.shading.largest_residual);
  fmt::print(
      "  blur                  {} x {} cells of 1/{} px at {} radii; {:.1f} % of the light "
      "or more inside\n",
      p.psf.size, p.psf.size, p.psf.oversampling, p.psf.radius.size(),
      100 * std::min({least_enclosed(p, 0), least_enclosed(p, 1), least_enclosed(p, 2)}));
}

LensProfile traced(ProfileArguments& arguments) {
  Catalog catalog = read_catalog(data_folder() + "/glass");
  for (const std::string& file : arguments.catalogs) catalog.add_agf(file);
  const Lens lens = read_lens(arguments.lens);
  ProgressLine line(arguments.lens);
  arguments.options.progress = [&](double share) { line.show("tracing", share); };
  return profile(lens, catalog, arguments.lens, arguments.sensor, arguments.options);
}

// The camera's own profile, as `shoot` and `develop --camera` use it.
LensProfile of_camera(const Camera& camera) {
  ProgressLine line(camera.path);
  return camera_lens(camera, data_folder(),
                     [&](double share) { line.show("tracing the lens", share); });
}

void run_profile(ProfileArguments arguments) {
  for (const std::string& file : {arguments.output, arguments.gain_maps})
    if (!file.empty()) check_folder_of(file);
  LensProfile result;
  if (arguments.camera.empty()) {
    if (arguments.lens.empty() || arguments.sensor.width_px == 0)
      throw Error("lens profile", "no lens and sensor are given",
                  "give LENS with --pixel-um, --width and --height, or --camera");
    result = traced(arguments);
  } else {
    const Camera camera = read_camera(arguments.camera);
    if (!arguments.gain_maps.empty() && !camera.sensor)
      throw Error(camera.path, "the camera has no [sensor]",
                  "the gain maps are for the colors of its filter: describe it");
    result = of_camera(camera);
    if (!arguments.gain_maps.empty()) {
      const auto list = opcode_list_2(gain_maps(result, camera.sensor->cfa));
      write_file(arguments.gain_maps, {reinterpret_cast<const char*>(list.data()), list.size()});
    }
  }
  if (!arguments.output.empty()) write_profile(result, arguments.output);
  if (arguments.json)
    fmt::print("{}\n", to_json(result).dump(2));
  else
    print(result, arguments.camera.empty() ? arguments.lens : arguments.camera);
}

}  // namespace

void add_lens_profile(CLI::App& lens) {
  auto arguments = std::make_shared<ProfileArguments>();
  CLI::App* verb = lens.add_subcommand(
      "profile", "Distortion, lateral color, shading and blur on a sensor, as a file.");
  CLI::Option* lens_file = verb->add_option("LENS", arguments->lens,
                                            "a .lens.toml, .zmx, .seq or OpticalBench .txt file");
  CLI::Option* pixel =
      verb->add_option("--pixel-um", arguments->sensor.pixel_um, "pixel pitch in micrometers")
          ->check(CLI::Range(0.1, 100.0));
  CLI::Option* width = verb->add_option("--width", arguments->sensor.width_px, "pixels across")
                           ->check(CLI::Range(16, 65536));
  CLI::Option* height = verb->add_option("--height", arguments->sensor.height_px, "pixels down")
                            ->check(CLI::Range(16, 65536));
  pixel->needs(width)->needs(height), width->needs(pixel), height->needs(pixel);
  CLI::Option* camera = verb->add_option("--camera", arguments->camera,
                                         "NAME.camera.toml: its lens on its sensor, as `shoot` and "
                                         "`develop` use it, instead of LENS and pixels")
                            ->excludes(lens_file)
                            ->excludes(pixel);
  verb->add_option("--gain-maps", arguments->gain_maps,
                   "with --camera: DNG's OpcodeList2, a GainMap for each color of the filter")
      ->needs(camera);
  verb->add_option("-o,--output", arguments->output,
                   "profile as .toml or .json, lensfun's .xml, or DNG's OpcodeList3 as .opcodes");
  verb->add_option("--psf-radius", arguments->options.psf_radius_px,
                   "pixels that a blur kernel reaches to either side")
      ->check(CLI::Range(1, 64));
  verb->add_option("--psf-points", arguments->options.psf_points, "radii with a blur kernel")
      ->check(CLI::Range(2, 65));
  verb->add_option("--psf-oversampling", arguments->options.psf_oversampling,
                   "cells of a blur kernel to a pixel's side")
      ->check(CLI::Range(1, 8));
  verb->add_option("--catalog", arguments->catalogs,
                   "AGF file of glasses, searched before the shipped ones");
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->callback([arguments] { run_profile(*arguments); });
}

}  // namespace lichtbild::cli
