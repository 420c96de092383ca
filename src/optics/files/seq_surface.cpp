#include "optics/files/seq_surface.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "core/error.h"
#include "optics/files/unit.h"

namespace lichtbild::optics {
namespace {

// Solves, variables, couplings, tolerances and drawing: nothing that a ray feels.
bool without_effect(const std::string& keyword) {
  static const std::set<std::string, std::less<>> known = {
      "CCY", "THC", "GLC", "KC",  "AC",  "BC",  "CC",  "DC",  "EC",  "FC",  "GC",
      "HC",  "JC",  "XDC", "YDC", "ZDC", "ADC", "BDC", "CDC", "CCF", "CCX", "SCC",
      "PIM", "PIY", "HMY", "UMY", "HCY", "UCY", "COM", "PFR", "DLF", "DLT", "DLR",
      "MCO", "COA", "CON", "SPH", "GL1", "THM", "SPC", "TCE", "SUR"};
  return known.contains(keyword);
}

// A to J (no I) are r^4 to r^20.
int power_of(const std::string& keyword) {
  constexpr std::string_view letters = "ABCDEFGHJ";
  const std::size_t at = keyword.size() == 1 ? letters.find(keyword[0]) : letters.npos;
  return at == letters.npos ? 0 : 4 + 2 * static_cast<int>(at);
}

// The number behind a prefix: ("C12", "C") is 12; 0 where there is none.
int number_behind(std::string_view word, std::string_view prefix) {
  int number = 0;
  if (!word.starts_with(prefix)) return 0;
  const auto [end, error] =
      std::from_chars(word.data() + prefix.size(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() && number > 0 && number < 1000
             ? number
             : 0;
}

}  // namespace

bool SeqSurface::read(const TextLine& line, std::size_t first) {
  const std::string& keyword = line.keyword();
  if (keyword == "STO" || keyword == "STOP") {
    stop_ = true;
  } else if (keyword == "SLB") {
    label_ = line.word(first);
  } else {
    return read_form(line, first) || read_aperture(line, first) || read_placement(line, first) ||
           without_effect(keyword);
  }
  return true;
}

bool SeqSurface::read_form(const TextLine& line, std::size_t first) {
  const std::string& keyword = line.keyword();
  if (keyword == "K") {
    conic_ = line.number(first);
  } else if (keyword == "ASP") {
    form_ = Form::asphere;
  } else if (keyword == "YTO" || keyword == "CYL") {
    form_ = Form::toroid;
  } else if (keyword == "CUX") {
    curvature_x_ = line.number(first);
  } else if (keyword == "RDX") {
    const double radius = line.number(first);
    curvature_x_ = radius == 0 ? 0 : 1 / radius;
  } else if (keyword == "CUF") {
    if (line.number(first) != 0) line.complain("a Fresnel surface (CUF)", "it is not known");
  } else if (keyword == "SPS") {
    read_special(line, first);
  } else if (keyword == "SCO") {
    read_special_term(line, first);
  } else if (const int power = power_of(keyword)) {
    letters_[power] = line.number(first);
    if (form_ == Form::conic) form_ = Form::asphere;
  } else {
    return false;
  }
  return true;
}

void SeqSurface::read_special(const TextLine& line, std::size_t first) {
  static const std::map<std::string, Form, std::less<>> forms = {
      {"ODD", Form::odd},   {"XYP", Form::xy},      {"QBF", Form::q_bfs},
      {"QCN", Form::q_con}, {"ASP", Form::asphere}, {"CON", Form::conic}};
  const auto found = forms.find(in_capitals(line.word(first)));
  if (found == forms.end())
    line.complain(fmt::format("the special surface {}", line.word(first)),
                  "known: CON, ASP, ODD, XYP, QBF, QCN");
  form_ = found->second;
  normalization_radius_ = line.number(first + 1, 0);
}

// "SCO C4 0.1", or by name: K, NRADIUS, AR3, QB4, QC4, X2Y.
void SeqSurface::read_special_term(const TextLine& line, std::size_t first) {
  const std::string name = in_capitals(line.word(first));
  const double value = line.number(first + 1);
  const bool is_q = form_ == Form::q_bfs || form_ == Form::q_con;
  int term = number_behind(name, "C");
  if (form_ == Form::odd && term == 33) term = 0, normalization_radius_ = value;
  if (name == "K" || (is_q ? term == 2 : term == 1)) {
    conic_ = value;
  } else if (name == "NRADIUS" || (is_q && term == 1)) {
    normalization_radius_ = value;
  } else if (const int power = number_behind(name, "AR"); power && form_ == Form::odd) {
    terms_[power + 1] = value;
  } else if (const int q = number_behind(name, form_ == Form::q_bfs ? "QB" : "QC");
             is_q && q >= 4 && q % 2 == 0) {
    terms_[(q - 4) / 2 + 3] = value;
  } else if (term >= 2 && term <= 232) {
    terms_[term] = value;
  } else if (!(form_ == Form::odd && name == "C33")) {
    line.complain(fmt::format("the coefficient {}", name), "write C1, C2, ...");
  }
}

bool SeqSurface::read_aperture(const TextLine& line, std::size_t first) {
  const std::string& keyword = line.keyword();
  static const std::map<std::string, double SeqSurface::*, std::less<>> known = {
      {"CIR", &SeqSurface::circle_},
      {"REX", &SeqSurface::half_width_},
      {"REY", &SeqSurface::half_height_},
      {"ADX", &SeqSurface::center_x_},
      {"ADY", &SeqSurface::center_y_}};
  const auto found = known.find(keyword);
  if (found == known.end()) return false;
  bool obscuration = false, hole = false;
  for (; line.has(first); ++first) {
    const std::string word = in_capitals(line.word(first));
    if (word == "EDG") return true;  // the edge of the glass, not of the light
    if (word == "OBS")
      obscuration = true;
    else if (word == "HOL")
      hole = true;
    else if (word != "CLR" && !word.starts_with("L'") && word != "SET")
      break;
  }
  const double value = line.number(first);
  if (obscuration && keyword != "CIR") obscures_ = true;
  if (keyword == "CIR" && (obscuration || hole))
    hole_ = value;
  else
    this->*(found->second) = value;
  return true;
}

bool SeqSurface::read_placement(const TextLine& line, std::size_t first) {
  static const std::map<std::string, double Placement::*, std::less<>> values = {
      {"XDE", &Placement::decenter_x_mm}, {"YDE", &Placement::decenter_y_mm},
      {"ZDE", &Placement::decenter_z_mm}, {"ADE", &Placement::tilt_x_deg},
      {"BDE", &Placement::tilt_y_deg},    {"CDE", &Placement::tilt_z_deg}};
  static const std::map<std::string, Move, std::less<>> moves = {
      {"DAR", Move::restore}, {"BEN", Move::bend}, {"REV", Move::reverse}};
  const std::string& keyword = line.keyword();
  if (const auto move = moves.find(keyword); move != moves.end()) {
    move_ = move->second;
    return true;
  }
  const auto value = values.find(keyword);
  if (value == values.end()) return false;
  placement_.*(value->second) = line.number(first);
  moved_ = true;
  return true;
}

std::vector<double> SeqSurface::even_terms(double unit_mm) const {
  std::vector<double> terms;
  for (const auto& [power, value] : letters_) {
    terms.resize(static_cast<std::size_t>(power) / 2);
    terms.back() = coefficient_in_mm(value, unit_mm, power);
  }
  while (!terms.empty() && terms.back() == 0) terms.pop_back();
  return terms;
}

// C2, C3, ... are the coefficients of x, y, x^2, xy, y^2, x^3, ...
XyPolynomial SeqSurface::xy(double unit_mm) const {
  XyPolynomial xy;
  xy.normalization_radius_mm = (normalization_radius_ == 0 ? 1 : normalization_radius_) * unit_mm;
  for (const auto& [term, value] : terms_) {
    int order = 1, place = term - 2;
    while (place > order) place -= ++order;
    if (value != 0) xy.terms.push_back({order - place, place, value * unit_mm});
  }
  return xy;
}

Shape SeqSurface::shape(double unit_mm, const std::string& where) const {
  Shape shape{curvature_ / unit_mm, conic_, {}};
  if (!letters_.empty() && form_ != Form::asphere && form_ != Form::toroid)
    throw Error(where, "aspheric coefficients on a special surface", "give them by SCO");
  if (form_ == Form::asphere) {
    const std::vector<double> terms = even_terms(unit_mm);
    if (!terms.empty()) shape.form = EvenAsphere{terms};
  } else if (form_ == Form::toroid) {
    Toroid toroid;
    if (curvature_x_ != 0) toroid.radius_x_mm = unit_mm / curvature_x_;
    toroid.coefficients = even_terms(unit_mm);
    shape.form = toroid;
  } else if (form_ == Form::odd) {
    OddAsphere odd;
    const double radius = normalization_radius_ == 0 ? 1 : normalization_radius_;
    for (const auto& [term, value] : terms_) {  // C2 is r^1
      const int power = term - 1;
      if (power > 30)
        throw Error(where, fmt::format("a term r^{}", power), "r^30 is the highest known");
      odd.coefficients.resize(static_cast<std::size_t>(power));
      odd.coefficients.back() =
          coefficient_in_mm(radius == 1 ? value : value / std::pow(radius, power), unit_mm, power);
    }
    shape.form = odd;
  } else if (form_ == Form::xy) {
    shape.form = xy(unit_mm);
  } else if (form_ == Form::q_bfs || form_ == Form::q_con) {
    std::vector<double> terms;
    for (const auto& [term, value] : terms_) {  // C3 is a_0
      terms.resize(static_cast<std::size_t>(term) - 2);
      terms.back() = value * unit_mm;
    }
    if (form_ == Form::q_bfs)
      shape.form = QBfs{normalization_radius_ * unit_mm, terms};
    else
      shape.form = QCon{normalization_radius_ * unit_mm, terms};
  }
  return shape;
}

std::vector<Surface> SeqSurface::surfaces(double unit_mm, const std::string& where) const {
  Surface surface;
  surface.label = label_;
  surface.shape = shape(unit_mm, where);
  surface.thickness_mm = thickness_ * unit_mm;
  surface.material = material_;
  surface.stop = stop_;
  if (half_width_ > 0 && half_height_ > 0) {
    if (circle_ > 0 || hole_ > 0)
      throw Error(where, "a circular and a rectangular aperture on one surface", "leave one");
    surface.aperture = ClearAperture{
        RectangularAperture{half_width_ * unit_mm, half_height_ * unit_mm, obscures_}};
  } else if (half_width_ > 0 || half_height_ > 0) {
    throw Error(where, "REX without REY, or REY without REX", "give both");
  } else if (circle_ > 0 || hole_ > 0) {
    surface.aperture = ClearAperture{CircularAperture{
        hole_ * unit_mm, circle_ > 0 ? circle_ * unit_mm : CircularAperture{}.outer_mm}};
    if (circle_ > 0 && center_x_ == 0 && center_y_ == 0)
      surface.semi_diameter_mm = circle_ * unit_mm;
  }
  if (surface.aperture) {
    surface.aperture->decenter_x_mm = center_x_ * unit_mm;
    surface.aperture->decenter_y_mm = center_y_ * unit_mm;
  }
  if (!moved_) return {surface};
  Placement placement = placement_;
  placement.decenter_x_mm *= unit_mm;
  placement.decenter_y_mm *= unit_mm;
  placement.decenter_z_mm *= unit_mm;
  if (move_ != Move::reverse) {
    placement.after = move_ == Move::restore ? Placement::After::restore
                      : move_ == Move::bend  ? Placement::After::bend
                                             : Placement::After::stay;
    surface.placement = placement;
    return {surface};
  }
  // The surface stays; behind it the move is undone.
  Surface behind;
  behind.coordinate_break = true;
  behind.thickness_mm = surface.thickness_mm;
  behind.placement = {-placement.decenter_x_mm,
                      -placement.decenter_y_mm,
                      -placement.decenter_z_mm,
                      -placement.tilt_x_deg,
                      -placement.tilt_y_deg,
                      -placement.tilt_z_deg,
                      true,
                      Placement::After::stay};
  surface.thickness_mm = 0;
  return {surface, behind};
}

}  // namespace lichtbild::optics
