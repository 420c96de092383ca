#include "optics/lens.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace lichtbild::optics {
namespace {

constexpr std::size_t most_surfaces = 1000, most_fields = 1000, most_wavelengths = 100,
                      most_terms = 500;

// What is being checked, for the message: "surface 3".
struct Checker {
  const std::string& where;
  std::string part;

  [[noreturn]] void complain(const std::string& what, const std::string& cure) const {
    throw Error(where, part.empty() ? what : part + ": " + what, cure);
  }
  void demand(bool fulfilled, const std::string& what, const std::string& cure) const {
    if (!fulfilled) complain(what, cure);
  }
  void finite(double value, const char* name) const {
    demand(std::isfinite(value), fmt::format("{} is {}", name, value), "give a finite number");
  }
  void positive(double value, const char* name) const {
    demand(std::isfinite(value) && value > 0, fmt::format("{} is {}", name, value),
           "give a finite number above 0");
  }
  void not_negative(double value, const char* name) const {
    demand(std::isfinite(value) && value >= 0, fmt::format("{} is {}", name, value),
           "give a finite number, 0 or more");
  }
  void refractive(double index, const char* name) const {
    demand(std::isfinite(index) && index >= 1 && index <= 10, fmt::format("{} is {}", name, index),
           "an index of refraction is from 1 to 10");
  }
  void coefficients(const std::vector<double>& values, std::size_t most) const {
    demand(values.size() <= most, fmt::format("{} coefficients", values.size()),
           fmt::format("at most {} are known", most));
    for (const double value : values) finite(value, "a coefficient");
  }
};

struct CheckMaterial {
  const Checker& checker;

  void operator()(const Air&) const {}
  void operator()(const Mirror&) const {}
  void operator()(const NamedGlass& glass) const {
    checker.demand(!glass.name.empty(), "a glass without a name", "name it, or leave it out");
  }
  void operator()(const ModelGlass& glass) const {
    checker.refractive(glass.nd, "nd");
    checker.not_negative(glass.vd, "vd");
    if (glass.dpgf) checker.finite(*glass.dpgf, "dpgf");
  }
  void operator()(const ConstantIndex& constant) const {
    checker.refractive(constant.index, "the index");
  }
  void operator()(const IndexTable& table) const {
    checker.demand(!table.index.empty() && table.index.size() == table.wavelength_nm.size(),
                   "an index table without one index for each wavelength", "give both, in pairs");
    for (const double wavelength : table.wavelength_nm)
      checker.positive(wavelength, "a wavelength of the index table");
    for (const double index : table.index) checker.refractive(index, "an index");
  }
};

// 1 - (1 + k) c^2 r^2 must not be negative at the clear radius.
void check_domain(const Checker& checker, double curvature, double conic, double radius) {
  constexpr double rounding = 1e-9;  // a full hemisphere is meant, not overstepped
  checker.demand((1 + conic) * curvature * curvature * radius * radius <= 1 + rounding,
                 fmt::format("the shape ends within the semi-diameter {}", radius),
                 "make the semi-diameter smaller, or look at radius and conic again");
}

struct CheckForm {
  const Checker& checker;
  const std::optional<double>& semi_diameter_mm;

  void operator()(const Conic&) const {}
  void operator()(const EvenAsphere& form) const { checker.coefficients(form.coefficients, 15); }
  void operator()(const OddAsphere& form) const { checker.coefficients(form.coefficients, 30); }
  void operator()(const QBfs& form) const { check_q(form.normalization_radius_mm, form); }
  void operator()(const QCon& form) const { check_q(form.normalization_radius_mm, form); }
  void operator()(const Biconic& form) const {
    checker.finite(form.curvature_x, "the curvature in x");
    checker.finite(form.conic_x, "the conic in x");
    if (semi_diameter_mm) check_domain(checker, form.curvature_x, form.conic_x, *semi_diameter_mm);
  }
  void operator()(const Toroid& form) const {
    checker.demand(!std::isnan(form.radius_x_mm) && form.radius_x_mm != 0,
                   fmt::format("the radius in x is {}", form.radius_x_mm),
                   "give a number that is not 0, inf for a cylinder");
    checker.coefficients(form.coefficients, 15);
  }
  void operator()(const XyPolynomial& form) const {
    checker.positive(form.normalization_radius_mm, "the normalization radius");
    checker.demand(form.terms.size() <= most_terms,
                   fmt::format("{} polynomial terms", form.terms.size()),
                   fmt::format("at most {} are known", most_terms));
    for (const XyPolynomial::Term& term : form.terms) {
      checker.demand(term.x_power >= 0 && term.y_power >= 0 && term.x_power <= 30 &&
                         term.y_power <= 30 && term.x_power + term.y_power > 0,
                     fmt::format("a term x^{} y^{}", term.x_power, term.y_power),
                     "powers are from 0 to 30, not both 0");
      checker.finite(term.coefficient_mm, "a coefficient");
    }
  }

