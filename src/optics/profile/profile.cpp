#include "optics/profile/profile.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "core/error.h"
#include "core/invariant.h"
#include "core/parallel.h"
#include "optics/analysis/chief_ray.h"
#include "optics/analysis/illumination.h"
#include "optics/clear_radii.h"
#include "optics/profile/fits.h"
#include "optics/profile/psf_kernel.h"
#include "optics/system.h"

namespace lichtbild::optics {
namespace {

void check_sensor(const ProfileSensor& sensor, const std::string& where) {
  if (!(sensor.pixel_um > 0) || !std::isfinite(sensor.pixel_um) || sensor.width_px < 2 ||
      sensor.height_px < 2)
    throw Error(where,
                fmt::format("a sensor of {} x {} pixels of {} um", sensor.width_px,
                            sensor.height_px, sensor.pixel_um),
                "give the pixel pitch in micrometers and at least 2 x 2 pixels");
}

void check_symmetry(const Lens& lens, const std::string& where) {
  for (std::size_t i = 0; i <= lens.surfaces.size(); ++i) {
    const Surface& s = i < lens.surfaces.size() ? lens.surfaces[i] : lens.image;
    if (!rotationally_symmetric(s))
      throw Error(fmt::format("{}: surface {}", where, i + 1),
                  "it is moved or has no rotational symmetry, which a lens profile needs");
  }
}

// The lens with the wavelengths of the bands in place of its own, and where each band's are.
struct BandLens {
  Lens lens;
  std::array<std::vector<int>, 3> index;
};

BandLens with_bands(Lens lens, const std::array<ProfileBand, 3>& bands) {
  BandLens out;
  lens.wavelengths = {lens.wavelengths[lens.reference_wavelength]};
  lens.reference_wavelength = 0;
  for (int c = 0; c < 3; ++c)
    for (const double nm : bands[c].wavelength_nm) {
      int at = -1;
      for (std::size_t i = 0; i < lens.wavelengths.size(); ++i)
        if (std::abs(lens.wavelengths[i].wavelength_nm - nm) < 1e-9) at = int(i);
      if (at < 0) {
        at = int(lens.wavelengths.size());
        lens.wavelengths.push_back({nm, 1});
      }
      out.index[c].push_back(at);
    }
  out.lens = std::move(lens);
  return out;
}

// Object points by one number: the tangent of the field angle, or the object height in mm.
class Objects {
 public:
  explicit Objects(const System& system) : system_(system) {}

  Field field(double object) const {
    Field f;
    f.y = system_.object_at_infinity() ? std::atan(object) * 180 / M_PI : object;
    return f;
  }
  double ideal_mm(double object) const {
    const FirstOrder& f = system_.paraxial();
    return std::abs(system_.object_at_infinity() ? f.efl_mm : f.magnification) * object;
  }
  // On the image's y axis; nothing where the chief ray fails.
  std::optional<double> height_mm(double object) const {
    const Bundle bundle(system_, field(object), system_.reference());
    const auto ray = bundle.launch({});
    if (!ray) return std::nullopt;
    const auto arrival = arrive(system_, system_.reference(), *ray, false);
    if (!arrival) return std::nullopt;
    return arrival->position.y;
  }

 private:
  const System& system_;
};

// Fields as angles or object heights, whatever the lens file speaks in; returns the largest object.
double largest_object(Lens& lens, const Catalog& catalog, const std::string& where) {
  const System system = make_system(lens, catalog, where);
  Field edge;
  edge.y = largest_field(lens);
  const Field at = resolved(system, edge);
  const bool infinite = system.object_at_infinity();
  const bool angle = infinite || lens.field_kind == FieldKind::angle_deg;
  double object = std::hypot(at.x, at.y);
  if (angle) object = std::tan(object * M_PI / 180);
  if (angle && !infinite) object *= std::abs(lens.object_distance_mm);
  lens.field_kind = infinite ? FieldKind::angle_deg : FieldKind::object_height_mm;
  // From the axis to the edge: the rays that must pass (clear_radii.h) are theirs.
  constexpr int fields = 9;
  lens.fields.assign(fields, Field{});
  for (int i = 0; i < fields; ++i)
    lens.fields[i].y = (infinite ? std::atan(object) * 180 / M_PI : object) * i / (fields - 1);
  return object;
}

class Profiler {
 public:
  Profiler(const System& system, const std::array<std::vector<int>, 3>& band_index, double largest,
           const std::string& where, const ProfileOptions& options, LensProfile& out)
      : system_(system),
        index_(band_index),
        largest_(largest),
        where_(where),
        options_(options),
        objects_(system),
        out_(out),
        half_mm_(out.sensor.half_diagonal_mm()) {}

  void run() {
    sweep();
    geometry();
    shading();
    blur();
  }

