// Two lenses compared field by field, numbers by their bits; for tests.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "optics/files/lens_files.h"
#include "optics/files/number_text.h"

namespace lichtbild::optics {

// Every number of a lens as its bits and every text, one line each: equal texts, equal lenses.
class LensBits {
 public:
  static std::string of(const Lens& lens) {
    LensBits bits;
    bits.add_lens(lens);
    return bits.text_;
  }

 private:
  void add(const char* name, double value) { text_ += fmt::format("{} {:a}\n", name, value); }
  void add(const char* name, const std::string& value) {
    text_ += fmt::format("{} {}\n", name, value);
  }
  void add(const char* name, const std::vector<double>& values) {
    add(name, static_cast<double>(values.size()));
    for (const double value : values) add(name, value);
  }

  void operator()(const Conic&) {}
  void operator()(const EvenAsphere& f) { add("even", f.coefficients); }
  void operator()(const OddAsphere& f) { add("odd", f.coefficients); }
  void operator()(const QBfs& f) {
    add("radius", f.normalization_radius_mm);
    add("bfs", f.coefficients);
  }
  void operator()(const QCon& f) {
    add("radius", f.normalization_radius_mm);
    add("con", f.coefficients);
  }
  void operator()(const Biconic& f) {
    add("cx", f.curvature_x);
    add("kx", f.conic_x);
  }
  void operator()(const Toroid& f) {
    add("rx", f.radius_x_mm);
    add("toroid", f.coefficients);
  }
  void operator()(const XyPolynomial& f) {
    add("radius", f.normalization_radius_mm);
    for (const auto& term : f.terms) {
      add("x", term.x_power);
      add("y", term.y_power);
      add("a", term.coefficient_mm);
    }
  }

  void operator()(const Air&) {}
  void operator()(const Mirror&) {}
  void operator()(const NamedGlass& m) { add("glass", m.catalog + "|" + m.name); }
  void operator()(const ModelGlass& m) {
    add("nd", m.nd);
    add("vd", m.vd);
    if (m.dpgf) add("dpgf", *m.dpgf);
  }
  void operator()(const ConstantIndex& m) { add("index", m.index); }
  void operator()(const IndexTable& m) {
    add("wavelengths", m.wavelength_nm);
    add("indices", m.index);
  }

  void add_material(const Material& material) {
    add("material", static_cast<double>(material.index()));
    std::visit([this](const auto& part) { (*this)(part); }, material);
  }

  void add_aperture(const ClearAperture& aperture) {
    add("aperture x", aperture.decenter_x_mm);
    add("aperture y", aperture.decenter_y_mm);
    if (const auto* circle = std::get_if<CircularAperture>(&aperture.outline)) {
      add("inner", circle->inner_mm);
      add("outer", circle->outer_mm);
    }
    if (const auto* rectangle = std::get_if<RectangularAperture>(&aperture.outline)) {
      add("width", rectangle->half_width_mm);
      add("height", rectangle->half_height_mm);
      add("obscures", rectangle->obscures);
    }
  }

  void add_surface(const Surface& s) {
    add("label", s.label);
    add("curvature", s.shape.curvature);
    add("conic", s.shape.conic);
    add("form", static_cast<double>(s.shape.form.index()));
    std::visit([this](const auto& part) { (*this)(part); }, s.shape.form);
    add("thickness", s.thickness_mm);
    add_material(s.material);
    if (s.semi_diameter_mm) add("semi-diameter", *s.semi_diameter_mm);
    if (s.aperture) add_aperture(*s.aperture);
    add("stop", s.stop);
    add("break", s.coordinate_break);
    if (!s.placement) return;
    const Placement& p = *s.placement;
    for (const double value : {p.decenter_x_mm, p.decenter_y_mm, p.decenter_z_mm, p.tilt_x_deg,
                               p.tilt_y_deg, p.tilt_z_deg})
      add("placement", value);
    add("tilt first", p.tilt_first);
    add("after", static_cast<double>(p.after));
  }

  void add_lens(const Lens& lens) {
    add("title", lens.title);
    add("source", lens.source);
    add("aperture", static_cast<double>(lens.aperture.kind));
    add("aperture", lens.aperture.value);
    add("field kind", static_cast<double>(lens.field_kind));
    for (const Field& f : lens.fields)
      for (const double value : {f.x, f.y, f.weight, f.vdx, f.vdy, f.vcx, f.vcy})
        add("field", value);
    for (const Wavelength& wavelength : lens.wavelengths) {
      add("wavelength", wavelength.wavelength_nm);
      add("weight", wavelength.weight);
    }
    add("reference", lens.reference_wavelength);
    add("object", lens.object_distance_mm);
    add("temperature", lens.temperature_c);
    add("pressure", lens.pressure_atm);
    add_material(lens.object_material);
    for (const Surface& surface : lens.surfaces) add_surface(surface);
    add("image", "");
    add_surface(lens.image);
    for (const std::string& note : lens.notes) add("note", note);
  }

  std::string text_;
};

}  // namespace lichtbild::optics
