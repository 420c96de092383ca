#include "optics/system.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/error.h"
#include "optics/aim.h"
#include "optics/placement.h"

namespace lichtbild::optics {
namespace {

// Clear radii as printed are rounded: rays within this share of the rim pass.
constexpr double rim_tolerance = 1e-6;

// The index behind a surface, relative to the air around the lens.
class Indices {
 public:
  Indices(const Lens& lens, const Catalog& catalog, std::string where,
          std::vector<std::string>& notes)
      : lens_(lens), catalog_(catalog), where_(std::move(where)), notes_(notes) {}

  double of(const Material& material, double wavelength_nm, int surface) {
    place_ = fmt::format("{}: surface {}", where_, surface + 1);
    wavelength_nm_ = wavelength_nm;
    const double n = std::visit([this](const auto& m) { return index(m); }, material);
    if (!(n >= 1) || !std::isfinite(n))
      throw Error(place_, fmt::format("the index at {:g} nm is {:g}", wavelength_nm, n),
                  "an index is at least 1; check the material and the wavelength");
    return n;
  }

 private:
  double index(const Air&) { return 1; }
  double index(const Mirror&) { return 1; }
  double index(const ConstantIndex& m) { return m.index; }
  double index(const ModelGlass& m) {
    return lichtbild::index(model_glass(m.nd, m.vd, m.dpgf), wavelength_nm_ / 1000, environment());
  }
  double index(const NamedGlass& m) {
    const std::string full = m.catalog.empty() ? m.name : m.catalog + ":" + m.name;
    const Found found = found_glass(full);
    if (!found.also_made_by.empty() && m.catalog.empty()) {
      const std::string note = fmt::format("{}: taken from {}; also made by {}", m.name,
                                           found.glass.maker, fmt::join(found.also_made_by, ", "));
      if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
    }
    return lichtbild::index(found.glass, wavelength_nm_ / 1000, environment());
  }
  Found found_glass(const std::string& full) const {
    try {
      return catalog_.find(full);
    } catch (const Error& e) {
      throw Error(place_, e.what());
    }
  }
  double index(const IndexTable& m) {
    for (std::size_t i = 0; i < m.index.size(); ++i)
      if (std::abs(m.wavelength_nm[i] - wavelength_nm_) < 0.01) return m.index[i];
    throw Error(place_, fmt::format("its table of indices has no {:g} nm", wavelength_nm_),
                "add that wavelength to the table, or leave it out of the lens");
  }
  Environment environment() const { return {lens_.temperature_c, lens_.pressure_atm}; }

  const Lens& lens_;
  const Catalog& catalog_;
  std::string where_, place_;
  double wavelength_nm_ = 0;
  std::vector<std::string>& notes_;
};

Element<double> element_of(const Surface& surface, bool is_stop, double index_before,
                           double index) {
  Element<double> e;
  e.shape = shape_of(surface.shape);
  e.thickness = surface.thickness_mm;
  e.index_before = index_before;
  e.reflects = std::holds_alternative<Mirror>(surface.material);
  e.index = e.reflects ? index_before : index;
  e.is_break = surface.coordinate_break;
  if (e.is_break) e.index = index_before;
  if (surface.placement) place(e, *surface.placement);
  // The stop's rim is what the aperture says, see aim.h; a printed one is its rounded copy.
  if (surface.semi_diameter_mm && !is_stop)
    e.clear_radius_mm = *surface.semi_diameter_mm * (1 + rim_tolerance);
  e.aperture = surface.aperture;
  return e;
}

}  // namespace

System make_system(const Lens& lens, const Catalog& catalog, const std::string& where) {
  System system;
  system.lens = lens;
  check(lens, where);
  for (int i = 0; i < system.image(); ++i)
    if (lens.surfaces[i].stop) system.stop = i;
  Indices indices(system.lens, catalog, where, system.notes);
  for (const Wavelength& wavelength : lens.wavelengths) {
    Path<double> path;
    double before = indices.of(lens.object_material, wavelength.wavelength_nm, -1);
    for (int i = 0; i <= system.image(); ++i) {
      const Surface& surface = system.surface(i);
      const double behind =
          i == system.image() ? before : indices.of(surface.material, wavelength.wavelength_nm, i);
      path.push_back(element_of(surface, surface.stop, before, behind));
      Element<double>& element = path.back();
      // The same in every light.
      element.slopes =
          system.paths.empty() ? slopes_of(element.shape) : system.paths.front()[i].slopes;
      before = path.back().index;
    }
    path.back().thickness = 0;
    system.paths.push_back(std::move(path));
  }
  Conjugates conjugates{lens.object_distance_mm, lens.aperture, lens.field_kind,
                        largest_field(lens)};
  try {
    // One entrance pupil for all wavelengths: that of the reference.
    const FirstOrder reference = first_order(system.path(), system.stop, conjugates);
    conjugates.aperture = {SystemAperture::Kind::entrance_pupil_diameter_mm,
                           reference.entrance.diameter_mm};
    for (const Path<double>& path : system.paths)
      system.first_order.push_back(first_order(path, system.stop, conjugates));
  } catch (const std::domain_error& e) {
    throw Error(where, e.what(), "check the aperture, the stop and the radii");
  }
  return system;
}

}  // namespace lichtbild::optics