 private:
  template <class Form>
  void check_q(double normalization_radius_mm, const Form& form) const {
    checker.positive(normalization_radius_mm, "the normalization radius");
    checker.coefficients(form.coefficients, 30);
  }
};

void check_shape(const Checker& checker, const Surface& surface) {
  const Shape& shape = surface.shape;
  checker.finite(shape.curvature, "the curvature");
  checker.finite(shape.conic, "the conic");
  if (surface.semi_diameter_mm) {
    checker.positive(*surface.semi_diameter_mm, "the semi-diameter");
    // A cylinder may be longer than its curve is high.
    if (!std::holds_alternative<Toroid>(shape.form) && !std::holds_alternative<Biconic>(shape.form))
      check_domain(checker, shape.curvature, shape.conic, *surface.semi_diameter_mm);
  }
  std::visit(CheckForm{checker, surface.semi_diameter_mm}, shape.form);
}

void check_aperture(const Checker& checker, const ClearAperture& aperture) {
  checker.finite(aperture.decenter_x_mm, "the aperture's decenter in x");
  checker.finite(aperture.decenter_y_mm, "the aperture's decenter in y");
  if (const auto* circle = std::get_if<CircularAperture>(&aperture.outline)) {
    checker.not_negative(circle->inner_mm, "the aperture's inner radius");
    checker.demand(circle->outer_mm > circle->inner_mm,
                   fmt::format("the aperture reaches from radius {} to {}", circle->inner_mm,
                               circle->outer_mm),
                   "no ray passes: make the outer radius the larger");
  } else if (const auto* rectangle = std::get_if<RectangularAperture>(&aperture.outline)) {
    checker.positive(rectangle->half_width_mm, "the aperture's half width");
    checker.positive(rectangle->half_height_mm, "the aperture's half height");
  }
}

void check_placement(const Checker& checker, const Placement& placement) {
  checker.finite(placement.decenter_x_mm, "the decenter in x");
  checker.finite(placement.decenter_y_mm, "the decenter in y");
  checker.finite(placement.decenter_z_mm, "the decenter in z");
  checker.finite(placement.tilt_x_deg, "the tilt about x");
  checker.finite(placement.tilt_y_deg, "the tilt about y");
  checker.finite(placement.tilt_z_deg, "the tilt about z");
}

void check_surface(const Checker& checker, const Surface& surface) {
  checker.finite(surface.thickness_mm, "the thickness");
  check_shape(checker, surface);
  std::visit(CheckMaterial{checker}, surface.material);
  if (surface.aperture) check_aperture(checker, *surface.aperture);
  if (surface.placement) check_placement(checker, *surface.placement);
  if (surface.coordinate_break)
    checker.demand(
        !surface.stop && !surface.aperture && !std::holds_alternative<Mirror>(surface.material),
        "a coordinate break that is a stop, an aperture or a mirror",
        "give those to the surface behind it");
}

void check_surfaces(Checker checker, const Lens& lens) {
  checker.demand(!lens.surfaces.empty(), "no surfaces", "give at least one [[surface]]");
  checker.demand(lens.surfaces.size() <= most_surfaces,
                 fmt::format("{} surfaces", lens.surfaces.size()),
                 fmt::format("at most {} are taken", most_surfaces));
  int first_stop = 0;
  for (std::size_t i = 0; i < lens.surfaces.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    checker.part = fmt::format("surface {}", number);
    check_surface(checker, lens.surfaces[i]);
    if (!lens.surfaces[i].stop) continue;
    checker.demand(first_stop == 0,
                   fmt::format("is a stop, and surface {} is one already", first_stop),
                   "a lens has one stop");
    first_stop = number;
  }
  checker.part.clear();
  checker.demand(first_stop != 0, "no stop", "mark one surface as the stop (stop = true)");
  checker.part = "the image";
  check_surface(checker, lens.image);
  checker.demand(!lens.image.stop && !lens.image.coordinate_break, "is marked as the stop",
                 "the stop is one of the surfaces before it");
}

void check_wavelengths(Checker checker, const Lens& lens) {
  checker.demand(!lens.wavelengths.empty(), "no wavelengths", "give at least one, in nm");
  checker.demand(lens.wavelengths.size() <= most_wavelengths,
                 fmt::format("{} wavelengths", lens.wavelengths.size()),
                 fmt::format("at most {} are taken", most_wavelengths));
  double sum = 0;
  for (std::size_t i = 0; i < lens.wavelengths.size(); ++i) {
    checker.part = fmt::format("wavelength {}", i + 1);
    const double wavelength_nm = lens.wavelengths[i].wavelength_nm;
    checker.demand(wavelength_nm >= 10 && wavelength_nm <= 1e6, fmt::format("{} nm", wavelength_nm),
                   "give 10 nm to 1 mm, in nanometers");
    checker.not_negative(lens.wavelengths[i].weight, "the weight");
    sum += lens.wavelengths[i].weight;
  }
  checker.part.clear();
  checker.demand(sum > 0, "every wavelength has the weight 0", "give one of them a weight");
  checker.demand(lens.reference_wavelength >= 0 &&
                     static_cast<std::size_t>(lens.reference_wavelength) < lens.wavelengths.size(),
                 "the reference wavelength is none of the wavelengths", "name one of them");
}

void check_fields(Checker checker, const Lens& lens) {
  checker.demand(!lens.fields.empty(), "no fields", "give at least one; 0 is the axis");
  checker.demand(lens.fields.size() <= most_fields, fmt::format("{} fields", lens.fields.size()),
                 fmt::format("at most {} are taken", most_fields));
  checker.demand(
      lens.field_kind != FieldKind::object_height_mm || std::isfinite(lens.object_distance_mm),
      "object heights, and the object is at infinity", "give angles, or an object distance");
  for (std::size_t i = 0; i < lens.fields.size(); ++i) {
    checker.part = fmt::format("field {}", i + 1);
    const Field& field = lens.fields[i];
    checker.finite(field.x, "x");
    checker.finite(field.y, "y");
    checker.demand(lens.field_kind != FieldKind::angle_deg ||
                       (std::abs(field.x) < 90 && std::abs(field.y) < 90),
                   fmt::format("an angle of {}, {} degrees", field.x, field.y),
                   "give angles below 90 degrees");
    checker.not_negative(field.weight, "the weight");
    checker.finite(field.vdx, "vdx");
    checker.finite(field.vdy, "vdy");
    checker.demand(
        std::isfinite(field.vcx) && std::isfinite(field.vcy) && field.vcx < 1 && field.vcy < 1,
        fmt::format("the vignetting vcx = {}, vcy = {} leaves no pupil", field.vcx, field.vcy),
        "give numbers below 1");
  }
}

void check_aperture_of_system(const Checker& checker, const Lens& lens) {
  using Kind = SystemAperture::Kind;
  checker.positive(lens.aperture.value, "the aperture");
  checker.demand(lens.aperture.kind != Kind::object_na || std::isfinite(lens.object_distance_mm),
                 "an aperture by object NA, and the object is at infinity",
                 "give an f-number or a pupil diameter, or an object distance");
  const bool numerical =
      lens.aperture.kind == Kind::object_na || lens.aperture.kind == Kind::image_na;
  checker.demand(!numerical || lens.aperture.value <= 10,
                 fmt::format("a numerical aperture of {}", lens.aperture.value),
                 "it can't be more than the index");
}

}  // namespace

