// System: a lens that can be traced: its materials are indices, its pupils are known.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "glass/catalog.h"
#include "optics/first_order.h"
#include "optics/lens.h"
#include "optics/trace.h"

namespace lichtbild::optics {

struct System {
  Lens lens;
  int stop = 0;                         // index of the stop among lens.surfaces and in a path
  std::vector<Path<double>> paths;      // one for each of lens.wavelengths; the image comes last
  std::vector<FirstOrder> first_order;  // one for each of lens.wavelengths
  std::vector<std::string> notes;       // glasses that several makers offer, ranges left, ...

  int reference() const { return lens.reference_wavelength; }
  const Path<double>& path() const { return paths[reference()]; }
  const FirstOrder& paraxial() const { return first_order[reference()]; }
  double wavelength_um(int i) const { return lens.wavelengths[i].wavelength_nm / 1000; }
  bool object_at_infinity() const { return !std::isfinite(lens.object_distance_mm); }
  int image() const { return int(lens.surfaces.size()); }
  const Surface& surface(int i) const { return i < image() ? lens.surfaces[i] : lens.image; }
};

// Throws Error{where, ...} for an unknown glass, a wavelength of a table that is not there, or an
// aperture that no ray can fill. `where` names the lens in errors.
System make_system(const Lens& lens, const Catalog& catalog, const std::string& where);

}  // namespace lichtbild::optics
