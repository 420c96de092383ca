#include "develop/white_balance.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "develop/camera_color.h"

namespace lichtbild {
namespace {

const std::map<std::string, Temperature, std::less<>> presets = {
    {"daylight", {5500, 8}}, {"shade", {7500, 10}},       {"cloudy", {6500, 10}},
    {"tungsten", {2850, 0}}, {"fluorescent", {3900, 20}}, {"flash", {5500, 0}},
};

std::optional<double> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

WhiteBalance white_balance_from(const std::string& text) {
  if (text == "as-shot") return {};
  if (text == "auto") return {WhiteBalance::Kind::automatic, {}};
  if (const auto preset = presets.find(text); preset != presets.end())
    return {WhiteBalance::Kind::temperature, preset->second};
  const std::size_t comma = text.find(',');
  const auto kelvin = number(std::string_view(text).substr(0, comma));
  const auto tint =
      comma == std::string::npos ? 0.0 : number(std::string_view(text).substr(comma + 1));
  if (!kelvin || !tint || !(*kelvin >= 1500 && *kelvin <= 50000) || !(std::abs(*tint) <= 150)) {
    std::string names = "as-shot, auto";
    for (const auto& [name, temperature] : presets) names += ", " + name;
    throw Error(
        "--white-balance " + text, "is not a white balance",
        "use " + names + ", or KELVIN[,TINT] with 1500 to 50000 K and a tint of -150 to 150");
  }
  return {WhiteBalance::Kind::temperature, {*kelvin, *tint}};
}

Chromaticity estimate_white(const RawFrame& frame) {
  constexpr int step = 4;  // one quad in sixteen
  constexpr double norm = 6;
  const Image<float>& mosaic = frame.mosaic;
  Vector3 flat{}, edges{};
  for (int y = 0; y + 2 * step + 1 < mosaic.height(); y += 2 * step)
    for (int x = 0; x + 2 * step + 1 < mosaic.width(); x += 2 * step) {
      Vector3 here{}, there{};
      bool clipped = false;
      for (int place = 0; place < 4; ++place) {
        const int c = int(frame.info.cfa.colors[place]), dx = place % 2, dy = place / 2;
        const double share = c == int(CfaColor::green) ? 0.5 : 1;
        const float limit = float(0.9 * frame.info.clip[c]);
        clipped |= mosaic(x + dx, y + dy) > limit || mosaic(x + dx + 2 * step, y + dy) > limit;
        here[c] += share * std::max(mosaic(x + dx, y + dy), 0.0f);
        there[c] += share * std::max(mosaic(x + dx + 2 * step, y + dy), 0.0f);
      }
      if (clipped) continue;
      for (int c = 0; c < 3; ++c) {
        flat[c] += std::pow(here[c], norm);
        edges[c] += std::pow(std::abs(here[c] - there[c]), norm);
      }
    }
  Vector3 neutral;
  for (int c = 0; c < 3; ++c)
    neutral[c] = std::sqrt(std::pow(flat[c], 1 / norm) * std::pow(edges[c], 1 / norm)) + 1e-6;
  const Temperature seen = temperature_from_chromaticity(
      white_from_neutral(frame.info.color, {neutral[0] / neutral[1], 1, neutral[2] / neutral[1]}));
  return chromaticity_from_temperature(
      {std::clamp(seen.kelvin, 2300.0, 10000.0), std::clamp(seen.tint, -20.0, 20.0)});
}

White choose_white(const RawFrame& frame, const WhiteBalance& choice) {
  const CameraColor& color = frame.info.color;
  if (choice.kind == WhiteBalance::Kind::as_shot)
    return {white_from_neutral(color, color.as_shot_neutral), color.as_shot_neutral};
  const Chromaticity white = choice.kind == WhiteBalance::Kind::automatic
                                 ? estimate_white(frame)
                                 : chromaticity_from_temperature(choice.temperature);
  return {white, neutral_from_white(color, white)};
}

}  // namespace lichtbild
