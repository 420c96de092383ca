#include "optics/files/zmx_surface.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.h"
#include "optics/files/limits.h"
#include "optics/files/unit.h"

namespace lichtbild::optics {
namespace {

double curvature_of_radius(double radius) { return radius == 0 ? 0 : 1 / radius; }

}  // namespace

bool without_effect_on_rays(const std::string& keyword) {
  static const std::set<std::string, std::less<>> known = {
      "FIMP", "HIDE", "MIRR", "SLAB", "MEMA", "POPS", "COAT",  "BRSC", "SGLB",
      "MAZH", "TCE",  "EDGE", "NOTE", "UNLC", "VPAR", "PPAR",  "VXDA", "PXDA",
      "PCUR", "PTHI", "PGLA", "CRAD", "SCOL", "ROW",  "COLR",  "OPAC", "PSCH",
      "CTLT", "DSGN", "VCUR", "VTHI", "VCON", "PCON", "PIKUP", "MCUR"};
  return known.contains(keyword);
}

void ZmxSurface::complain(const std::string& what, const std::string& cure) const {
  first_line_.complain(what, cure);
}

bool ZmxSurface::read(const TextLine& line) {
  const std::string& keyword = line.keyword();
  if (keyword == "TYPE") {
    type_ = in_capitals(line.word(1));
    first_line_ = line;
  } else if (keyword == "CURV") {
    curvature_ = line.number(1);
  } else if (keyword == "CONI") {
    conic_ = line.number(1);
  } else if (keyword == "DISZ") {
    infinite_ = in_capitals(line.word(1)) == "INFINITY";
    thickness_ = infinite_ ? infinite : line.number(1);
  } else if (keyword == "DIAM") {
    semi_diameter_ = line.number(1);
    semi_diameter_fixed_ = line.integer(2, 0) != 0;
  } else if (keyword == "STOP") {
    stop_ = true;
  } else if (keyword == "COMM") {
    comment_ = line.rest();
  } else if (keyword == "GLAS") {
    read_glass(line);
  } else if (keyword == "PARM") {
    parameters_[line.integer(1)] = line.number(2);
  } else if (keyword == "XDAT") {
    extra_[line.integer(1)] = line.number(2);
  } else if (std::set<std::string>{"CLAP", "OBSC", "SQAP", "SQOB", "FLAP", "OBDC"}.contains(
                 keyword)) {
    read_aperture(line);
  } else {
    return without_effect_on_rays(keyword);
  }
  return true;
}

void ZmxSurface::read_glass(const TextLine& line) {
  const std::string& name = line.word(1);
  const int solve = line.integer(2, 0);
  constexpr int model = 1, offset = 4;
  if (in_capitals(name) == "MIRROR")
    material_ = Mirror{};
  else if (solve == model || name == "___BLANK")
    material_ = ModelGlass{line.number(4), line.number(5, 0), line.number(6, 0)};
  else if (solve >= offset)
    line.complain(fmt::format("a glass by the solve {}", solve),
                  "make it a glass of a catalog or a model glass in OpticStudio");
  else
    material_ = NamedGlass{name, ""};
}

void ZmxSurface::read_aperture(const TextLine& line) {
  const std::string& keyword = line.keyword();
  if (keyword == "OBDC") {
    aperture_x_ = line.number(1);
    aperture_y_ = line.number(2);
    return;
  }
  if (aperture_ || floating_) line.complain("a second aperture", "a surface has one");
  if (keyword == "FLAP") {
    floating_ = true;
  } else if (keyword == "CLAP") {
    aperture_ = ClearAperture{CircularAperture{line.number(1), line.number(2)}};
  } else if (keyword == "OBSC") {
    if (line.number(1) != 0)
      line.complain("an obscuration with a hole", "split it over two surfaces");
    aperture_ = ClearAperture{CircularAperture{line.number(2), infinite}};
  } else {
    aperture_ =
        ClearAperture{RectangularAperture{line.number(1), line.number(2), keyword == "SQOB"}};
  }
}

double ZmxSurface::parameter(int i) const {
  const auto found = parameters_.find(i);
  return found == parameters_.end() ? 0 : found->second;
}

// Parameters that would matter and are not used must be 0.
void ZmxSurface::only_parameters(int last) const {
  for (const auto& [i, value] : parameters_)
    if (i > last && value != 0)
      complain(fmt::format("parameter {} of {} is {}", i, type_, value), "it is not known");
  // The normalization radius of no terms does not matter: OpticStudio writes 100.
  if (last < 13 && std::any_of(extra_.begin(), extra_.end(),
                               [](auto& e) { return e.first != 2 && e.second != 0; }))
    complain(fmt::format("extra data of {}", type_), "they are not known");
}

// Number of terms, normalization radius, terms: as extra data 1, 2, 3 ... (XDAT), in later
// editions as parameters 13, 14, 15 ...
std::vector<double> ZmxSurface::extra(double& normalization_radius) const {
  constexpr int most_terms = 230, shift = 12;
  std::map<int, double> values = extra_;
  if (values.empty())
    for (const auto& [i, value] : parameters_)
      if (i > shift) values[i - shift] = value;
  const double count = values.contains(1) ? values[1] : 0;
  if (!(count >= 0 && count <= most_terms) || count != std::floor(count))
    complain(fmt::format("{} of {} terms", type_, count), fmt::format("give 0 to {}", most_terms));
  normalization_radius = values.contains(2) ? values[2] : 0;
  if (count > 0 && !(normalization_radius > 0))
    complain(fmt::format("a normalization radius of {}", normalization_radius), "give one above 0");
  if (!(normalization_radius > 0)) normalization_radius = 1;
  std::vector<double> terms(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto found = values.find(static_cast<int>(i) + 3);
    if (found != values.end()) terms[i] = found->second;
  }
  return terms;
}

Shape ZmxSurface::shape(double unit_mm) const {
  Shape shape{curvature_ / unit_mm, conic_, {}};
  if (type_ == "STANDARD") return shape;
  if (type_ == "EVENASPH" || type_ == "ODDASPHE") {
    only_parameters(8);
    const int step = type_ == "EVENASPH" ? 2 : 1;
    std::vector<double> terms(8);
    for (int i = 0; i < 8; ++i)
      terms[static_cast<std::size_t>(i)] =
          coefficient_in_mm(parameter(i + 1), unit_mm, step * (i + 1));
    while (!terms.empty() && terms.back() == 0) terms.pop_back();
    if (step == 2)
      shape.form = EvenAsphere{terms};
    else
      shape.form = OddAsphere{terms};
  } else if (type_ == "XASPHERE") {
    double radius = 1;
    std::vector<double> terms = extra(radius);
    if (terms.size() > 15)
      complain(fmt::format("{} terms", terms.size()), "r^30 is the highest known");
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const int power = 2 * (static_cast<int>(i) + 1);
      terms[i] = radius == 1 ? coefficient_in_mm(terms[i], unit_mm, power)
                             : terms[i] * unit_mm / std::pow(radius * unit_mm, power);
    }
    shape.form = EvenAsphere{terms};
  } else if (type_ == "QBFS") {
    double radius = 1;
    std::vector<double> terms = extra(radius);
    for (double& term : terms) term *= unit_mm;
    const double kind = parameter(1);
    if (kind == 0)
      shape.form = QBfs{radius * unit_mm, terms};
    else if (kind == 1)
      shape.form = QCon{radius * unit_mm, terms};
    else
      complain(fmt::format("a Q-type asphere of type {}", kind), "0 is Q-bfs, 1 is Q-con");
  } else if (type_ == "TOROIDAL") {
    only_parameters(8);
    Toroid toroid;
    if (parameter(1) != 0) toroid.radius_x_mm = parameter(1) * unit_mm;
    for (int i = 2; i <= 8; ++i)
      toroid.coefficients.push_back(coefficient_in_mm(parameter(i), unit_mm, 2 * (i - 1)));
    while (!toroid.coefficients.empty() && toroid.coefficients.back() == 0)
      toroid.coefficients.pop_back();
    shape.form = toroid;
  } else if (type_ == "BICONICX") {
    only_parameters(2);
    shape.form = Biconic{curvature_of_radius(parameter(1) * unit_mm), parameter(2)};
  } else if (type_ == "XPOLYNOM") {
    XyPolynomial xy;
    double radius = 1;
    const std::vector<double> terms = extra(radius);
    xy.normalization_radius_mm = radius * unit_mm;
    // x, y, x^2, xy, y^2, x^3, ...
    int order = 1, y_power = 0;
    for (const double term : terms) {
      if (term != 0) xy.terms.push_back({order - y_power, y_power, term * unit_mm});
      if (++y_power > order) ++order, y_power = 0;
    }
    shape.form = xy;
  } else {
    complain(fmt::format("the surface type {}", type_),
             "known: STANDARD, EVENASPH, ODDASPHE, XASPHERE, QBFS, TOROIDAL, BICONICX, XPOLYNOM, "
             "COORDBRK");
  }
  return shape;
}

