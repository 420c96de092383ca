// A surface of a .zmx file: its lines gathered, then made into a Surface.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "optics/files/text_line.h"
#include "optics/lens.h"

namespace lichtbild::optics {

// Lines of SURF blocks that say nothing of the rays: drawing, coatings, solves, tolerances,
// pickups whose result stands in the file.
bool without_effect_on_rays(const std::string& keyword);

class ZmxSurface {
 public:
  explicit ZmxSurface(const TextLine& line) : first_line_(line) {}

  // False: the keyword belongs to no surface. Throws Error for what is not known.
  bool read(const TextLine& line);

  // `unit_mm`: length of the file's unit.
  Surface surface(double unit_mm) const;
  bool object_at_infinity() const { return infinite_; }
  const std::string& type() const { return type_; }
  double semi_diameter() const { return semi_diameter_; }

 private:
  void read_glass(const TextLine& line);
  void read_aperture(const TextLine& line);
  Shape shape(double unit_mm) const;
  Placement placement(double unit_mm) const;
  double parameter(int i) const;
  std::vector<double> extra(double& normalization_radius) const;
  void only_parameters(int last) const;
  [[noreturn]] void complain(const std::string& what, const std::string& cure) const;

  TextLine first_line_;  // SURF, then TYPE: where shapes complain
  std::string type_ = "STANDARD", comment_;
  double curvature_ = 0, conic_ = 0, thickness_ = 0, semi_diameter_ = 0;
  bool infinite_ = false, stop_ = false, semi_diameter_fixed_ = false, floating_ = false;
  Material material_;
  std::optional<ClearAperture> aperture_;
  double aperture_x_ = 0, aperture_y_ = 0;
  std::map<int, double> parameters_, extra_;
};

}  // namespace lichtbild::optics
