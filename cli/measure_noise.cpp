// lichtbild measure noise: photon transfer from flat pairs; or a picture's: of a ColorChecker's
// patches, or of a part of it that is even.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "cli/checker_reference.h"
#include "cli/json.h"
#include "cli/overlay.h"
#include "cli/verbs.h"
#include "core/color.h"
#include "core/error.h"
#include "measure/noise.h"
#include "measure/visual_noise.h"
#include "raw/raw.h"

namespace lichtbild::cli {
namespace {

struct NoiseArguments {
  std::vector<std::string> files;
  std::string overlay;
  double pixels_per_degree = 40;
  std::vector<int> crop;
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

nlohmann::ordered_json to_json(const VisualNoise& noise) {
  return {{"visual_noise", noise.value()},
          {"l_deviation", noise.lightness},
          {"u_deviation", noise.u},
          {"v_deviation", noise.v}};
}

std::string to_text(const VisualNoise& noise) {
  return fmt::format("visual noise {:5.2f} (L* {:.2f}, u* {:.2f}, v* {:.2f})", noise.value(),
                     noise.lightness, noise.u, noise.v);
}

// Of a part of a picture; nothing where it is too small to tell.
std::optional<VisualNoise> noise_of(const MeasuredPicture& picture, const Matrix3& xyz_from_picture,
                                    const Crop& part, double pixels_per_degree) {
  constexpr int least_side = 24;
  if (part.width < least_side || part.height < least_side) return {};
  Image<float> xyz(part.width, part.height, 3);
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x) {
      Vector3 light;
      for (int c = 0; c < 3; ++c)
        light[c] = picture.light(part.x + x, part.y + y, std::min(c, picture.light.planes() - 1));
      const Vector3 v = xyz_from_picture * light;
      for (int c = 0; c < 3; ++c) xyz(x, y, c) = float(v[c]);
    }
  return visual_noise(xyz, pixels_per_degree);
}

// A square in the middle of a patch, at most so large that its transform is quick.
Crop middle_of(const FoundChecker& found, int patch) {
  constexpr double share = 0.45;
  constexpr int largest = 128;
  const int i = patch % checker_columns, j = patch / checker_columns;
  const double column = i, row = j;
  const Point at = seen(found.picture_from_chart, {column, row}),
              right = seen(found.picture_from_chart, {column + 0.5, row}),
              below = seen(found.picture_from_chart, {column, row + 0.5});
  const double pitch = 2 * std::min(std::hypot(right[0] - at[0], right[1] - at[1]),
                                    std::hypot(below[0] - at[0], below[1] - at[1]));
  const int side = std::min(int(share * pitch), largest);
  return {int(at[0]) - side / 2, int(at[1]) - side / 2, side, side};
}

void run_patches(const NoiseArguments& arguments) {
  const std::string& path = arguments.files.front();
  const CheckerReference reference = read_checker_reference(data_folder());
  const MeasuredPicture picture = read_light(path);
  const Matrix3 to_xyz = adapt(white_d50, white_d65) * xyz_d50_from_light(path);
  const FoundChecker found = find_color_checker(picture.light, reference.xyz_d50, path);
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (int i = 0; i < checker_patches; ++i) {
    Vector3 db;
    for (int c = 0; c < 3; ++c)
      db[c] = 20 * std::log10(std::max(found.mean[i][c], 1e-12) /
                              std::max(found.deviation[i][c], 1e-12));
    const auto noise = noise_of(picture, to_xyz, middle_of(found, i), arguments.pixels_per_degree);
    nlohmann::ordered_json patch{
        {"name", reference.names[i]}, {"mean", found.mean[i]}, {"snr_db", db}};
    if (noise) patch.update(to_json(*noise));
    json.push_back(patch);
    if (!arguments.json)
      fmt::print("{:14} SNR {:5.1f} {:5.1f} {:5.1f} dB   {}\n", reference.names[i], db[0], db[1],
                 db[2], noise ? to_text(*noise) : "too small for visual noise");
  }
  if (!arguments.overlay.empty()) {
    Overlay overlay(picture);
    draw_checker(overlay, found);
    overlay.write(arguments.overlay);
  }
  if (arguments.json)
    fmt::print("{}\n", nlohmann::ordered_json{{"pixels_per_degree", arguments.pixels_per_degree},
                                              {"patches", json}}
                           .dump(2));
}

void run_crop(const NoiseArguments& arguments) {
  const std::string& path = arguments.files.front();
  const MeasuredPicture picture = read_light(path);
  const Crop part = *crop_of(arguments.crop);
  if (part.x < 0 || part.y < 0 || part.x + part.width > picture.light.width() ||
      part.y + part.height > picture.light.height())
    throw Error("--crop",
                fmt::format("reaches beyond the picture of {} x {}", picture.light.width(),
                            picture.light.height()),
                "choose a part inside");
  constexpr int largest = 512;
  if (part.width > largest || part.height > largest)
    throw Error("--crop", fmt::format("is larger than {} x {}", largest, largest),
                "choose a smaller part that is even");
  const auto noise = noise_of(picture, adapt(white_d50, white_d65) * xyz_d50_from_light(path), part,
                              arguments.pixels_per_degree);
  if (!noise)
    throw Error("--crop", "is too small to tell the noise", "choose at least 24 x 24 pixels");
  if (!arguments.json) {
    fmt::print("{}\n", to_text(*noise));
    return;
  }
  nlohmann::ordered_json json{{"pixels_per_degree", arguments.pixels_per_degree}};
  json.update(to_json(*noise));
  fmt::print("{}\n", json.dump(2));
}

void run(const NoiseArguments& arguments) {
  const bool one_picture = arguments.files.size() == 1 && !is_raw_path(arguments.files.front());
  if (!one_picture && !arguments.crop.empty())
    throw Error("--crop", "is for one developed picture",
                "leave it out, or develop the RAW file first");
  if (!one_picture)
    run_transfer(arguments);
  else if (arguments.crop.empty())
    run_patches(arguments);
  else
    run_crop(arguments);
}

}  // namespace

void add_measure_noise(CLI::App& measure) {
  auto arguments = std::make_shared<NoiseArguments>();
  CLI::App* verb = measure.add_subcommand(
      "noise",
      "Gain, read noise and full well by photon transfer; or SNR and visual noise of a picture.");
  verb->add_option("FILES", arguments->files,
                   "RAW frames of a flat field, two of each exposure, one ISO; or one picture of a "
                   "ColorChecker")
      ->required();
  add_crop(*verb, arguments->crop);
  verb->add_option("--pixels-per-degree", arguments->pixels_per_degree,
                   "how the picture is looked at, for visual noise: 40 is a monitor of 96 dpi at "
                   "60 cm, pixel by pixel")
      ->check(CLI::Range(1.0, 1000.0))
      ->capture_default_str();
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->add_option("--overlay", arguments->overlay, "PNG of the patches found in a picture");
  verb->footer(
      "Examples: lichtbild measure noise flat/*.dng\n"
      "          lichtbild measure noise photo.jpg --crop 200,300,128,128");
  verb->callback([arguments] { run(*arguments); });
}

}  // namespace lichtbild::cli
