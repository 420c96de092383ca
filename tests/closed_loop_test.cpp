// The closed loop: what the simulated camera records agrees with the lens file that it was traced
// from and with the sensor that it was told, and the developer takes the lens out again.
#include "closed_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "measure/edge.h"
#include "measure/noise.h"
#include "optics/analysis/chief_ray.h"
#include "optics/analysis/diffraction.h"
#include "optics/clear_radii.h"
#include "optics/files/lens_files.h"
#include "optics/system.h"
#include "picture/picture.h"
#include "raw/raw.h"
#include "scene/chart.h"

namespace lichtbild {
namespace {

using testing_loop::ClosedLoop;
using testing_loop::data;

// The optics room's own MTF at the field whose chief ray lands at a height, in a direction against
// the radius: the wavelengths of the camera's band, the Fourier way.
class LensTransfer {
 public:
  LensTransfer(const LensProfile& profile, const optics::Lens& described, int channel)
      : band_(profile.bands[channel]), catalog_(read_catalog(data + "/glass")) {
    optics::Lens lens = described;
    lens.wavelengths.clear();
    for (std::size_t i = 0; i < band_.weight.size(); ++i)
      lens.wavelengths.push_back({band_.wavelength_nm[i], band_.weight[i]});
    lens.reference_wavelength = int(band_.weight.size() / 2);
    system_ = optics::with_clear_radii(optics::make_system(lens, catalog_, "the lens"));
  }

  std::vector<double> at(double height_mm, double turned, std::span<const double> lp_per_mm) const {
    // The field by bisection on the chief ray's height.
    double low = 0, high = 1;
    for (int i = 0; i < 40; ++i) {
      const double middle = (low + high) / 2;
      const auto chiefs = optics::chief_rays(*system_, optics::field_at(system_->lens, middle));
      (chiefs && std::abs(chiefs->reference.position.y) < height_mm ? low : high) = middle;
    }
    const optics::Field field = optics::field_at(system_->lens, low);
    const optics::ChiefRays chiefs = *optics::chief_rays(*system_, field);
    std::vector<std::complex<double>> transfer(lp_per_mm.size());
    for (std::size_t w = 0; w < band_.weight.size(); ++w) {
      optics::Bundle bundle(*system_, field, int(w));
      bundle.fit_map();
      const auto pupil = optics::pupil_function(*system_, bundle, chiefs, 192, M_PI / 2 + turned);
      // Stray light is no part of the simulated image either (decision 006).
      const auto slice = optics::tangential_slice(pupil, lp_per_mm.back());
      for (std::size_t i = 0; i < lp_per_mm.size(); ++i)
        transfer[i] += band_.weight[w] / pupil.energy * slice.at(lp_per_mm[i]);
    }
    std::vector<double> out;
    for (const auto& value : transfer) out.push_back(std::abs(value));
    return out;
  }

