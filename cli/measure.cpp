// lichtbild measure: what an image is worth.
#include "measure/measure.h"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/measure_verbs.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "picture/picture.h"

namespace lichtbild::cli {
namespace {

struct PsnrArguments {
  std::string picture, reference;
  std::vector<int> crop;
  bool scale = false, json = false;
};

void run_psnr(const PsnrArguments& arguments) {
  std::optional<Crop> crop;
  if (!arguments.crop.empty())
    crop = Crop{arguments.crop[0], arguments.crop[1], arguments.crop[2], arguments.crop[3]};
  Image<float> picture = read_image(arguments.picture);
  const Image<float> reference = read_image(arguments.reference);
  if (arguments.scale) scale_to(reference, crop, picture);
  const Psnr result = psnr(picture, reference, crop);
  // JSON has no infinity: equal pictures are null.
  const auto number = [](double db) {
    return std::isfinite(db) ? nlohmann::ordered_json(db) : nlohmann::ordered_json();
  };
  if (arguments.json) {
    nlohmann::ordered_json channels = nlohmann::ordered_json::array();
    for (int c = 0; c < result.channels; ++c) channels.push_back(number(result.channel_db[c]));
    fmt::print("{}\n", nlohmann::ordered_json{{"channel_db", channels},
                                              {"combined_db", number(result.combined_db)}}
                           .dump(2));
    return;
  }
  constexpr const char* names[] = {"red", "green", "blue"};
  for (int c = 0; c < result.channels && result.channels == 3; ++c)
    fmt::print("{:9} {:.2f} dB\n", names[c], result.channel_db[c]);
  fmt::print("{:9} {:.2f} dB\n", "combined", result.combined_db);
}

}  // namespace

void add_measure(CLI::App& app) {
  CLI::App* measure = app.add_subcommand("measure", "Measure what an image is worth.");
  measure->require_subcommand(1);
  auto arguments = std::make_shared<PsnrArguments>();
  CLI::App* verb = measure->add_subcommand(
      "psnr",
      "Peak signal-to-noise ratio of a picture against a reference, per channel and combined.");
  verb->add_option("PICTURE", arguments->picture, "JPEG, PNG, TIFF or EXR")->required();
  verb->add_option("REFERENCE", arguments->reference, "the same scene without error")->required();
  verb->add_option("--crop", arguments->crop, "X Y WIDTH HEIGHT of the part to compare, in pixels")
      ->expected(4)
      ->delimiter(',');
  verb->add_flag("--scale", arguments->scale,
                 "multiply the picture by the number that brings it nearest: for scene-linear EXR");
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->callback([arguments] { run_psnr(*arguments); });
  add_measure_edge(*measure);
  add_measure_noise(*measure);
}

}  // namespace lichtbild::cli
