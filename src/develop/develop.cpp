#include "develop/develop.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "core/parallel.h"
#include "core/stopwatch.h"
#include "develop/camera_color.h"
#include "develop/deconvolution.h"
#include "develop/demosaic_picture.h"
#include "develop/denoise_picture.h"
#include "develop/exposure.h"
#include "develop/geometry.h"
#include "develop/highlights.h"
#include "develop/lateral_color.h"
#include "develop/noise_scales.h"
#include "develop/shading.h"
#include "develop/white_balance.h"

namespace lichtbild {
namespace {

// The network is told of this share of the noise's deviation: told of all it would take fine
// texture for noise.
constexpr double grain_taken = 0.5;

// Gains that make the neutral neutral without darkening any channel.
Vector3 white_gains(const Vector3& neutral) {
  const double largest = std::max({neutral[0], neutral[1], neutral[2]});
  return {largest / neutral[0], largest / neutral[1], largest / neutral[2]};
}

void balance(Image<float>& mosaic, const Cfa& cfa, const Vector3& gains) {
  parallel_rows(mosaic.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      const float even = float(gains[int(cfa.at(0, y))]), odd = float(gains[int(cfa.at(1, y))]);
      float* row = mosaic.row(y);
      for (int x = 0; x + 1 < mosaic.width(); x += 2) {
        row[x] *= even;
        row[x + 1] *= odd;
      }
    }
  });
}

NoiseModel balanced_noise(const NoiseModel& noise, const Vector3& gains) {
  NoiseModel balanced;
  for (int c = 0; c < 3; ++c) {
    balanced.scale[c] = noise.scale[c] * gains[c];
    balanced.offset[c] = noise.offset[c] * gains[c] * gains[c];
  }
  return balanced;
}

// The noise of the exposed picture's fine detail. Of a simulated camera's flat frames noise
// reduction leaves a fifth to a third of the variance that the model says; half is taken to be
// left.
NoiseModel noise_left(NoiseModel noise, double exposure, double luma_noise_reduction) {
  const double left = 1 - 0.5 * std::min(luma_noise_reduction, 1.0);
  for (double& scale : noise.scale) scale *= left * exposure;
  for (double& offset : noise.offset) offset *= left * exposure * exposure;
  return noise;
}

// v = sqrt(s + lift) has nearly the same noise at every brightness when lift = offset / scale + 3/8
// scale (Anscombe 1948). One lift for all colors keeps neutral neutral.
struct Encoding {
  float lift;
  std::array<double, 3> variance;  // of an encoded sample
};
Encoding encoding_of(const NoiseModel& noise) {
  Encoding encoding{1e-5f, {}};
  for (int c = 0; c < 3; ++c)
    if (noise.scale[c] > 0)
      encoding.lift =
          std::max(encoding.lift, float(noise.offset[c] / noise.scale[c] + 0.375 * noise.scale[c]));
  for (int c = 0; c < 3; ++c)
    encoding.variance[c] = noise.scale[c] / 4 + noise.offset[c] / (4 * (encoding.lift + 0.05));
  return encoding;
}

// The variance of the mosaic relative to its model on an eighth of its size: of the merge, times
// the gain of the shading.
Image<float> variance_map(const Image<float>& of_merge, const Image<float>& shading_gain, int width,
                          int height) {
  Image<float> map((width + 7) / 8, (height + 7) / 8);
  for (int y = 0; y < map.height(); ++y)
    for (int x = 0; x < map.width(); ++x) {
      float ratio = 1;
      if (!of_merge.empty()) {
        float sum = 0;
        int count = 0;
        for (int j = 4 * y; j < std::min(4 * y + 4, of_merge.height()); ++j)
          for (int i = 4 * x; i < std::min(4 * x + 4, of_merge.width()); ++i, ++count)
            sum += of_merge(i, j);
        ratio = sum / float(std::max(count, 1));
      }
      if (!shading_gain.empty())
        ratio *= shading_gain(std::min(x / 2, shading_gain.width() - 1),
                              std::min(y / 2, shading_gain.height() - 1));
      map(x, y) = ratio;
    }
  return map;
}

// What the demosaicing network is to be told of the noise, and where it is stronger.
EncodedPicture demosaiced(const RawFrame& frame, const Encoding& encoding,
                          const Image<float>& ratio, double strength) {
  DemosaicParams params{encoding.lift, {}};
  for (int c = 0; c < 3; ++c)
    params.deviation[c] = grain_taken * strength * std::sqrt(encoding.variance[c]);
  Image<float> scale(ratio.width(), ratio.height());
  std::ranges::transform(ratio.samples(), scale.samples().begin(),
                         [](float r) { return std::sqrt(r); });
  return demosaic_encoded(frame.mosaic, frame.info.cfa, params, scale);
}

// The noise of each scale and plane, as strong as it is to be taken away.
Image<float> noise_to_take(const Encoding& encoding, const DevelopParams& params) {
  const auto scales = scale_noise(encoding.variance);
  Image<float> noise(denoise_levels, 3);
  for (int plane = 0; plane < 3; ++plane)
    for (int level = 0; level < denoise_levels; ++level)
      noise(level, plane) =
          float((plane == 0 ? params.luma_noise_reduction : 2 * params.chroma_noise_reduction) *
                scales[plane][level]);
  return noise;
}

void demand_same_shape(const RawInfo& info, const ProfileSensor& sensor) {
  constexpr double rounding = 0.01;
  const double ratio =
      double(info.width) * sensor.height_px / (double(info.height) * sensor.width_px);
  if (std::abs(ratio - 1) > rounding)
    throw Error{info.path,
                fmt::format("has {} x {} samples, but the lens profile is of a sensor of {} x {}",
                            info.width, info.height, sensor.width_px, sensor.height_px),
                "take the profile of the camera that took it"};
}

