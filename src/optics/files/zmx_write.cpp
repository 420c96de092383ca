// .zmx written, in millimeters; what the format has no surface for is an Error.
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "glass/glass.h"
#include "optics/files/lens_files.h"
#include "optics/files/number_text.h"

namespace lichtbild::optics {
namespace {

std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

// What a surface writes as TYPE, PARM and XDAT.
struct ZmxShape {
  std::string type = "STANDARD";
  std::vector<double> parameters, extra;
};

struct ZmxForm {
  const std::string& part;

  [[noreturn]] void complain(const std::string& what) const {
    throw Error(part, what + " can't be written as .zmx", "write .lens.toml");
  }
  static ZmxShape with_extra(std::string type, std::vector<double> parameters, double radius,
                             const std::vector<double>& terms) {
    ZmxShape shape{std::move(type), std::move(parameters), {}};
    shape.extra = {static_cast<double>(terms.size()), radius};
    shape.extra.insert(shape.extra.end(), terms.begin(), terms.end());
    return shape;
  }

  ZmxShape operator()(const Conic&) const { return {}; }
  ZmxShape operator()(const EvenAsphere& form) const {
    if (form.coefficients.size() > 8) return with_extra("XASPHERE", {}, 1, form.coefficients);
    return {"EVENASPH", form.coefficients, {}};
  }
  ZmxShape operator()(const OddAsphere& form) const {
    if (form.coefficients.size() > 8) complain("an odd asphere beyond r^8");
    return {"ODDASPHE", form.coefficients, {}};
  }
  ZmxShape operator()(const QBfs& form) const {
    return with_extra("QBFS", {0}, form.normalization_radius_mm, form.coefficients);
  }
  ZmxShape operator()(const QCon& form) const {
    return with_extra("QBFS", {1}, form.normalization_radius_mm, form.coefficients);
  }
  ZmxShape operator()(const Biconic& form) const {
    const auto radius = radius_of(form.curvature_x);
    const double x = radius.value_or(form.curvature_x == 0 ? 0 : 1 / form.curvature_x);
    return {"BICONICX", {std::isfinite(x) ? x : 0, form.conic_x}, {}};
  }
  ZmxShape operator()(const Toroid& form) const {
    if (form.coefficients.size() > 7) complain("a toroid beyond y^14");
    ZmxShape shape{"TOROIDAL", {std::isfinite(form.radius_x_mm) ? form.radius_x_mm : 0}, {}};
    shape.parameters.insert(shape.parameters.end(), form.coefficients.begin(),
                            form.coefficients.end());
    return shape;
  }
  ZmxShape operator()(const XyPolynomial& form) const {
    std::vector<double> terms;
    for (const XyPolynomial::Term& term : form.terms) {
      const std::size_t x = term.x_power, y = term.y_power, order = x + y;
      const std::size_t place = order * (order + 1) / 2 - 1 + y;
      if (place >= 230) complain(fmt::format("x^{} y^{}", term.x_power, term.y_power));
      if (terms.size() <= place) terms.resize(place + 1);
      terms[place] += term.coefficient_mm;
    }
    return with_extra("XPOLYNOM", {}, form.normalization_radius_mm, terms);
  }
};

struct ZmxMaterial {
  const std::string& part;

  std::string operator()(const Air&) const { return ""; }
  std::string operator()(const Mirror&) const { return "  GLAS MIRROR 0 0 1.5 40 0 0 0 0 0 0\n"; }
  std::string operator()(const NamedGlass& glass) const {
    return fmt::format("  GLAS {} 0 0 1.5 40 0 0 0 0 0 0\n", glass.name);
  }
  std::string operator()(const ModelGlass& glass) const {
    const double dpgf = glass.dpgf.value_or(expected_dpgf(glass.nd, glass.vd));
    return fmt::format("  GLAS ___BLANK 1 0 {} {} {} 0 0 0 0 0\n", glass.nd, glass.vd, dpgf);
  }
  std::string operator()(const ConstantIndex& constant) const {
    return fmt::format("  GLAS ___BLANK 1 0 {} 0 0 0 0 0 0 0\n", constant.index);
  }
  std::string operator()(const IndexTable&) const {
    throw Error(part, "a table of indices can't be written as .zmx", "write .lens.toml");
  }
};

class ZmxWriter {
 public:
  explicit ZmxWriter(const Lens& lens) : lens_(lens) {}

  std::string text() {
    write_header();
    write_object();
    for (std::size_t i = 0; i < lens_.surfaces.size(); ++i) {
      part_ = fmt::format("surface {}", i + 1);
      write_placed(lens_.surfaces[i]);
    }
    part_ = "the image";
    write_placed(lens_.image);
    return text_ + "BLNK \n";
  }