 private:
  ProfileBand band_;
  Catalog catalog_;
  std::optional<optics::System> system_;
};

double sinc(double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); }

TEST_F(ClosedLoop, EdgesInTheRawHaveTheTransferOfLensTimesPixel) {
  ShootOptions options;
  options.noise = false;
  RawFrame frame = read_raw(shot("chart:edges", options, "edges")[0]);
  const Camera camera = main_camera();
  const LensProfile profile = camera_lens(camera, data);
  // The fall-off across an edge is no blur.
  for (int y = 0; y < frame.mosaic.height(); ++y)
    for (int x = 0; x < frame.mosaic.width(); ++x)
      frame.mosaic(x, y) /= float(profile.shading.at(
          1, std::hypot(x - 2047.5, y - 1535.5) / profile.sensor.half_diagonal_px()));
  // Without what the chart's own layout says the edges would have to be found first.
  const ChartLayout layout = chart_layout({ChartKind::slanted_edges, {}}, 4096, 3072);
  const double half = profile.sensor.half_diagonal_px(), scale = corrected_scale(profile);
  const LensTransfer lens(profile, optics::read_lens(camera.lens.file), 1);
  const Channel green = channels_of(frame.info.cfa)[1];
  int compared = 0;
  double worst = 0;
  for (const ChartPatch& patch : layout.patches)
    for (int side = 0; side < 4; ++side) {
      const double normal = (patch.angle_deg + 90 * side) * M_PI / 180;
      // Ideal pixels to recorded ones, at green.
      const double x = patch.x + patch.width / 2 * std::cos(normal),
                   y = patch.y + patch.height / 2 * std::sin(normal), r = std::hypot(x, y) / half;
      const bool near_axis = r<0.08, at_70 = r> 0.6 && r < 0.72;
      if (!near_axis && !at_70) continue;
      const double real = profile.geometry.real_from_ideal(1, r * scale) / r;
      Edge region;
      region.x = x * real + 2047.5, region.y = y * real + 1535.5;
      region.normal_deg = normal * 180 / M_PI;
      region.length_px = 200;
      if (std::abs(region.x - 2047.5) > 1950 || std::abs(region.y - 1535.5) > 1435) continue;
      const auto found = edge_response(frame.mosaic, green, region);
      ASSERT_TRUE(found) << patch.name;
      const double turned = normal - std::atan2(y, x);
      const double height_mm = r * real * profile.sensor.half_diagonal_mm();
      const double pixel_mm = profile.sensor.pixel_um / 1000;
      constexpr int bins[] = {6, 13, 19, 26, 32};  // of 1/64 cycle per pixel
      std::vector<double> lp_per_mm;
      for (const int k : bins) lp_per_mm.push_back(k / 64.0 / pixel_mm);
      const auto transfers = lens.at(height_mm, turned, lp_per_mm);
      for (std::size_t i = 0; i < transfers.size(); ++i) {
        const double f = bins[i] / 64.0;
        const double pixel = sinc(f * std::cos(normal)) * sinc(f * std::sin(normal));
        const double expected = transfers[i] * pixel, measured = found->mtf[bins[i]];
        worst = std::max(worst, std::abs(measured - expected));
        EXPECT_NEAR(measured, expected, 0.02) << patch.name << " side " << side << " at " << f;
        ++compared;
      }
      if (compared > 300) break;  // each costs a trace
    }
  std::printf("MTF from the RAW against lens x pixel: %d values, worst difference %.4f\n", compared,
              worst);
  EXPECT_GT(compared, 60);
}

TEST_F(ClosedLoop, PhotonTransferFindsTheSensorOfTheCameraFile) {
  const Sensor sensor = *main_camera().sensor;
  std::vector<TransferPoint> points;
  double worst = 0, range_dn = 0;
  for (const double exposure_s : {2e-5, 1e-4, 6e-4, 3e-3, 1e-2, 2e-2, 0.2}) {
    ShootOptions options;
    options.frames = 2;
    options.exposure_s = exposure_s;
    options.iso = 0.8 * sensor.base_iso;  // the converter has room above the well
    const auto frames = shot("chart:flat", options, "flat");
    const RawFrame a = read_raw(frames[0]), b = read_raw(frames[1]);
    range_dn = a.info.white[1] - a.info.black[1];
    const auto of_pair = transfer_points(a.mosaic, b.mosaic, channels_of(a.info.cfa)[1]);
    points.insert(points.end(), of_pair.begin(), of_pair.end());
    if (exposure_s > 0.02) continue;  // the middle is full
    double said = 0, measured = 0;
    for (const TransferPoint& p : of_pair) {
      said += a.info.noise->scale[1] * p.signal + a.info.noise->offset[1];
      measured += p.variance;
    }
    worst = std::max(worst, std::abs(said / measured - 1));
  }
  // The last pair is full: nothing is brighter.
  const double clip = std::ranges::max_element(points, {}, &TransferPoint::signal)->signal;
  const PhotonTransfer found = photon_transfer(points, range_dn, clip);
  ASSERT_TRUE(found.full_well_e);
  const double gain = sensor.electrons_per_dn(0.8 * sensor.base_iso);
  const double read_e = std::sqrt(std::pow(sensor.read_noise_e, 2) +
                                  std::pow(sensor.converter_noise_dn * gain, 2) + gain * gain / 12);
  std::printf(
      "gain %.4f (%.4f), read noise %.3f (%.3f), full well %.0f (%.0f), NoiseProfile off by "
      "%.4f at worst\n",
      found.gain_e_per_dn, gain, found.read_noise_e, read_e, *found.full_well_e, sensor.full_well_e,
      worst);
  EXPECT_NEAR(found.gain_e_per_dn, gain, 0.02 * gain);
  EXPECT_NEAR(found.read_noise_e, read_e, 0.02 * read_e);
  EXPECT_NEAR(*found.full_well_e, sensor.full_well_e, 0.02 * sensor.full_well_e);
  EXPECT_LT(worst, 0.05);
}

TEST_F(ClosedLoop, TheDeveloperTakesFallOffAndBlurOut) {
  DevelopOptions develop;
  develop.camera = testing_loop::main_camera_file;
  develop.data_folder = data;
  develop.develop.luma_noise_reduction = develop.develop.chroma_noise_reduction = 0;
  develop.develop.exposure_stops = 0;
  ShootOptions options;
  options.noise = false;
  const std::string flat = folder->file("flat.exr");
  develop_photo(shot("chart:flat", options, "even"), flat, develop);
  const Image<float> even = read_image(flat);
  double low = INFINITY, high = 0;
  for (int y = 8; y < even.height() - 8; y += 16)
    for (int x = 8; x < even.width() - 8; x += 16) {
      low = std::min<double>(low, even(x, y, 1)), high = std::max<double>(high, even(x, y, 1));
    }
  std::printf("flat field after develop: %.4f of the mean between its ends\n",
              2 * (high - low) / (high + low));
  EXPECT_LT((high - low) / (high + low), 0.01);

  const auto frames = shot("chart:edges", options, "sharp");
  const auto mean_mtf50 = [&](bool deconvolve, double* overshoot) {
    develop.develop.deconvolve = deconvolve;
    const std::string path = folder->file("edges.exr");
    develop_photo(frames, path, develop);
    const Image<float> picture = read_image(path);
    const Channel green = channels_of(picture)[1];
    double sum = 0;
    std::vector<double> beyond;
    for (const Edge& edge : find_edges(picture, {&green, 1})) {
      const auto found = edge_response(picture, green, edge);
      if (!found || !found->mtf50) continue;
      sum += *found->mtf50;
      beyond.push_back(found->overshoot);
    }
    std::sort(beyond.begin(), beyond.end());
    *overshoot = beyond[std::size_t(0.95 * double(beyond.size()))];
    EXPECT_GT(beyond.size(), 200u);
    return sum / double(beyond.size());
  };
  double before = 0, after = 0;
  const double without = mean_mtf50(false, &before), with = mean_mtf50(true, &after);
  std::printf(
      "MTF50 over the field %.4f -> %.4f (x %.3f), overshoot of 95 in 100 edges below %.3f\n",
      without, with, with / without, after);
  EXPECT_GT(with / without, 1.3);
  EXPECT_LT(after, 0.05);
}

}  // namespace
}  // namespace lichtbild
