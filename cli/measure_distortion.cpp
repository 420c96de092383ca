// lichtbild measure distortion: a photographed grid against a grid, and its colors against another.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/overlay.h"
#include "measure/distortion.h"

namespace lichtbild::cli {
namespace {

struct DistortionArguments {
  std::string picture, overlay;
  bool json = false;
};

nlohmann::ordered_json to_json(const Deviation& deviation) {
  return {{"rms_px", deviation.rms_px}, {"max_px", deviation.max_px}};
}

// Each crossing, and its way from the grid twenty times as long.
void draw(const MeasuredPicture& picture, const GridDistortion& found, const std::string& path) {
  Overlay overlay(picture);
  constexpr double longer = 20;
  for (const GridCrossing& crossing : found.crossings) {
    const auto [x, y] = crossing.place[1];
    const auto [gx, gy] =
        seen(found.picture_from_grid, {double(crossing.column), double(crossing.row)});
    overlay.cross(x, y, 16, ink_green);
    overlay.line(x, y, x + longer * (x - gx), y + longer * (y - gy), ink_red);
  }
  overlay.write(path);
}

void run(const DistortionArguments& arguments) {
  const MeasuredPicture picture = read_light(arguments.picture);
  const GridDistortion found = grid_distortion(picture.light, picture.channels, arguments.picture);
  if (!arguments.overlay.empty()) draw(picture, found, arguments.overlay);
  if (arguments.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"crossings", found.crossings.size()},
                                              {"from_grid", to_json(found.from_grid)},
                                              {"red_from_green", to_json(found.red_from_green)},
                                              {"blue_from_green", to_json(found.blue_from_green)}}
                           .dump(2));
    return;
  }
  fmt::print("{} crossings\n", found.crossings.size());
  const auto line = [](const char* name, const Deviation& d) {
    fmt::print("{:16} {:7.3f} px RMS, {:7.3f} px at most\n", name, d.rms_px, d.max_px);
  };
  line("from a grid", found.from_grid);
  if (picture.channels.size() < 3) return;
  line("red from green", found.red_from_green);
  line("blue from green", found.blue_from_green);
}

}  // namespace

void add_measure_distortion(CLI::App& measure) {
  auto arguments = std::make_shared<DistortionArguments>();
  CLI::App* verb = measure.add_subcommand(
      "distortion", "A grid of dark lines: distance from a true grid, and lateral color.");
  verb->add_option("PICTURE", arguments->picture,
                   "RAW (each channel by its own samples), EXR, or JPEG, PNG, TIFF, HDR")
      ->required();
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->add_option("--overlay", arguments->overlay,
                   "PNG of the crossings; red: the way from the grid, 20 times as long");
  verb->footer("Example: lichtbild measure distortion photo.exr --overlay crossings.png");
  verb->callback([arguments] { run(*arguments); });
}

}  // namespace lichtbild::cli
