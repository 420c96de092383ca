#include "optics/analysis/analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

#include "core/parallel.h"
#include "optics/analysis/chief_ray.h"
#include "optics/analysis/diffraction.h"
#include "optics/analysis/illumination.h"
#include "optics/analysis/spots.h"
#include "optics/analysis/wavefront.h"
#include "optics/analysis/zernike.h"
#include "optics/clear_radii.h"

namespace lichtbild::optics {
namespace {

constexpr int spot_across = 24, psf_size = 64, zernike_terms = 37, mtf_points = 65;

// Directions in which a field's tangential plane lies, from the image's x axis.
double tangential_angle(const Field& field) {
  return field.x == 0 && field.y == 0 ? M_PI / 2 : std::atan2(field.y, field.x);
}

// The frequencies of transfer curves: up to half the on-axis cutoff, in round numbers.
double chosen_largest(const System& system) {
  const double cutoff = 1 / (system.wavelength_um(system.reference()) * 1e-3 *
                             system.paraxial().paraxial_working_f_number);
  const double half = cutoff / 2, decade = std::pow(10, std::floor(std::log10(half)));
  for (const double step : {5.0, 2.0, 1.0})
    if (half >= step * decade) return step * decade;
  return decade;
}

double total_weight(const Lens& lens) {
  double sum = 0;
  for (const Wavelength& w : lens.wavelengths) sum += w.weight;
  return sum;
}

MtfCurve empty_curve(double largest) {
  MtfCurve curve;
  for (int i = 0; i < mtf_points; ++i) curve.lp_per_mm.push_back(largest * i / (mtf_points - 1));
  curve.tangential.assign(mtf_points, 0);
  curve.sagittal.assign(mtf_points, 0);
  return curve;
}

// Polychromatic transfer: complex sums over wavelengths, each normalized to its light.
class TransferSum {
 public:
  explicit TransferSum(const std::vector<double>& lp_per_mm)
      : lp_per_mm_(lp_per_mm), tangential_(lp_per_mm.size()), sagittal_(lp_per_mm.size()) {}

  void add(const PupilFunction& pupil, double weight) {
    if (pupil.energy == 0 || lp_per_mm_.empty()) return;
    const double largest = *std::max_element(lp_per_mm_.begin(), lp_per_mm_.end());
    const TransferSlice t = tangential_slice(pupil, largest), s = sagittal_slice(pupil, largest);
    for (std::size_t i = 0; i < lp_per_mm_.size(); ++i) {
      tangential_[i] += weight / pupil.energy * t.at(lp_per_mm_[i]);
      sagittal_[i] += weight / pupil.energy * s.at(lp_per_mm_[i]);
    }
  }
  double tangential(std::size_t i) const { return std::abs(tangential_[i]); }
  double sagittal(std::size_t i) const { return std::abs(sagittal_[i]); }

 private:
  const std::vector<double>& lp_per_mm_;
  std::vector<std::complex<double>> tangential_, sagittal_;
};

class FieldAnalyzer {
 public:
  FieldAnalyzer(const System& system, const AnalysisOptions& options, double axis_solid_angle)
      : system_(system), options_(options), axis_solid_angle_(axis_solid_angle) {}

  FieldAnalysis analyze(const Field& field, Psf& psf) const {
    FieldAnalysis out;
    out.field = field;
    const double largest = largest_field(system_.lens);
    out.normalized = largest == 0 ? 0 : std::hypot(field.x, field.y) / largest;
    const auto chiefs = chief_rays(system_, field);
    if (!chiefs) return out;
    out.traced = true;
    out.chief_ray_height_mm = image_height_mm(chiefs->reference, field);
    out.chief_ray_angle_deg = chief_ray_angle_deg(chiefs->reference);
    out.distortion_percent = distortion_percent(system_, field, chiefs->reference);
    by_wavelength(field, *chiefs, out, psf);
    return out;
  }

 private:
  void at_reference(const Bundle& bundle, const ReferenceSphere& sphere, FieldAnalysis& out) const {
    out.relative_illumination = projected_solid_angle(system_, bundle) / axis_solid_angle_;
    const WaveSamples w = wave_samples(system_, bundle, sphere, pupil_quadrature(12, 32),
                                       system_.lens.wavelengths[system_.reference()].wavelength_nm);
    out.zernike_standard =
        fit_zernike(ZernikeOrder::standard, zernike_terms, w.points, w.weights, w.waves);
    out.zernike_fringe =
        fit_zernike(ZernikeOrder::fringe, zernike_terms, w.points, w.weights, w.waves);
  }

