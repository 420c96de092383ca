// OpticalBench text read: tab-separated tables in sections, at the first zoom or focus position.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/error.h"
#include "glass/text_encoding.h"
#include "optics/files/lens_files.h"
#include "optics/files/limits.h"
#include "optics/files/number_text.h"
#include "optics/files/text_line.h"

namespace lichtbild::optics {
namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \r\v\f";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(blanks) + 1 - first));
}

class BenchReader {
 public:
  BenchReader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Lens read() {
    for (std::size_t start = 0; start < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', start), text_.size());
      ++line_;
      cut(text_.substr(start, end - start));
      if (!cells_.empty() && !cells_[0].starts_with('#')) obey();
      start = end + 1;
    }
    return finish();
  }

 private:
  void cut(std::string_view line) {
    cells_.clear();
    if (trimmed(line).empty()) return;
    for (std::size_t start = 0; start <= line.size();) {
      const std::size_t tab = std::min(line.find('\t', start), line.size());
      cells_.push_back(trimmed(line.substr(start, tab - start)));
      start = tab + 1;
    }
    while (!cells_.empty() && cells_.back().empty()) cells_.pop_back();
  }

  [[noreturn]] void complain(const std::string& what, const std::string& cure) const {
    throw Error(fmt::format("{}:{}", where_, line_), what, cure);
  }

  std::string cell(std::size_t i) const { return i < cells_.size() ? cells_[i] : ""; }

