// lichtbild measure noise: photon transfer from pairs of even RAW frames.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/measure_verbs.h"
#include "core/error.h"
#include "measure/photon_transfer.h"
#include "raw/raw.h"

namespace lichtbild::cli {
namespace {

struct NoiseArguments {
  std::vector<std::string> frames;
  bool json = false;
};

struct Result {
  PhotonTransfer transfer;
  // Of each pair: the variance that NoiseProfile says over the one that was measured.
  std::vector<double> profile_ratio;
};

// Frames in pairs, in the order given.
Result measured(const NoiseArguments& arguments, CfaColor color) {
  if (arguments.frames.size() < 4 || arguments.frames.size() % 2 != 0)
    throw Error(fmt::format("{} frames", arguments.frames.size()), "are not two pairs or more",
                "give two frames of each exposure, one pair after the other");
  std::vector<TransferPoint> points;
  Result result;
  double scale_dn = 0;
  for (std::size_t i = 0; i < arguments.frames.size(); i += 2) {
    const RawFrame a = read_raw(arguments.frames[i]), b = read_raw(arguments.frames[i + 1]);
    if (a.info.width != b.info.width || a.info.height != b.info.height)
      throw Error(b.info.path, "differs in size from its pair", "give frames of one camera");
    const int c = int(color);
    scale_dn = a.info.white[c] - a.info.black[c];
    const TransferPoint p = transfer_point(a.mosaic, b.mosaic, a.info.cfa, color, scale_dn);
    points.push_back(p);
    if (a.info.noise)
      result.profile_ratio.push_back(
          scale_dn * scale_dn *
          (a.info.noise->scale[c] * p.signal_dn / scale_dn + a.info.noise->offset[c]) /
          p.variance_dn2);
  }
  result.transfer = photon_transfer(points);
  return result;
}

void run(const NoiseArguments& arguments) {
  constexpr const char* names[] = {"red", "green", "blue"};
  nlohmann::ordered_json out;
  if (!arguments.json)
    fmt::print(
        "           electrons/number   read noise e-   full well e-   NoiseProfile / measured\n");
  for (const CfaColor color : {CfaColor::red, CfaColor::green, CfaColor::blue}) {
    const Result r = measured(arguments, color);
    const std::string name = names[int(color)];
    out[name] = {{"electrons_per_dn", r.transfer.electrons_per_dn},
                 {"read_noise_e", r.transfer.read_noise_e},
                 {"full_well_e", r.transfer.full_well_e},
                 {"noise_profile_ratio", r.profile_ratio}};
    if (arguments.json) continue;
    fmt::print("{:8} {:14.4f} {:16.3f} {:15.0f}   ", name, r.transfer.electrons_per_dn,
               r.transfer.read_noise_e, r.transfer.full_well_e);
    for (const double ratio : r.profile_ratio) fmt::print(" {:.3f}", ratio);
    fmt::print("\n");
  }
  if (arguments.json) fmt::print("{}\n", out.dump(2));
}

}  // namespace

void add_measure_noise(CLI::App& measure) {
  auto a = std::make_shared<NoiseArguments>();
  CLI::App* verb = measure.add_subcommand(
      "noise", "Gain, read noise and full well from pairs of even RAW frames (photon transfer).");
  verb->add_option("FRAME", a->frames, "two frames of each exposure, pair after pair")->required();
  verb->add_flag("--json", a->json, "one JSON object on stdout");
  verb->footer(
      "Example: lichtbild measure noise dark1.dng dark2.dng mid1.dng mid2.dng bright1.dng "
      "bright2.dng");
  verb->callback([a] { run(*a); });
}

}  // namespace lichtbild::cli