  void by_wavelength(const Field& field, const ChiefRays& chiefs, FieldAnalysis& out,
                     Psf& psf) const {
    const Lens& lens = system_.lens;
    const double weight_sum = total_weight(lens), angle = tangential_angle(field);
    out.mtf = empty_curve(options_.largest_lp_per_mm);
    out.geometric_mtf = empty_curve(options_.largest_lp_per_mm);
    TransferSum transfer(out.mtf.lp_per_mm);
    std::vector<FocusSlice> focus(options_.lp_per_mm.size());
    const std::vector<double> defocus = defocus_range();
    std::vector<double> spread(std::size_t(psf_size) * psf_size, 0);
    double square_waves = 0;
    for (int w = 0; w < int(lens.wavelengths.size()); ++w) {
      const double share = lens.wavelengths[w].weight / weight_sum;
      WavelengthAtField at;
      at.wavelength_nm = lens.wavelengths[w].wavelength_nm;
      at.lateral_color_um = lateral_color_um(chiefs, field, w);
      Bundle bundle(system_, field, w);
      const bool is_reference = w == system_.reference();
      if (is_reference)
        if (const auto foci = parabasal_foci(system_, bundle)) {
          out.field_curvature_tangential_mm = foci->tangential_mm;
          out.field_curvature_sagittal_mm = foci->sagittal_mm;
        }
      bundle.fit_map();
      if (bundle.found()) {
        out.aim_error = std::max(out.aim_error, bundle.map_error());
        const ReferenceSphere sphere =
            reference_sphere(system_, w, chiefs.reference, chiefs.own[w]);
        if (is_reference) at_reference(bundle, sphere, out);
        at.tangential = ray_fan(system_, bundle, chiefs, sphere, true);
        at.sagittal = ray_fan(system_, bundle, chiefs, sphere, false);
        const PupilRays rays = trace_pupil(system_, bundle, pupil_grid(spot_across));
        if (is_reference) out.unvignetted = rays.share_arrived();
        at.spot = spot(rays, chiefs.reference);
        const SpotSize size = spot_size(at.spot);
        at.rms_spot_radius_um = size.rms_um;
        at.geometric_spot_radius_um = size.geometric_um;
        at.rms_wavefront_waves = rms_without_tilt(
            wave_samples(system_, bundle, sphere, pupil_quadrature(10, 20), at.wavelength_nm));
        const double reference_waves = at.rms_wavefront_waves * at.wavelength_nm /
                                       lens.wavelengths[system_.reference()].wavelength_nm;
        square_waves += share * reference_waves * reference_waves;
        geometric_transfer(at.spot, angle, out.geometric_mtf, share);
        const PupilFunction pupil =
            pupil_function(system_, bundle, chiefs, options_.pupil_samples, angle);
        transfer.add(pupil, share);
        add_focus(pupil, defocus, share, focus);
        const std::vector<double> one = point_spread(pupil, psf_size, psf_spacing_mm());
        for (std::size_t i = 0; i < one.size(); ++i) spread[i] += share * one[i];
      }
      out.wavelengths.push_back(std::move(at));
    }
    out.rms_spot_radius_um = polychromatic_rms_um(out.wavelengths, lens.wavelengths);
    out.rms_wavefront_waves = std::sqrt(square_waves);
    finish_transfer(transfer, out.mtf);
    for (std::size_t k = 0; k < focus.size(); ++k) {
      ThroughFocus curve{options_.lp_per_mm[k], {}, {}, {}};
      for (std::size_t i = 0; i < focus[k].tangential.size(); ++i) {
        curve.defocus_um.push_back(defocus[i] * 1000);
        curve.tangential.push_back(std::abs(focus[k].tangential[i]));
        curve.sagittal.push_back(std::abs(focus[k].sagittal[i]));
      }
      out.through_focus.push_back(std::move(curve));
    }
    out.strehl = *std::max_element(spread.begin(), spread.end());
    finish_psf(spread, psf);
  }

  std::vector<double> defocus_range() const {
    const double n = system_.paraxial().paraxial_working_f_number;
    // Four Rayleigh depths to either side.
    const double reach = options_.largest_defocus_um > 0
                             ? options_.largest_defocus_um / 1000
                             : 8 * n * n * system_.wavelength_um(system_.reference()) * 1e-3;
    std::vector<double> out;
    for (int i = 0; i <= 20; ++i) out.push_back(reach * (i - 10) / 10);
    return out;
  }

  void add_focus(const PupilFunction& pupil, const std::vector<double>& defocus, double share,
                 std::vector<FocusSlice>& sums) const {
    if (pupil.energy == 0) return;
    const auto slices = through_focus(pupil, options_.lp_per_mm, defocus[0],
                                      defocus[1] - defocus[0], int(defocus.size()));
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const FocusSlice& one = slices[k];
      sums[k].tangential.resize(defocus.size());
      sums[k].sagittal.resize(defocus.size());
      for (std::size_t i = 0; i < defocus.size(); ++i) {
        sums[k].tangential[i] += share / pupil.energy * one.tangential[i];
        sums[k].sagittal[i] += share / pupil.energy * one.sagittal[i];
      }
    }
  }