 private:
  void write_header() {
    text_ = "VERS 180912 0 0\nMODE SEQ\n";
    text_ += fmt::format("NAME {}\n", one_line(lens_.title));
    if (!lens_.source.empty()) text_ += fmt::format("NOTE 0 source: {}\n", one_line(lens_.source));
    for (const std::string& note : lens_.notes) text_ += fmt::format("NOTE 0 {}\n", one_line(note));
    text_ += "UNIT MM X W X CM MR CPMM\n";
    write_aperture();
    text_ += fmt::format("ENVD {} {} 1\n", lens_.temperature_c, lens_.pressure_atm);
    write_catalogs();
    text_ += "RAIM 0 2 1 1 0 0 0 0 0 1\n";
    write_fields();
    for (std::size_t i = 0; i < lens_.wavelengths.size(); ++i)
      text_ += fmt::format("WAVM {} {} {}\n", i + 1, lens_.wavelengths[i].wavelength_nm / 1000,
                           lens_.wavelengths[i].weight);
    text_ += fmt::format("PWAV {}\n", lens_.reference_wavelength + 1);
  }

  void write_aperture() {
    using Kind = SystemAperture::Kind;
    const double value = lens_.aperture.value;
    switch (lens_.aperture.kind) {
      case Kind::f_number:
        text_ += fmt::format("FNUM {} 0\n", value);
        break;
      case Kind::entrance_pupil_diameter_mm:
        text_ += fmt::format("ENPD {}\n", value);
        break;
      case Kind::object_na:
        text_ += fmt::format("OBNA {} 0\n", value);
        break;
      case Kind::stop_semi_diameter_mm:
        text_ += "FLOA\n";
        stop_semi_diameter_ = value;
        break;
      case Kind::image_na:
        if (!std::isfinite(lens_.object_distance_mm) || value >= 1)
          throw Error("the lens to write", "an aperture by image NA can't be written as .zmx",
                      "give an f-number");
        text_ += fmt::format("FNUM {} 1\n", 0.5 / std::tan(std::asin(value)));
    }
  }

  void write_catalogs() {
    std::vector<std::string> catalogs;
    std::string list;
    const auto add = [&](const Material& material) {
      const auto* glass = std::get_if<NamedGlass>(&material);
      if (glass && !glass->catalog.empty() &&
          std::find(catalogs.begin(), catalogs.end(), glass->catalog) == catalogs.end()) {
        catalogs.push_back(glass->catalog);
        list += " " + glass->catalog;
      }
    };
    add(lens_.object_material);
    for (const Surface& surface : lens_.surfaces) add(surface.material);
    if (!catalogs.empty()) text_ += fmt::format("GCAT{}\n", list);
  }

  void write_fields() {
    text_ += fmt::format("FTYP {} 0 {} {} 0 0 0\n", static_cast<int>(lens_.field_kind),
                         lens_.fields.size(), lens_.wavelengths.size());
    const auto list = [&](const char* keyword, double Field::*value) {
      text_ += keyword;
      for (const Field& field : lens_.fields) text_ += fmt::format(" {}", field.*value);
      text_ += "\n";
    };
    list("XFLN", &Field::x);
    list("YFLN", &Field::y);
    list("FWGN", &Field::weight);
    list("VDXN", &Field::vdx);
    list("VDYN", &Field::vdy);
    list("VCXN", &Field::vcx);
    list("VCYN", &Field::vcy);
  }

  void write_object() {
    begin("STANDARD");
    text_ += std::isfinite(lens_.object_distance_mm)
                 ? fmt::format("  DISZ {}\n", lens_.object_distance_mm)
                 : "  DISZ INFINITY\n";
    text_ += std::visit(ZmxMaterial{part_}, lens_.object_material);
  }

  void begin(const std::string& type) {
    text_ += fmt::format("SURF {}\n  TYPE {}\n", next_++, type);
  }

  // A placed surface is one between coordinate breaks.
  void write_placed(const Surface& surface) {
    if (!surface.placement) {
      if (surface.coordinate_break)
        write_break(Placement{}, surface.thickness_mm, surface.label);
      else
        write_surface(surface, surface.thickness_mm);
      return;
    }
    const Placement& placement = *surface.placement;
    if (surface.coordinate_break && placement.after == Placement::After::stay) {
      write_break(placement, surface.thickness_mm, surface.label);
      return;
    }
    if (surface.coordinate_break)
      throw Error(part_, "a coordinate break that is undone can't be written as .zmx",
                  "write .lens.toml");
    write_break(placement, 0, "");
    const bool stays = placement.after == Placement::After::stay;
    write_surface(surface, stays ? surface.thickness_mm : 0);
    if (stays) return;
    write_break(placement.after == Placement::After::bend ? tilt_of(placement) : undone(placement),
                surface.thickness_mm, "");
  }

