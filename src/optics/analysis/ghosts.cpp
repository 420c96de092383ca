#include "optics/analysis/ghosts.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "optics/aim.h"
#include "optics/analysis/arrivals.h"

namespace lichtbild::optics {
namespace {

constexpr double mgf2_index = 1.38, design_nm = 550;

// A path unfolded: forward to `first`, back to `second`, forward to the image.
Path<double> ghost_path(const Path<double>& path, int first, int second) {
  Path<double> out;
  for (int i = 0; i < first; ++i) out.push_back(path[i]);
  Element<double> mirror = path[first];
  mirror.reflects = true;
  mirror.index = mirror.index_before;
  mirror.thickness = -path[first - 1].thickness;
  out.push_back(mirror);
  for (int i = first - 1; i > second; --i) {
    Element<double> back = path[i];
    std::swap(back.index_before, back.index);
    back.thickness = -path[i - 1].thickness;
    out.push_back(back);
  }
  mirror = path[second];
  mirror.reflects = true;
  mirror.index_before = mirror.index;  // inside the medium behind it
  mirror.thickness = path[second].thickness;
  out.push_back(mirror);
  for (int i = second + 1; i < int(path.size()); ++i) out.push_back(path[i]);
  return out;
}

bool is_interface(const Element<double>& e) {
  return !e.is_break && !e.reflects && e.index != e.index_before;
}

}  // namespace

double bare_reflectance(double n0, double n1) {
  const double r = (n0 - n1) / (n0 + n1);
  return r * r;
}

double coated_reflectance(double n0, double n1, double wavelength_nm) {
  // One thin film at normal incidence; Born and Wolf, "Principles of Optics" (1999), 1.6.4.
  const double r0 = (n0 - mgf2_index) / (n0 + mgf2_index);
  const double r1 = (mgf2_index - n1) / (mgf2_index + n1);
  const std::complex<double> turn = std::polar(1.0, M_PI * design_nm / wavelength_nm);
  return std::norm((r0 + r1 * turn) / (1.0 + r0 * r1 * turn));
}

std::vector<Ghost> ghosts(const System& system, const GhostOptions& options) {
  const Path<double>& path = system.path();
  const double nm = system.lens.wavelengths[system.reference()].wavelength_nm;
  const auto reflectance = [&](int i) {
    const double n0 = path[i].index_before, n1 = path[i].index;
    // Cemented surfaces carry no coating.
    const bool air = n0 < 1.1 || n1 < 1.1;
    return options.coated && air ? coated_reflectance(std::min(n0, n1), std::max(n0, n1), nm)
                                 : bare_reflectance(n0, n1);
  };
  for (const Element<double>& e : path)
    if (e.moved || e.reflects) return {};  // folded systems: the unfolding here does not hold

  const Bundle bundle(system, {}, system.reference());
  const PupilQuadrature pupil = pupil_quadrature(6, 16);
  const FirstOrder& f = system.paraxial();
  const double airy_mm = 1.22e-6 * nm * f.paraxial_working_f_number;
  const double image_mm = std::max(std::abs(f.paraxial_image_height_mm), airy_mm);
  std::vector<Ghost> out;
  const int last = int(path.size()) - 2;
  for (int first = 1; first <= last; ++first)
    for (int second = 0; second < first; ++second) {
      if (!is_interface(path[first]) || !is_interface(path[second])) continue;
      Ghost ghost{.first = first, .second = second};
      const Path<double> way = ghost_path(path, first, second);
      double square = 0, weight = 0;
      for (std::size_t i = 0; i < pupil.points.size(); ++i) {
        const auto ray = bundle.launch(pupil.points[i]);
        if (!ray) continue;
        const Traced<double> end = trace(way, *ray);
        if (end.status != RayStatus::ok) continue;
        const Vec3<double>& p = end.ray.position;
        square += pupil.weights[i] * (p.x * p.x + p.y * p.y);
        weight += pupil.weights[i];
      }
      if (weight == 0) continue;
      ghost.rms_spot_radius_um = std::sqrt(square / weight) * 1000;
      // Surfaces between the two are passed three times, twice more than by the image's light.
      double energy = reflectance(first) * reflectance(second);
      for (int i = second + 1; i < first; ++i)
        if (is_interface(path[i])) energy *= std::pow(1 - reflectance(i), 2);
      ghost.energy = energy * weight;
      const double size = std::max(ghost.rms_spot_radius_um / 1000, airy_mm / 2);
      ghost.irradiance = ghost.energy * (airy_mm * airy_mm / 4) / (size * size);
      ghost.at_pupil = ghost.rms_spot_radius_um / 1000 > image_mm / 2;
      const ParaxialRay ray = trace_paraxial(way, f.marginal.height_mm[0], f.marginal.slope_before);
      const double slope = ray.slope[way.size() - 2];
      ghost.focus_distance_mm = slope == 0 ? INFINITY : -ray.height_mm[way.size() - 1] / slope;
      out.push_back(ghost);
    }
  std::sort(out.begin(), out.end(),
            [](const Ghost& a, const Ghost& b) { return a.irradiance > b.irradiance; });
  return out;
}

}  // namespace lichtbild::optics