  void finish_transfer(const TransferSum& sum, MtfCurve& curve) const {
    const double n = system_.paraxial().paraxial_working_f_number;
    const double wavelength_mm = system_.wavelength_um(system_.reference()) * 1e-3;
    for (std::size_t i = 0; i < curve.lp_per_mm.size(); ++i) {
      curve.tangential[i] = sum.tangential(i);
      curve.sagittal[i] = sum.sagittal(i);
      curve.diffraction_limit.push_back(diffraction_limit(curve.lp_per_mm[i], wavelength_mm, n));
    }
  }

  double psf_spacing_mm() const {
    // Five points across the radius of the Airy disk, on axis.
    return system_.wavelength_um(system_.reference()) * 1e-3 *
           system_.paraxial().paraxial_working_f_number * 1.22 / 5;
  }

  void finish_psf(const std::vector<double>& spread, Psf& psf) const {
    psf.size = psf_size;
    psf.spacing_um = psf_spacing_mm() * 1000;
    double sum = 0;
    for (const double v : spread) sum += v;
    for (const double v : spread) psf.value.push_back(float(sum > 0 ? v / sum : 0));
  }

  const System& system_;
  const AnalysisOptions& options_;
  double axis_solid_angle_;
};

double axis_solid_angle(const System& system) {
  Bundle axis(system, {}, system.reference());
  axis.fit_map();
  return axis.found() ? projected_solid_angle(system, axis) : 0;
}

// One point of the curves over the field.
void curve_point(const System& system, const AnalysisOptions& options, double axis_angle, int i,
                 FieldCurves& c) {
  const double share = double(i) / (options.curve_samples - 1);
  const Field field = field_at(system.lens, share);
  const auto chiefs = chief_rays(system, field);
  if (!chiefs) return;
  c.chief_ray_height_mm[i] = image_height_mm(chiefs->reference, field);
  c.chief_ray_angle_deg[i] = chief_ray_angle_deg(chiefs->reference);
  c.distortion_percent[i] = distortion_percent(system, field, chiefs->reference);
  std::vector<WavelengthAtField> all;
  TransferSum transfer(options.lp_per_mm);
  double square = 0;
  const double weights = total_weight(system.lens);
  for (int w = 0; w < int(system.paths.size()); ++w) {
    const double weight = system.lens.wavelengths[w].weight / weights;
    c.lateral_color_um[w][i] = lateral_color_um(*chiefs, field, w);
    Bundle bundle(system, field, w);
    if (w == system.reference())
      if (const auto foci = parabasal_foci(system, bundle)) {
        c.field_curvature_tangential_mm[i] = foci->tangential_mm;
        c.field_curvature_sagittal_mm[i] = foci->sagittal_mm;
      }
    bundle.fit_map();
    if (!bundle.found()) continue;
    if (w == system.reference())
      c.relative_illumination[i] = projected_solid_angle(system, bundle, 48) / axis_angle;
    WavelengthAtField at;
    at.spot = spot(trace_pupil(system, bundle, pupil_grid(16)), chiefs->reference);
    const ReferenceSphere sphere = reference_sphere(system, w, chiefs->reference, chiefs->own[w]);
    const PupilFunction pupil =
        pupil_function(system, bundle, *chiefs, options.pupil_samples / 2, tangential_angle(field));
    transfer.add(pupil, weight);
    all.push_back(std::move(at));
    const double rms =
        rms_without_tilt(wave_samples(system, bundle, sphere, pupil_quadrature(6, 12),
                                      system.lens.wavelengths[system.reference()].wavelength_nm));
    square += weight * rms * rms;
  }
  c.rms_spot_radius_um[i] = polychromatic_rms_um(all, system.lens.wavelengths);
  c.rms_wavefront_waves[i] = std::sqrt(square);
  for (std::size_t k = 0; k < options.lp_per_mm.size(); ++k) {
    c.mtf_tangential[k][i] = transfer.tangential(k);
    c.mtf_sagittal[k][i] = transfer.sagittal(k);
  }
}

FieldCurves empty_curves(const System& system, const AnalysisOptions& options) {
  FieldCurves c;
  const int n = options.curve_samples;
  // What can't be traced stays NaN: a gap in the curve.
  const std::vector<double> gap(n, NAN);
  for (int i = 0; i < n; ++i) {
    c.normalized.push_back(double(i) / (n - 1));
    c.field.push_back(largest_field(system.lens) * i / (n - 1));
  }
  c.chief_ray_height_mm = c.chief_ray_angle_deg = c.distortion_percent = gap;
  c.relative_illumination = c.field_curvature_tangential_mm = gap;
  c.field_curvature_sagittal_mm = c.rms_spot_radius_um = c.rms_wavefront_waves = gap;
  c.lateral_color_um.assign(system.paths.size(), gap);
  c.mtf_lp_per_mm = options.lp_per_mm;
  c.mtf_tangential.assign(options.lp_per_mm.size(), gap);
  c.mtf_sagittal = c.mtf_tangential;
  return c;
}

std::vector<AxialAberration> axial_aberration(const System& system) {
  std::vector<AxialAberration> out;
  for (int w = 0; w < int(system.paths.size()); ++w) {
    AxialAberration a{system.lens.wavelengths[w].wavelength_nm, {}, {}};
    const Bundle bundle(system, {}, w);
    for (int i = 1; i <= 20; ++i) {
      const double p = i / 20.0;
      const auto ray = bundle.launch({0, p});
      const auto end = ray ? arrive(system, w, *ray) : std::nullopt;
      if (!end) continue;
      a.pupil.push_back(p);
      a.focus_mm.push_back(end->position.z - end->position.y * end->direction.z / end->direction.y);
    }
    out.push_back(std::move(a));
  }
  return out;
}

void colors(const System& system, Analysis& out) {
  const auto [shortest, longest] = wavelength_ends(system.lens);
  out.axial_color_mm = system.first_order[shortest].paraxial_image_distance_mm -
                       system.first_order[longest].paraxial_image_distance_mm;
  for (const FieldAnalysis& f : out.fields) {
    if (!f.traced) continue;
    const double color =
        f.wavelengths[shortest].lateral_color_um - f.wavelengths[longest].lateral_color_um;
    if (std::abs(color) > std::abs(out.lateral_color_um)) out.lateral_color_um = color;
  }
}

double real_working_f_number(const System& system) {
  const Bundle axis(system, {}, system.reference());
  const auto ray = axis.launch({0, 1});
  const auto end = ray ? arrive(system, system.reference(), *ray, false) : std::nullopt;
  if (!end) return NAN;
  const double index = system.path().back().index_before;
  return 1 / (2 * index * std::hypot(end->direction.x, end->direction.y));
}

// A ray in the wrong place of the pupil belongs to another place of the wavefront: an error by its
// slope there, which is a ray's distance from the chief ray over 2 N. It matters from a hundredth
// of a wave; the pupil's edge, from a hundredth of its radius.
void note_aim_error(const System& system, const FieldAnalysis& f, std::vector<std::string>& notes) {
  double waves = 0;
  for (const WavelengthAtField& at : f.wavelengths)
    waves =
        std::max(waves, f.aim_error * at.geometric_spot_radius_um * 1000 /
                            (2 * system.paraxial().paraxial_working_f_number * at.wavelength_nm));
  if (waves < 0.01 && f.aim_error < 0.01) return;
  notes.push_back(fmt::format(
      "field {:.4g} {}: rays are aimed to {:.2g} % of the pupil's radius, which leaves up to "
      "{:.2g} "
      "waves of the wavefront uncertain",
      std::hypot(f.field.x, f.field.y),
      system.lens.field_kind == FieldKind::angle_deg ? "deg" : "mm", 100 * f.aim_error, waves));
}

}  // namespace