  static Placement tilt_of(Placement placement) {
    placement.decenter_x_mm = placement.decenter_y_mm = placement.decenter_z_mm = 0;
    return placement;
  }

  static Placement undone(const Placement& placement) {
    return {-placement.decenter_x_mm, -placement.decenter_y_mm, -placement.decenter_z_mm,
            -placement.tilt_x_deg,    -placement.tilt_y_deg,    -placement.tilt_z_deg,
            !placement.tilt_first,    Placement::After::stay};
  }

  // A break moves in x and y only; its thickness behind the tilts does the rest.
  void write_break(const Placement& placement, double thickness_mm, const std::string& label) {
    if (placement.decenter_z_mm != 0 && !placement.tilt_first) {
      Placement along;
      Placement rest = placement;
      rest.decenter_z_mm = 0;
      write_break(along, placement.decenter_z_mm, "");
      write_break(rest, thickness_mm, label);
      return;
    }
    begin("COORDBRK");
    if (!label.empty()) text_ += fmt::format("  COMM {}\n", one_line(label));
    text_ += "  CURV 0\n";
    const auto turned = [](double angle) { return angle == 0 ? 0 : -angle; };
    const double values[] = {placement.decenter_x_mm,      placement.decenter_y_mm,
                             turned(placement.tilt_x_deg), turned(placement.tilt_y_deg),
                             placement.tilt_z_deg,         placement.tilt_first ? 1.0 : 0.0};
    for (int i = 0; i < 6; ++i) text_ += fmt::format("  PARM {} {}\n", i + 1, values[i]);
    text_ += fmt::format("  DISZ {}\n", thickness_mm + placement.decenter_z_mm);
  }

  void write_surface(const Surface& surface, double thickness_mm) {
    const ZmxShape shape = std::visit(ZmxForm{part_}, surface.shape.form);
    begin(shape.type);
    if (surface.stop) text_ += "  STOP\n";
    if (!surface.label.empty()) text_ += fmt::format("  COMM {}\n", one_line(surface.label));
    text_ += fmt::format("  CURV {} 0 0 0 0 \"\"\n", surface.shape.curvature);
    for (std::size_t i = 0; i < shape.parameters.size(); ++i)
      text_ += fmt::format("  PARM {} {}\n", i + 1, shape.parameters[i]);
    for (std::size_t i = 0; i < shape.extra.size(); ++i)
      text_ += fmt::format("  XDAT {} {} 0 0 1 0 0 \"\"\n", i + 1, shape.extra[i]);
    text_ += fmt::format("  DISZ {}\n", thickness_mm);
    text_ += std::visit(ZmxMaterial{part_}, surface.material);
    if (surface.shape.conic != 0) text_ += fmt::format("  CONI {}\n", surface.shape.conic);
    if (surface.stop && stop_semi_diameter_)
      text_ += fmt::format("  DIAM {} 1 0 0 1 \"\"\n", *stop_semi_diameter_);
    else if (surface.semi_diameter_mm)
      text_ += fmt::format("  DIAM {} 1 0 0 1 \"\"\n", *surface.semi_diameter_mm);
    if (surface.aperture) write_clear_aperture(*surface.aperture);
  }

  void write_clear_aperture(const ClearAperture& aperture) {
    if (const auto* circle = std::get_if<CircularAperture>(&aperture.outline)) {
      if (std::isfinite(circle->outer_mm))
        text_ += fmt::format("  CLAP {} {} 0\n", circle->inner_mm, circle->outer_mm);
      else if (circle->inner_mm > 0)
        text_ += fmt::format("  OBSC 0 {} 0\n", circle->inner_mm);
      else
        return;  // lets everything pass
    } else if (const auto* box = std::get_if<RectangularAperture>(&aperture.outline)) {
      text_ += fmt::format("  {} {} {} 0\n", box->obscures ? "SQOB" : "SQAP", box->half_width_mm,
                           box->half_height_mm);
    }
    if (aperture.decenter_x_mm != 0 || aperture.decenter_y_mm != 0)
      text_ += fmt::format("  OBDC {} {}\n", aperture.decenter_x_mm, aperture.decenter_y_mm);
  }

  const Lens& lens_;
  std::string text_, part_ = "the object";
  std::optional<double> stop_semi_diameter_;
  int next_ = 0;
};

}  // namespace

std::string zmx_from(const Lens& lens) {
  check(lens, "the lens to write");
  return ZmxWriter(lens).text();
}

}  // namespace lichtbild::optics
