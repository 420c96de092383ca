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
  bool json = false;
};

void run_psnr(const PsnrArguments& arguments) {
  const Psnr result =
      psnr(read_image(arguments.picture), read_image(arguments.reference), crop_of(arguments.crop));
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

void add_measure_psnr(CLI::App& measure) {
  auto arguments = std::make_shared<PsnrArguments>();
  CLI::App* verb = measure.add_subcommand(
      "psnr",
      "Peak signal-to-noise ratio of a picture against a reference, per channel and combined.");
  verb->add_option("PICTURE", arguments->picture, "JPEG, PNG, TIFF or EXR")->required();
  verb->add_option("REFERENCE", arguments->reference, "the same scene without error")->required();
  add_crop(*verb, arguments->crop);
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->callback([arguments] { run_psnr(*arguments); });
}

}  // namespace lichtbild::cli