Analysis analyze(const System& as_given, const AnalysisOptions& given) {
  const System system = with_clear_radii(as_given);
  AnalysisOptions options = given;
  if (options.largest_lp_per_mm <= 0) options.largest_lp_per_mm = chosen_largest(system);
  if (options.lp_per_mm.empty())
    for (const int third : {1, 2, 3})
      options.lp_per_mm.push_back(options.largest_lp_per_mm * third / 4);
  Analysis out;
  out.notes = system.notes;
  out.seidel = seidel(system);
  out.axial = axial_aberration(system);
  out.working_f_number = real_working_f_number(system);
  out.curves = empty_curves(system, options);
  const double axis = axis_solid_angle(system);
  const int fields = int(system.lens.fields.size());
  out.fields.resize(fields);
  out.psf.resize(fields);
  const FieldAnalyzer analyzer(system, options, axis);

  // Fields and points of the curves are taken by whichever core is free.
  std::atomic<int> done = 0;
  std::mutex reporting;
  const int jobs = fields + options.curve_samples;
  parallel_blocks(jobs, 1, [&](int job, int) {
    if (job < fields)
      out.fields[job] = analyzer.analyze(system.lens.fields[job], out.psf[job]);
    else
      curve_point(system, options, axis, job - fields, out.curves);
    ++done;
    const std::lock_guard lock(reporting);
    if (options.progress) options.progress(double(done) / jobs);
  });
  for (const FieldAnalysis& field : out.fields) note_aim_error(system, field, out.notes);
  colors(system, out);
  if (options.ghosts) out.ghosts = ghosts(system, {.coated = options.coated});
  return out;
}

}  // namespace lichtbild::optics