 private:
  // Heights over the objects up to the lens's largest field, as far as they grow.
  void sweep() {
    constexpr int steps = 48;
    const double end = largest_ * field_tolerance;
    for (int i = 0; i <= steps; ++i) {
      const double object = end * i / steps;
      const auto height = objects_.height_mm(object);
      if (!height || (i > 0 && std::abs(*height) <= swept_height_.back())) break;
      swept_object_.push_back(object);
      swept_height_.push_back(std::abs(*height));
      sign_ = *height < 0 ? -1 : 1;
    }
    const double reached = swept_height_.empty() ? 0 : swept_height_.back();
    out_.image_circle_mm = 2 * reached;
    if (reached < half_mm_)
      throw Error(where_,
                  fmt::format("the image circle of {:.4g} mm does not cover the sensor's diagonal "
                              "of {:.4g} mm",
                              2 * reached, 2 * half_mm_),
                  "take fewer or smaller pixels, or a lens with a larger field");
  }

  // The object whose reference chief ray lands at the height: secant steps inside a bracket.
  double object_at(double height) const {
    if (height <= 0) return 0;
    const auto above = std::lower_bound(swept_height_.begin(), swept_height_.end(), height);
    const std::size_t i =
        std::clamp<std::size_t>(above - swept_height_.begin(), 1, swept_height_.size() - 1);
    double low = swept_object_[i - 1], high = swept_object_[i];
    double at_low = swept_height_[i - 1] - height, at_high = swept_height_[i] - height;
    double object = high;
    for (int step = 0; step < 12; ++step) {
      object = low - at_low * (high - low) / (at_high - at_low);
      const double off = std::abs(objects_.height_mm(object).value_or(0)) - height;
      if (std::abs(off) < 1e-10 * half_mm_) break;
      (off > 0 ? high : low) = object;
      (off > 0 ? at_high : at_low) = off;
    }
    return object;
  }

  ChiefRays chiefs_of(double object) const {
    const auto chiefs = chief_rays(system_, objects_.field(object));
    if (!chiefs)
      throw Error(where_,
                  fmt::format("a chief ray fails at the ideal image height {:.4g} mm",
                              objects_.ideal_mm(object)),
                  "the lens can't be used up to the sensor's corner at every wavelength");
    return *chiefs;
  }

  // Of a channel: the mean over its band.
  double height_mm(const ChiefRays& chiefs, int channel) const {
    double sum = 0;
    for (std::size_t i = 0; i < index_[channel].size(); ++i)
      sum += out_.bands[channel].weight[i] * chiefs.own[index_[channel][i]].position.y;
    return sum;
  }

  void geometry() {
    const int count = options_.geometry_points;
    // A little beyond the corner, where the lens goes there, so that no channel ends before it.
    const double end = std::min(1.01, swept_height_.back() / half_mm_);
    for (int i = 0; i < count; ++i) {
      const double object = object_at(half_mm_ * end * i / (count - 1));
      out_.geometry.ideal.push_back(objects_.ideal_mm(object) / half_mm_);
      if (i == 0) {
        for (auto& real : out_.geometry.real) real.push_back(0);
        continue;
      }
      const ChiefRays chiefs = chiefs_of(object);
      for (int c = 0; c < 3; ++c)
        out_.geometry.real[c].push_back(sign_ * height_mm(chiefs, c) / half_mm_);
      progress(0.3 * (i + 1) / count);
    }
  }

  double solid_angle(double object, int wavelength) const {
    Bundle bundle(system_, objects_.field(object), wavelength);
    bundle.fit_map();
    return bundle.found() ? projected_solid_angle(system_, bundle) : 0;
  }

  // At the wavelength of each band that carries most of its light.
  void shading() {
    const int count = options_.shading_points;
    for (int i = 0; i < count; ++i) {
      const double radius = double(i) / (count - 1), object = object_at(half_mm_ * radius);
      out_.shading.radius.push_back(radius);
      out_.shading.chief_ray_deg.push_back(chief_ray_angle_deg(chiefs_of(object).reference));
      for (int c = 0; c < 3; ++c) {
        const auto& weight = out_.bands[c].weight;
        const auto peak = std::max_element(weight.begin(), weight.end()) - weight.begin();
        out_.shading.illumination[c].push_back(solid_angle(object, index_[c][peak]));
      }
      progress(0.3 + 0.2 * (i + 1) / count);
    }
    for (auto& channel : out_.shading.illumination) {
      const double axis = channel[0];
      for (std::size_t i = 0; i < channel.size(); ++i) {
        channel[i] /= axis;
        if (!(channel[i] > 0))
          throw Error(where_,
                      fmt::format("no light reaches the image beyond a circle of {:.4g} mm; the "
                                  "sensor's diagonal is {:.4g} mm",
                                  2 * half_mm_ * out_.shading.radius[i], 2 * half_mm_),
                      "take fewer or smaller pixels");
      }
    }
  }

