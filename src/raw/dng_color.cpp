// The color model of a DNG: matrices for up to two illuminants and the neutral as shot.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/color.h"
#include "core/error.h"
#include "raw/dng_tags.h"

namespace lichtbild {
namespace {

struct LightSource {
  int code;  // EXIF LightSource
  double temperature_kelvin;
};

// Lamps that are given as a range by their middle. The first of a temperature is the one written.
constexpr std::array<LightSource, 20> light_sources{
    {{17, 2850}, {3, 2850},  {24, 3200}, {23, 5000}, {20, 5500}, {1, 5500},  {4, 5500},
     {9, 5500},  {18, 5500}, {21, 6500}, {10, 6500}, {19, 6500}, {22, 7500}, {11, 7500},
     {12, 6400}, {13, 5050}, {14, 4150}, {2, 4150},  {15, 3525}, {16, 2925}}};

// 0: unknown.
double temperature_of(std::int64_t code) {
  const auto* found = std::ranges::find(light_sources, code, &LightSource::code);
  return found == light_sources.end() ? 0 : found->temperature_kelvin;
}

std::optional<Matrix3> read_matrix(const tiff::Reader& file, const tiff::Directory& main, int tag,
                                   const char* name) {
  const auto values = file.numbers(main, std::uint16_t(tag));
  if (values.empty()) return std::nullopt;
  Matrix3 matrix;
  if (values.size() == 9) std::ranges::copy(values, matrix.m.begin());
  if (!matrix.is_invertible())
    throw Error(file.name(), fmt::format("{} is not an invertible 3x3 matrix", name),
                "convert the file again, or correct the tag with exiftool");
  return matrix;
}

CameraColor::Illuminant read_illuminant(const tiff::Reader& file, const tiff::Directory& main,
                                        int index) {
  CameraColor::Illuminant illuminant;
  const auto matrix = read_matrix(file, main, 50721 + index, "ColorMatrix");
  if (!matrix) return illuminant;
  illuminant.camera_from_xyz = *matrix;
  illuminant.xyz_d50_from_camera = read_matrix(file, main, 50964 + index, "ForwardMatrix");
  // A calibration only belongs to a profile of the same signature.
  if (file.text(main, 50931) == file.text(main, 50932))
    if (const auto calibration = read_matrix(file, main, 50723 + index, "CameraCalibration"))
      illuminant.calibration = *calibration;
  const double temperature = temperature_of(tiff::whole(file.number(main, 50778 + index, 0)));
  illuminant.temperature_kelvin = temperature > 0 ? temperature : index == 0 ? 5000 : 0;
  return illuminant;
}

bool is_positive(const Vector3& v) {
  return std::ranges::all_of(v, [](double x) { return std::isfinite(x) && x > 0; });
}

// Camera values of a white of that chromaticity, by the nearer of the two illuminants.
Vector3 neutral_from_white(const CameraColor& color, Chromaticity white) {
  const double kelvin = temperature_from_chromaticity(white).kelvin;
  const auto distance = [&](const auto& set) {
    return set.temperature_kelvin > 0 ? std::abs(1 / set.temperature_kelvin - 1 / kelvin) : 1;
  };
  const auto& set = *std::ranges::min_element(color.illuminants, {}, distance);
  return Matrix3::diagonal(color.analog_balance) * set.calibration * set.camera_from_xyz *
         xyz_from_chromaticity(white);
}

Vector3 read_neutral(const tiff::Reader& file, const tiff::Directory& main,
                     const CameraColor& color) {
  Vector3 neutral{};
  const auto values = file.numbers(main, 50728), white = file.numbers(main, 50729);
  if (values.size() == 3)
    std::ranges::copy(values, neutral.begin());
  else
    neutral =
        neutral_from_white(color, white.size() == 2 ? Chromaticity{white[0], white[1]} : white_d65);
  if (!is_positive(neutral))
    throw Error(file.name(), "AsShotNeutral is not positive in every color",
                "correct the tag, for example with exiftool");
  return {neutral[0] / neutral[1], 1, neutral[2] / neutral[1]};
}

}  // namespace

int light_source_of(double temperature_kelvin) {
  const auto distance = [&](const LightSource& source) {
    return std::abs(1 / source.temperature_kelvin - 1 / temperature_kelvin);
  };
  return std::ranges::min_element(light_sources, {}, distance)->code;
}

CameraColor read_color(const tiff::Reader& file, const tiff::Directory& main) {
  CameraColor color;
  for (int index = 0; index < 2; ++index)
    color.illuminants[index] = read_illuminant(file, main, index);
  if (color.illuminants[0].temperature_kelvin == 0)
    throw Error(file.name(), "has no ColorMatrix1, so its colors are unknown",
                "convert it with a DNG converter that knows the camera");
  if (const auto balance = file.numbers(main, 50727); balance.size() == 3) {
    std::ranges::copy(balance, color.analog_balance.begin());
    if (!is_positive(color.analog_balance))
      throw Error(file.name(), "AnalogBalance is not positive in every color",
                  "correct the tag, for example with exiftool");
  }
  color.as_shot_neutral = read_neutral(file, main, color);
  return color;
}

}  // namespace lichtbild
