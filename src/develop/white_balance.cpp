#include "develop/white_balance.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "develop/camera_color.h"
#include "develop/white_estimate.h"

namespace lichtbild {
namespace {

struct Preset {
  std::string_view name;
  Temperature temperature;
};
constexpr Preset presets[] = {
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

// Camera values, green 1, of the unclipped quads around a place: half a percent of the picture's
// diagonal to each side.
Vector3 neutral_around(const RawFrame& frame, int x, int y) {
  const Image<float>& mosaic = frame.mosaic;
  const int reach = std::max(4, int(0.005 * std::hypot(mosaic.width(), mosaic.height()))) / 2 * 2;
  const auto ends = [&](int at, int size) {
    const int first = std::clamp(at - reach, 0, size - 2) / 2 * 2;
    return std::pair{first, std::clamp(at + reach, first + 2, size) / 2 * 2};
  };
  const auto [left, right] = ends(x, mosaic.width());
  const auto [top, bottom] = ends(y, mosaic.height());
  Vector3 sum{}, count{};
  bool clipped = false;
  for (int j = top; j < bottom; ++j)
    for (int i = left; i < right; ++i) {
      const int c = int(frame.info.cfa.at(i, j));
      clipped |= mosaic(i, j) > 0.98 * frame.info.clip[c];
      sum[c] += mosaic(i, j), ++count[c];
    }
  const Vector3 mean{sum[0] / count[0], sum[1] / count[1], sum[2] / count[2]};
  if (clipped || !(std::min({mean[0], mean[1], mean[2]}) > 1e-4))
    throw Error("--white-balance pick",
                clipped ? "the picture is overexposed there" : "the picture is black there",
                "pick a gray thing that is neither");
  return {mean[0] / mean[1], 1, mean[2] / mean[1]};
}

std::optional<WhiteBalance> picked_from(std::string_view text) {
  constexpr std::string_view start = "pick:";
  const std::size_t comma = text.find(',');
  if (!text.starts_with(start) || comma == std::string_view::npos) return {};
  const auto x = number(text.substr(start.size(), comma - start.size()));
  const auto y = number(text.substr(comma + 1));
  if (!x || !y || !(*x >= 0 && *x < 1e6 && *y >= 0 && *y < 1e6)) return {};
  return WhiteBalance{WhiteBalance::Kind::picked, {}, int(*x), int(*y)};
}

}  // namespace

WhiteBalance white_balance_from(const std::string& text) {
  if (text == "as-shot") return {};
  if (text == "auto") return {.kind = WhiteBalance::Kind::automatic};
  for (const Preset& preset : presets)
    if (preset.name == text)
      return {.kind = WhiteBalance::Kind::temperature, .temperature = preset.temperature};
  if (const auto picked = picked_from(text)) return *picked;
  const std::size_t comma = text.find(',');
  const auto kelvin = number(std::string_view(text).substr(0, comma));
  const auto tint =
      comma == std::string::npos ? 0.0 : number(std::string_view(text).substr(comma + 1));
  if (!kelvin || !tint || !(*kelvin >= 1500 && *kelvin <= 50000) || !(std::abs(*tint) <= 150)) {
    std::string names = "as-shot, auto";
    for (const Preset& preset : presets) names.append(", ").append(preset.name);
    throw Error(
        "--white-balance " + text, "is not a white balance",
        "use " + names +
            ", KELVIN[,TINT] with 1500 to 50000 K and a tint of -150 to 150, or pick:X,Y with a "
            "pixel of the photograph that is to be neutral");
  }
  return {.kind = WhiteBalance::Kind::temperature, .temperature = {*kelvin, *tint}};
}

White choose_white(const RawFrame& frame, const WhiteBalance& choice) {
  const CameraColor& color = frame.info.color;
  if (choice.kind == WhiteBalance::Kind::as_shot)
    return {white_from_neutral(color, color.as_shot_neutral), color.as_shot_neutral};
  if (choice.kind == WhiteBalance::Kind::picked) {
    const Vector3 neutral = neutral_around(frame, choice.x, choice.y);
    return {white_from_neutral(color, neutral), neutral};
  }
  const Chromaticity white = choice.kind == WhiteBalance::Kind::automatic
                                 ? estimate_white(frame)
                                 : chromaticity_from_temperature(choice.temperature);
  return {white, neutral_from_white(color, white)};
}

}  // namespace lichtbild