// OpticStudio turns about x and y the other way round than CODE V.
Placement ZmxSurface::placement(double unit_mm) const {
  only_parameters(6);
  Placement placement;
  placement.decenter_x_mm = parameter(1) * unit_mm;
  placement.decenter_y_mm = parameter(2) * unit_mm;
  placement.tilt_x_deg = parameter(3) == 0 ? 0 : -parameter(3);
  placement.tilt_y_deg = parameter(4) == 0 ? 0 : -parameter(4);
  placement.tilt_z_deg = parameter(5);
  placement.tilt_first = parameter(6) != 0;
  return placement;
}

Surface ZmxSurface::surface(double unit_mm) const {
  Surface surface;
  surface.label = comment_;
  surface.thickness_mm = thickness_ * unit_mm;
  if (type_ == "COORDBRK") {
    surface.coordinate_break = true;
    surface.placement = placement(unit_mm);
    return surface;
  }
  surface.shape = shape(unit_mm);
  surface.material = material_;
  surface.stop = stop_;
  if (semi_diameter_fixed_ && semi_diameter_ > 0)
    surface.semi_diameter_mm = semi_diameter_ * unit_mm;
  surface.aperture = aperture_;
  if (floating_ && semi_diameter_ > 0)
    surface.aperture = ClearAperture{CircularAperture{0, semi_diameter_}};
  if (!surface.aperture) return surface;
  surface.aperture->decenter_x_mm = aperture_x_ * unit_mm;
  surface.aperture->decenter_y_mm = aperture_y_ * unit_mm;
  if (auto* circle = std::get_if<CircularAperture>(&surface.aperture->outline)) {
    circle->inner_mm *= unit_mm;
    circle->outer_mm *= unit_mm;
  } else if (auto* box = std::get_if<RectangularAperture>(&surface.aperture->outline)) {
    box->half_width_mm *= unit_mm;
    box->half_height_mm *= unit_mm;
  }
  return surface;
}

}  // namespace lichtbild::optics