WavelengthEnds wavelength_ends(const Lens& lens) {
  const auto& all = lens.wavelengths;
  WavelengthEnds ends;
  for (int i = 0; i < int(all.size()); ++i) {
    if (all[i].wavelength_nm < all[ends.shortest].wavelength_nm) ends.shortest = i;
    if (all[i].wavelength_nm > all[ends.longest].wavelength_nm) ends.longest = i;
  }
  return ends;
}

bool rotationally_symmetric(const Surface& surface) {
  const auto& form = surface.shape.form;
  if (surface.placement || surface.coordinate_break || std::holds_alternative<Biconic>(form) ||
      std::holds_alternative<Toroid>(form) || std::holds_alternative<XyPolynomial>(form))
    return false;
  const auto& aperture = surface.aperture;
  return !aperture || (std::holds_alternative<CircularAperture>(aperture->outline) &&
                       aperture->decenter_x_mm == 0 && aperture->decenter_y_mm == 0);
}

bool rotationally_symmetric(const Lens& lens) {
  const auto symmetric = [](const Surface& s) { return rotationally_symmetric(s); };
  return std::ranges::all_of(lens.surfaces, symmetric) && symmetric(lens.image);
}

void check(const Lens& lens, const std::string& where) {
  const Checker checker{where, ""};
  check_surfaces(checker, lens);
  check_wavelengths(checker, lens);
  check_fields(checker, lens);
  check_aperture_of_system(checker, lens);
  checker.demand(!std::isnan(lens.object_distance_mm) &&
                     lens.object_distance_mm != -std::numeric_limits<double>::infinity(),
                 fmt::format("the object distance is {}", lens.object_distance_mm),
                 "give a number, or inf");
  checker.demand(std::isfinite(lens.temperature_c) && lens.temperature_c > -273.15,
                 fmt::format("a temperature of {} C", lens.temperature_c), "give one above -273");
  checker.not_negative(lens.pressure_atm, "the pressure");
  const Checker object{where, "the object's medium"};
  std::visit(CheckMaterial{object}, lens.object_material);
  object.demand(!std::holds_alternative<Mirror>(lens.object_material), "is a mirror",
                "give a medium");
}

}  // namespace lichtbild::optics
