// Analysis: everything `lichtbild lens analyze` says about a lens, as numbers to print or to draw.
//
// Fields are the lens's own; curves over the field are sampled evenly from the axis to the largest
// field. Every wavelength of the lens is used with its weight; "reference" is the lens's reference
// wavelength. Rays are aimed at the stop (aim.h) and clipped by clear radii and apertures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "optics/analysis/ghosts.h"
#include "optics/analysis/seidel.h"
#include "optics/system.h"

namespace lichtbild::optics {

// Image-plane errors of rays across the pupil, relative to the chief ray at the reference
// wavelength.
struct RayFan {
  std::vector<double> pupil;       // -1 ... 1; rays that do not arrive are left out
  std::vector<double> error_x_um;  // tangential fan (along y): error_y matters; sagittal: error_x
  std::vector<double> error_y_um;
  std::vector<double> wavefront_waves;  // optical path difference, at the ray's own wavelength
};

struct SpotPoint {
  double x_um, y_um;  // relative to the chief ray at the reference wavelength
};

struct WavelengthAtField {
  double wavelength_nm = 0;
  RayFan tangential, sagittal;
  std::vector<SpotPoint> spot;
  double rms_spot_radius_um = 0;        // about the centroid of this wavelength
  double geometric_spot_radius_um = 0;  // largest distance from the chief ray
  double rms_wavefront_waves = 0;       // tilt and piston removed, waves of this wavelength
  double lateral_color_um = 0;          // chief ray minus chief ray at the reference, radially
};

struct MtfCurve {
  std::vector<double> lp_per_mm;
  std::vector<double> tangential, sagittal;  // tangential: modulation along the field's direction
  std::vector<double> diffraction_limit;     // on axis, without aberrations
};

struct ThroughFocus {
  double lp_per_mm = 0;
  std::vector<double> defocus_um, tangential, sagittal;
};

struct FieldAnalysis {
  Field field;
  double normalized = 0;  // share of the largest field
  bool traced = false;    // false: not even the chief ray arrives; all that follows is empty
  double chief_ray_height_mm = 0;
  double chief_ray_angle_deg = 0;    // with the image's normal
  double distortion_percent = 0;     // against f tan(theta), or the paraxial height
  double rms_spot_radius_um = 0;     // polychromatic, about the centroid
  double rms_wavefront_waves = 0;    // polychromatic, waves of the reference wavelength
  double strehl = 0;                 // of the FFT point spread function, polychromatic
  double relative_illumination = 0;  // of the axis
  double unvignetted = 1;            // share of the pupil's rays that arrive
  double aim_error = 0;  // of the rays' places in the pupil, at most; share of its radius
  double field_curvature_tangential_mm = 0;  // from the image surface to the focus
  double field_curvature_sagittal_mm = 0;
  std::vector<double> zernike_standard;  // Noll's order from j = 1, waves at the reference
  std::vector<double> zernike_fringe;    // University of Arizona order, 37 terms, waves
  std::vector<WavelengthAtField> wavelengths;
  MtfCurve mtf;  // diffraction, polychromatic
  MtfCurve geometric_mtf;
  std::vector<ThroughFocus> through_focus;
};

// Curves over the field, axis to largest field.
struct FieldCurves {
  std::vector<double> normalized, field;  // field: in the unit of the field kind
  std::vector<double> chief_ray_height_mm, chief_ray_angle_deg, distortion_percent;
  std::vector<double> relative_illumination;
  std::vector<double> field_curvature_tangential_mm, field_curvature_sagittal_mm;
  std::vector<double> rms_spot_radius_um, rms_wavefront_waves;
  std::vector<std::vector<double>> lateral_color_um;              // [wavelength]
  std::vector<double> mtf_lp_per_mm;                              // frequencies of the next two
  std::vector<std::vector<double>> mtf_tangential, mtf_sagittal;  // [frequency]
};

// Axial focus over the pupil: longitudinal spherical aberration and color.
struct AxialAberration {
  double wavelength_nm = 0;
  std::vector<double> pupil, focus_mm;  // distance from the image surface
};

struct Psf {
  double spacing_um = 0;
  int size = 0;
  std::vector<float> value;  // rows from -y, sum of all = 1; polychromatic
};

struct Analysis {
  std::vector<FieldAnalysis> fields;
  FieldCurves curves;
  Seidel seidel;
  std::vector<AxialAberration> axial;
  double axial_color_mm = 0;    // paraxial foci, shortest minus longest wavelength
  double lateral_color_um = 0;  // largest over the fields, between shortest and longest wavelength
  double working_f_number = 0;  // real marginal ray on axis
  std::vector<Psf> psf;         // one for each field
  std::vector<Ghost> ghosts;    // strongest first
  std::vector<std::string> notes;
};

struct AnalysisOptions {
  int pupil_samples = 128;  // rays across the pupil, a power of two
  int curve_samples = 25;
  double largest_lp_per_mm = 0;     // 0: chosen from the f-number and the field
  double largest_defocus_um = 0;    // 0: four Rayleigh depths
  std::vector<double> lp_per_mm{};  // for curves over field and focus; empty: thirds of the largest
  bool ghosts = true, coated = true;
  std::function<void(double)> progress{};  // share done, 0..1
};

Analysis analyze(const System& system, const AnalysisOptions& options = {});

}  // namespace lichtbild::optics