  void blur() {
    PsfField& psf = out_.psf;
    psf.oversampling = options_.psf_oversampling;
    psf.size = 2 * options_.psf_radius_px * options_.psf_oversampling + 1;
    KernelGrid grid;
    grid.size = psf.size;
    grid.pixel_mm = out_.sensor.pixel_um / 1000;
    grid.cell_mm = grid.pixel_mm / psf.oversampling;
    grid.pupil_samples = options_.pupil_samples;
    const int count = options_.psf_points;
    for (int i = 0; i < count; ++i) psf.radius.push_back(double(i) / (count - 1));
    for (auto& kernels : psf.kernel) kernels.resize(count);
    std::mutex mutex;
    int done = 0;
    parallel_blocks(count, 1, [&](int first, int last) {
      for (int i = first; i < last; ++i) {
        const double object = object_at(half_mm_ * psf.radius[i]);
        const ChiefRays chiefs = chiefs_of(object);
        for (int c = 0; c < 3; ++c)
          psf.kernel[c][i] = psf_kernel(system_, objects_.field(object), chiefs, index_[c],
                                        out_.bands[c].weight, height_mm(chiefs, c), grid);
        const std::lock_guard lock(mutex);
        progress(0.5 + 0.5 * ++done / count);
      }
    });
  }

  void progress(double share) const {
    if (options_.progress) options_.progress(share);
  }

  // A patent's half field is printed to a few digits.
  static constexpr double field_tolerance = 1.005;

  const System& system_;
  const std::array<std::vector<int>, 3>& index_;
  double largest_;
  const std::string& where_;
  const ProfileOptions& options_;
  Objects objects_;
  LensProfile& out_;
  double half_mm_;
  double sign_ = 1;
  std::vector<double> swept_object_, swept_height_;
};

}  // namespace

std::array<ProfileBand, 3> broad_bands() {
  constexpr double centers_nm[] = {600, 540, 460}, width_nm = 80;
  std::array<ProfileBand, 3> bands;
  for (int c = 0; c < 3; ++c) {
    double sum = 0;
    for (int i = -2; i <= 2; ++i) {
      bands[c].wavelength_nm.push_back(centers_nm[c] + 20 * i);
      bands[c].weight.push_back(std::exp2(-std::pow(2 * 20 * i / width_nm, 2)));
      sum += bands[c].weight.back();
    }
    for (double& weight : bands[c].weight) weight /= sum;
  }
  return bands;
}

LensProfile profile(const Lens& lens, const Catalog& catalog, const std::string& where,
                    const ProfileSensor& sensor, const ProfileOptions& options) {
  invariant(options.geometry_points > 3 && options.shading_points > 3 && options.psf_points > 1);
  for (const ProfileBand& band : options.bands)
    invariant(std::abs(std::accumulate(band.weight.begin(), band.weight.end(), -1.0)) < 1e-6);
  check_sensor(sensor, where);
  check_symmetry(lens, where);
  Lens plain = lens;
  const double largest = largest_object(plain, catalog, where);
  const BandLens banded = with_bands(plain, options.bands);
  const System system = with_clear_radii(make_system(banded.lens, catalog, where));

  LensProfile out;
  out.title = lens.title;
  out.source = lens.source;
  out.sensor = sensor;
  out.focal_length_mm = system.paraxial().efl_mm;
  out.f_number = system.paraxial().f_number;
  out.object_distance_mm = lens.object_distance_mm;
  out.bands = options.bands;
  Profiler(system, banded.index, largest, where, options, out).run();
  fit_polynomials(out);
  return out;
}

void fit_polynomials(LensProfile& profile) {
  const double half_px = profile.sensor.half_diagonal_px();
  RadialMap& map = profile.geometry;
  map.largest_residual_px = 0;
  for (int c = 0; c < 3; ++c) {
    std::vector<FitRow> rows;
    for (std::size_t i = 1; i < map.ideal.size(); ++i) {
      const double r = map.ideal[i], r2 = r * r;
      rows.push_back({{r, r * r2, r * r2 * r2, r * r2 * r2 * r2}, map.real[c][i]});
    }
    const Fit fit = fit_smallest_largest_error(rows);
    std::copy(fit.coefficients.begin(), fit.coefficients.end(), map.k[c].begin());
    map.largest_residual_px = std::max(map.largest_residual_px, fit.largest_error * half_px);
  }

  ShadingTable& shading = profile.shading;
  std::vector<FitRow> rows;
  for (std::size_t i = 1; i < shading.radius.size(); ++i) {
    const auto& e = shading.illumination;
    const double mean = (e[0][i] + e[1][i] + e[2][i]) / 3;
    const double r2 = shading.radius[i] * shading.radius[i];
    FitRow row{{}, 1 - mean};
    double power = mean;
    for (int k = 0; k < 5; ++k) row.basis.push_back(power *= r2);
    rows.push_back(std::move(row));
  }
  const Fit fit = fit_smallest_largest_error(rows);
  std::copy(fit.coefficients.begin(), fit.coefficients.end(), shading.gain.begin());
  shading.largest_residual = fit.largest_error;
}

}  // namespace lichtbild::optics
