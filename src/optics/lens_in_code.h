// Lenses for tests, typed in code: surfaces by radius, thickness and index behind.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "glass/catalog.h"
#include "optics/system.h"

namespace lichtbild::optics::in_code {

inline Surface surface(double radius_mm, double thickness_mm, double index = 1, double conic = 0) {
  Surface s;
  s.shape.curvature = std::isinf(radius_mm) ? 0 : 1 / radius_mm;
  s.shape.conic = conic;
  s.thickness_mm = thickness_mm;
  s.material = ConstantIndex{index};
  return s;
}

inline Surface mirror(double radius_mm, double thickness_mm, double conic = 0) {
  Surface s = surface(radius_mm, thickness_mm, 1, conic);
  s.material = Mirror{};
  return s;
}

inline Surface stop(double thickness_mm) {
  Surface s = surface(INFINITY, thickness_mm);
  s.stop = true;
  return s;
}

inline Field field_y(double y) {
  Field f;
  f.y = y;
  return f;
}

// Fields along y; the first surface is the stop if none is.
inline Lens lens(std::vector<Surface> surfaces, SystemAperture aperture,
                 const std::vector<double>& fields_y = {0}, double wavelength_nm = 550) {
  Lens out;
  out.aperture = aperture;
  for (const double y : fields_y) out.fields.push_back(field_y(y));
  out.wavelengths = {{wavelength_nm, 1}};
  out.surfaces = std::move(surfaces);
  bool stopped = false;
  for (const Surface& s : out.surfaces) stopped = stopped || s.stop;
  if (!stopped) out.surfaces.front().stop = true;
  return out;
}

inline SystemAperture pupil_diameter(double mm) {
  return {SystemAperture::Kind::entrance_pupil_diameter_mm, mm};
}

inline System system(const Lens& l) { return make_system(l, Catalog{}, "a lens in code"); }

// Plane, then a hyperboloid of conic -n^2: an axial bundle meets in one point at focal_mm.
inline std::vector<Surface> plano_hyperbolic(double focal_mm, double index, double thickness_mm) {
  return {surface(INFINITY, thickness_mm, index),
          surface(-(index - 1) * focal_mm, focal_mm, 1, -index * index)};
}

// US 3552829, example 1: 50 mm f/1.4, six groups; without clear radii.
inline std::vector<Surface> double_gauss() {
  return {surface(56.655, 5.24, 1.815),
          surface(600, 0.565),
          surface(25.68, 6.56, 1.694),
          surface(51.875, 0.8),
          surface(84.6, 2.255, 1.63003),
          surface(17.295, 5.865),
          stop(5.565),
          surface(-19.475, 2.855, 1.7918),
          surface(246.02, 6.185, 1.8004),
          surface(-35.965, 0.095),
          surface(-125.895, 4.05, 1.8004),
          surface(-37.625, 0.095),
          surface(198.13, 4.05, 1.71615),
          surface(-63.025, 36.5)};
}

}  // namespace lichtbild::optics::in_code
