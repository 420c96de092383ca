// lichtbild measure psnr: how far a picture is from a reference.
#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/measure_verbs.h"
#include "measure/measure.h"
#include "picture/picture.h"

namespace lichtbild::cli {
namespace {

struct PsnrArguments {
  std::string picture, reference;
  std::vector<int> crop;
  bool json = false, scale = false;
};

void run_psnr(const PsnrArguments& arguments) {
  Image<float> picture = read_image(arguments.picture);
  const Image<float> reference = read_image(arguments.reference);
  double scale = 1;
  if (arguments.scale) {
    scale = best_scale(picture, reference);
    for (float& v : picture.samples()) v *= float(scale);
  }
  const Psnr result = psnr(picture, reference, crop_of(arguments.crop));
  // JSON has no infinity: equal pictures are null.
  const auto number = [](double db) {
    return std::isfinite(db) ? nlohmann::ordered_json(db) : nlohmann::ordered_json();
  };
  if (arguments.json) {
    nlohmann::ordered_json channels = nlohmann::ordered_json::array();
    for (int c = 0; c < result.channels; ++c) channels.push_back(number(result.channel_db[c]));
    nlohmann::ordered_json out = {{"channel_db", channels},
                                  {"combined_db", number(result.combined_db)}};
    if (arguments.scale) out["scale"] = scale;
    fmt::print("{}\n", out.dump(2));
    return;
  }
  constexpr const char* names[] = {"red", "green", "blue"};
  for (int c = 0; c < result.channels && result.channels == 3; ++c)
    fmt::print("{:9} {:.2f} dB\n", names[c], result.channel_db[c]);
  fmt::print("{:9} {:.2f} dB\n", "combined", result.combined_db);
  if (arguments.scale) fmt::print("{:9} {:.4f}\n", "scale", scale);
}

void run_ssim(const PsnrArguments& arguments) {
  const Ssim result = ssim(read_image(arguments.picture), read_image(arguments.reference));
  if (arguments.json) {
    nlohmann::ordered_json channels = nlohmann::ordered_json::array();
    for (int c = 0; c < result.channels; ++c) channels.push_back(result.channel[c]);
    fmt::print(
        "{}\n",
        nlohmann::ordered_json{{"channel", channels}, {"combined", result.combined}}.dump(2));
    return;
  }
  fmt::print("SSIM {:.5f}\n", result.combined);
}

}  // namespace

void add_measure_psnr(CLI::App& measure) {
  auto arguments = std::make_shared<PsnrArguments>();
  CLI::App* verb = measure.add_subcommand(
      "psnr",
      "Peak signal-to-noise ratio of a picture against a reference, per channel and combined.");
  verb->add_option("PICTURE", arguments->picture, "JPEG, PNG, TIFF or EXR")->required();
  verb->add_option("REFERENCE", arguments->reference, "the same scene without error")->required();
  add_crop(*verb, arguments->crop);
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->add_flag("--scale", arguments->scale,
                 "first bring the picture's exposure to the reference's, by least squares");
  verb->footer("Example: lichtbild measure psnr photo.exr truth.exr --scale");
  verb->callback([arguments] { run_psnr(*arguments); });
}

void add_measure_ssim(CLI::App& measure) {
  auto arguments = std::make_shared<PsnrArguments>();
  CLI::App* verb = measure.add_subcommand(
      "ssim", "Structural similarity of a picture and a reference (Wang et al. 2004).");
  verb->add_option("PICTURE", arguments->picture, "JPEG, PNG, TIFF or EXR")->required();
  verb->add_option("REFERENCE", arguments->reference, "the same scene without error")->required();
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->footer("Example: lichtbild measure ssim photo.png reference.png");
  verb->callback([arguments] { run_ssim(*arguments); });
}

}  // namespace lichtbild::cli
