// lichtbild info: what is in a RAW file.
#include <fmt/core.h>

#include <cmath>

#include "cli/json.h"
#include "cli/verbs.h"
#include "raw/raw.h"

namespace lichtbild::cli {
namespace {

struct InfoArguments {
  std::vector<std::string> files;
  bool json = false;
};

std::string shutter(double seconds) {
  if (seconds <= 0) return "unknown";
  return seconds < 0.3 ? fmt::format("1/{:.0f} s", 1 / seconds) : fmt::format("{:g} s", seconds);
}

void print(const RawInfo& info) {
  const Metadata& m = info.metadata;
  std::string filter;
  for (const CfaColor color : info.cfa.colors) filter += "RGB"[int(color)];
  fmt::print("{}\n", info.path);
  fmt::print("  camera      {} {}\n", m.make, m.model);
  fmt::print("  picture     {} x {}, filter {}, {:g} bit, shown {} x {}\n", info.width, info.height,
             filter, info.bits, info.crop.width, info.crop.height);
  fmt::print("  exposure    {}, ISO {:g}, f/{:g}, {:g} mm\n", shutter(m.exposure_time_s), m.iso,
             m.f_number, m.focal_length_mm);
  if (!m.date_time.empty()) fmt::print("  taken       {}\n", m.date_time);
  if (m.gps)
    fmt::print("  place       {:.5f}, {:.5f}\n", m.gps->latitude_deg, m.gps->longitude_deg);
  fmt::print("  levels      black {:.1f} {:.1f} {:.1f}, white {:.1f} {:.1f} {:.1f}\n",
             info.black[0], info.black[1], info.black[2], info.white[0], info.white[1],
             info.white[2]);
  const Vector3& n = info.color.as_shot_neutral;
  fmt::print("  neutral     {:.4f} {:.4f} {:.4f} as shot\n", n[0], n[1], n[2]);
  for (const auto& i : info.color.illuminants)
    if (i.temperature_kelvin > 0)
      fmt::print("  colors      calibrated at {:.0f} K{}\n", i.temperature_kelvin,
                 i.xyz_d50_from_camera ? ", with forward matrix" : "");
  if (info.noise)
    fmt::print("  noise       variance {:.3g} s + {:.3g} (green)\n", info.noise->scale[1],
               info.noise->offset[1]);
  fmt::print("  lens        {} gain maps{}{}\n", info.lens.gain_maps.size(),
             info.lens.vignette ? ", radial vignette" : "",
             info.lens.warp ? ", rectilinear warp" : "");
}

void run(const InfoArguments& arguments) {
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const std::string& file : arguments.files) {
    const RawInfo info = read_info(file);
    if (arguments.json)
      files.push_back(cli::to_json(info));
    else
      print(info);
  }
  if (arguments.json) fmt::print("{}\n", nlohmann::ordered_json{{"files", files}}.dump(2));
}

}  // namespace

void add_info(CLI::App& app) {
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App* verb = app.add_subcommand(
      "info",
      "Say what is in a RAW file: camera, exposure, levels, colors, noise, lens corrections.");
  verb->add_option("FILE", arguments->files, "RAW files")->required();
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->callback([arguments] { run(*arguments); });
}

}  // namespace lichtbild::cli