  void obey() {
    static const std::set<std::string, std::less<>> known = {
        "[descriptive data]", "[constants]",   "[variable distances]", "[lens data]",
        "[aspherical data]",  "[patent info]", "[report data]",        "[notes]"};
    if (cells_[0].starts_with('[')) {
      section_ = cells_[0];
      std::transform(section_.begin(), section_.end(), section_.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      if (!known.contains(section_))
        complain(fmt::format("the unknown section {}", section_), "take it out");
    } else if (section_ == "[descriptive data]") {
      if (cells_[0] == "title") lens_.title = cell(1);
      if (cells_[0] == "patent" || cells_[0] == "source") lens_.source = cell(1);
    } else if (section_ == "[constants]") {
      read_constant();
    } else if (section_ == "[variable distances]") {
      if (cells_.size() > 2) positions_ = std::max(positions_, cells_.size() - 1);
      variables_[cells_[0]] = cell(1);
    } else if (section_ == "[lens data]") {
      read_surface();
    } else if (section_ == "[aspherical data]") {
      read_asphere();
    } else if (section_.empty()) {
      complain("text before the first section", "begin with [descriptive data]");
    }
  }

  void read_constant() {
    if (cells_[0] == "AsphericalOddCount")
      odd_ = true;
    else if (cells_[0] == "AsphericalA2")
      with_r2_ = true;
    else if (cells_[0].starts_with("Aspherical"))
      complain(fmt::format("the unknown constant {}", cells_[0]),
               "known: AsphericalOddCount, AsphericalA2");
  }

  double number(const std::string& text) const {
    const auto value = number_in(text);
    if (!value) complain(fmt::format("'{}' is not a number", text), "give a number");
    return *value;
  }

  // A number, or the name of a variable distance; empty: 0.
  double length(const std::string& text) const {
    if (text.empty()) return 0;
    if (const auto value = number_in(text)) return *value;
    const auto found = variables_.find(text);
    if (found == variables_.end())
      complain(fmt::format("'{}' is neither a number nor a variable distance", text),
               "name it under [variable distances], above");
    return number(found->second);
  }

  // Number, radius or AS, FS, CG; thickness; nd; diameter; vd; name of the glass; its maker.
  void read_surface() {
    if (cells_.size() < 2) complain("a surface without a radius", "give Infinity for a plane");
    if (lens_.surfaces.size() >= most_surfaces)
      complain(fmt::format("more than {} surfaces", most_surfaces), "simplify the lens");
    Surface surface;
    const std::string radius = cells_[1];
    surface.stop = radius == "AS";
    const bool plane = radius == "AS" || radius == "FS" || radius == "CG" || radius == "Infinity";
    if (!plane) {
      const double value = number(radius);
      surface.shape.curvature = value == 0 ? 0 : 1 / value;
    }
    if (radius == "CG") surface.label = "cover glass";
    surface.thickness_mm = length(cell(2));
    read_glass(surface);
    const double diameter = diameter_of(surface.stop);
    if (diameter > 0) surface.semi_diameter_mm = diameter / 2;
    if (radius == "FS") {
      surface.label = "field stop";
      if (diameter > 0) surface.aperture = ClearAperture{CircularAperture{0, diameter / 2}};
    }
    if (!by_name_.emplace(cells_[0], lens_.surfaces.size()).second)
      complain(fmt::format("a second surface '{}'", cells_[0]), "number them");
    lens_.surfaces.push_back(std::move(surface));
  }

  double diameter_of(bool stop) const {
    const auto opened = variables_.find("Aperture Diameter");
    if (stop && opened != variables_.end())
      if (const auto value = number_in(opened->second)) return *value;
    return length(cell(4));
  }

  void read_glass(Surface& surface) const {
    if (cell(3).empty()) return;
    const double nd = number(cell(3));
    if (!cell(5).empty())
      surface.material = ModelGlass{nd, number(cell(5))};
    else if (nd != 1)
      surface.material = ConstantIndex{nd};
    surface.label = cell(6);
  }

  // Surface, radius, conic constant, coefficients.
  void read_asphere() {
    const auto found = by_name_.find(cells_[0]);
    if (found == by_name_.end())
      complain(fmt::format("there is no surface '{}'", cells_[0]),
               "give it under [lens data], above");
    Shape& shape = lens_.surfaces[found->second].shape;
    shape.conic = cell(2).empty() ? 0 : number(cell(2));
    std::vector<double> coefficients(odd_ ? 2 : with_r2_ ? 0 : 1, 0.0);
    for (std::size_t i = 3; i < cells_.size(); ++i)
      coefficients.push_back(cells_[i].empty() ? 0 : number(cells_[i]));
    while (!coefficients.empty() && coefficients.back() == 0) coefficients.pop_back();
    if (coefficients.empty()) return;
    if (odd_)
      shape.form = OddAsphere{coefficients};
    else
      shape.form = EvenAsphere{coefficients};
  }

  double variable(const std::string& name) const {
    const auto found = variables_.find(name);
    if (found == variables_.end())
      throw Error(where_, fmt::format("{} is missing", name), "give it under [variable distances]");
    const auto value = number_in(found->second);
    if (!value)
      throw Error(where_, fmt::format("{} is '{}'", name, found->second), "give a number");
    return *value;
  }

  Lens finish() {
    lens_.aperture = {SystemAperture::Kind::f_number, variable("F-Number")};
    const double half_field_deg = variable("Angle of View") / 2;
    for (const double part : {0.0, 0.5, 0.7, 1.0})
      lens_.fields.push_back({0, part * half_field_deg});
    // The lines F, d and C of nd and vd.
    lens_.wavelengths = {{486.1327, 0.5}, {587.5618, 1}, {656.2725, 0.5}};
    lens_.reference_wavelength = 1;
    const auto object = variables_.find("d0");
    if (object != variables_.end())
      if (const auto distance = number_in(object->second)) lens_.object_distance_mm = *distance;
    if (positions_ > 1)
      lens_.notes.push_back(fmt::format("of {} zoom or focus positions, the first", positions_));
    lens_.notes.emplace_back("fields and wavelengths are Lichtbild's: the format has none");
    check(lens_, where_);
    return std::move(lens_);
  }

  std::string_view text_;
  const std::string& where_;
  int line_ = 0;
  std::vector<std::string> cells_;
  std::string section_;
  Lens lens_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::size_t positions_ = 1;
  bool odd_ = false, with_r2_ = false;
};

}  // namespace

Lens parse_optical_bench(std::string_view bytes, const std::string& where) {
  const std::string text = utf8_from_bytes(bytes);
  return BenchReader(text, where).read();
}

}  // namespace lichtbild::optics
