// lichtbild measure color: how far a photographed ColorChecker is from its measured colors.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/checker_reference.h"
#include "cli/overlay.h"
#include "cli/verbs.h"
#include "core/color.h"
#include "core/error.h"

namespace lichtbild::cli {
namespace {

struct CheckerArguments {
  std::string picture, overlay;
  bool json = false;
};

nlohmann::ordered_json to_json(const FoundChecker& found, const ColorErrors& errors,
                               const CheckerReference& reference) {
  nlohmann::ordered_json patches = nlohmann::ordered_json::array();
  for (int i = 0; i < checker_patches; ++i) {
    const int column = i % checker_columns, row = i / checker_columns;
    const auto [x, y] = seen(found.picture_from_chart, {double(column), double(row)});
    patches.push_back({{"name", reference.names[i]},
                       {"x", x},
                       {"y", y},
                       {"mean", found.mean[i]},
                       {"deviation", found.deviation[i]},
                       {"delta_e_2000", errors.delta_e[i]}});
  }
  return {{"delta_e_2000", {{"mean", errors.mean}, {"max", errors.max}}},
          {"exposure_error_stops", errors.exposure_stops},
          {"white_error_ab", errors.white_chroma},
          {"likeness", found.likeness},
          {"patches_seen", found.regions},
          {"patches", patches}};
}

void print(const FoundChecker& found, const ColorErrors& errors,
           const CheckerReference& reference) {
  for (int i = 0; i < checker_patches; ++i)
    fmt::print("{:14} {:6.2f}{}", reference.names[i], errors.delta_e[i],
               i % checker_columns == checker_columns - 1 ? "\n" : "   ");
  fmt::print(
      "delta-E2000 mean {:.2f}, max {:.2f}; exposure {:+.2f} stops; grays off by {:.2f} ab; "
      "{} of 24 patches seen, likeness {:.3f}\n",
      errors.mean, errors.max, errors.exposure_stops, errors.white_chroma, found.regions,
      found.likeness);
}

void run(const CheckerArguments& arguments) {
  if (is_raw_path(arguments.picture))
    throw Error(arguments.picture, "a RAW file has no colors yet", "develop it to .exr first");
  const CheckerReference reference = read_checker_reference(data_folder());
  const MeasuredPicture picture = read_light(arguments.picture);
  const FoundChecker found =
      find_color_checker(picture.light, reference.xyz_d50, arguments.picture);
  const Matrix3 xyz_from_picture = xyz_d50_from_light(arguments.picture);
  PatchColors measured;
  for (int i = 0; i < checker_patches; ++i) measured[i] = xyz_from_picture * found.mean[i];
  const ColorErrors errors =
      color_errors(measured, reference.xyz_d50, xyz_from_chromaticity(white_d50));
  if (!arguments.overlay.empty()) {
    Overlay overlay(picture);
    draw_checker(overlay, found);
    overlay.write(arguments.overlay);
  }
  if (arguments.json)
    fmt::print("{}\n", to_json(found, errors, reference).dump(2));
  else
    print(found, errors, reference);
}

}  // namespace

void add_measure_color(CLI::App& measure) {
  auto arguments = std::make_shared<CheckerArguments>();
  CLI::App* verb = measure.add_subcommand(
      "color", "Color errors of a ColorChecker (24 patches), found by itself.");
  verb->add_option("PICTURE", arguments->picture, "EXR (scene-linear), or JPEG, PNG, TIFF, HDR")
      ->required();
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->add_option("--overlay", arguments->overlay,
                   "PNG of what is averaged; red: the first patch, dark skin");
  verb->footer(
      "Reference: BabelColor's mean of 30 charts, in D50; pictures are adapted by Bradford.\n"
      "Example: lichtbild measure color photo.exr --overlay patches.png");
  verb->callback([arguments] { run(*arguments); });
}

}  // namespace lichtbild::cli
