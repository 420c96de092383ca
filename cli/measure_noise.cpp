// lichtbild measure noise: photon transfer from flat pairs; or signal to noise of a ColorChecker.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "cli/checker_reference.h"
#include "cli/json.h"
#include "cli/overlay.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "measure/noise.h"
#include "raw/raw.h"

namespace lichtbild::cli {
namespace {

struct NoiseArguments {
  std::vector<std::string> files;
  std::string overlay;
  bool json = false;
};

struct MeasuredChannel {
  std::string name;
  PhotonTransfer transfer;
  // Largest relative difference of the file's NoiseProfile to the measured line over the signals
  // 0.01 to 1.
  std::optional<double> profile_error;
};

// Two files each of one exposure time and ISO; what is left over is not used.
std::vector<std::array<std::string, 2>> pairs_of(const std::vector<std::string>& files) {
  std::map<std::pair<double, double>, std::vector<std::string>> groups;
  for (const std::string& file : files) {
    const Metadata metadata = read_info(file).metadata;
    groups[{metadata.exposure_time_s, metadata.iso}].push_back(file);
  }
  if (std::ranges::any_of(groups, [&](const auto& group) {
        return group.first.second != groups.begin()->first.second;
      }))
    throw Error(files.front(), "the frames are of more than one ISO", "measure each ISO by itself");
  std::vector<std::array<std::string, 2>> pairs;
  for (const auto& [exposure, group] : groups)
    for (std::size_t i = 0; i + 1 < group.size(); i += 2) pairs.push_back({group[i], group[i + 1]});
  if (pairs.empty())
    throw Error(files.front(), "no two frames have the same exposure",
                "give pairs of a flat field at several exposures");
  return pairs;
}

double profile_error(const NoiseModel& profile, int channel, const PhotonTransfer& transfer) {
  double worst = 0;
  for (const double signal : {0.01, 0.1, 0.3, 1.0}) {
    const double measured = transfer.scale * signal + transfer.offset;
    const double told = profile.scale[channel] * signal + profile.offset[channel];
    worst = std::max(worst, std::abs(told / measured - 1));
  }
  return worst;
}

std::vector<MeasuredChannel> measured_channels(const std::vector<std::string>& files) {
  const auto pairs = pairs_of(files);
  std::array<std::vector<TransferPoint>, 3> points;
  for (const auto& [one, other] : pairs) {
    const RawFrame a = read_raw(one), b = read_raw(other);
    const std::vector<Channel> channels = channels_of(a.info.cfa);
    for (int c = 0; c < 3; ++c)
      for (const TransferPoint& p : transfer_points(a.mosaic, b.mosaic, channels[c]))
        points[c].push_back(p);
  }
  const RawInfo info = read_info(pairs.front()[0]);
  std::vector<MeasuredChannel> out;
  const std::vector<Channel> channels = channels_of(info.cfa);
  for (int c = 0; c < 3; ++c) {
    MeasuredChannel measured{
        channels[c].name,
        photon_transfer(points[c], info.white[c] - info.black[c], info.clip[c]),
        {}};
    if (info.noise) measured.profile_error = profile_error(*info.noise, c, measured.transfer);
    out.push_back(std::move(measured));
  }
  return out;
}

void run_transfer(const NoiseArguments& arguments) {
  const std::vector<MeasuredChannel> channels = measured_channels(arguments.files);
  nlohmann::ordered_json json;
  for (const auto& [name, t, error] : channels) {
    json[name] = {{"gain_e_per_dn", t.gain_e_per_dn},
                  {"read_noise_e", t.read_noise_e},
                  {"full_well_e", number_or_null(t.full_well_e)},
                  {"scale", t.scale},
                  {"offset", t.offset},
                  {"noise_profile_error", number_or_null(error)},
                  {"tiles", t.tiles}};
    if (arguments.json) continue;
    fmt::print("{:6} gain {:.4f} e/DN, read noise {:.2f} e, full well {}, NoiseProfile {}\n", name,
               t.gain_e_per_dn, t.read_noise_e,
               t.full_well_e ? fmt::format("{:.0f} e", *t.full_well_e) : "not reached",
               error ? fmt::format("off by up to {:.1f} %", 100 * *error) : "absent");
  }
  if (arguments.json) fmt::print("{}\n", json.dump(2));
}

void run_patches(const NoiseArguments& arguments) {
  const std::string& path = arguments.files.front();
  const CheckerReference reference = read_checker_reference(data_folder());
  const MeasuredPicture picture = read_light(path);
  const FoundChecker found = find_color_checker(picture.light, reference.xyz_d50, path);
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (int i = 0; i < checker_patches; ++i) {
    Vector3 db;
    for (int c = 0; c < 3; ++c)
      db[c] = 20 * std::log10(std::max(found.mean[i][c], 1e-12) /
                              std::max(found.deviation[i][c], 1e-12));
    json.push_back({{"name", reference.names[i]}, {"mean", found.mean[i]}, {"snr_db", db}});
    if (!arguments.json)
      fmt::print("{:14} SNR {:5.1f} {:5.1f} {:5.1f} dB\n", reference.names[i], db[0], db[1], db[2]);
  }
  if (!arguments.overlay.empty()) {
    Overlay overlay(picture);
    draw_checker(overlay, found);
    overlay.write(arguments.overlay);
  }
  if (arguments.json) fmt::print("{}\n", nlohmann::ordered_json{{"patches", json}}.dump(2));
}

void run(const NoiseArguments& arguments) {
  if (arguments.files.size() == 1 && !is_raw_path(arguments.files.front()))
    run_patches(arguments);
  else
    run_transfer(arguments);
}

}  // namespace

void add_measure_noise(CLI::App& measure) {
  auto arguments = std::make_shared<NoiseArguments>();
  CLI::App* verb = measure.add_subcommand(
      "noise", "Gain, read noise and full well by photon transfer; or a ColorChecker's SNR.");
  verb->add_option("FILES", arguments->files,
                   "RAW frames of a flat field, two of each exposure, one ISO; or one picture of a "
                   "ColorChecker")
      ->required();
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->add_option("--overlay", arguments->overlay, "PNG of the patches found in a picture");
  verb->footer("Example: lichtbild measure noise flat/*.dng");
  verb->callback([arguments] { run(*arguments); });
}

}  // namespace lichtbild::cli
