// lichtbild shoot: a described camera takes a burst of a scene.
#include <fmt/core.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "camera.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "core/stopwatch.h"

namespace lichtbild::cli {
namespace {

struct ShootArguments {
  std::string camera, scene, folder;
  ShootOptions options;
  std::vector<double> depth_range;
  bool shake = false, no_noise = false, json = false;
};

nlohmann::ordered_json to_json(const ShootReport& report, double seconds) {
  nlohmann::ordered_json frames = nlohmann::ordered_json::array();
  for (const auto& frame : report.frames)
    frames.push_back({{"path", frame.path}, {"exposure_s", frame.exposure_s}, {"iso", frame.iso}});
  nlohmann::ordered_json out = {{"frames", frames},
                                {"width", report.width},
                                {"height", report.height},
                                {"electrons_per_second", report.electrons_per_second},
                                {"scene_not_finite", report.not_finite},
                                {"scene_negative", report.negative},
                                {"seconds",
                                 {{"lens", report.lens_s},
                                  {"paint", report.paint_s},
                                  {"blur", report.blur_s},
                                  {"frames", report.frames_s},
                                  {"total", seconds}}}};
  if (!report.truth.empty()) out["truth"] = report.truth;
  return out;
}

void run(ShootArguments& arguments) {
  ShootOptions& options = arguments.options;
  if (arguments.shake && options.shake == 0) options.shake = 1;
  options.noise = !arguments.no_noise;
  if (!arguments.depth_range.empty())
    options.depth_range = {arguments.depth_range[0], arguments.depth_range[1]};
  if (!options.bracket_stops.empty() && options.frames == 1)
    options.frames = int(options.bracket_stops.size());
  Stopwatch watch;
  const Camera camera = read_camera(arguments.camera);
  ShootReport report;
  {
    ProgressLine line(arguments.folder);
    report = shoot(camera, arguments.scene, arguments.folder, options, data_folder(),
                   [&](const std::string& stage, double share) { line.show(stage, share); });
  }
  const double seconds = watch.lap();
  if (report.not_finite > 0 || report.negative > 0)
    fmt::print(stderr, "{}: {} samples were NaN or infinite and {} negative; they count as black\n",
               arguments.scene, report.not_finite, report.negative);
  const auto& first = report.frames.front();
  fmt::print(stderr, "{}: {} frames of {} x {}, {:.4g} s at ISO {:.0f}, {:.2f} s\n",
             arguments.folder, report.frames.size(), report.width, report.height, first.exposure_s,
             first.iso, seconds);
  if (arguments.json) fmt::print("{}\n", to_json(report, seconds).dump(2));
}

}  // namespace

void add_shoot(CLI::App& app) {
  auto a = std::make_shared<ShootArguments>();
  ShootOptions& o = a->options;
  CLI::App* verb =
      app.add_subcommand("shoot", "Take RAW frames of a scene with a camera that is described.");
  verb->add_option("CAMERA", a->camera, "NAME.camera.toml")->required();
  verb->add_option("SCENE", a->scene,
                   "OpenEXR, Radiance HDR, PNG, JPEG or TIFF; or chart:color, chart:edges, "
                   "chart:star, chart:grid, chart:wedge, chart:flat, chart:leaves")
      ->required();
  verb->add_option("-o,--output", a->folder, "folder for frame_000.dng and on")->required();
  verb->add_option("--frames", o.frames, "how many")
      ->check(CLI::Range(1, 50))
      ->capture_default_str();
  verb->add_flag("--shake", a->shake, "hold the camera in a hand: frames differ and blur");
  verb->add_option("--shake-strength", o.shake, "of the hand, 1 is a usual one")
      ->check(CLI::Range(0.0, 10.0));
  verb->add_option("--bracket", o.bracket_stops, "exposure of each frame in stops: -2,0,2")
      ->delimiter(',')
      ->check(CLI::Range(-10.0, 10.0));
  verb->add_option("--iso", o.iso, "instead of a metered one")->check(CLI::Range(1.0, 1e6));
  verb->add_option("--exposure", o.exposure_s, "seconds, instead of metered ones")
      ->check(CLI::Range(1e-7, 3600.0));
  verb->add_option("--illuminant", o.illuminant, "of the scene: D65, A, LED-B3, F11, ...")
      ->capture_default_str();
  verb->add_option("--lux", o.illuminance_lux, "illuminance of the scene")
      ->check(CLI::Range(1e-4, 1e6))
      ->capture_default_str();
  verb->add_option(
          "--distance", o.distance_mm,
          "of the scene in mm, for the hand's shifts; where the lens is focused if not given")
      ->check(CLI::Range(1.0, 1e9));
  verb->add_option("--depth", o.depth,
                   "depth map of the scene, for defocus: an EXR whose channel Z holds meters along "
                   "the axis, or a gray picture with --depth-range");
  verb->add_option("--depth-range", a->depth_range,
                   "NEAR,FAR in meters: what 0 and the largest code value of the depth map mean")
      ->delimiter(',')
      ->expected(2)
      ->check(CLI::Range(1e-3, 1e6));
  verb->add_option("--temperature", o.temperature_c, "of the sensor in Celsius")
      ->check(CLI::Range(-60.0, 120.0))
      ->capture_default_str();
  verb->add_option("--seed", o.seed, "of noise and hand: the same seed gives the same bits")
      ->capture_default_str();
  verb->add_option("--date", o.date_time, "YYYY:MM:DD HH:MM:SS for the files, instead of now");
  verb->add_option("--truth", o.truth,
                   "write the ideal photograph, without lens and noise, as EXR");
  verb->add_flag("--no-noise", a->no_noise, "electrons and converter as if they were perfect");
  verb->add_flag("--json", a->json, "what was taken, and how long it took, on stdout");
  verb->footer(
      "Example: lichtbild shoot data/cameras/main.camera.toml scene.exr --frames 8 --shake -o "
      "burst "
      "--truth truth.exr");
  verb->callback([a] { run(*a); });
}

}  // namespace lichtbild::cli