template <class T>
Image<T> cropped(Image<T> picture, const Crop& crop) {
  if (crop.width == picture.width() && crop.height == picture.height()) return picture;
  Image<T> out(crop.width, crop.height, picture.planes());
  for (int plane = 0; plane < picture.planes(); ++plane)
    parallel_rows(crop.height, [&](int first, int last) {
      for (int y = first; y < last; ++y)
        std::copy_n(picture.row(y + crop.y, plane) + crop.x, crop.width, out.row(y, plane));
    });
  return out;
}

std::optional<std::array<RecordedPlaces, 3>> recorded_places(const RawInfo& info,
                                                             const DevelopParams& params) {
  if (!params.lens_corrections || (!params.lens && !info.lens.warp)) return {};
  if (params.lens) return recorded_places(*params.lens, info.width, info.height);
  std::array<RecordedPlaces, 3> places;
  for (int c = 0; c < 3; ++c)
    places[c] = recorded_places(*info.lens.warp, c, info.width, info.height);
  return places;
}

// A pixel that was picked in the picture, as the mosaic has it.
WhiteBalance in_the_mosaic(WhiteBalance choice,
                           const std::optional<std::array<RecordedPlaces, 3>>& places,
                           const RawInfo& info) {
  if (choice.kind != WhiteBalance::Kind::picked) return choice;
  const Crop crop = info.shown();
  auto x = float(choice.x + crop.x), y = float(choice.y + crop.y);
  if (places) (*places)[1].row(choice.x + crop.x, 1, choice.y + crop.y, &x, &y);
  choice.x = std::clamp(int(std::lround(x)), 0, info.width - 1);
  choice.y = std::clamp(int(std::lround(y)), 0, info.height - 1);
  return choice;
}

}  // namespace

void check_pick(const WhiteBalance& choice, const RawInfo& info) {
  const Crop crop = info.shown();
  if (choice.kind == WhiteBalance::Kind::picked &&
      (choice.x < 0 || choice.y < 0 || choice.x >= crop.width || choice.y >= crop.height))
    throw Error(
        "--white-balance pick",
        fmt::format("the place lies outside the picture of {} x {}", crop.width, crop.height),
        "count pixels of the photograph from its top left");
}

Developed develop(RawFrame frame, const Image<float>& variance_ratio, const DevelopParams& params) {
  invariant(frame.info.noise.has_value());
  Developed developed;
  DevelopReport& report = developed.report;
  const RawInfo& info = frame.info;
  check_pick(params.white_balance, info);
  if (params.lens_corrections && params.lens) demand_same_shape(info, params.lens->sensor);
  Stopwatch watch;

  const auto places = recorded_places(info, params);
  const Crop crop = info.shown();
  const White white = choose_white(frame, in_the_mosaic(params.white_balance, places, info));
  report.white_gains = white_gains(white.neutral);
  report.temperature = temperature_from_chromaticity(white.chromaticity);
  Vector3 clip;
  for (int c = 0; c < 3; ++c) clip[c] = info.clip[c] * report.white_gains[c];
  balance(frame.mosaic, info.cfa, report.white_gains);
  report.clipped_share = rebuild_highlights(frame.mosaic, info.cfa, clip);
  report.highlights_s = watch.lap();
  Image<float> shading_gain;
  if (params.lens_corrections)
    shading_gain = undo_shading(frame.mosaic, info, params.falloff_kept, params.lens.get());
  report.shading_s = watch.lap();

  const Matrix3 matrix = rec2020_from_balanced(info.color, white.chromaticity);
  report.automatic_exposure = !params.exposure_stops;
  report.exposure_stops = params.exposure_stops
                              ? *params.exposure_stops + info.baseline_exposure_stops
                              : automatic_exposure(frame.mosaic, info.cfa, matrix);
  const double exposure = std::exp2(report.exposure_stops);
  if (places) frame.mosaic = in_register(std::move(frame.mosaic), info.cfa, *places);
  report.lateral_color_s = watch.lap();

  developed.noise = balanced_noise(*info.noise, report.white_gains);
  const Encoding encoding = encoding_of(developed.noise);
  const Image<float> ratio = variance_map(variance_ratio, shading_gain, info.width, info.height);
  EncodedPicture encoded = demosaiced(frame, encoding, ratio, params.luma_noise_reduction);
  frame.mosaic = {};
  report.demosaic_s = watch.lap();
  Crop active{encoded.left, encoded.top, info.width, info.height};
  // The lens's geometry is that of the camera's colors. Columns and rows before the active area
  // stay.
  Image<Half> picture =
      denoised(std::move(encoded.rgb), active, ratio, noise_to_take(encoding, params),
               exposure * (places ? Matrix3::identity() : matrix), encoding.lift);
  report.denoise_s = watch.lap();
  if (places) {
    if (params.deconvolve && params.lens && !params.lens->psf.radius.empty()) {
      picture =
          deconvolved({picture, active}, *params.lens,
                      noise_left(developed.noise, exposure, params.luma_noise_reduction), ratio);
      active.x = active.y = 0;
      report.deconvolve_s = watch.lap();
    }
    developed.rec2020 = straightened({picture, active}, (*places)[1], matrix, crop);
  } else {
    developed.rec2020 = cropped(std::move(picture),
                                {crop.x + active.x, crop.y + active.y, crop.width, crop.height});
  }
  report.geometry_s = watch.lap();
  return developed;
}

}  // namespace lichtbild
